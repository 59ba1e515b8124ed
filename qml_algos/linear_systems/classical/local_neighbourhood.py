"""How windows of a matrix are taken: by formulas on grids, else along the rows that are stored."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy.sparse

from qml_algos.errors import TooLargeError, UnsuitableSolverError
from qml_algos.linear_systems.classical.local_grid import Grid, grid_axes
from qml_algos.linear_systems.classical.local_window import (
    DENSE_ENTRIES,
    Indices,
    Neighbourhood,
    Window,
)
from qml_algos.linear_systems.structures import Structure

MAX_INDEX = 2**62
"""Unknowns are numbered by 64-bit integers."""


def neighbourhood(structure: Structure) -> Neighbourhood:
    """Find out how windows of a matrix are taken.

    Raises
    ------
    UnsuitableSolverError
        If it is dense, so that every unknown is a neighbour of every other.
    TooLargeError
        If it has more than 2^62 unknowns, or would have to be written down and cannot be.
    """
    if structure.size > MAX_INDEX:
        raise TooLargeError(
            f"local solving numbers unknowns by 64-bit integers: {structure.size:,} unknowns, at "
            f"most {MAX_INDEX:,}"
        )
    axes = grid_axes(structure)
    if axes is not None:
        return Grid(axes)
    matrix = structure.matrix()
    if isinstance(matrix, np.ndarray):
        raise UnsuitableSolverError(
            f"A ({structure.description}) is not local: a row refers to every unknown; use Direct"
        )
    return Graph(matrix, structure.layout.shape)


@dataclass(frozen=True, eq=False)
class Graph:
    """A stored sparse matrix: windows are what can be reached in so many steps along its rows.

    Attributes
    ----------
    matrix
        All of it.
    shape
        Unknowns on each axis.
    """

    matrix: scipy.sparse.csr_array
    shape: tuple[int, ...]

    def window(self, first: int, count: int, radius: int) -> Window:
        """Take a ball of that radius."""
        sought = np.arange(first, first + count)
        unknowns = columns = sought
        rows = self.matrix[unknowns]
        for _ in range(radius):
            columns = np.unique(np.concatenate([unknowns, rows.indices]))
            if columns.size == unknowns.size:
                break
            unknowns, rows = columns, self.matrix[columns]
        columns = np.unique(np.concatenate([unknowns, rows.indices]))
        places = np.searchsorted(columns, rows.indices)
        shape = (unknowns.size, columns.size)
        local = scipy.sparse.csr_array((rows.data, places, rows.indptr), shape=shape)
        return Window(
            rows=local.toarray() if math.prod(shape) <= DENSE_ENTRIES else local,
            inside=np.searchsorted(columns, unknowns),
            centre=np.searchsorted(unknowns, sought),
            unknowns=unknowns.astype(np.int64),
        )

    @property
    def uniform(self) -> bool:
        """Never known."""
        return False

    def kinds(self, first: Indices, count: int, radius: int) -> Indices:  # noqa: ARG002
        """Each of its own kind."""
        return first[:, None]

    def moved(self, unknowns: Indices, first: int, others: Indices) -> Indices:  # noqa: ARG002
        """Repeat them: a kind has one member."""
        return np.tile(unknowns, (others.size, 1))
