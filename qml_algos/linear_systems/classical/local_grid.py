"""Windows of matrices on grids, which may be far too large to be written down."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.linear_systems.classical.local_window import DENSE_ENTRIES, Indices, Window
from qml_algos.linear_systems.structures import (
    Circulant,
    KroneckerSum,
    Poisson,
    Structure,
    Toeplitz,
)

_END: dict[str, Literal["open", "reflecting", "periodic"]] = {
    "dirichlet": "open",
    "neumann": "reflecting",
    "periodic": "periodic",
}


@dataclass(frozen=True)
class Axis:
    """One term of a Kronecker sum: a banded matrix with constant diagonals, but for its ends.

    Attributes
    ----------
    size
        Number of rows.
    coefficients
        Entry for each ``column - row``.
    ends
        What stands for a column beyond the ends: nothing, its mirror image, or the other end.
    """

    size: int
    coefficients: Mapping[int, complex]
    ends: Literal["open", "reflecting", "periodic"]

    @property
    def reach(self) -> tuple[int, int]:
        """How far rows refer to the left and to the right."""
        return max(0, -min(self.coefficients)), max(0, *self.coefficients)

    def interval(self, first: int, count: int, radius: int) -> tuple[int, int]:
        """Return the rows within a radius of some; on a ring they may start below 0."""
        low, high = first - radius, first + count + radius
        if self.ends != "periodic":
            return max(low, 0), min(high, self.size)
        return (first, first + self.size) if high - low >= self.size else (low, high)

    def window(
        self, low: int, high: int, *, dense: bool
    ) -> tuple[NDArray[Any] | scipy.sparse.csr_array, int, int]:
        """Return rows from low to high, their first column's place, and all columns."""
        whole = self.ends == "periodic" and high - low == self.size
        left, right = (0, 0) if whole else self.reach
        rows = np.arange(high - low)
        data, places = [], []
        for offset, value in self.coefficients.items():
            columns = low + rows + offset
            kept = np.ones(rows.size, dtype=bool)
            if self.ends == "open":
                kept = (columns >= 0) & (columns < self.size)
            elif self.ends == "reflecting":
                columns = np.where(columns < 0, -1 - columns, columns)
                columns = np.where(columns >= self.size, 2 * self.size - 1 - columns, columns)
            relative = (columns - low) % self.size if whole else columns - (low - left)
            places.append(np.array([rows, relative])[:, kept])
            data.append(np.full(int(kept.sum()), value))
        width = rows.size + left + right
        entries, where = np.concatenate(data), tuple(np.concatenate(places, axis=1))
        shape = (rows.size, width)
        if not dense:
            return scipy.sparse.csr_array((entries, where), shape=shape), left, width
        matrix = np.zeros(shape, dtype=entries.dtype)
        np.add.at(matrix, where, entries)  # on a short ring two columns may be the same
        return matrix, left, width


