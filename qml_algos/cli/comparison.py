"""``qml-algos compare``."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from qml_algos.cli.arguments import add_run, add_system, positive
from qml_algos.linear_systems import SOLVERS, LinearSystem
from qml_algos.linear_systems.families import WHAT_A_SIZE_IS
from qml_algos.speedup.compare import compare
from qml_algos.speedup.linear_systems import DEFAULT_SOLVERS
from qml_algos.speedup.report import render_table


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    comparison = commands.add_parser("compare", help="compare quantum and classical solvers")
    tasks = comparison.add_subparsers(required=True, metavar="TASK")
    task = tasks.add_parser(
        "linear-systems",
        help="solve A x = b",
        description="Solve the same linear systems with quantum and classical solvers at the same "
        "target error. Without --matrix, systems of a family are drawn; with it, sizes are drawn "
        "only if given.",
    )
    task.add_argument("--sizes", type=positive, nargs="+", metavar="N", help=WHAT_A_SIZE_IS)
    add_system(task)
    task.add_argument(
        "--solvers",
        nargs="+",
        metavar="NAME",
        help=f"{', '.join(SOLVERS)} (by default those of {', '.join(DEFAULT_SOLVERS)} that suit)",
    )
    add_run(task)
    task.add_argument("--out", type=Path, metavar="DIR", help="write the report there")
    task.set_defaults(run=_compare_linear_systems)


def _compare_linear_systems(options: argparse.Namespace) -> None:
    if (options.matrix is None) != (options.rhs is None):
        raise ValueError("--matrix and --rhs: give both or neither")
    systems = {}
    if options.matrix is not None:
        name = Path(options.matrix).name
        systems[name] = LinearSystem.from_matrix_market(options.matrix, options.rhs)
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
            "linear-systems",
            sizes=options.sizes,
            family=options.family,
            problems=systems,
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
