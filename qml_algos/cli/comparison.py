"""``qml-algos compare``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from qml_algos.cli.arguments import add_setting, positive
from qml_algos.cli.faces import Face
from qml_algos.speedup.compare import compare
from qml_algos.speedup.report import render_table


def add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], faces: Sequence[Face]
) -> None:
    """Add the command, for those tasks."""
    comparison = commands.add_parser("compare", help="compare quantum and classical solvers")
    tasks = comparison.add_subparsers(required=True, metavar="TASK")
    for face in faces:
        task = tasks.add_parser(face.NAME, help=face.HELP, description=face.COMPARISON)
        task.add_argument("--sizes", type=positive, nargs="+", metavar="N", help=face.SIZES_HELP)
        face.add_problem(task)
        task.add_argument("--solvers", nargs="+", metavar="NAME", help=face.SOLVERS_HELP)
        add_setting(task, face.EPSILON_HELP)
        task.add_argument("--out", type=Path, metavar="DIR", help="write the report there")
        task.set_defaults(run=_compare, face=face)


def _compare(options: argparse.Namespace) -> None:
    face: Face = options.face
    problems = face.problems(options)
    console = Console()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        step = bar.add_task("")
        result = compare(
            face.contest(options),
            sizes=options.sizes,
            family=options.family,
            problems=problems,
            solvers=options.solvers,
            backend=options.backend,
            epsilon=options.epsilon,
            shots=options.shots,
            random_state=options.seed,
            progress=lambda done, total, what: bar.update(
                step, completed=done, total=total, description=what
            ),
        )
    render_table(result, console)
    if options.out is not None:
        page = result.save(options.out)
        console.print(f"\nReport: {page.resolve()}", soft_wrap=True)
