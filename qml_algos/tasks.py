"""Tasks as values that another process, on another day, can do again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from qml_algos.backends import Backend
from qml_algos.backends.base import require_shots
from qml_algos.errors import TaskChangedError, UnknownNameError
from qml_algos.linear_systems import (
    LinearSystem,
    Solution,
    make_solver,
    solve,
    solver_named,
)
from qml_algos.linear_systems.solvers import QuantumSolver
from qml_algos.speedup.families import make_system
from qml_algos.validation import require_epsilon


@dataclass(frozen=True)
class InputFile:
    """A file that a task reads.

    Attributes
    ----------
    path
        Absolute.
    digest
        SHA-256 of its content.
    """

    path: str
    digest: str

    @classmethod
    def of(cls, path: str | Path) -> InputFile:
        """Note a file's present content.

        Raises
        ------
        OSError
            If it cannot be read.
        """
        absolute = Path(path).expanduser().absolute()
        return cls(str(absolute), hashlib.sha256(absolute.read_bytes()).hexdigest())

    def unchanged(self) -> Path:
        """Return the path.

        Raises
        ------
        TaskChangedError
            If the content is not what it was.
        """
        try:
            now = InputFile.of(self.path)
        except OSError as error:
            raise TaskChangedError(f"{self.path}: cannot be read ({error.strerror})") from None
        if now != self:
            raise TaskChangedError(
                f"{self.path} has changed since the computation was begun. Restore it to resume, "
                "or begin anew."
            )
        return Path(self.path)


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

    def __post_init__(self) -> None:
        solver_named(self.solver)
        require_epsilon(self.epsilon)
        if (self.matrix is None) != (self.rhs is None):
            raise ValueError("--matrix and --rhs: give both or neither")

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> LinearSystemsTask:
        """Read what `to_json` wrote."""
        files = {key: values[key] and InputFile(**values[key]) for key in ("matrix", "rhs")}
        return cls(**{**values, **files})

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
        """Do it."""
        solver = make_solver(self.solver, self.epsilon)
        return solve(self.problem(), solver, backend, shots=self.shots, random_state=self.seed)


Task = LinearSystemsTask
TASKS: dict[str, type[Task]] = {LinearSystemsTask.name: LinearSystemsTask}
"""All tasks by the names that the command line takes."""


def task_from_json(name: str, values: Mapping[str, Any]) -> Task:
    """Read a recorded task.

    Raises
    ------
    UnknownNameError
        If there is no such task.
    """
    if name not in TASKS:
        raise UnknownNameError("task", name, TASKS)
    return TASKS[name].from_json(values)
