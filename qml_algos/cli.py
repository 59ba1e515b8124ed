"""The command ``qml-algos``: a thin face on the library."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from qml_algos import __version__
from qml_algos.backends import shipped_names
from qml_algos.backends.config import load_config
from qml_algos.errors import QmlAlgosError
from qml_algos.linear_systems import SOLVERS, LinearSystem
from qml_algos.speedup.compare import DEFAULT_SIZES, DEFAULT_SOLVERS, compare
from qml_algos.speedup.families import FAMILIES
from qml_algos.speedup.report import render_table

USAGE_ERROR = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (QmlAlgosError, ValueError, OSError) as error:
        print(f"qml-algos: error: {error}", file=sys.stderr)
        return USAGE_ERROR
    except KeyboardInterrupt:
        print("qml-algos: interrupted; no report was written", file=sys.stderr)
        return INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qml-algos", description="Quantum algorithms beside the best classical methods."
    )
    parser.add_argument("--version", action="version", version=f"qml-algos {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser("backends", help="list where circuits can run")
    listing.set_defaults(run=_backends)
    comparison = commands.add_parser("compare", help="compare quantum and classical solvers")
    tasks = comparison.add_subparsers(required=True, metavar="TASK")
    _add_linear_systems(tasks)
    return parser


def _add_linear_systems(tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    task = tasks.add_parser(
        "linear-systems",
        help="solve A x = b",
        description="Solve the same linear systems with quantum and classical solvers at the same "
        "target error. Without --matrix, systems of a family are drawn; with it, sizes are drawn "
        "only if given.",
    )
    task.add_argument("--sizes", type=_positive, nargs="+", metavar="N", help="numbers of unknowns")
    task.add_argument("--family", choices=sorted(FAMILIES), default="tridiagonal")
    task.add_argument("--matrix", metavar="FILE.mtx", help="Matrix Market file with A")
    task.add_argument("--rhs", metavar="FILE.mtx", help="Matrix Market file with b")
    task.add_argument(
        "--solvers", nargs="+", default=DEFAULT_SOLVERS, metavar="NAME", help=", ".join(SOLVERS)
    )
    task.add_argument(
        "--backend", default="aer", help=f"{', '.join(shipped_names())}, or a .toml file"
    )
    task.add_argument("--epsilon", type=float, default=1e-2, help="target relative error (1e-2)")
    task.add_argument("--shots", type=_positive, help="by default what the target error takes")
    task.add_argument("--seed", type=int, default=0, help="of the systems and the simulator (0)")
    task.add_argument("--out", type=Path, metavar="DIR", help="write the report there")
    task.set_defaults(run=_compare_linear_systems)


def _backends(_: argparse.Namespace) -> None:
    table = Table(box=None)
    for heading in ("name", "kind", "qubits", "shots", "gates", "description"):
        table.add_column(heading, justify="right" if heading in ("qubits", "shots") else "left")
    for name in shipped_names():
        config = load_config(name)
        limits, gates = config.limits, " ".join(config.compile.basis_gates)
        table.add_row(
            name,
            config.kind,
            str(limits.max_qubits),
            f"{limits.max_shots:,}",
            gates,
            config.description,
        )
    console = Console()
    console.print(table)
    console.print(
        "qubits, shots: the largest a circuit may use. A .toml file of your own works too."
    )


def _compare_linear_systems(options: argparse.Namespace) -> None:
    if (options.matrix is None) != (options.rhs is None):
        raise ValueError("--matrix and --rhs: give both or neither")
    systems = {}
    if options.matrix is not None:
        name = Path(options.matrix).name
        systems[name] = LinearSystem.from_matrix_market(options.matrix, options.rhs)
    sizes = options.sizes or (() if systems else DEFAULT_SIZES)
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
            sizes=sizes,
            family=options.family,
            systems=systems,
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


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}: a positive integer is needed")
    return value


if __name__ == "__main__":
    sys.exit(main())