@dataclass(frozen=True)
class Grid:
    """A Kronecker sum of `Axis`: windows are boxes."""

    axes: tuple[Axis, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Unknowns on each axis."""
        return tuple(axis.size for axis in self.axes)

    def window(self, first: int, count: int, radius: int) -> Window:
        """Take a box, clipped to the grid."""
        starts, counts = self._block(first, count)
        box = [a.interval(s, c, radius) for a, s, c in zip(self.axes, starts, counts, strict=True)]
        sizes = [high - low for low, high in box]
        dense = len(sizes) == 1 and sizes[0] ** 2 <= DENSE_ENTRIES
        parts = [a.window(*ends, dense=dense) for a, ends in zip(self.axes, box, strict=True)]
        inner = [left + np.arange(n) for (_, left, _), n in zip(parts, sizes, strict=True)]
        widths = [width for _, _, width in parts]
        numbers = [
            np.arange(low, high) % axis.size
            for axis, (low, high) in zip(self.axes, box, strict=True)
        ]
        middle = [
            np.arange(s - low, s - low + c)
            for s, c, (low, _) in zip(starts, counts, box, strict=True)
        ]
        return Window(
            rows=parts[0][0]
            if len(parts) == 1
            else _kronecker_sum([matrix for matrix, _, _ in parts], inner),
            inside=_raveled(inner, widths),
            centre=_raveled(middle, sizes),
            unknowns=_raveled(numbers, list(self.shape)),
        )

    @property
    def uniform(self) -> bool:
        """Always."""
        return True

    def kinds(self, first: Indices, count: int, radius: int) -> Indices:
        """Tell apart by the distances from the ends, as far as rows and columns can see them."""
        starts = np.unravel_index(first, self.shape)
        lengths = [1] * (len(starts) - 1) + [count]
        found = []
        for axis, start, length in zip(self.axes, starts, lengths, strict=True):
            if axis.ends == "periodic":
                continue
            left, right = (radius + reach for reach in axis.reach)
            found.append(np.minimum(start, left))
            found.append(np.minimum(axis.size - start - length, right))
        return np.stack(found, axis=1) if found else np.zeros((first.size, 1), dtype=np.int64)

    def moved(self, unknowns: Indices, first: int, others: Indices) -> Indices:
        """Shift the box; on a ring it may pass the end."""
        if not any(axis.ends == "periodic" for axis in self.axes):
            return unknowns + (others[:, None] - first)
        places = np.unravel_index(unknowns, self.shape)
        here = np.unravel_index(first, self.shape)
        there = np.unravel_index(others, self.shape)
        total = np.zeros((others.size, unknowns.size), dtype=np.int64)
        for size, place, old, new in zip(self.shape, places, here, there, strict=True):
            total = total * size + (new[:, None] + (place - old)) % size
        return total

    def _block(self, first: int, count: int) -> tuple[list[int], list[int]]:
        starts = [int(place) for place in np.unravel_index(first, self.shape)]
        return starts, [1] * (len(starts) - 1) + [count]


def grid_axes(structure: Structure) -> tuple[Axis, ...] | None:
    """Return the axes of a grid, the slowest first, or ``None`` if it is none."""
    match structure:
        case Toeplitz():
            return (Axis(structure.size, structure.coefficients, "open"),)
        case Circulant():
            return (Axis(structure.size, structure.coefficients, "periodic"),)
        case Poisson():
            return _poisson_axes(structure)
        case KroneckerSum():
            parts = [grid_axes(term) for term in structure.terms]
            known = [part for part in parts if part is not None]
            return tuple(a for part in known for a in part) if len(known) == len(parts) else None
        case _:
            return None


def _poisson_axes(structure: Poisson) -> tuple[Axis, ...]:
    scale, found = structure.scale, []
    for place, size in enumerate(structure.shape):
        # The shift belongs to the sum: the first axis brings it.
        middle = 2 + (structure.shift if place == 0 else 0.0)
        coefficients = {-1: -scale, 0: scale * middle, 1: -scale}
        found.append(Axis(size, coefficients, _END[structure.boundary]))
    return tuple(found)


def _kronecker_sum(
    matrices: list[scipy.sparse.csr_array], inner: list[Indices]
) -> scipy.sparse.csr_array:
    """Sum of the matrices, each with the other axes' rows in their places among the columns."""
    embeddings = [
        scipy.sparse.csr_array((np.ones(part.size), (np.arange(part.size), part)), matrix.shape)
        for matrix, part in zip(matrices, inner, strict=True)
    ]
    total = None
    for place, matrix in enumerate(matrices):
        factors = [*embeddings[:place], matrix, *embeddings[place + 1 :]]
        term = functools.reduce(lambda slow, fast: scipy.sparse.kron(slow, fast, "csr"), factors)
        total = term if total is None else total + term
    return scipy.sparse.csr_array(total)


def _raveled(places: list[Indices], shape: list[int]) -> Indices:
    """Numbers in C order of all combinations of places on the axes."""
    strides = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    scaled: list[Any] = [part * stride for part, stride in zip(places, strides, strict=True)]
    return functools.reduce(np.add.outer, scaled).ravel().astype(np.int64)
