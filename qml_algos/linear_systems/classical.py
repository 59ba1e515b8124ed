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
from qml_algos.validation import require_epsilon

# A sparse matrix whose diagonals fill at most this fraction of it is solved as banded.
_BAND_FRACTION = 0.1


@dataclass(frozen=True)
class Direct:
    r"""Direct factorisation, chosen by structure.

    Dense matrices go to ``scipy.linalg.solve``, which looks for diagonal, tridiagonal, banded,
    triangular, Hermitian and positive definite structure; sparse ones with a narrow band to
    LAPACK's banded solvers, others to SuperLU. The error is rounding times the condition number,
    so there is no precision to choose.

    Cost: ``O(N^3)`` dense, ``O(N w^2)`` for bandwidth w; sparse depends on the fill-in.
    """

    name: ClassVar[str] = "direct"

    def solve(self, problem: LinearSystem) -> Solution:
        """Solve; raises `SingularMatrixError` where there is no unique solution."""
        start = time.perf_counter()
        x = _direct(problem)
        seconds = time.perf_counter() - start
        _require_regular(problem, x)
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
        Upper bound on the condition number; computed if not given.

    References
    ----------
    M. Hestenes, E. Stiefel, J. Res. Natl. Bur. Stand. 49, 409 (1952).
    """

    epsilon: float = 1e-2
    kappa: float | None = None
    name: ClassVar[str] = "cg"

    def __post_init__(self) -> None:
        require_epsilon(self.epsilon)

    def solve(self, problem: LinearSystem) -> Solution:
        """Solve; raises `UnsuitableSolverError` if A is not Hermitian positive definite."""
        if not problem.hermitian:
            raise UnsuitableSolverError(
                "ConjugateGradient needs a Hermitian positive definite A, and A is not Hermitian; "
                "use Direct"
            )
        kappa = problem.condition_number if self.kappa is None else self.kappa
        curvature = _Curvature(problem.A)
        start = time.perf_counter()
        x, failed = scipy.sparse.linalg.cg(
            curvature.operator, problem.b, rtol=self.epsilon / kappa, maxiter=100 * problem.size
        )
        seconds = time.perf_counter() - start
        if curvature.not_positive:
            raise UnsuitableSolverError(
                "ConjugateGradient needs a Hermitian positive definite A, and A has a negative "
                "eigenvalue; use Direct"
            )
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


class _Curvature:
    """A as a linear operator that notices ``<v|A|v> <= 0`` on the way."""

    def __init__(self, A: Matrix) -> None:
        self.not_positive = False
        self._A = A
        self.operator = scipy.sparse.linalg.LinearOperator(A.shape, self._apply, dtype=A.dtype)

    def _apply(self, v: NDArray[Any]) -> NDArray[Any]:
        product: NDArray[Any] = self._A @ v
        curvature = np.vdot(v, product).real
        # The first product is with the zero start vector.
        self.not_positive |= bool(curvature <= 0 and np.any(v))
        return product


def _direct(problem: LinearSystem) -> NDArray[Any]:
    A, b = problem.A, problem.b
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", scipy.linalg.LinAlgWarning)
            if isinstance(A, np.ndarray):
                return scipy.linalg.solve(A, b)
            return _sparse(A, b, hermitian=problem.hermitian)
    except (np.linalg.LinAlgError, scipy.linalg.LinAlgWarning, RuntimeError) as error:
        raise SingularMatrixError(
            f"A is singular to working precision ({error}); the system has no unique solution"
        ) from None


def _sparse(A: scipy.sparse.csr_array, b: NDArray[Any], *, hermitian: bool) -> NDArray[Any]:
    entries = A.tocoo()
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


def _require_regular(problem: LinearSystem, x: NDArray[Any]) -> None:
    """Catch singular matrices that rounding made look regular."""
    size = abs(problem.A).max() * np.linalg.norm(x)
    if not np.isfinite(size) or size * np.finfo(float).eps >= np.linalg.norm(problem.b):
        raise SingularMatrixError(
            "A is singular to working precision; the system has no unique solution"
        )
