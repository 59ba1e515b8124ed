"""Linear systems as a contest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import UnsuitableSolverError
from qml_algos.linear_systems import (
    Circulant,
    Encoded,
    LinearSystem,
    PauliSum,
    Solution,
    Toeplitz,
    make_solver,
    solve,
    solver_named,
)
from qml_algos.linear_systems.families import FAMILIES, make_system
from qml_algos.linear_systems.reference import is_fourier_diagonal, reference_solution
from qml_algos.linear_systems.solvers import QuantumSolver
from qml_algos.speedup.contest import Setting, median_seconds
from qml_algos.speedup.record import Row

DEFAULT_SOLVERS = ("hhl", "qsvt", "spectral", "direct", "cg", "fft")
"""Of them, ``spectral`` and ``fft`` only where a transform diagonalises the matrix, and ``qsvt``
not where it would take a large dense unitary."""

_FOURIER_SOLVERS = ("spectral", "fft")
_DENSELY_ENCODED = 16
"""Unknowns of a matrix without structure: with 56, a circuit has 300,000 two-qubit gates and takes
minutes to compile."""


class LinearSystemsContest:
    """Solve ``A x = b``; the error is that of the normalised solution."""

    name = "linear-systems"
    default_sizes: tuple[int, ...] = (4, 8, 16)

    @property
    def families(self) -> Collection[str]:
        """Of systems, the first the default."""
        return FAMILIES

    def draw(self, family: str, size: int, rng: np.random.Generator) -> LinearSystem:
        """Draw a system."""
        return make_system(family, size, rng)

    def require_solver(self, name: str) -> None:
        """Refuse an unknown one."""
        solver_named(name)

    def default_solvers(self, problem: LinearSystem) -> list[str]:
        """Name those of `DEFAULT_SOLVERS` that suit."""
        left_out = () if is_fourier_diagonal(problem) else _FOURIER_SOLVERS
        structured = isinstance(problem.structure, Toeplitz | Circulant | PauliSum | Encoded)
        if not structured and problem.size > _DENSELY_ENCODED:
            left_out = (*left_out, "qsvt")
        return [name for name in DEFAULT_SOLVERS if name not in left_out]

    def reference(self, problem: LinearSystem) -> NDArray[Any]:
        """Solve it by fast transforms or directly."""
        return reference_solution(problem)

    def row(
        self, problem: LinearSystem, solver: str, reference: NDArray[Any], setting: Setting
    ) -> Row:
        """Run a solver."""
        instance = make_solver(solver, setting.epsilon)
        solution = solve(
            problem,
            instance,
            setting.backend,
            shots=setting.shots,
            reference=reference,
            random_state=setting.seed,
        )
        row = _measured(self.failed(problem, solver, setting), solution)
        if isinstance(instance, QuantumSolver):
            return row
        seconds = median_seconds(
            lambda: solve(problem, instance).resources.classical_seconds,
            solution.resources.classical_seconds,
        )
        return replace(row, classical_seconds=seconds)

    def failed(self, problem: LinearSystem, solver: str, setting: Setting) -> Row:
        """Return what is known without a solution."""
        quantum = issubclass(solver_named(solver), QuantumSolver)
        return Row(
            problem="",
            size=problem.size,
            condition_number=_condition_number(problem),
            solver=solver,
            kind="quantum" if quantum else "classical",
            backend=setting.backend.name if quantum else None,
            target_error=setting.epsilon,
        )


def _condition_number(problem: LinearSystem) -> float | None:
    """Return it, or None where the structure does not tell."""
    try:
        return problem.condition_number
    except UnsuitableSolverError:
        return None


def _measured(row: Row, solution: Solution) -> Row:
    """Add the figures of a solution; those of its resources have the same names in a row."""
    return replace(
        row,
        error=solution.error,
        error_of="x" if solution.signs_known else "|x|",
        promised_error=solution.promised_error,
        access=solution.access or None,
        gates_per_accepted_shot=solution.gates_per_accepted_shot,
        residual=solution.residual,
        success_probability=solution.success_probability,
        caveats=solution.caveats,
        **vars(solution.resources),
    )
