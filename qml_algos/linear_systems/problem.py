"""The problem: a square linear system."""

from __future__ import annotations

from functools import cached_property
from os import PathLike
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse
import scipy.sparse.linalg
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError, SingularMatrixError
from qml_algos.linear_systems.matrix_market import read_matrix, read_vector
from qml_algos.validation import as_floating, numeric_array, require_finite

Matrix = Any
"""A numpy array or a scipy.sparse.csr_array."""

Vector = NDArray[Any]

# Up to this size the condition number comes from all singular values, above from Lanczos.
_DENSE_SPECTRUM = 1024


class LinearSystem:
    """A square system ``A x = b``, real or complex, of any size.

    Parameters
    ----------
    A
        Shape ``(N, N)``, dense or any scipy sparse form. Need be neither Hermitian nor definite,
        and N no power of two.
    b
        Shape ``(N,)``, or ``(N, 1)``; not zero.

    Attributes
    ----------
    A
        Dense array or ``scipy.sparse.csr_array``, a copy of floating type.
    b
        Vector of shape ``(N,)``.

    Raises
    ------
    InvalidProblemError
        If A is not square, shapes do not match, an entry is NaN, infinite or not a number, or b
        is zero. That A is singular is found, and raised as `SingularMatrixError`, by `solve`.
    """

    def __init__(self, A: ArrayLike | scipy.sparse.sparray, b: ArrayLike) -> None:
        self.A: Matrix = _matrix(A)
        self.b: Vector = _vector(b, self.A.shape[0])

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

    def __repr__(self) -> str:
        form = "sparse" if self.is_sparse else "dense"
        kind = "complex" if np.iscomplexobj(self.A) else "real"
        symmetry = "Hermitian" if self.hermitian else "general"
        return f"LinearSystem({self.size} unknowns, {form}, {kind}, {symmetry})"

    @property
    def size(self) -> int:
        """Number of unknowns N."""
        return int(self.A.shape[0])

    @property
    def is_sparse(self) -> bool:
        """Whether A is stored sparse."""
        return not isinstance(self.A, np.ndarray)

    @cached_property
    def hermitian(self) -> bool:
        """Whether A equals its conjugate transpose, up to rounding of its largest entry."""
        difference = abs(self.A - self.A.conj().T).max()
        return bool(difference <= 1e-14 * abs(self.A).max())

    def dense(self) -> NDArray[Any]:
        """Return A as a dense array."""
        return self.A.toarray() if self.is_sparse else self.A

    @cached_property
    def condition_number(self) -> float:
        """Ratio of the largest to the smallest singular value of A.

        From all singular values up to 1,024 unknowns. A larger sparse matrix goes through a
        Lanczos iteration on A and on its inverse (one sparse factorisation).

        Raises
        ------
        SingularMatrixError
            If the ratio is beyond what double precision can invert.
        """
        if self.size <= _DENSE_SPECTRUM or not self.is_sparse:
            if self.hermitian:
                values = np.abs(scipy.linalg.eigvalsh(self.dense()))
            else:
                values = scipy.linalg.svdvals(self.dense())
            return condition_from(values)
        return self._sparse_condition_number()

    def _sparse_condition_number(self) -> float:
        columns = self.A.tocsc()
        normal = scipy.sparse.linalg.aslinearoperator(columns)
        normal = normal.H @ normal
        try:
            factors = scipy.sparse.linalg.splu(columns)
        except RuntimeError:
            raise _singular(0.0) from None
        inverse = scipy.sparse.linalg.LinearOperator(
            self.A.shape,
            matvec=lambda v: factors.solve(factors.solve(v.astype(columns.dtype), "H")),
            dtype=columns.dtype,
        )
        largest = [
            float(
                scipy.sparse.linalg.eigsh(
                    operator, k=1, tol=1e-3, v0=np.ones(self.size), return_eigenvectors=False
                )[0]
            )
            for operator in (normal, inverse)
        ]
        return condition_from(np.array([1.0, np.sqrt(largest[0] * largest[1])]))

    def residual(self, x: Vector) -> float:
        """Relative residual ``||b - A x|| / ||b||``."""
        return float(scipy.linalg.norm(self.b - self.A @ x) / scipy.linalg.norm(self.b))


def condition_from(singular_values: NDArray[np.float64]) -> float:
    """Condition number from singular values in any order.

    Raises
    ------
    SingularMatrixError
        If the smallest is zero to working precision.
    """
    largest, smallest = float(np.max(singular_values)), float(np.min(singular_values))
    floor = len(singular_values) * np.finfo(float).eps * largest
    if not smallest > floor:
        raise _singular(smallest / largest if largest else 0.0)
    return largest / smallest


def _singular(ratio: float) -> SingularMatrixError:
    return SingularMatrixError(
        "A is singular to working precision: its smallest singular value is "
        f"{ratio:.1e} of its largest; the system has no unique solution"
    )


def _matrix(A: Any) -> Matrix:
    if scipy.sparse.issparse(A):
        _require_square(A.shape)
        matrix = as_floating(scipy.sparse.csr_array(A), "A")
        require_finite(matrix, "A")
        return matrix
    dense = numeric_array(A, "A")
    _require_square(dense.shape)
    return dense


def _require_square(shape: tuple[int, ...]) -> None:
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] == 0:
        raise InvalidProblemError(f"A has shape {shape}: a square matrix is needed")


def _vector(b: Any, size: int) -> Vector:
    vector = numeric_array(b, "b")
    if vector.ndim == 2 and vector.shape[1] == 1:
        vector = vector[:, 0]
    if vector.shape != (size,):
        raise InvalidProblemError(
            f"b has shape {vector.shape}: A has {size} rows, so ({size},) is needed"
        )
    if not np.any(vector):
        raise InvalidProblemError("b is zero: the solution is zero and no state can represent it")
    return vector
