"""``qml-algos report``."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from qml_algos.cli.arguments import add_machine
from qml_algos.speedup.compare import CONTESTS
from qml_algos.speedup.comparison import load_comparisons

DEFAULT_DIRECTORY = Path("comparison")
DEFAULT_OUT = Path("report")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    report = commands.add_parser(
        "report",
        help="project saved comparisons on devices, as one page",
        description="Collect saved comparisons into one self-contained page: where the quantum and "
        "the classical curves cross, and what that depends on.",
    )
    report.add_argument(
        "directories",
        type=Path,
        nargs="*",
        default=[DEFAULT_DIRECTORY],
        metavar="DIR",
        help="what 'qml-algos compare' wrote: a directory, its comparison.json, or a directory of "
        f"such directories, one for each of {', '.join(CONTESTS)} say ({DEFAULT_DIRECTORY})",
    )
    report.add_argument(
        "--out",
        type=Path,
        default=DEFAULT_OUT,
        metavar="DIR",
        help=f"write the page and its figures there ({DEFAULT_OUT})",
    )
    report.add_argument(
        "--devices",
        nargs="+",
        metavar="NAME",
        help="project on these only; names, or .toml files (a selection)",
    )
    add_machine(report)
    report.add_argument("--pdf", action="store_true", help="write figures as PDF too")
    report.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> None:
    comparisons = load_comparisons(options.directories)
    # Figures take a second to import, which nobody should spend on a file that cannot be read.
    from qml_algos.speedup.study import write_study

    page = write_study(
        comparisons,
        options.out,
        devices=options.devices,
        machine=options.machine,
        pdf=options.pdf,
    )
    console = Console()
    for comparison in comparisons:
        console.print(repr(comparison), highlight=False, soft_wrap=True)
    console.print(f"\nReport: {page.resolve()}", soft_wrap=True)
