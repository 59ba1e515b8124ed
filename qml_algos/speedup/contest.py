"""What a comparison needs to know of a task."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from qml_algos.backends import Backend
from qml_algos.speedup.record import Row

_TIMING_RUNS = 7
_TIMING_SECONDS = 5.0


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

    def row(self, problem: Any, solver: str, reference: Any, setting: Setting) -> Row:
        """Run a solver; a `QmlAlgosError` says why it does not apply.

        The row's ``problem`` is left empty.
        """
        ...

    def failed(self, problem: Any, solver: str, setting: Setting) -> Row:
        """Return what is known of a row without a result."""
        ...


def median_seconds(solve_once: Callable[[], float], first: float) -> float:
    """Median of several runs: one run of a fast solver measures the machine's caches.

    Parameters
    ----------
    solve_once
        Solves, and returns the seconds that took.
    first
        Seconds of a first run; they count where it was slow.
    """
    seconds = [first] if first > _TIMING_SECONDS / _TIMING_RUNS else []
    while not seconds or (len(seconds) < _TIMING_RUNS and sum(seconds) < _TIMING_SECONDS):
        seconds.append(solve_once())
    return statistics.median(seconds)
