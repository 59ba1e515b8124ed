"""Samples sorted by the values of a variable or of two neighbours: groups for matrix products.

All is computed once before training. An environment is kept in the order of the place or pair that
uses it, so that each group is a slice, and each contraction a matrix product for each value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Block = tuple[int, slice]
"""A value, or the number of two, and rows that have it."""


@dataclass(frozen=True)
class Groups:
    """The samples in the order of the values of one variable, or of two neighbouring ones.

    Attributes
    ----------
    order
        Indices of the samples in that order.
    blocks
        Number of the values, ``a * categories + b`` for a pair, and the rows that have them.
    first_blocks, last_blocks
        Value of the first variable, or of the last, and rows that have it.
    to_next, to_previous
        Which rows to take, to have the order of the next place or pair, or of the one before. Those
        of the last and the first lead to themselves.
    """

    order: NDArray[np.intp]
    blocks: tuple[Block, ...]
    first_blocks: tuple[Block, ...]
    last_blocks: tuple[Block, ...]
    to_next: NDArray[np.intp]
    to_previous: NDArray[np.intp]


def pair_groups(X: NDArray[np.intp], categories: Sequence[int]) -> list[Groups]:
    """Sort the samples for each pair of neighbours.

    Parameters
    ----------
    X
        Shape ``(N, n)``.
    categories
        Of each variable.

    Returns
    -------
    list of Groups
        One for each of the ``n - 1`` pairs; memory: ``24 N (n - 1)`` bytes.
    """
    keys = [X[:, k] * categories[k + 1] + X[:, k + 1] for k in range(X.shape[1] - 1)]
    found = []
    for k, (order, to_next, to_previous) in enumerate(_orders(keys)):
        blocks = _runs(keys[k][order])
        last = tuple((key % categories[k + 1], rows) for key, rows in blocks)
        found.append(Groups(order, blocks, _runs(X[order, k]), last, to_next, to_previous))
    return found


def site_groups(X: NDArray[np.intp]) -> list[Groups]:
    """Sort the samples for each variable.

    Parameters
    ----------
    X
        Shape ``(N, n)``.

    Returns
    -------
    list of Groups
        One for each variable; memory: ``24 N n`` bytes.
    """
    found = []
    for column, (order, to_next, to_previous) in zip(X.T, _orders(list(X.T)), strict=True):
        blocks = _runs(column[order])
        found.append(Groups(order, blocks, blocks, blocks, to_next, to_previous))
    return found


def _orders(
    keys: list[NDArray[np.intp]],
) -> list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]]:
    """Sort by each of some keys; return the order, and the ways to the next and previous ones."""
    # Short integers are sorted by radix, ten times as fast.
    short = [key.astype(np.min_scalar_type(int(key.max()))) for key in keys]
    orders = [np.argsort(key, kind="stable") for key in short]
    places = [np.empty_like(order) for order in orders]
    for order, place in zip(orders, places, strict=True):
        place[order] = np.arange(len(order))
    last = len(orders) - 1
    return [
        (order, places[k][orders[min(k + 1, last)]], places[k][orders[max(k - 1, 0)]])
        for k, order in enumerate(orders)
    ]


def _runs(ordered: NDArray[np.intp]) -> tuple[Block, ...]:
    """Return each value of a sorted array with its rows."""
    values, starts = np.unique(ordered, return_index=True)
    ends = [*starts[1:], len(ordered)]
    runs = zip(values, starts, ends, strict=True)
    return tuple((int(v), slice(int(a), int(b))) for v, a, b in runs)
