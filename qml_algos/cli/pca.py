"""Principal components on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qml_algos.cli.arguments import positive
from qml_algos.pca.families import DATASETS, FAMILIES
from qml_algos.pca.sources import CIRCUIT_SUFFIXES, DATA_SUFFIXES, read_source
from qml_algos.speedup.contest import Contest
from qml_algos.speedup.pca import (
    DEFAULT_SOLVERS,
    DEFAULT_SOLVERS_OF_CIRCUITS,
    LIMITED,
    SOLVERS,
    PCAContest,
)
from qml_algos.tasks import InputFile
from qml_algos.tasks.pca import PCAResult, PCATask

NAME = PCATask.name
HELP = "find the principal components of data, or of a state that a circuit prepares"
COMPARISON = (
    "Find the leading principal components of the same data with quantum and classical solvers. "
    "Without --data, data of a family is drawn; with it, sizes are drawn only if given."
)
SOLVERS_HELP = (
    f"{', '.join(SOLVERS)} (by default {', '.join(DEFAULT_SOLVERS)}; of circuits "
    f"{', '.join(DEFAULT_SOLVERS_OF_CIRCUITS)})"
)
SIZES_HELP = "number of features, at least 2"
EPSILON_HELP = (
    "target angle between subspaces, radians; and error that an eigenvalue may have, as a share of "
    "the variance"
)

_SHOWN = 16


def add_problem(parser: argparse.ArgumentParser) -> None:
    """Where data come from, and how many components are asked for."""
    parser.add_argument(
        "--family",
        choices=sorted([*FAMILIES, *DATASETS]),
        default="low-rank",
        help="of drawn data, or a data set, of which the leading features are taken (low-rank)",
    )
    parser.add_argument(
        "--data",
        metavar="FILE",
        help=f"data, samples in rows ({', '.join(DATA_SUFFIXES)}), or a circuit that prepares a "
        f"state ({', '.join(CIRCUIT_SUFFIXES)}, OpenQASM 2)",
    )
    parser.add_argument(
        "--system-qubits",
        type=positive,
        metavar="Q",
        help="of a circuit: the state is that of its Q lowest qubits (all)",
    )
    parser.add_argument(
        "--components", type=positive, default=2, metavar="K", help="how many are asked for (2)"
    )


def add_run(parser: argparse.ArgumentParser) -> None:
    """Options of a single solver."""
    parser.add_argument(
        "--size", type=positive, default=4, metavar="N", help=f"{SIZES_HELP}, of drawn data (4)"
    )
    parser.add_argument(
        "--solver",
        default="phase-estimation",
        help=f"{', '.join(SOLVERS)} (phase-estimation)",
    )
    parser.add_argument(
        "--copies",
        type=positive,
        metavar="C",
        help=f"of the state, of {' and '.join(LIMITED)}: too few for epsilon are refused",
    )


def add_comparison(parser: argparse.ArgumentParser) -> None:
    """Options beside those of problems: there are none."""


def contest(options: argparse.Namespace) -> Contest:
    """Make a contest for that many components."""
    return PCAContest(options.components)


def problems(options: argparse.Namespace) -> dict[str, Any]:
    """Read data or a circuit, if a file is given."""
    if options.data is None:
        return {}
    return {Path(options.data).name: read_source(options.data, options.system_qubits)}


def task(options: argparse.Namespace) -> PCATask:
    """Make the task."""
    file = None if options.data is None else InputFile.of(options.data)
    return PCATask(
        solver=options.solver,
        epsilon=options.epsilon,
        shots=options.shots,
        seed=options.seed,
        data=file,
        family=options.family if file is None else None,
        size=options.size if file is None else None,
        components=options.components,
        system_qubits=options.system_qubits,
        copies=options.copies,
    )


def describe(backend: str, result: PCAResult) -> str:
    """Text of a result: the same whenever it is printed."""
    lines = [f"{NAME}: {result.features:,} features, solver {result.solver}"]
    resources = getattr(result.fitted, "resources_", None)
    if resources is not None:
        lines[0] += f" on {backend}"
        shots = "exact" if resources.shots is None else f"{resources.shots:,} shots"
        lines.append(
            f"{resources.qubits} qubits, {resources.two_qubit_gates:,} two-qubit gates, {shots}, "
            f"{result.fitted.copies_:,} copies of the state"
        )
    if result.error is not None:
        lines.append(f"angle to the classical components: {result.error:.1e} radians")
    lines += _of_components(result)
    lines += [f"Note: {caveat}" for caveat in result.caveats]
    return "\n".join(lines)


def _of_components(result: PCAResult) -> Iterator[str]:
    for place, ratio in enumerate(result.ratios):
        line = f"component {place + 1}: share of the variance {ratio:.6g}"
        if result.ratio_errors is not None and result.ratio_errors[place] > 0:
            line += f" +- {result.ratio_errors[place]:.2g}"
        yield line
        shown = result.components[place][:_SHOWN]
        errors = result.component_errors
        for index, value in enumerate(shown):
            entry = f"  {index:>4}  {value:.6g}"
            if errors is not None and errors[place][index] > 0:
                entry += f" +- {errors[place][index]:.2g}"
            yield entry
        if result.features > _SHOWN:
            yield f"  ... and {result.features - _SHOWN:,} more"
