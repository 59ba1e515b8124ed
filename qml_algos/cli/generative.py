"""Generative models on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from qml_algos.cli.arguments import absolute, positive
from qml_algos.generative.data.families import (
    DATASETS,
    DEFAULT_SAMPLES,
    FAMILIES,
    WHAT_A_SIZE_IS,
)
from qml_algos.generative.data.problem import TEST_SHARE, read_problem
from qml_algos.generative.deployment.deployed import Deployed
from qml_algos.generative.execution import ModelRun
from qml_algos.generative.registry import APPROXIMATED, BONDED, DEFAULT_BOND_DIMENSION
from qml_algos.speedup.contest import Contest
from qml_algos.speedup.generative import (
    COMPARED,
    DEFAULT_FIDELITY,
    DEFAULT_SOLVERS_OF_BITS,
    SOLVERS,
    GenerativeContest,
)
from qml_algos.speedup.generative_notes import estimated
from qml_algos.svm.data import LABELLED_SUFFIXES
from qml_algos.tasks.generative import DRAWN, SHAPE_OF_DRAWN, GenerativeTask
from qml_algos.tasks.generative_result import GenerativeResult

NAME = GenerativeTask.name
HELP = "learn the distribution of discrete samples, and draw new ones"
COMPARISON = (
    "Train quantum and classical models on the same samples of discrete variables. Without --data, "
    "samples of a family are drawn; with it, sizes are drawn only if given."
)
SOLVERS_HELP = (
    f"{', '.join(COMPARED)} (by default {', '.join(DEFAULT_SOLVERS_OF_BITS)}; made takes bits only)"
)
SIZES_HELP = WHAT_A_SIZE_IS
EPSILON_HELP = "target negative log-likelihood above the entropy of the data, nats"


def add_problem(parser: argparse.ArgumentParser) -> None:
    """Where samples come from, and how large tensor networks are."""
    parser.add_argument(
        "--family",
        choices=sorted([*FAMILIES, *DATASETS]),
        default="bars-and-stripes",
        help="of drawn samples, or a data set (bars-and-stripes)",
    )
    parser.add_argument(
        "--data",
        metavar="PATH",
        help=f"samples in rows of discrete columns ({', '.join(LABELLED_SUFFIXES)}); or DIR/NAME "
        "of a set in three files NAME.train.data, NAME.valid.data and NAME.test.data",
    )
    parser.add_argument(
        "--samples",
        type=positive,
        metavar="M",
        help=f"how many are drawn ({DEFAULT_SAMPLES:,}), or taken of a file (all)",
    )
    parser.add_argument(
        "--test-share",
        type=float,
        metavar="P",
        help=f"part of the samples that tests, where there is no test set ({TEST_SHARE})",
    )
    parser.add_argument(
        "--shape",
        type=positive,
        nargs=2,
        metavar=("H", "W"),
        help="height and width of the pictures in a file, pixels row by row",
    )
    parser.add_argument(
        "--bond-dimension",
        type=positive,
        metavar="D",
        help=f"of tensor networks, or of what a circuit starts from ({', '.join(BONDED)}), at most "
        f"({DEFAULT_BOND_DIMENSION})",
    )
    parser.add_argument(
        "--fidelity",
        type=float,
        metavar="F",
        help=f"of the circuit of {', '.join(APPROXIMATED)} to the trained state, at least "
        f"({DEFAULT_FIDELITY})",
    )


def add_run(parser: argparse.ArgumentParser) -> None:
    """Options of a single model."""
    parser.add_argument(
        "--size", type=positive, default=16, metavar="N", help=f"{SIZES_HELP}, of drawn data (16)"
    )
    parser.add_argument("--solver", default="mps", help=f"{', '.join(SOLVERS)} (mps)")
    parser.add_argument(
        "--max-two-qubit-gates",
        type=positive,
        metavar="G",
        help=f"of the circuit of {', '.join(APPROXIMATED)}, at most; this goes before the fidelity",
    )
    parser.add_argument(
        "--samples-out",
        metavar="FILE.csv",
        help=f"write what the backend drew; if nothing is run on one, {DRAWN:,} samples",
    )
    parser.add_argument(
        "--samples-png", metavar="FILE.png", help="draw the same as pictures, beside the data's"
    )


def add_comparison(parser: argparse.ArgumentParser) -> None:
    """Options beside those of problems: there are none."""


def contest(options: argparse.Namespace) -> Contest:
    """Make a contest on such samples."""
    fidelity = DEFAULT_FIDELITY if options.fidelity is None else options.fidelity
    bond_dimension = options.bond_dimension or DEFAULT_BOND_DIMENSION
    return GenerativeContest(options.samples, options.test_share, bond_dimension, fidelity)


def problems(options: argparse.Namespace) -> dict[str, Any]:
    """Read samples, if a path is given."""
    if options.data is None:
        if options.shape is not None:
            raise ValueError(SHAPE_OF_DRAWN)
        return {}
    found = read_problem(
        options.data,
        np.random.default_rng(options.seed),
        samples=options.samples,
        test_share=options.test_share,
        shape=_shape(options),
    )
    return {Path(options.data).name: found}


def task(options: argparse.Namespace) -> GenerativeTask:
    """Make the task."""
    files = {} if options.data is None else GenerativeTask.input_files(options.data)
    return GenerativeTask(
        solver=options.solver,
        epsilon=options.epsilon,
        shots=options.shots,
        seed=options.seed,
        **files,
        family=None if files else options.family,
        size=None if files else options.size,
        samples=options.samples,
        test_share=options.test_share,
        shape=_shape(options),
        bond_dimension=options.bond_dimension,
        fidelity=options.fidelity,
        max_two_qubit_gates=options.max_two_qubit_gates,
        samples_out=absolute(options.samples_out),
        samples_png=absolute(options.samples_png),
    )


def describe(backend: str, result: GenerativeResult) -> str:
    """Text of a result: the same whenever it is printed."""
    where = "" if result.run is None else f" on {backend}"
    lines = [
        f"{NAME}: {result.data}, {result.variables:,} variables, solver {result.solver}{where}",
        f"{result.training:,} training, {result.validation:,} validation and {result.test:,} test "
        f"samples; trained in {result.seconds:.2g} s",
        *_of_model(result),
        *_of_run(result),
        *(f"Written: {path}" for path in result.written),
        *(f"Note: {caveat}" for caveat in result.caveats),
    ]
    return "\n".join(lines)


def _of_model(result: GenerativeResult) -> Iterator[str]:
    if result.nll is None:
        yield "test NLL: the model has no likelihoods, it is too large to simulate"
    else:
        low, high = result.nll.interval()
        yield f"test NLL: {result.nll.value:.4f} nats, 95% interval {low:.4f} to {high:.4f}"
    for baseline in result.baselines:
        line = f"test NLL of {baseline.name}: {estimated(baseline.nll)} nats"
        if baseline.difference is not None:
            line += f"; {result.solver} {estimated(baseline.difference, '+')} on the same samples"
        yield line
    if result.entropy is not None:
        line = f"entropy of the data: {result.entropy:.4f} nats"
        if result.divergence is not None:
            line += f"; Kullback-Leibler divergence of the model {result.divergence:.3g}"
        yield line
    if result.bond_dimensions:
        yield f"bond dimensions: {' '.join(map(str, result.bond_dimensions))}"


def _of_run(result: GenerativeResult) -> Iterator[str]:
    run = result.run
    if isinstance(run, Deployed):
        yield str(run)
    elif isinstance(run, ModelRun):
        cost = run.resources
        yield (
            f"circuit: {cost.qubits} qubits, {cost.two_qubit_gates:,} two-qubit gates in depth "
            f"{cost.two_qubit_depth:,}, {cost.shots:,} shots, fidelity {run.fidelity:.4f}"
        )
        if result.density_nll is not None:
            yield f"test NLL by these samples: {estimated(result.density_nll)} nats"


def _shape(options: argparse.Namespace) -> tuple[int, int] | None:
    return None if options.shape is None else (options.shape[0], options.shape[1])
