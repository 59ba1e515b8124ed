"""Classical solvers: the competition at its best."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import scipy.linalg
import scipy.sparse
import scipy.sparse.linalg
from numpy.typing import NDArray

from qml_algos.errors import SingularMatrixError, UnsuitableSolverError
from qml_algos.linear_systems.problem import LinearSystem, Matrix
from qml_algos.linear_systems.solution import Resources, Solution
from qml_algos.validation import require_epsilon, require_kappa

# A sparse matrix whose diagonals fill at most this fraction of it is solved as banded.
_BAND_FRACTION = 0.1
# Up to this size the dense solver is the fastest for sparse matrices too (measured: 30 us against
# 130 us at 16 unknowns, equal at 128).
_DENSE_UNKNOWNS = 100


@dataclass(frozen=True)
class Direct:
    r"""Direct factorisation, chosen by structure.

    Dense matrices go to ``scipy.linalg.solve``, which looks for diagonal, tridiagonal, banded,
    triangular, Hermitian and positive definite structure, and so do small sparse ones; larger
    sparse ones go to LAPACK's banded solvers if their band is narrow, else to SuperLU. The error
    is rounding times the condition number, so there is no precision to choose.

    Cost: ``O(N^3)`` dense, ``O(N w^2)`` for bandwidth w; sparse depends on the fill-in.
    """

    name: ClassVar[str] = "direct"

    def solve(self, problem: LinearSystem) -> Solution:
        """Solve; raises `SingularMatrixError` where there is no unique solution."""
        start = time.perf_counter()
        x = _direct(problem.A, problem.b, hermitian=problem.hermitian)
        seconds = time.perf_counter() - start
        _require_regular(problem)
        return Solution(
            x=x,
            signs_known=True,
            solver=self.name,
            resources=Resources(classical_seconds=seconds),
            residual=problem.residual(x),
        )


@dataclass(frozen=True)
class ConjugateGradient:
    r"""Conjugate gradients, for Hermitian positive definite matrices.

    Stops at a relative residual of ``epsilon / kappa``, which bounds the relative error by
    ``epsilon``. Cost: one product with A in each of ``O(sqrt(kappa) log(kappa / epsilon))``
    iterations. Computing kappa, unless it is given, is not counted.

    Parameters
    ----------
    epsilon
        Relative error of the solution.
    kappa
        Upper bound on the condition number; computed if not given. If it is, A is not checked for
        being singular.

    References
    ----------
    M. Hestenes, E. Stiefel, J. Res. Natl. Bur. Stand. 49, 409 (1952).
    """

    epsilon: float = 1e-2
    kappa: float | None = None
    name: ClassVar[str] = "cg"

    def __post_init__(self) -> None:
        require_epsilon(self.epsilon)
        require_kappa(self.kappa)

    def solve(self, problem: LinearSystem) -> Solution:
        """Solve; raises `UnsuitableSolverError` if A is not Hermitian positive definite."""
        if not problem.hermitian:
            raise UnsuitableSolverError(
                "ConjugateGradient needs a Hermitian positive definite A, and A is not Hermitian; "
                "use Direct"
            )
        kappa = problem.condition_number if self.kappa is None else self.kappa
        # In units of the largest entries: the iteration squares numbers.
        unit_A, unit_b = abs(problem.A).max(), abs(problem.b).max()
        operator = _positive_operator(problem.A / unit_A)
        start = time.perf_counter()
        x, failed = scipy.sparse.linalg.cg(
            operator, problem.b / unit_b, rtol=self.epsilon / kappa, maxiter=100 * problem.size
        )
        x *= unit_b / unit_A
        seconds = time.perf_counter() - start
        if failed:
            raise UnsuitableSolverError(
                f"ConjugateGradient did not reach epsilon = {self.epsilon:.1e} in "
                f"{100 * problem.size} iterations; use Direct"
            )
        return Solution(
            x=x,
            signs_known=True,
            solver=self.name,
            resources=Resources(classical_seconds=seconds),
            residual=problem.residual(x),
        )


def _positive_operator(A: Matrix) -> scipy.sparse.linalg.LinearOperator:
    """Wrap A as a linear operator that refuses a direction v with ``<v|A|v> <= 0``."""

    def apply(v: NDArray[Any]) -> NDArray[Any]:
        product: NDArray[Any] = A @ v
        # The first product may be with the zero start vector.
        if np.vdot(v, product).real <= 0 and np.any(v):
            raise UnsuitableSolverError(
                "ConjugateGradient needs a Hermitian positive definite A, and A has an eigenvalue "
                "that is not positive; use Direct"
            )
        return product

    return scipy.sparse.linalg.LinearOperator(A.shape, apply, dtype=A.dtype)


def _direct(A: Matrix, b: NDArray[Any], *, hermitian: bool) -> NDArray[Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", scipy.linalg.LinAlgWarning)
            if isinstance(A, np.ndarray):
                return scipy.linalg.solve(A, b)
            if A.shape[0] <= _DENSE_UNKNOWNS:
                return scipy.linalg.solve(A.toarray(), b)
            return _sparse(A, b, hermitian=hermitian)
    except (np.linalg.LinAlgError, scipy.linalg.LinAlgWarning, RuntimeError) as error:
        raise SingularMatrixError(
            f"A is singular to working precision ({error}); the system has no unique solution"
        ) from None


def _sparse(A: scipy.sparse.csr_array, b: NDArray[Any], *, hermitian: bool) -> NDArray[Any]:
    entries = A.tocoo()
    if entries.nnz == 0:
        raise np.linalg.LinAlgError("it is zero")
    offsets = entries.col - entries.row
    lower, upper = int(max(0, -offsets.min())), int(max(0, offsets.max()))
    if lower + upper + 1 > _BAND_FRACTION * A.shape[0]:
        dtype = np.result_type(A.dtype, b.dtype)
        return scipy.sparse.linalg.splu(A.astype(dtype).tocsc()).solve(b.astype(dtype))
    band = np.zeros((lower + upper + 1, A.shape[0]), dtype=A.dtype)
    np.add.at(band, (upper - offsets, entries.col), entries.data)
    if hermitian:
        try:
            return scipy.linalg.solveh_banded(band[: upper + 1], b)
        except np.linalg.LinAlgError:
            pass  # indefinite: no Cholesky factor
    return scipy.linalg.solve_banded((lower, upper), band, b)


def _require_regular(problem: LinearSystem) -> None:
    """Catch singular matrices that rounding made look regular, for whatever right-hand side.

    The solution for a random right-hand side is about ``1 / sigma_min`` long, over sqrt(N).
    """
    probe = np.random.default_rng(0).normal(size=problem.size)
    unit = abs(problem.A).max()
    answer = _direct(problem.A / unit, probe, hermitian=problem.hermitian)
    growth = scipy.linalg.norm(answer) / scipy.linalg.norm(probe)
    rounding = 10 * np.sqrt(problem.size) * np.finfo(float).eps
    if not growth * rounding < 1:
        raise SingularMatrixError(
            "A is singular to working precision; the system has no unique solution"
        )
