"""Samples sorted, for each pair of neighbours, by the values of both: groups for matrix products.

All is computed once before training. An environment is kept in the order of the pair that uses it,
so that each group is a slice, and each contraction with one core a matrix product for each value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class PairGroups:
    """The samples in the order of the values of two neighbouring variables.

    Attributes
    ----------
    order
        Indices of the samples in that order.
    blocks
        Value of the first variable, value of the second, and the rows that have both.
    first_blocks
        Value of the first variable and the rows that have it.
    to_next, to_previous
        Which rows to take, to have the order of the next pair, or of the one before. Those of the
        last and the first pair lead to themselves.
    """

    order: NDArray[np.intp]
    blocks: tuple[tuple[int, int, slice], ...]
    first_blocks: tuple[tuple[int, slice], ...]
    to_next: NDArray[np.intp]
    to_previous: NDArray[np.intp]


def pair_groups(X: NDArray[np.intp], categories: Sequence[int]) -> list[PairGroups]:
    """Sort the samples for each pair of neighbours.

    Parameters
    ----------
    X
        Shape ``(N, n)``.
    categories
        Of each variable.

    Returns
    -------
    list of PairGroups
        One for each of the ``n - 1`` pairs; memory: ``24 N (n - 1)`` bytes.
    """
    pairs = range(X.shape[1] - 1)
    keys = [X[:, k] * categories[k + 1] + X[:, k + 1] for k in pairs]
    orders = [np.argsort(key, kind="stable") for key in keys]
    places = [np.empty_like(order) for order in orders]
    for order, place in zip(orders, places, strict=True):
        place[order] = np.arange(len(order))
    last = len(orders) - 1
    return [
        PairGroups(
            orders[k],
            tuple(
                (key // categories[k + 1], key % categories[k + 1], rows)
                for key, rows in _runs(keys[k][orders[k]])
            ),
            tuple(_runs(X[orders[k], k])),
            places[k][orders[min(k + 1, last)]],
            places[k][orders[max(k - 1, 0)]],
        )
        for k in pairs
    ]


def _runs(ordered: NDArray[np.intp]) -> list[tuple[int, slice]]:
    """Return each value of a sorted array with its rows."""
    values, starts = np.unique(ordered, return_index=True)
    ends = [*starts[1:], len(ordered)]
    return [(int(v), slice(int(a), int(b))) for v, a, b in zip(values, starts, ends, strict=True)]
