"""Solving one linear system as a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, get_args

import numpy as np

from qml_algos.backends import Backend
from qml_algos.backends.base import require_shots
from qml_algos.linear_systems import (
    KernelReflection,
    LinearSystem,
    Solution,
    make_solver,
    solve,
    solver_named,
)
from qml_algos.linear_systems.amplification import AmplificationMethod
from qml_algos.linear_systems.families import make_system
from qml_algos.linear_systems.reference import reference_solution
from qml_algos.linear_systems.solvers import QuantumSolver
from qml_algos.tasks.files import InputFile
from qml_algos.tasks.recording import fields_of
from qml_algos.validation import require_epsilon

_ALWAYS = ("solver", "epsilon", "shots", "seed", "matrix", "rhs", "family", "size")
"""Fields of a linear-systems task in records of any version."""


@dataclass(frozen=True)
class LinearSystemsTask:
    """Solve one linear system with one solver.

    Attributes
    ----------
    solver
        Its name.
    epsilon
        Target relative error.
    shots
        Repetitions; by default what the target takes.
    seed
        Of the system drawn, and of the shots.
    matrix, rhs
        Files with A and b, or
    family, size
        a system to draw.
    amplification
        Method of amplitude amplification, of quantum solvers.
    mitigation, signs
        Correct counts for read-out errors; measure signs by shots. Of quantum solvers.
    """

    name: ClassVar[str] = "linear-systems"

    solver: str
    epsilon: float
    shots: int | None
    seed: int
    matrix: InputFile | None = None
    rhs: InputFile | None = None
    family: str | None = None
    size: int | None = None
    amplification: AmplificationMethod | None = None
    mitigation: bool = False
    signs: bool = False

    def __post_init__(self) -> None:
        kind = solver_named(self.solver)
        require_epsilon(self.epsilon)
        if self.amplification not in (None, *get_args(AmplificationMethod)):
            raise ValueError(
                f"--amplification: {self.amplification!r} given; known: "
                f"{', '.join(get_args(AmplificationMethod))}"
            )
        for name in ("amplification", "mitigation", "signs"):
            if getattr(self, name) and not issubclass(kind, QuantumSolver):
                raise ValueError(
                    f"--{name}: {self.solver} is a classical solver; this is for quantum ones"
                )
        if (self.matrix is None) != (self.rhs is None):
            raise ValueError("--matrix and --rhs: give both or neither")

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> LinearSystemsTask:
        """Read what `to_json` wrote; see `fields_of`."""
        return cls(**fields_of(cls, values, always=_ALWAYS, files=("matrix", "rhs")))

    def problem(self) -> LinearSystem:
        """Read or draw the system."""
        if self.matrix is not None and self.rhs is not None:
            return LinearSystem.from_matrix_market(self.matrix.unchanged(), self.rhs.unchanged())
        assert self.family is not None
        assert self.size is not None
        return make_system(self.family, self.size, np.random.default_rng(self.seed))

    def check(self, backend: Backend) -> None:
        """Refuse what cannot be done there, before anything is recorded.

        Raises
        ------
        InvalidProblemError, MatrixMarketError, TooLargeError, ValueError
            Saying what is wrong.
        """
        problem, solver = self.problem(), make_solver(self.solver, self.epsilon)
        if self.shots is not None:
            require_shots(backend.config, self.shots)
        if isinstance(solver, QuantumSolver):
            solver.check_fits(problem, backend)

    def run(self, backend: Backend) -> Solution:
        """Do it; a quantum solver's error is measured against a classical solution."""
        problem, solver = self.problem(), make_solver(self.solver, self.epsilon)
        return solve(
            problem,
            solver,
            backend,
            shots=self.shots,
            signs=self.signs,
            mitigation=self.mitigation,
            amplification=self.amplification,
            reference=reference_solution(problem) if isinstance(solver, QuantumSolver) else None,
            random_state=self.seed,
        )

    def unknown_cost(self, backend: Backend) -> str | None:
        """Say what follows the first jobs of a run, and is not known before their results are.

        ``None`` if all jobs are known before the first one is sent.
        """
        solver = make_solver(self.solver, self.epsilon)
        if backend.exact or not isinstance(solver, QuantumSolver):
            return None
        later = []
        if isinstance(solver, KernelReflection):
            later.append("the norm of the solution, measured twice, decides on the circuit")
        if self.amplification is not None:
            later.append("the success probability decides on the rounds of amplification")
        if self.shots is None and not backend.noisy:
            later.append("the success probability decides on the number of shots")
        if self.signs:
            later.append("amplitudes that the first circuits leave apart take more of them")
        if self.mitigation:
            later.append("two calibration circuits follow")
        return "; ".join(later) or None
