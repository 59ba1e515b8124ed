"""The tasks as the command line knows them: one module for each."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, Protocol

from qml_algos.lazy import LazyMapping
from qml_algos.speedup.contest import Contest
from qml_algos.tasks import TASKS, Task


class Face(Protocol):
    """Options of a task, and what it prints."""

    NAME: str
    HELP: str
    COMPARISON: str
    SOLVERS_HELP: str
    SIZES_HELP: str
    EPSILON_HELP: str

    def add_problem(self, parser: argparse.ArgumentParser) -> None:
        """Add options that say where problems come from."""
        ...

    def add_run(self, parser: argparse.ArgumentParser) -> None:
        """Add options of a single solver on a single problem."""
        ...

    def add_comparison(self, parser: argparse.ArgumentParser) -> None:
        """Add options of a comparison that are not those of its problems."""
        ...

    def problems(self, options: argparse.Namespace) -> dict[str, Any]:
        """Read problems from files, by name; none if none are given."""
        ...

    def contest(self, options: argparse.Namespace) -> Contest:
        """Make what `compare` compares on."""
        ...

    def task(self, options: argparse.Namespace) -> Task:
        """Make the task."""
        ...

    def describe(self, backend: str, solution: Any) -> str:
        """Text of a solution: the same whenever it is printed."""
        ...


FACES = LazyMapping({name: f"qml_algos.cli.{name.replace('-', '_')}" for name in TASKS})
"""By the names of tasks."""

TAKING_TASKS = ("run", "submit", "cost", "compare")
"""Commands that are followed by the name of a task."""


def faces_of(arguments: Sequence[str]) -> list[Face]:
    """Return the faces that a command line needs: that of the task it names, else all or none."""
    if not arguments or arguments[0] not in TAKING_TASKS:
        return []
    named = [name for name in arguments[1:2] if name in FACES]
    return [FACES[name] for name in named or FACES]
