"""The problem: a square linear system."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from os import PathLike
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.linear_systems.matrix_market import read_matrix, read_vector
from qml_algos.linear_systems.right_hand_side import DenseVector, RightHandSide, SmoothFunction
from qml_algos.linear_systems.structures import (
    Boundary,
    Circulant,
    Dense,
    Poisson,
    Sparse,
    Spectrum,
    Structure,
    detect,
    is_structure,
)
from qml_algos.validation import numeric_array

Matrix = Any
"""A numpy array or a scipy.sparse.csr_array."""

Vector = NDArray[Any]

_ORTHOGONAL = 1e-10
"""Cosine with a null vector that counts as zero."""


class LinearSystem:
    """A square system ``A x = b``, real or complex, of any size.

    Parameters
    ----------
    A
        Shape ``(N, N)``, dense or any scipy sparse form; or a structure, which may be far too
        large to be written down. Need be neither Hermitian nor definite, and N no power of two.
    b
        Shape ``(N,)``, or ``(N, 1)``, not zero; or a right-hand side as a value.

    Raises
    ------
    InvalidProblemError
        If A is not square, shapes do not match, an entry is NaN, infinite or not a number, b
        is zero, or b is not orthogonal to the null space of a structure that has one. That A is
        singular is found, and raised as `SingularMatrixError`, by `solve`.

    Notes
    -----
    What is given is copied, and read-only from then on, so that figures once computed stay true.
    """

    def __init__(
        self,
        A: ArrayLike | scipy.sparse.sparray | Structure,
        b: ArrayLike | RightHandSide,
    ) -> None:
        self._stated = is_structure(A)
        self._given: Structure = A if is_structure(A) else _stored(A)
        self._right_hand_side = b if isinstance(b, RightHandSide) else _dense_vector(b, self.size)
        if self._right_hand_side.size != self.size:
            raise InvalidProblemError(
                f"b has {self._right_hand_side.size:,} entries: A has {self.size:,} rows"
            )
        if isinstance(A, Poisson | Circulant):
            _require_in_range(A, self._right_hand_side)

    @classmethod
    def from_matrix_market(
        cls, matrix: str | PathLike[str], right_hand_side: str | PathLike[str]
    ) -> LinearSystem:
        """Read A and b from Matrix Market files (``.mtx``, also ``.mtx.gz``).

        Raises
        ------
        MatrixMarketError
            If a file is missing or malformed; the message names it.
        InvalidProblemError
            As the constructor does.
        """
        return cls(read_matrix(matrix), read_vector(right_hand_side))

    @classmethod
    def poisson(
        cls,
        dimensions: int,
        cells: int,
        *,
        boundary: Boundary = "dirichlet",
        shift: float = 0.0,
        b: ArrayLike | RightHandSide | Callable[..., Any],
    ) -> LinearSystem:
        """Poisson's equation on a grid with as many cells on every axis: see `Poisson`.

        Parameters
        ----------
        dimensions
            Number of axes.
        cells
            On each axis; a power of two, as large as 2**30.
        boundary, shift
            As in `Poisson`.
        b
            Right-hand side, on the unknowns in C order; or a function of one coordinate in [0, 1]
            per axis, which becomes a `SmoothFunction`.

        Raises
        ------
        InvalidProblemError
            If an argument is of the wrong kind or out of range, or b is not orthogonal to the
            null space that a Neumann or periodic problem has without shift.
        """
        if isinstance(dimensions, bool) or not isinstance(dimensions, int) or dimensions < 1:
            raise InvalidProblemError(f"dimensions = {dimensions!r}: must be a positive integer")
        structure = Poisson((cells,) * dimensions, boundary, shift)
        if callable(b):
            b = SmoothFunction.on(structure, b)
        return cls(structure, b)

    def __repr__(self) -> str:
        kind = "real" if self.structure.real else "complex"
        symmetry = "Hermitian" if self.hermitian else "general"
        return (
            f"LinearSystem({self.size} unknowns, {self.structure.description}, {kind}, {symmetry})"
        )

    @property
    def size(self) -> int:
        """Number of unknowns N."""
        return self._given.size

    @cached_property
    def structure(self) -> Structure:
        """What is special about A: as given, else as `structures.detect` finds it."""
        return self._given if self._stated else detect(self._given.matrix())

    @property
    def right_hand_side(self) -> RightHandSide:
        """Right-hand side as a value, which knows how its state is prepared."""
        return self._right_hand_side

    @cached_property
    def A(self) -> Matrix:  # noqa: N802
        """A written down: a dense array or a ``scipy.sparse.csr_array``.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        return _frozen(self._given.matrix())

    @cached_property
    def b(self) -> Vector:
        """Right-hand side written down; shape ``(N,)``.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        vector: Vector = _frozen(self._right_hand_side.vector())
        return vector

    @property
    def is_sparse(self) -> bool:
        """Whether A is stored sparse, or would be if it was written down."""
        return not isinstance(self.A, np.ndarray)

    @property
    def real(self) -> bool:
        """Whether A and b, and so x, are real."""
        return self._given.real and self._right_hand_side.real

    @cached_property
    def hermitian(self) -> bool:
        """Whether A equals its conjugate transpose, up to rounding of its largest entry."""
        return self._given.hermitian

    def dense(self) -> NDArray[Any]:
        """Return A as a dense array."""
        return self.A.toarray() if self.is_sparse else self.A

    @cached_property
    def spectrum(self) -> Spectrum:
        """Bounds on the spectrum of A, in the way that its structure allows.

        Raises
        ------
        SingularMatrixError
            If A is singular to working precision.
        InvalidProblemError
            If A has a known null space that b is not orthogonal to.
        UnsuitableSolverError
            If the structure does not tell.
        """
        self.require_in_range()
        return self.structure.spectrum

    def require_in_range(self) -> None:
        """Refuse a b that is not orthogonal to A's null space, where A has a known one.

        Raises
        ------
        InvalidProblemError
            Saying what can be done.
        """
        if not self._stated:
            _require_in_range(self.structure, self._right_hand_side)

    @property
    def condition_number(self) -> float:
        """Ratio of the largest to the smallest singular value of A, or a bound on it.

        Null spaces that are known do not count. See `spectrum`.

        Raises
        ------
        SingularMatrixError
            If the ratio is beyond what double precision can invert.
        """
        return self.spectrum.condition_number

    def residual(self, x: Vector) -> float:
        """Relative residual ``||b - A x|| / ||b||``."""
        return float(scipy.linalg.norm(self.b - self.A @ x) / scipy.linalg.norm(self.b))


def _stored(A: Any) -> Dense | Sparse:
    return Sparse(A) if scipy.sparse.issparse(A) else Dense(A)


def _dense_vector(b: Any, size: int) -> DenseVector:
    vector = numeric_array(b, "b")
    if vector.ndim == 2 and vector.shape[1] == 1:
        vector = vector[:, 0]
    if vector.shape != (size,):
        raise InvalidProblemError(
            f"b has shape {vector.shape}: A has {size} rows, so ({size},) is needed"
        )
    return DenseVector(vector)


def _frozen(values: Any) -> Any:
    parts = [values] if isinstance(values, np.ndarray) else []
    if scipy.sparse.issparse(values):
        parts = [values.data, values.indices, values.indptr]
    for part in parts:
        part.setflags(write=False)
    return values


def _require_in_range(structure: Structure, b: RightHandSide) -> None:
    """Refuse a right-hand side that is not orthogonal to the null space."""
    if not structure.spectrum.null_space:
        return
    if isinstance(structure, Poisson):
        cosine = abs(b.total()) / (np.sqrt(structure.size) * b.norm())
    elif isinstance(structure, Circulant):
        modes = np.fft.fft(b.vector(), norm="ortho")[structure.null_modes]
        cosine = float(scipy.linalg.norm(modes)) / b.norm()
    else:
        return
    if cosine > _ORTHOGONAL:
        raise InvalidProblemError(
            f"b is not orthogonal to the null space of A ({structure.description}; cosine "
            f"{cosine:.1e}): subtract its mean, or give a shift"
        )
