"""Indicators of categories: what turns counting and scoring into products of matrices.

The full vector of a sample has an entry for each category of each variable, of which one per
variable is 1. The short vector has a 1 in front and leaves out category 0 of each variable, which
is 1 minus the others: half the length for binary data, hence a quarter of the work for pairs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.checks import Categories

_BLOCK = 2**22
"""Entries of a block of short vectors: 32 MiB."""


def encoded(
    X: NDArray[np.int64], categories: Categories
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Iterate over blocks of rows: which ones, and their short vectors as rows."""
    width = 1 + categories.total - categories.variables
    firsts = categories.offsets - np.arange(categories.variables)
    rows = max(_BLOCK // width, 1)
    for start in range(0, len(X), rows):
        part = slice(start, min(start + rows, len(X)))
        block = X[part]
        Z = np.zeros((len(block), width))
        Z[:, 0] = 1
        row, variable = np.nonzero(block)
        Z[row, firsts[variable] + block[row, variable]] = 1
        yield part, Z


def expansion(categories: Categories) -> NDArray[np.float64]:
    """Matrix that takes short vectors to full ones, shape ``(total, 1 + total - variables)``."""
    total, variables = categories.total, categories.variables
    owners = owner(categories)
    zero = np.zeros(total, dtype=bool)
    zero[categories.offsets] = True
    B = np.zeros((total, 1 + total - variables))
    others = np.flatnonzero(~zero)
    columns = 1 + np.arange(len(others))
    B[others, columns] = 1
    B[categories.offsets, 0] = 1
    B[categories.offsets[owners[others]], columns] = -1
    return B


def owner(categories: Categories) -> NDArray[np.int64]:
    """Variable to which each category belongs, shape ``(total,)``."""
    return np.repeat(np.arange(categories.variables), categories.sizes)
