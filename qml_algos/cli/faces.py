"""The tasks as the command line knows them: one module for each."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from typing import Any, Protocol

from qml_algos.lazy import LazyMapping
from qml_algos.speedup.compare import CONTESTS
from qml_algos.speedup.contest import Contest
from qml_algos.tasks import TASKS, Task


class Face(Protocol):
    """Options of a task, and what it prints.

    Without ``EPSILON_HELP`` no error is asked for.
    """

    NAME: str
    HELP: str
    EPSILON_HELP: str | None

    def add_problem(self, parser: argparse.ArgumentParser) -> None:
        """Add options that say where problems come from."""
        ...

    def add_run(self, parser: argparse.ArgumentParser) -> None:
        """Add options of a single solver on a single problem."""
        ...

    def task(self, options: argparse.Namespace) -> Task:
        """Make the task."""
        ...

    def describe(self, backend: str, solution: Any) -> str:
        """Text of a solution: the same whenever it is printed."""
        ...


class ContestFace(Face, Protocol):
    """Options of a task that solvers are compared on."""

    COMPARISON: str
    SOLVERS_HELP: str
    SIZES_HELP: str

    def add_comparison(self, parser: argparse.ArgumentParser) -> None:
        """Add options of a comparison that are not those of its problems."""
        ...

    def problems(self, options: argparse.Namespace) -> dict[str, Any]:
        """Read problems from files, by name; none if none are given."""
        ...

    def contest(self, options: argparse.Namespace) -> Contest:
        """Make what `compare` compares on."""
        ...


FACES = LazyMapping({name: f"qml_algos.cli.{name.replace('-', '_')}" for name in TASKS})
"""By the names of tasks."""

COMPUTING = ("run", "submit", "cost")
"""Commands that are followed by the name of a task."""

COMPARING = ("compare",)
"""Commands that are followed by the name of a task with a contest."""


def faces_of(arguments: Sequence[str]) -> list[Face]:
    """Return the faces that a command line needs: that of the task it names, else all or none."""
    return _faces(arguments, COMPUTING, FACES)


def contest_faces_of(arguments: Sequence[str]) -> list[ContestFace]:
    """Return those that it needs of tasks that solvers are compared on."""
    return _faces(arguments, COMPARING, CONTESTS)


def _faces(arguments: Sequence[str], commands: Sequence[str], known: Collection[str]) -> list[Any]:
    if not arguments or arguments[0] not in commands:
        return []
    named = [name for name in arguments[1:2] if name in known]
    return [FACES[name] for name in named or known]
