"""Laplacians on regular grids, in one and more dimensions."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures.base import MAX_STORED, Spectrum, require_storable
from qml_algos.linear_systems.structures.spectra import singular

Boundary = Literal["dirichlet", "neumann", "periodic"]
"""What happens at the ends of every axis: zero, reflection, or the other end."""

_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Poisson:
    r"""``scale * (L + shift * I)`` with L minus the Laplacian of a grid, in stencil units.

    L is the sum over the axes of second differences (-1, 2, -1); no ``1 / h**2`` is in it.

    Parameters
    ----------
    cells
        Cells on each axis, a power of two each: then the sine, cosine or Fourier transform of a
        register of qubits diagonalises the matrix. A grid of any other size is a `KroneckerSum`
        of `Toeplitz` or `Circulant` matrices.
    boundary
        ``"dirichlet"``: zero at both ends, ``cells - 1`` unknowns on an axis, at the inner nodes
        ``i / cells``. ``"neumann"``: reflecting ends (the first and last diagonal entries are
        1), ``cells`` unknowns, at the midpoints ``(i + 1/2) / cells``. ``"periodic"``: ``cells``
        unknowns at ``i / cells``.
    shift
        Added to the diagonal. With 0 a Neumann or periodic matrix is singular: constants are
        its null space, and the solution sought is the one of least norm.
    scale
        Real factor of the whole, not zero.

    Raises
    ------
    InvalidProblemError
        If an argument is of the wrong kind or out of range.

    Notes
    -----
    Eigenvalues are sums over the axes of :math:`4 \sin^2(\theta / 2)` with :math:`\theta = k \pi
    / c` for k from 1 to c - 1 (Dirichlet) or from 0 to c - 1 (Neumann), or :math:`2 k \pi / c`
    (periodic), for c cells.

    References
    ----------
    G. Strang, SIAM Review 41, 135 (1999).
    """

    cells: tuple[int, ...]
    boundary: Boundary = "dirichlet"
    shift: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        if self.boundary not in get_args(Boundary):
            raise InvalidProblemError(
                f"boundary = {self.boundary!r}: must be one of {', '.join(get_args(Boundary))}"
            )
        try:
            cells = tuple(int(c) if c == int(c) else 0 for c in self.cells)
        except (TypeError, ValueError):
            cells = ()
        if not cells or any(c < 2 or c & (c - 1) for c in cells):
            raise InvalidProblemError(
                f"cells = {self.cells!r}: a power of two, at least 2, is needed for each axis; "
                "other grids are Kronecker sums of Toeplitz or circulant matrices"
            )
        for name, value in (("shift", self.shift), ("scale", self.scale)):
            if not isinstance(value, int | float | np.number) or not np.isfinite(value):
                raise InvalidProblemError(f"{name} = {value!r}: must be a finite real number")
        if self.scale == 0:
            raise InvalidProblemError("scale = 0: the matrix would be zero")
        object.__setattr__(self, "cells", cells)
        object.__setattr__(self, "shift", float(self.shift))
        object.__setattr__(self, "scale", float(self.scale))

    @property
    def dimensions(self) -> int:
        """Number of axes."""
        return len(self.cells)

    @property
    def shape(self) -> tuple[int, ...]:
        """Unknowns on each axis."""
        return tuple(c - (self.boundary == "dirichlet") for c in self.cells)

    @property
    def description(self) -> str:
        """As in ``"2D Dirichlet Poisson"``, with ``"shifted"`` if it is."""
        shifted = "shifted " if self.shift else ""
        return f"{shifted}{self.dimensions}D {self.boundary.capitalize()} Poisson"

    @property
    def size(self) -> int:
        """Number of unknowns N."""
        return math.prod(self.shape)

    @property
    def real(self) -> bool:
        """Always."""
        return True

    @property
    def hermitian(self) -> bool:
        """Always."""
        return True

    @property
    def layout(self) -> Layout:
        """Each axis on the qubits of its cells; Dirichlet unknowns stand from amplitude 1 on."""
        qubits = tuple(c.bit_length() - 1 for c in self.cells)
        return Layout(self.shape, qubits, int(self.boundary == "dirichlet"))

    @cached_property
    def spectrum(self) -> Spectrum:
        """Exact, in O(1) if the matrix is definite or has one axis; else in O(N).

        Raises
        ------
        SingularMatrixError
            If the shift is minus an eigenvalue.
        UnsuitableSolverError
            If a negative shift puts more than 2^24 eigenvalues on both sides of zero.
        """
        ends = [self._ends(axis) for axis in range(self.dimensions)]
        lowest = sum(low for low, _ in ends) + self.shift
        highest = sum(high for _, high in ends) + self.shift
        null_space = self.shift == 0 and self.boundary != "dirichlet"
        if null_space:
            lowest = min(float(self._axis_eigenvalues(i, np.array([1]))[0]) for i in self._axes)
        smallest = min(abs(lowest), abs(highest))
        rounding = 4 * _EPS * abs(self.shift)
        if lowest < 0 < highest:
            smallest = self._smallest_of_indefinite()
            rounding = 4 * _EPS * max(abs(self.shift), highest)
        largest = max(abs(lowest), abs(highest))
        if smallest <= rounding:
            raise singular(smallest / largest if largest else 0.0)
        low, high = sorted((self.scale * lowest, self.scale * highest))
        factor = abs(self.scale)
        return Spectrum(factor * smallest, factor * largest, low, high, null_space)

    def matrix(self) -> scipy.sparse.csr_array:
        """Write the matrix down, sparse.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        require_storable(self.size * (2 * self.dimensions + 1), "a Poisson matrix")
        total = functools.reduce(scipy.sparse.kronsum, map(self._second_difference, self._axes))
        total = scipy.sparse.csr_array(total) + self.shift * scipy.sparse.eye_array(self.size)
        matrix = (self.scale * total).tocsr()
        matrix.sort_indices()
        return matrix

    @property
    def _axes(self) -> range:
        # Kronecker sums of scipy have their first operand on the fastest axis.
        return range(self.dimensions - 1, -1, -1)

    def _axis_eigenvalues(self, axis: int, k: NDArray[np.int64]) -> NDArray[np.float64]:
        turn = 1 if self.boundary == "periodic" else 0.5
        values: NDArray[np.float64] = 4 * np.sin(np.pi * turn * k / self.cells[axis]) ** 2
        return values

    def _ends(self, axis: int) -> tuple[float, float]:
        cells = self.cells[axis]
        last = cells // 2 if self.boundary == "periodic" else cells - 1
        ends = self._axis_eigenvalues(axis, np.array([int(self.boundary == "dirichlet"), last]))
        return float(ends[0]), float(ends[1])

    def _smallest_of_indefinite(self) -> float:
        if self.dimensions == 1:
            turn = 1 if self.boundary == "periodic" else 0.5
            sine = np.sqrt(np.clip(-self.shift / 4, 0, 1))
            index = np.arcsin(sine) * self.cells[0] / (np.pi * turn)
            first = int(self.boundary == "dirichlet")
            near = np.clip(np.array([np.floor(index), np.ceil(index)]), first, self.cells[0] - 1)
            return float(np.abs(self._axis_eigenvalues(0, near) + self.shift).min())
        if self.size > MAX_STORED >> 3:
            raise UnsuitableSolverError(
                f"the eigenvalue nearest to 0 of an indefinite Poisson matrix of {self.size:,} "
                "unknowns is not known: give kappa"
            )
        first = int(self.boundary == "dirichlet")
        axes = [self._axis_eigenvalues(i, np.arange(first, self.cells[i])) for i in self._axes]
        return float(np.abs(functools.reduce(np.add.outer, axes) + self.shift).min())

    def _second_difference(self, axis: int) -> scipy.sparse.csr_array:
        size = self.shape[axis]
        diagonal = np.full(size, 2.0)
        if self.boundary == "neumann":
            diagonal[[0, -1]] = 1
        rows = np.arange(size)
        left, right = rows[:-1], rows[1:]
        if self.boundary == "periodic":
            left, right = rows, np.roll(rows, -1)
        data = np.concatenate([diagonal, np.full(2 * left.size, -1.0)])
        places = (np.concatenate([rows, left, right]), np.concatenate([rows, right, left]))
        # With two cells both neighbours are the same one: the entries add up.
        return scipy.sparse.csr_array((data, places), shape=(size, size))
