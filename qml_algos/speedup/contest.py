"""What a comparison needs to know of a task."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from qml_algos.backends import Backend
from qml_algos.speedup.record import Row


@dataclass(frozen=True)
class Setting:
    """What all solvers of a comparison have in common.

    Attributes
    ----------
    backend
        Where quantum solvers run.
    epsilon
        Target error.
    shots
        Repetitions; ``None`` for what the target takes.
    seed
        Of the simulator.
    """

    backend: Backend
    epsilon: float
    shots: int | None
    seed: int


@dataclass(frozen=True)
class Demand:
    """What a solver cannot do without, known before anything is done.

    Attributes
    ----------
    memory
        Bytes, beside those of the problem: dense matrices.
    gates
        Of the circuit, at least: a rotation for each amplitude that is loaded, say.
    """

    memory: int = 0
    gates: int = 0


class Contest(Protocol):
    """A task seen from `compare`."""

    @property
    def name(self) -> str:
        """Of the task."""
        ...

    @property
    def families(self) -> Collection[str]:
        """Of problems that can be drawn; the first is the default."""
        ...

    @property
    def default_sizes(self) -> tuple[int, ...]:
        """Sizes drawn unless others are asked for."""
        ...

    def draw(self, family: str, size: int, rng: np.random.Generator) -> Any:
        """Draw a problem of a family."""
        ...

    def require_solver(self, name: str) -> None:
        """Refuse an unknown one with `UnknownNameError`."""
        ...

    def default_solvers(self, problem: Any) -> list[str]:
        """Name those that suit the problem."""
        ...

    def reference(self, problem: Any) -> Any:
        """Solve it classically, for errors to be measured against."""
        ...

    def demand(self, problem: Any, solver: str) -> Demand:
        """Say what a solver cannot do without."""
        ...

    def row(self, problem: Any, solver: str, reference: Any, setting: Setting) -> Row:
        """Run a solver; a `QmlAlgosError` says why it does not apply.

        The row's ``problem`` is left empty.
        """
        ...

    def failed(self, problem: Any, solver: str, setting: Setting) -> Row:
        """Return what is known of a row without a result."""
        ...
