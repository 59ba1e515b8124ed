"""All values that discrete variables can take together, and their numbering."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import TooLargeError
from qml_algos.generative.checks import as_discrete, categories_of

MOST_CONFIGURATIONS = 2**20
"""Configurations written down at most: those of 20 bits."""


def configuration_count(categories: Sequence[int]) -> int:
    """Return how many configurations there are, where they can be written down.

    Raises
    ------
    TooLargeError
        If they are more than 2**20.
    """
    count = math.prod(map(int, categories))
    if count > MOST_CONFIGURATIONS:
        raise TooLargeError(
            f"{len(categories)} variables have more than {MOST_CONFIGURATIONS:,} configurations: "
            "no more are written down (those of 20 bits); use estimates from samples"
        )
    return count


def all_configurations(
    categories: Sequence[int], first: int = 0, last: int | None = None
) -> NDArray[np.int64]:
    """Return configurations in the order of their numbers.

    Parameters
    ----------
    categories
        Number of categories of each variable.
    first, last
        Numbers of the first, and of the one behind the last; all by default.

    Returns
    -------
    ndarray
        Shape ``(last - first, variables)``. Number ``i`` has in column ``k`` its digit ``k`` in the
        mixed base of the categories, variable 0 the least significant: for bits, bit ``k`` of
        ``i``.

    Raises
    ------
    TooLargeError
        If there are more than 2**20 configurations.
    """
    count = configuration_count(categories)
    numbers = np.arange(first, count if last is None else min(last, count), dtype=np.int64)
    digits = np.empty((numbers.size, len(categories)), dtype=np.int64)
    for column, size in enumerate(categories):
        numbers, digits[:, column] = np.divmod(numbers, size)
    return digits


def configuration_numbers(X: ArrayLike, categories: Sequence[int]) -> NDArray[np.int64]:
    """Return the number of each configuration, as in `all_configurations`.

    Parameters
    ----------
    X
        Shape ``(n, variables)``.
    categories
        Number of categories of each variable.

    Raises
    ------
    InvalidProblemError
        If X holds anything but categories of these variables.
    TooLargeError
        If there are more than 2**20 configurations.
    """
    rows = as_discrete(X)
    categories_of(rows, categories, "categories")
    configuration_count(categories)
    places = np.concatenate([[1], np.cumprod(np.asarray(categories, dtype=np.int64))[:-1]])
    numbers: NDArray[np.int64] = rows @ places
    return numbers
