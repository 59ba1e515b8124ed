"""``qml-algos compare``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from qml_algos.backends import Ledger
from qml_algos.cli.arguments import add_machine, add_setting, positive
from qml_algos.cli.faces import ContestFace
from qml_algos.speedup.compare import CONTESTS, DEFAULT_MAX_SECONDS, compare
from qml_algos.speedup.comparison import Comparison
from qml_algos.speedup.report import render_table
from qml_algos.speedup.table import print_text

EVERY_TASK = "all"


def add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], faces: Sequence[ContestFace]
) -> None:
    """Add the command, for those tasks."""
    comparison = commands.add_parser("compare", help="compare quantum and classical solvers")
    tasks = comparison.add_subparsers(required=True, metavar="TASK")
    for face in faces:
        task = tasks.add_parser(face.NAME, help=face.HELP, description=face.COMPARISON)
        task.add_argument("--sizes", type=positive, nargs="+", metavar="N", help=face.SIZES_HELP)
        face.add_problem(task)
        face.add_comparison(task)
        task.add_argument("--solvers", nargs="+", metavar="NAME", help=face.SOLVERS_HELP)
        add_setting(task, face.EPSILON_HELP)
        _add_sweep(task, "write the report there", jobs=1)
        task.set_defaults(run=_compare, face=face)
    every = tasks.add_parser(
        EVERY_TASK,
        help="all tasks, one after the other",
        description="Compare on drawn problems of every task that has solvers to compare, at its "
        "default sizes.",
    )
    add_setting(every, "target error of every task")
    _add_sweep(every, "write a report of each task into a directory there", jobs=-1)
    every.set_defaults(run=_compare_all)


def _add_sweep(parser: argparse.ArgumentParser, out_help: str, jobs: int) -> None:
    """How the steps are done, and where reports go."""
    usual = "one on each processor" if jobs == -1 else jobs
    parser.add_argument(
        "--jobs",
        type=_jobs,
        default=jobs,
        metavar="J",
        help=f"solvers that run circuits at a time, -1 for one on each processor ({usual}); "
        "classical solvers are timed one by one",
    )
    parser.add_argument(
        "--max-seconds",
        type=float,
        default=DEFAULT_MAX_SECONDS,
        metavar="S",
        help="do not simulate a circuit that would take longer; project its row "
        f"({DEFAULT_MAX_SECONDS:g})",
    )
    parser.add_argument(
        "--anew", action="store_true", help="measure again what was measured before"
    )
    parser.add_argument(
        "--devices",
        nargs="+",
        metavar="NAME",
        help="project on these: names or .toml files, see 'qml-algos devices' (a selection)",
    )
    add_machine(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help=out_help)


def _jobs(text: str) -> int:
    """Read a number of jobs, as joblib takes it."""
    value = int(text)
    if value == 0:
        raise argparse.ArgumentTypeError("0: a positive integer is needed, or -1")
    return value


def _compare(options: argparse.Namespace) -> None:
    face: ContestFace = options.face
    problems = face.problems(options)
    targets = _targets(options)
    console = Console()
    with _going_on(), _bar() as progress:
        result = compare(
            face.contest(options),
            sizes=options.sizes,
            family=options.family,
            problems=problems,
            solvers=options.solvers,
            **_settings(options),
            progress=progress,
        )
    _show(result, targets, options.out, console)


def _compare_all(options: argparse.Namespace) -> None:
    targets = _targets(options)
    console = Console()
    with _going_on():
        for name in CONTESTS:
            with _bar(f"{name}: ") as progress:
                result = compare(name, **_settings(options), progress=progress)
            console.rule(name)
            _show(result, targets, options.out and options.out / name, console)
    if options.out is not None:
        command = f"qml-algos report {options.out}"
        console.print(f"\nOne page of all of them: {command}", soft_wrap=True, highlight=False)


def _targets(options: argparse.Namespace) -> dict[str, Any]:
    """Open what is projected on, before anything is measured."""
    from qml_algos.speedup.devices import DEFAULT_DEVICES, device_model
    from qml_algos.speedup.measure import machine

    devices = [device_model(name) for name in options.devices or DEFAULT_DEVICES]
    return {"devices": devices, "machine": options.machine and machine(options.machine)}


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "backend": options.backend,
        "epsilon": options.epsilon,
        "shots": options.shots,
        "random_state": options.seed,
        "max_seconds": options.max_seconds,
        "jobs": options.jobs,
        "ledger": Ledger(),
        "resume": not options.anew,
    }


def _show(
    result: Comparison, targets: dict[str, Any], directory: Path | None, console: Console
) -> None:
    # Projections need most of the library, which nobody should wait for before the first step.
    from qml_algos.speedup.bills.registry import UNPROJECTED
    from qml_algos.speedup.projection import project
    from qml_algos.speedup.projection.table import render_projection

    render_table(result, console)
    if result.task in UNPROJECTED:
        console.print()
        print_text(console, UNPROJECTED[result.task])
    elif any(row.kind == "quantum" for row in result.rows):
        render_projection(project(result, **targets), console)
    if directory is not None:
        page = result.save(directory)
        console.print(f"\nReport: {page.resolve()}", soft_wrap=True)


@contextmanager
def _bar(prefix: str = "") -> Iterator[Callable[[int, int, str], None]]:
    """Show a bar while steps are done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        step = bar.add_task(prefix)
        yield lambda done, total, what: bar.update(
            step, completed=done, total=total, description=f"{prefix}{what}"
        )


class InterruptedComparison(KeyboardInterrupt):
    """Ctrl-C while a comparison went on; its finished points are kept."""


@contextmanager
def _going_on() -> Iterator[None]:
    """On Ctrl-C say that finished points are kept."""
    try:
        yield
    except KeyboardInterrupt:
        raise InterruptedComparison from None
