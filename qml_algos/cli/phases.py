"""Phases of matter on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np

from qml_algos.cli.arguments import absolute, positive
from qml_algos.tasks import InputFile
from qml_algos.tasks.phases import (
    DEFAULT_FIELDS,
    DEFAULT_SIZE,
    FEWEST_FIELDS,
    PhasesTask,
)
from qml_algos.tasks.phases_result import PhasesResult

NAME = PhasesTask.name
HELP = "find the boundary of two phases from snapshots of a quantum magnet, or from your own"
EPSILON_HELP = None

_METHODS = {
    "supervised": "network trained on both sides",
    "confusion": "confusion, nothing known of the sides",
    "clusters": "clusters of principal components",
}


def add_problem(parser: argparse.ArgumentParser) -> None:
    """Where snapshots come from."""
    parser.add_argument(
        "--snapshots",
        metavar="FILE",
        help="labelled snapshots of your own (.npz, .json or .csv), in place of circuits",
    )
    parser.add_argument(
        "--size",
        type=positive,
        metavar="N",
        help=f"spins of an Ising ring in a transverse field ({DEFAULT_SIZE})",
    )
    parser.add_argument(
        "--fields",
        type=float,
        nargs="+",
        metavar="H",
        help=f"transverse fields, at least {FEWEST_FIELDS}, in units of the coupling "
        f"({DEFAULT_FIELDS[0]:g} to {DEFAULT_FIELDS[-1]:g} in steps of 0.1)",
    )
    parser.add_argument(
        "--layers",
        type=positive,
        metavar="P",
        help="of the circuits that prepare its ground states (half as many as spins)",
    )


def add_run(parser: argparse.ArgumentParser) -> None:
    """Name what is learnt from, and where to draw."""
    parser.add_argument(
        "--unlearnt",
        type=float,
        nargs=2,
        metavar=("LOW", "HIGH"),
        help="learn from fields outside of these only (the middle third is left out)",
    )
    parser.add_argument("--plot", metavar="FILE.png", help="draw what each method sees")


def task(options: argparse.Namespace) -> PhasesTask:
    """Make the task."""
    file = None if options.snapshots is None else InputFile.of(options.snapshots)
    return PhasesTask(
        seed=options.seed,
        snapshots=file,
        size=options.size,
        fields=None if options.fields is None else tuple(options.fields),
        layers=options.layers,
        shots=options.shots,
        unlearnt=None if options.unlearnt is None else tuple(options.unlearnt),
        plot=absolute(options.plot),
    )


def describe(backend: str, result: PhasesResult) -> str:  # noqa: ARG001
    """Text of a result: the same whenever it is printed."""
    lines = [
        f"{NAME}: {result.samples:,} snapshots of {result.qubits} spins at {result.parameters} "
        f"parameters, {result.source}",
        *_of_methods(result),
        *_remarks(result),
        *([] if result.written is None else [f"Written: {result.written}"]),
    ]
    return "\n".join(lines)


def _of_methods(result: PhasesResult) -> Iterator[str]:
    for name, words in _METHODS.items():
        found = result.boundaries[name]
        text = "none found"
        if np.isfinite(found.value):
            text = f"{found.value:.4f} +- {found.standard_error:.2g}"
        yield f"boundary, {words}: {text}"


def _remarks(result: PhasesResult) -> Iterator[str]:
    clusters = result.clusters
    yield f"accuracy of the network where it was taught: {result.supervised.accuracy_:.4f}"
    yield f"middle peak of confusion above its minima: {result.confusion.prominence_:.4f}"
    shares = " ".join(f"{share:.3f}" for share in clusters.explained_variance_ratio_)
    yield (
        f"principal components: shares of the variance {shares}; overlap of the first with the "
        f"uniform vector {clusters.uniform_overlap_:.4f}"
    )
    yield (f"susceptibility of the first component: largest at {clusters.susceptibility_peak_:g}")
    if result.exact is not None:
        yield (
            f"Note: the infinite chain has its transition at {result.exact:g}; that of "
            f"{result.qubits} spins is a crossover near it, and standard errors are those of the "
            "samples and of training. Clusters and susceptibilities of few spins lie above it."
        )
    if result.worst_v_score is not None:
        yield (
            f"Note: the circuits were trained by simulating them; without noise the V-score of the "
            f"worst is {result.worst_v_score:.2g}."
        )
