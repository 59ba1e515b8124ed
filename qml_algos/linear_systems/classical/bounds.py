"""How far an iterate can be from the solution: lower ends of spectra."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse.linalg
from numpy.typing import NDArray

from qml_algos.errors import SingularMatrixError, UnsuitableSolverError
from qml_algos.linear_systems.classical.preconditioners import Apply
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.structures import Dense, Sparse

_EPS = float(np.finfo(float).eps)
_ALL_VALUES = 256
"""Up to this size all eigenvalues of a matrix without a formula are computed: 10 ms."""

_ROUNDS = 15
"""Starts of 20 iterations each in the search for the smallest eigenvalue."""


@dataclass(frozen=True)
class LowerEnd:
    """A lower bound on the singular values of A.

    Attributes
    ----------
    value
        No singular value is smaller, null spaces that are known not counted.
    seconds
        What it took to find out.
    """

    value: float
    seconds: float

    def caveats(self) -> tuple[str, ...]:
        """Say what it cost, if it did."""
        if self.seconds < 1e-4:
            return ()
        return (
            f"Spectrum: {self.seconds:.2g} s of the time went into the smallest singular value of "
            "A, which the promised error rests on; kappa, where known, saves it.",
        )


def lower_end(problem: LinearSystem, kappa: float | None, *, preconditioned: bool) -> LowerEnd:
    """Find a lower bound on the singular values, from kappa or from the structure.

    A structure without a formula computes or estimates its spectrum: see `Dense.spectrum` and
    `Sparse.spectrum`.

    Raises
    ------
    SingularMatrixError
        If A is singular to working precision.
    UnsuitableSolverError
        If the structure does not tell, or has a null space and there is a preconditioner, which
        would lead into it.
    """
    start = time.perf_counter()
    if kappa is not None:
        # No column is longer than the largest singular value.
        value = float(np.sqrt(squared_columns(problem.A).max())) / kappa
    else:
        spectrum = problem.spectrum
        if spectrum.null_space and preconditioned:
            raise UnsuitableSolverError(
                f"A ({problem.structure.description}) has a null space, which preconditioners do "
                "not keep out of the solution: use FastTransform, or no preconditioner"
            )
        value = spectrum.smallest
    return LowerEnd(value, time.perf_counter() - start)


def lower_end_of_definite(
    problem: LinearSystem, kappa: float | None, preconditioner: Apply | None
) -> LowerEnd:
    """Do the same for a Hermitian matrix, by an iteration first if there is no formula.

    Raises
    ------
    SingularMatrixError
        If A is singular to working precision.
    UnsuitableSolverError
        If A turns out not to be positive definite, or the structure does not tell.
    """
    start = time.perf_counter()
    value = None
    formula = kappa is not None or not isinstance(problem.structure, Dense | Sparse)
    if not formula and problem.size > _ALL_VALUES:
        value = _smallest_eigenvalue(problem.A, preconditioner)
    if value is None:
        value = lower_end(problem, kappa, preconditioned=preconditioner is not None).value
        if kappa is None and (problem.spectrum.lowest or 0.0) < 0:
            raise not_definite("an eigenvalue")
    return LowerEnd(value, time.perf_counter() - start)


def not_definite(what: str) -> UnsuitableSolverError:
    """Error that says that A has something that is not positive."""
    return UnsuitableSolverError(
        f"ConjugateGradient needs a Hermitian positive definite A, and A has {what} that is not "
        "positive; use Direct or MINRES"
    )


def squared_columns(A: Any) -> NDArray[np.float64]:
    """Squared norms of the columns."""
    return np.asarray((abs(A) ** 2).sum(axis=0)).ravel()


def largest_row_sum(A: Any) -> float:
    """Sum of absolute values of a row, the largest: no eigenvalue exceeds it."""
    return float(np.asarray(abs(A).sum(axis=1)).max())


def _smallest_eigenvalue(A: Any, preconditioner: Apply | None) -> float | None:
    """Lower bound on the smallest eigenvalue of a positive definite matrix, by LOBPCG.

    ``None`` if it does not settle. There is an eigenvalue as near to a Ritz value as its residual
    is long. The block starts from random vectors; that it misses the lowest eigenvector altogether
    has probability zero.

    References
    ----------
    A. Knyazev, SIAM J. Sci. Comput. 23, 517 (2001).
    """
    size = A.shape[0]
    zero = size * _EPS * largest_row_sum(A)
    operator = None
    if preconditioner is not None:
        operator = scipy.sparse.linalg.LinearOperator(A.shape, preconditioner, dtype=A.dtype)
    block = np.random.default_rng(0).normal(size=(size, 3)).astype(A.dtype)
    for _ in range(_ROUNDS):
        with warnings.catch_warnings():
            # It warns that it was stopped before its own tolerance.
            warnings.simplefilter("ignore", UserWarning)
            values, block = scipy.sparse.linalg.lobpcg(
                A, block, M=operator, largest=False, tol=zero, maxiter=20
            )[:2]
        lowest = int(np.argmin(values))
        value, vector = float(values[lowest]), block[:, lowest]
        if value < -zero:
            raise not_definite("an eigenvalue")
        distance = float(scipy.linalg.norm(A @ vector - value * vector))
        if value <= zero and distance <= 10 * zero:
            raise SingularMatrixError(
                "A is singular to working precision: it has an eigenvalue of "
                f"{value:.1e}; the system has no unique solution"
            )
        if distance <= value / 3:
            return value - distance
    return None
