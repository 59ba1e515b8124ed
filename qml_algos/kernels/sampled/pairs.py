"""Which pairs of states are measured, and where in a matrix they belong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of states, each to be measured once.

    Attributes
    ----------
    angles
        Of the states of rows, and after them those of columns if they are others.
    first, second
        Indices of the states of each pair; those of states with themselves come last, if wanted.
    shape
        Of the matrix.
    symmetric
        Whether rows and columns are the same states, so that one triangle is measured.
    """

    angles: Array
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    shape: tuple[int, int]
    symmetric: bool

    @classmethod
    def of(cls, x: Array, y: Array | None, *, themselves: bool) -> Pairs:
        """Pairs of the rows of x and y, or of x among themselves, and of each with itself."""
        rows, columns = len(x), len(x if y is None else y)
        if y is None:
            first, second = np.triu_indices(rows, 1)
        else:
            first, second = (index.ravel() for index in np.indices((rows, columns)))
            second = second + rows
        angles = x if y is None else np.concatenate([x, y])
        alone = np.arange(len(angles) if themselves else 0)
        return cls(
            angles,
            np.concatenate([first, alone]),
            np.concatenate([second, alone]),
            (rows, columns),
            y is None,
        )

    def __len__(self) -> int:
        return len(self.first)

    @property
    def entries(self) -> int:
        """How many of the pairs are entries of the matrix."""
        rows, columns = self.shape
        return rows * (rows - 1) // 2 if self.symmetric else rows * columns

    def matrix(self, values: Array, diagonal: float) -> Array:
        """Lay out the values of entries; the diagonal is that of a symmetric matrix."""
        if not self.symmetric:
            return values.reshape(self.shape)
        found = np.zeros(self.shape)
        found[np.triu_indices(len(found), 1)] = values
        found += found.T
        np.fill_diagonal(found, diagonal)
        return found
