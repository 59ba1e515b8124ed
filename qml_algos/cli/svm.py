"""Support vector machines on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qml_algos.cli.arguments import positive
from qml_algos.linear_systems import SOLVERS as LINEAR_SOLVERS
from qml_algos.results import Estimate
from qml_algos.speedup.contest import Contest
from qml_algos.speedup.svm import DEFAULT_SOLVERS, SOLVERS, SVMContest
from qml_algos.svm.data import DATASETS, FAMILIES, LABELLED_SUFFIXES, read_labelled
from qml_algos.svm.registry import FEATURE_MAPS
from qml_algos.tasks import InputFile
from qml_algos.tasks.svm import SVMResult, SVMTask

NAME = SVMTask.name
HELP = "classify labelled samples with quantum kernels"
COMPARISON = (
    "Classify the same held-out samples with quantum kernels and with tuned classical classifiers. "
    "Without --data, data of a family is drawn; with it, sizes are drawn only if given."
)
SOLVERS_HELP = f"{', '.join(SOLVERS)} (by default {', '.join(DEFAULT_SOLVERS)})"
SIZES_HELP = "number of features, for each of which most feature maps take a qubit"
EPSILON_HELP = (
    "target share of held-out samples with a wrong label; and the relative error of linear systems "
    "that least squares solves"
)

_DEFAULT_SAMPLES = 60


def add_problem(parser: argparse.ArgumentParser) -> None:
    """Where samples come from, and how they are turned into states."""
    parser.add_argument(
        "--family",
        choices=sorted([*FAMILIES, *DATASETS]),
        default="hidden-manifold",
        help="of drawn data, or a data set, of which the leading principal components are taken "
        "(hidden-manifold)",
    )
    parser.add_argument(
        "--data",
        metavar="FILE",
        help=f"samples in rows under the names of their columns ({', '.join(LABELLED_SUFFIXES)})",
    )
    parser.add_argument("--target", metavar="COLUMN", help="of a file: the column with the labels")
    parser.add_argument(
        "--samples",
        type=positive,
        metavar="M",
        help=f"how many are drawn ({_DEFAULT_SAMPLES}), or taken of a file (all)",
    )
    parser.add_argument(
        "--feature-map",
        choices=sorted(FEATURE_MAPS),
        default="zz",
        help="of quantum kernels (zz)",
    )
    parser.add_argument(
        "--bandwidth",
        type=float,
        metavar="C",
        help="factor of the data in quantum kernels (searched if no shots are taken; else it "
        "suits the map and scaled data)",
    )
    parser.add_argument(
        "--no-scaling",
        action="store_true",
        help="leave the data of quantum kernels as they are, not at mean 0 and variance 1",
    )


def add_run(parser: argparse.ArgumentParser) -> None:
    """Options of a single solver."""
    parser.add_argument(
        "--size", type=positive, default=4, metavar="N", help=f"{SIZES_HELP}, of drawn data (4)"
    )
    parser.add_argument("--solver", default="fidelity", help=f"{', '.join(SOLVERS)} (fidelity)")
    parser.add_argument(
        "--linear-solver",
        choices=sorted(LINEAR_SOLVERS),
        metavar="NAME",
        help=f"of least squares: {', '.join(LINEAR_SOLVERS)} (direct)",
    )
    parser.add_argument(
        "--test-share",
        type=float,
        default=0.25,
        metavar="P",
        help="part of the samples that is held out (0.25)",
    )


def add_comparison(parser: argparse.ArgumentParser) -> None:
    """Options beside those of problems: there are none."""


def contest(options: argparse.Namespace) -> Contest:
    """Make a contest on that many samples."""
    return SVMContest(
        samples=options.samples or _DEFAULT_SAMPLES,
        feature_map=options.feature_map,
        bandwidth=options.bandwidth,
        scaled=not options.no_scaling,
    )


def problems(options: argparse.Namespace) -> dict[str, Any]:
    """Read data, if a file is given."""
    if options.data is None:
        return {}
    if options.target is None:
        raise ValueError("--target: name the column that holds the labels")
    read = read_labelled(options.data, options.target)
    return {
        Path(options.data).name: read
        if options.samples is None
        else read.part(options.samples, options.seed)
    }


def task(options: argparse.Namespace) -> SVMTask:
    """Make the task."""
    file = None if options.data is None else InputFile.of(options.data)
    return SVMTask(
        solver=options.solver,
        epsilon=options.epsilon,
        shots=options.shots,
        seed=options.seed,
        data=file,
        target=options.target,
        family=options.family if file is None else None,
        size=options.size if file is None else None,
        samples=options.samples or (_DEFAULT_SAMPLES if file is None else None),
        test_share=options.test_share,
        feature_map=options.feature_map,
        bandwidth=options.bandwidth,
        scaled=not options.no_scaling,
        linear_solver=options.linear_solver,
    )


def describe(backend: str, result: SVMResult) -> str:
    """Text of a result: the same whenever it is printed."""
    lines = [
        f"{NAME}: {result.data}, {result.features:,} features, {result.classes} classes, solver "
        f"{result.solver}"
    ]
    if result.resources is not None:
        lines[0] += f" on {backend}"
    lines.append(
        f"{result.training:,} training and {result.test:,} test samples"
        + ("" if result.support is None else f", {result.support:,} support vectors")
    )
    lines.append(f"held-out accuracy: {_estimate(result.accuracy)}")
    lines += _of_kernel(result)
    lines += _of_linear_systems(result)
    lines += [f"Note: {caveat}" for caveat in result.caveats]
    return "\n".join(lines)


def _of_kernel(result: SVMResult) -> Iterator[str]:
    costs = result.resources
    if costs is None:
        return
    if costs.shots is None:
        yield f"Gram matrix: exact states of {costs.qubits} qubits"
        return
    yield (
        f"Gram matrix: {costs.qubits} qubits, {costs.two_qubit_gates:,} two-qubit gates, "
        f"{costs.shots:,} shots in all"
    )
    if result.resolution is not None:
        spread, error = result.resolution.spread, result.resolution.standard_error
        yield f"Gram matrix: entries vary by {spread:.2g}, shots leave errors of {error:.2g}"
        if error > spread / 2:
            yield "Gram matrix: too few shots to tell the entries apart; --shots takes more"
    if result.projected:
        yield "Gram matrix: shots and noise had left it indefinite; made positive semidefinite"
    if result.gram_error is not None:
        yield f"Gram matrix: relative error {_estimate(result.gram_error)}"


def _of_linear_systems(result: SVMResult) -> Iterator[str]:
    costs = result.linear_systems
    if costs is None:
        return
    if costs.qubits is None:
        yield f"linear system: classical, {costs.classical_seconds:.2g} s"
        return
    shots = "exact" if costs.shots is None else f"{costs.shots:,} shots"
    yield (
        f"linear system: {costs.qubits} qubits, {costs.two_qubit_gates:,} two-qubit gates, "
        f"{shots}; {result.certain:.0%} of the labels are those of its exact solution for sure"
    )


def _estimate(estimate: Estimate) -> str:
    return f"{estimate.value:.4g} +- {estimate.standard_error:.2g}"
