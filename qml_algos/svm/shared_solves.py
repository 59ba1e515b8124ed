"""One matrix, several right-hand sides, any solver of linear systems."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from qml_algos.backends import Backend
from qml_algos.errors import InvalidProblemError, SingularMatrixError
from qml_algos.linear_systems import (
    GMRES,
    MINRES,
    ConjugateGradient,
    Dense,
    Direct,
    LinearSystem,
    Solution,
    make_solver,
    solve,
)
from qml_algos.linear_systems.solvers import AdaptiveSolver, QuantumSolver, Solver
from qml_algos.results import Resources
from qml_algos.validation import seed_from


def solver_of(given: str | Solver, epsilon: float) -> Solver:
    """Return a solver from its name or itself.

    Raises
    ------
    UnknownNameError, InvalidProblemError
        If there is no such solver, or it is neither.
    """
    if isinstance(given, str):
        return make_solver(given, epsilon)
    if not isinstance(given, Solver):
        raise InvalidProblemError(
            f"solver = {given!r}: must be a name, or an instance of a solver of "
            "qml_algos.linear_systems"
        )
    return given


def solve_all(
    matrix: Dense,
    right_hand_sides: Sequence[NDArray[np.float64]],
    solver: Solver,
    *,
    condition_bound: float,
    backend: str | Path | Backend,
    shots: int | None,
    random_state: int | np.random.Generator | None,
) -> tuple[Solution, ...]:
    """Solve a positive definite system for each right-hand side.

    A direct solver factorises once. The spectrum that other solvers ask for is computed once,
    iterative ones are told ``condition_bound`` instead, unless they know better. The circuits of
    quantum solvers share nothing: each ends in a measurement of its own.

    Parameters
    ----------
    matrix
        Symmetric and positive definite.
    right_hand_sides
        Of shape ``(N,)`` each, not zero.
    solver, backend, shots, random_state
        As in `qml_algos.linear_systems.solve`, signs measured too; each right-hand side has a seed
        of its own.
    condition_bound
        Upper bound on the condition number.
    """
    if isinstance(solver, Direct):
        return _factorised_once(matrix, right_hand_sides)
    if isinstance(solver, ConjugateGradient | MINRES | GMRES) and solver.kappa is None:
        solver = replace(solver, kappa=condition_bound)
    seeds: list[int | None] = [None] * len(right_hand_sides)
    if random_state is not None:
        generator = np.random.default_rng(seed_from(random_state))
        seeds = [int(seed) for seed in generator.integers(2**31, size=len(seeds))]
    return tuple(
        solve(LinearSystem(matrix, b), solver, backend, shots=shots, signs=True, random_state=seed)
        for b, seed in zip(right_hand_sides, seeds, strict=True)
    )


def _factorised_once(
    matrix: Dense, right_hand_sides: Sequence[NDArray[np.float64]]
) -> tuple[Solution, ...]:
    """Solve by Cholesky's factorisation, ``N^3 / 3`` operations for all right-hand sides.

    Raises
    ------
    SingularMatrixError
        If the matrix is not positive definite in double precision.
    """
    start = time.perf_counter()
    columns = np.column_stack(right_hand_sides)
    try:
        factor = scipy.linalg.cho_factor(matrix.array, lower=True, check_finite=False)
    except np.linalg.LinAlgError:
        raise SingularMatrixError(
            "the Gram matrix is indefinite by rounding, and the ridge does not make up for it: "
            "a smaller gamma does"
        ) from None
    solved = scipy.linalg.cho_solve(factor, columns, check_finite=False)
    seconds = (time.perf_counter() - start) / len(right_hand_sides)
    left = np.linalg.norm(columns - matrix.array @ solved, axis=0) / np.linalg.norm(columns, axis=0)
    return tuple(
        Solution(
            x=x,
            signs_known=True,
            solver=Direct.name,
            resources=Resources(classical_seconds=seconds),
            residual=float(residual),
            caveats=("Method: Cholesky factorisation (LAPACK).",),
        )
        for x, residual in zip(solved.T, left, strict=True)
    )


def promised_error(solution: Solution, solver: Solver) -> float | None:
    """Relative error of x, norm included, that a solver promises.

    Filters err by at most the promised deviation in every eigenvector, so that it holds for x and
    not for its direction alone. ``None`` where more comes in: shots, noise, or a norm that was
    measured.
    """
    measured = isinstance(solver, AdaptiveSolver) or solution.standard_errors is not None
    if measured or solution.residual is None:
        return None
    if isinstance(solver, QuantumSolver):
        return solution.promised_error
    return getattr(solver, "epsilon", None)


def total_resources(solutions: Sequence[Solution]) -> Resources:
    """Costs of all solutions: the largest circuit, and the sums of shots and of seconds."""
    parts = [solution.resources for solution in solutions]
    largest = max(parts, key=lambda part: part.two_qubit_gates or 0)
    summed = ("classical_seconds", "shots", "build_seconds", "compile_seconds", "run_seconds")
    sums: dict[str, Any] = {}
    for name in summed:
        values = [getattr(part, name) for part in parts]
        sums[name] = None if None in values else sum(values)
    return replace(largest, **sums)
