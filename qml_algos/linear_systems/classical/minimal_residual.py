"""Krylov solvers that minimise the residual: MINRES and GMRES."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from qml_algos.errors import UnsuitableSolverError
from qml_algos.linear_systems.classical.bounds import largest_row_sum, lower_end
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

_RESTART = 100
"""Steps of GMRES between restarts; it keeps twice as many vectors."""

_GAIN = 0.95
"""Factor by which the residual has to fall from one start to the next."""


@dataclass(frozen=True)
class _Step:
    """A step of an iteration: an estimate of its residual, and how to form the iterate."""

    estimate: float
    iterate: Callable[[], NDArray[Any]]


Cycle = Callable[[Any, NDArray[Any], NDArray[Any], Apply | None], Iterator[_Step]]
"""Steps for a matrix, a guess, its residual and a preconditioner, until it has to start anew."""


@dataclass(frozen=True)
class MINRES:
    r"""Minimal residuals, for Hermitian matrices, definite or not.

    Stops when the true residual is at most ``epsilon * sigma_min * ||x||``, which bounds the error
    by epsilon. A known null space does not count; the solution is then the one of least norm.

    Cost: one product with A in each of ``O(kappa log(1 / epsilon))``
    iterations, ``O(sqrt(kappa) ...)`` if A is definite. sigma_min comes from kappa if given, else
    from the structure's spectrum; its cost is part of the reported seconds.

    Parameters
    ----------
    epsilon
        Relative error of the normalised solution.
    kappa
        Upper bound on the condition number. If given, A is not checked for being singular.
    preconditioner
        ``"jacobi"``: the diagonal; ``"amg"``: algebraic multigrid, for definite A only; or
        ``None``.

    References
    ----------
    C. Paige, M. Saunders, SIAM J. Numer. Anal. 12, 617 (1975).
    """

    epsilon: float = 1e-2
    kappa: float | None = None
    preconditioner: Preconditioner | None = None
    name: ClassVar[str] = "minres"

    def __post_init__(self) -> None:
        _require_options(self.epsilon, self.kappa, self.preconditioner)

    def solve(self, problem: LinearSystem) -> Solution:
        """Solve.

        Raises
        ------
        UnsuitableSolverError
            If A is not Hermitian, the preconditioner does not fit, or epsilon is out of reach.
        SingularMatrixError
            If A is singular.
        """
        if not problem.hermitian:
            raise UnsuitableSolverError(
                "MINRES needs a Hermitian A, and A is not; use GMRES or Direct"
            )
        return _solve(problem, self, _minres_cycle)


@dataclass(frozen=True)
class GMRES:
    r"""Generalised minimal residuals, restarted, for any matrix.

    Stops when the true residual is at most ``epsilon * sigma_min * ||x||``, which bounds the error
    by epsilon.

    Cost: in iteration k after a restart (every 100) a product with A and ``O(N k)``; how many it
    takes is not told by kappa. sigma_min comes from kappa if given, else from the structure's
    spectrum, which for a sparse matrix costs a factorisation; that is part of the reported
    seconds.

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
    Y. Saad, M. Schultz, SIAM J. Sci. Stat. Comput. 7, 856 (1986).
    Y. Saad, SIAM J. Sci. Comput. 14, 461 (1993): the preconditioner on the right.
    """

    epsilon: float = 1e-2
    kappa: float | None = None
    preconditioner: Preconditioner | None = None
    name: ClassVar[str] = "gmres"

    def __post_init__(self) -> None:
        _require_options(self.epsilon, self.kappa, self.preconditioner)

    def solve(self, problem: LinearSystem) -> Solution:
        """Solve.

        Raises
        ------
        UnsuitableSolverError
            If the preconditioner does not fit, or the iteration does not reach epsilon.
        SingularMatrixError
            If A is singular.
        """
        return _solve(problem, self, _gmres_cycle)


def _require_options(epsilon: float, kappa: float | None, preconditioner: str | None) -> None:
    require_epsilon(epsilon)
    require_kappa(kappa)
    require_preconditioner(preconditioner)


def _solve(problem: LinearSystem, solver: MINRES | GMRES, cycle: Cycle) -> Solution:
    A, b = problem.A, problem.b
    start = time.perf_counter()
    end = lower_end(problem, solver.kappa, preconditioned=solver.preconditioner is not None)
    unit_A, unit_b = abs(A).max() or 1.0, abs(b).max()
    scaled, smallest = A / unit_A, end.value / unit_A
    if solver.epsilon < 4 * _EPS * largest_row_sum(scaled) / smallest:
        raise UnsuitableSolverError(
            f"epsilon = {solver.epsilon:.1e} is below what double precision can reach with this "
            "A; use Direct"
        )
    precondition = _preconditioner(problem, scaled, solver)
    allowed = allowed_deviation(solver.epsilon) * smallest
    x, iterations = _run(scaled, b / unit_b, cycle, precondition, allowed, solver.name)
    x *= unit_b / unit_A
    seconds = time.perf_counter() - start
    return Solution(
        x=x,
        signs_known=True,
        solver=solver.name,
        resources=Resources(classical_seconds=seconds),
        residual=problem.residual(x),
        details={"iterations": float(iterations)},
        caveats=(f"Iterations: {iterations}.", *end.caveats()),
    )


def _preconditioner(problem: LinearSystem, A: Any, solver: MINRES | GMRES) -> Apply | None:
    if solver.preconditioner is None:
        return None
    if solver.preconditioner == "jacobi":
        divisors = jacobi(A)
        return lambda v: v / divisors
    if isinstance(solver, MINRES) and np.any(A.diagonal().real <= 0):
        raise UnsuitableSolverError(
            "MINRES takes the preconditioner 'amg' for a positive definite A only; use 'jacobi'"
        )
    return multigrid(A, hermitian=problem.hermitian)


def _run(
    A: Any,
    b: NDArray[Any],
    cycle: Cycle,
    precondition: Apply | None,
    allowed: float,
    name: str,
) -> tuple[NDArray[Any], int]:
    """Iterate until ``||b - A x|| <= allowed * ||x||``, starting anew after each cycle."""
    x = np.zeros(b.size, np.result_type(A.dtype, b.dtype))
    count, due = 0, np.inf
    remaining, before = float(scipy.linalg.norm(b)), np.inf
    # A cycle that gains next to nothing will not be followed by one that does.
    while remaining < _GAIN * before:
        step = None
        for step in cycle(A, x, b - A @ x, precondition):
            count += 1
            if step.estimate > due:
                continue
            candidate = step.iterate()
            residual = float(scipy.linalg.norm(b - A @ candidate))
            target = allowed * float(scipy.linalg.norm(candidate))
            if residual <= target:
                return candidate, count
            # A preconditioner makes the estimate one in another norm, and x may still grow.
            due = 1.5 * step.estimate * target / residual
        if step is not None:
            x, due = step.iterate(), np.inf
        remaining, before = float(scipy.linalg.norm(b - A @ x)), remaining
    raise UnsuitableSolverError(
        f"{name} did not reach its epsilon in {count} iterations; use Direct"
    )


def _minres_cycle(
    A: Any, x: NDArray[Any], residual: NDArray[Any], precondition: Apply | None
) -> Iterator[_Step]:
    """Lanczos and Givens rotations, until the Krylov space ends."""
    steer = precondition or (lambda v: v)
    before, vector = np.zeros_like(residual), residual
    steered = steer(vector)
    size = _energy(vector, steered)
    previous, remaining = 1.0, size
    directions = np.zeros_like(residual), np.zeros_like(residual)
    cosines, sines = (1.0, 1.0), (0.0, 0.0)
    first = size
    while size > _EPS * first:
        steered = steered / size
        product = A @ steered
        curvature = np.vdot(steered, product).real
        following = product - (curvature / size) * vector - (size / previous) * before
        before, vector = vector, following
        next_steered = steer(vector)
        previous, following_size = size, _energy(vector, next_steered)
        turned = cosines[1] * curvature - cosines[0] * sines[1] * size
        pivot = float(np.hypot(turned, following_size))
        if not pivot:
            return
        beside = sines[1] * curvature + cosines[0] * cosines[1] * size
        direction = steered - sines[0] * size * directions[0] - beside * directions[1]
        directions = directions[1], direction / pivot
        cosines, sines = (cosines[1], turned / pivot), (sines[1], following_size / pivot)
        x = x + cosines[1] * remaining * directions[1]
        remaining = -sines[1] * remaining
        steered, size = next_steered, following_size
        yield _Step(abs(remaining), partial(np.asarray, x))


def _energy(vector: NDArray[Any], steered: NDArray[Any]) -> float:
    energy = float(np.vdot(vector, steered).real)
    if energy < 0:
        raise UnsuitableSolverError(
            "MINRES takes positive definite preconditioners, and 'amg' of this A is none; use "
            "'jacobi' or None"
        )
    return float(np.sqrt(energy))


def _gmres_cycle(
    A: Any, x: NDArray[Any], residual: NDArray[Any], precondition: Apply | None
) -> Iterator[_Step]:
    """Arnoldi and Givens rotations, for at most `_RESTART` steps; preconditioned on the right."""
    steer = precondition or (lambda v: v)
    steps = min(_RESTART, residual.size)
    basis = np.zeros((steps + 1, residual.size), dtype=x.dtype)
    steered = np.zeros((steps, residual.size), dtype=x.dtype)
    triangle = np.zeros((steps + 1, steps), dtype=x.dtype)
    turned = np.zeros(steps + 1, dtype=x.dtype)
    rotations: list[tuple[Any, float]] = []
    turned[0] = scipy.linalg.norm(residual)
    if not turned[0]:
        return
    basis[0] = residual / turned[0]
    for k in range(steps):
        steered[k] = steer(basis[k])
        vector, column = A @ steered[k], triangle[:, k]
        length = float(scipy.linalg.norm(vector))
        for _ in range(2):  # twice is enough to stay orthogonal
            overlaps = basis[: k + 1].conj() @ vector
            vector = vector - overlaps @ basis[: k + 1]
            column[: k + 1] += overlaps
        beyond = float(scipy.linalg.norm(vector))
        for j, (c, s) in enumerate(rotations):
            column[j], column[j + 1] = (
                np.conj(c) * column[j] + s * column[j + 1],
                c * column[j + 1] - s * column[j],
            )
        pivot = float(np.hypot(abs(column[k]), beyond))
        if pivot <= _EPS * length:
            return
        rotations.append((column[k] / pivot, beyond / pivot))
        turned[k], turned[k + 1] = (
            np.conj(column[k]) / pivot * turned[k],
            -beyond / pivot * turned[k],
        )
        column[k] = pivot
        yield _Step(abs(turned[k + 1]), partial(_combined, x, steered, triangle, turned, k + 1))
        if beyond <= _EPS * length:
            return
        basis[k + 1] = vector / beyond


def _combined(
    x: NDArray[Any],
    vectors: NDArray[Any],
    triangle: NDArray[Any],
    turned: NDArray[Any],
    count: int,
) -> NDArray[Any]:
    weights = scipy.linalg.solve_triangular(triangle[:count, :count], turned[:count])
    combined: NDArray[Any] = x + weights @ vectors[:count]
    return combined
