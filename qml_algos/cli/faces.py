"""The tasks as the command line knows them: one module for each."""

from __future__ import annotations

import argparse
from typing import Any, Protocol

import qml_algos.cli.fourier as fourier
import qml_algos.cli.linear_systems as linear_systems
import qml_algos.cli.pca as pca
import qml_algos.cli.svm as svm
from qml_algos.speedup.contest import Contest
from qml_algos.tasks import Task


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


FACES: dict[str, Face] = {face.NAME: face for face in (linear_systems, fourier, pca, svm)}
"""By the names of tasks."""
