"""Conjugate gradients, stopped by a bound on the error itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from qml_algos.errors import UnsuitableSolverError
from qml_algos.linear_systems.classical.bounds import (
    largest_row_sum,
    lower_end_of_definite,
    not_definite,
)
from qml_algos.linear_systems.classical.preconditioners import (
    Apply,
    Preconditioner,
    jacobi,
    multigrid,
    require_preconditioner,
)
from qml_algos.linear_systems.deviation import allowed_deviation
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.solution import Solution
from qml_algos.results import Resources
from qml_algos.validation import require_epsilon, require_kappa

_EPS = float(np.finfo(float).eps)
_PROBE_STEPS = 8
"""Lanczos steps that estimate the lower end of the spectrum under multigrid."""


@dataclass(frozen=True)
class ConjugateGradient:
    r"""Conjugate gradients, for Hermitian positive definite matrices.

    Stops as soon as the error is proven to be at most epsilon: with :math:`\mu` below all
    eigenvalues, it is bounded by :math:`\|r\| / \mu`, and by the Gauss-Radau bound on the A-norm
    of the error over :math:`\sqrt\mu`, whichever is smaller. A known null space (periodic and
    Neumann Laplacians) does not count; the solution is then the one of least norm.

    Cost: one product with A in each of ``O(sqrt(kappa) log(1 / epsilon))`` iterations, kappa
    that of the preconditioned matrix; with multigrid on elliptic equations a number that does not
    grow with N. :math:`\mu` comes from kappa if given, else from the structure's formula,
    else from LOBPCG under the same preconditioner; its cost is part of the reported seconds.
    The bounds are rigorous where :math:`\mu` is; from LOBPCG, and for the lower end under multigrid
    (half of a Ritz value), it is an estimate with a margin.

    Parameters
    ----------
    epsilon
        Relative error of the normalised solution.
    kappa
        Upper bound on the condition number. If given, A is not checked for being singular.
    preconditioner
        ``"amg"``: algebraic multigrid; ``"jacobi"``: the diagonal; or ``None``.

    References
    ----------
    M. Hestenes, E. Stiefel, J. Res. Natl. Bur. Stand. 49, 409 (1952).
    G. Meurant, P. Tichy, Numer. Algorithms 62, 163 (2013), Algorithm 2 (CGQ).
    """

    epsilon: float = 1e-2
    kappa: float | None = None
    preconditioner: Preconditioner | None = None
    name: ClassVar[str] = "cg"

    def __post_init__(self) -> None:
        require_epsilon(self.epsilon)
        require_kappa(self.kappa)
        require_preconditioner(self.preconditioner)

    def solve(self, problem: LinearSystem) -> Solution:
        """Solve.

        Raises
        ------
        UnsuitableSolverError
            If A is not Hermitian positive definite, or epsilon is out of reach.
        SingularMatrixError
            If A is singular.
        """
        if not problem.hermitian:
            raise UnsuitableSolverError(
                "ConjugateGradient needs a Hermitian positive definite A, and A is not Hermitian; "
                "use GMRES or Direct"
            )
        A, b = problem.A, problem.b
        start = time.perf_counter()
        # In units of the largest entries: the iteration squares numbers.
        unit_A, unit_b = abs(A).max() or 1.0, abs(b).max()
        scaled = A / unit_A
        precondition, divisors = _preconditioner(scaled, self.preconditioner)
        end = lower_end_of_definite(problem, self.kappa, precondition)
        smallest = end.value / unit_A
        if self.epsilon < 4 * _EPS * largest_row_sum(scaled) / smallest:
            raise UnsuitableSolverError(
                f"epsilon = {self.epsilon:.1e} is below what double precision can reach with this "
                "A; use Direct"
            )
        if divisors is not None:
            lower = smallest / divisors.max()
        elif precondition is not None:
            lower = _lower_ritz_value(scaled, precondition) / 2
        else:
            lower = smallest
        bounds = _LowerEnds(smallest, lower)
        x, iterations = _solve(scaled, b / unit_b, precondition, bounds, self.epsilon)
        x *= unit_b / unit_A
        seconds = time.perf_counter() - start
        return Solution(
            x=x,
            signs_known=True,
            solver=self.name,
            resources=Resources(classical_seconds=seconds),
            residual=problem.residual(x),
            details={"iterations": float(iterations)},
            caveats=(f"Iterations: {iterations}.", *end.caveats()),
        )


@dataclass(frozen=True)
class _LowerEnds:
    """Lower bounds on the eigenvalues of A and of the preconditioned A."""

    plain: float
    preconditioned: float


@dataclass(frozen=True)
class _Iterate:
    """An iterate, its residual, and the square of a bound on the A-norm of its error."""

    x: NDArray[Any]
    residual: NDArray[Any]
    energy: float

    def error(self, ends: _LowerEnds) -> float:
        """Bound on the norm of the error."""
        plain = float(scipy.linalg.norm(self.residual)) / ends.plain
        return min(plain, float(np.sqrt(self.energy / ends.plain)))


def _preconditioner(
    A: Any, kind: Preconditioner | None
) -> tuple[Apply | None, NDArray[np.float64] | None]:
    if kind is None:
        return None, None
    if np.any(A.diagonal().real <= 0):
        raise not_definite("a diagonal entry")
    if kind == "amg":
        return multigrid(A, hermitian=True), None
    divisors = jacobi(A)

    def apply(v: NDArray[Any]) -> NDArray[Any]:
        # Ravelled because LOBPCG may hand over columns.
        return v.ravel() / divisors

    return apply, divisors


def _solve(
    A: Any, b: NDArray[Any], precondition: Apply | None, ends: _LowerEnds, epsilon: float
) -> tuple[NDArray[Any], int]:
    """Iterate until the error is proven; restart where rounding parted the residual from it."""
    allowed = allowed_deviation(epsilon)
    iterate = _Iterate(np.zeros(b.size, np.result_type(A.dtype, b.dtype)), b, np.inf)
    count, limit = 0, 100 * b.size
    while count < limit:
        start = iterate.x, b - A @ iterate.x
        for iterate in _iterates(A, *start, precondition, ends.preconditioned):
            count += 1
            if count >= limit or iterate.error(ends) <= allowed * scipy.linalg.norm(iterate.x):
                break
        drift = scipy.linalg.norm(b - A @ iterate.x - iterate.residual) / ends.plain
        if iterate.error(ends) + drift <= allowed * scipy.linalg.norm(iterate.x):
            return iterate.x, count
        # So that a recurrence that stays just within is not taken up again and again.
        allowed *= 0.9
    raise UnsuitableSolverError(
        f"ConjugateGradient did not reach epsilon = {epsilon:.1e} in {limit} iterations; use Direct"
    )


def _iterates(
    A: Any, x: NDArray[Any], residual: NDArray[Any], precondition: Apply | None, lower: float
) -> Iterator[_Iterate]:
    """Run the iteration, from a guess and its residual, with ``lower`` below all eigenvalues."""
    steered = residual if precondition is None else precondition(residual)
    direction, size = steered, np.vdot(residual, steered).real
    # Gauss-Radau: the A-norm of the error, squared, is below ``weight * size``.
    weight = 1 / lower
    while size > 0:
        product = A @ direction
        curvature = np.vdot(direction, product).real
        if curvature <= 0:
            raise not_definite("an eigenvalue")
        step = size / curvature
        x = x + step * direction
        residual = residual - step * product
        steered = residual if precondition is None else precondition(residual)
        previous, size = size, np.vdot(residual, steered).real
        gap = weight - step
        # A gap that is not positive comes from rounding; then the plain bound is taken.
        weight = gap / (lower * gap + size / previous) if gap > 0 else 1 / lower
        yield _Iterate(x, residual, max(weight * size, 0.0))
        direction = steered + (size / previous) * direction


def _lower_ritz_value(A: Any, precondition: Apply) -> float:
    """Smallest Ritz value of the preconditioned A from a few steps with a random vector.

    Under multigrid the eigenvalues are within a few times of each other, so that it is near to
    the smallest of them.
    """
    residual = np.random.default_rng(0).normal(size=A.shape[0]).astype(A.dtype)
    steered = precondition(residual)
    direction, size = steered, np.vdot(residual, steered).real
    diagonal, beside, carried = [], [], 0.0
    for _ in range(_PROBE_STEPS):
        product = A @ direction
        step = size / np.vdot(direction, product).real
        residual = residual - step * product
        steered = precondition(residual)
        previous, size = size, np.vdot(residual, steered).real
        diagonal.append(1 / step + carried)
        if size <= _EPS**2 * previous:
            break
        beside.append(np.sqrt(size / previous) / step)
        carried = size / previous / step
        direction = steered + (size / previous) * direction
    ends = scipy.linalg.eigvalsh_tridiagonal(diagonal, beside[: len(diagonal) - 1])
    return float(ends[0])
