"""Observables of a solution that are sums over the unknowns, relative to its squared norm."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.linear_systems.structures.base import require_storable

Indices = NDArray[np.int64]


class Observable(Protocol):
    """``<x|M|x> / <x|x>`` for a matrix M with entries on or beside the diagonal."""

    @property
    def description(self) -> str:
        """In a few words."""
        ...

    @property
    def reach(self) -> int:
        """How many entries beyond a stretch of unknowns belong to its terms."""
        ...

    def matrix(self, shape: tuple[int, ...]) -> Any:
        """Return M: a vector if it is diagonal, else a sparse matrix.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        ...

    def terms(self, x: NDArray[Any], indices: Indices, size: int) -> NDArray[np.float64]:
        """Sum up the terms of ``<x|M|x>`` of stretches of unknowns.

        Parameters
        ----------
        x
            Entries of consecutive unknowns, a stretch in each row, each with `reach` more unless
            the line ends there.
        indices
            Numbers of the unknowns of the stretches alone.
        size
            Unknowns in all.
        """
        ...


@dataclass(frozen=True)
class NeighbourCorrelation:
    """``Re sum_i conj(x_i) x_(i+1) / ||x||^2``, over neighbours on a line of the last axis."""

    @property
    def description(self) -> str:
        """In a few words."""
        return "correlation of neighbouring entries of x"

    @property
    def reach(self) -> int:
        """The next entry."""
        return 1

    def matrix(self, shape: tuple[int, ...]) -> scipy.sparse.csr_array:
        """Half of a shift and of its transpose, on every line."""
        require_storable(2 * math.prod(shape), self.description)
        line = scipy.sparse.diags_array([0.5, 0.5], offsets=[-1, 1], shape=(shape[-1],) * 2)
        others = scipy.sparse.eye_array(math.prod(shape[:-1]))
        return scipy.sparse.csr_array(scipy.sparse.kron(others, line))

    def terms(self, x: NDArray[Any], indices: Indices, size: int) -> NDArray[np.float64]:  # noqa: ARG002
        """Sum up products of neighbours."""
        products: NDArray[np.float64] = np.sum((np.conj(x[:, :-1]) * x[:, 1:]).real, axis=1)
        return products


@dataclass(frozen=True)
class SquareShare:
    """Share of a range of unknowns in the squared norm of x: what one measurement of qubits finds.

    Parameters
    ----------
    first, last
        Ends of the range as fractions of all unknowns in C order: by default their first half,
        which on a register of 2**n amplitudes is the probability that the highest qubit reads 0.

    Raises
    ------
    InvalidProblemError
        If these are not increasing numbers from 0 to 1.
    """

    first: float = 0.0
    last: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.first < self.last <= 1:
            raise InvalidProblemError(
                f"first = {self.first!r}, last = {self.last!r}: increasing numbers from 0 to 1 are "
                "needed"
            )

    @property
    def description(self) -> str:
        """In a few words."""
        part = f"unknowns {self.first:g} N to {self.last:g} N"
        if (self.first, self.last) == (0.0, 0.5):
            part = "first half of the unknowns"
        return f"share of the {part} in the squared norm of x"

    @property
    def reach(self) -> int:
        """Nothing beyond."""
        return 0

    def matrix(self, shape: tuple[int, ...]) -> NDArray[np.float64]:
        """1 in the range, else 0."""
        require_storable(math.prod(shape), self.description)
        indices = np.arange(math.prod(shape))
        return self._within(indices, indices.size).astype(float)

    def terms(self, x: NDArray[Any], indices: Indices, size: int) -> NDArray[np.float64]:
        """Sum up squares in the range."""
        squares: NDArray[np.float64] = np.sum(np.abs(x) ** 2 * self._within(indices, size), axis=1)
        return squares

    def _within(self, indices: Indices, size: int) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = (indices >= math.ceil(self.first * size)) & (
            indices < math.ceil(self.last * size)
        )
        return inside
