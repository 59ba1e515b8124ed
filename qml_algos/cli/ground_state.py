"""Ground states of spins on the command line."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qml_algos.cli.arguments import absolute, positive
from qml_algos.physics.ground_states import MODELS, read_hamiltonian
from qml_algos.physics.ground_states.models import DEFAULT_BOUNDARY, DEFAULT_FIELD
from qml_algos.physics.hamiltonians.lattice import BOUNDARIES
from qml_algos.results import Estimate
from qml_algos.speedup.contest import Contest
from qml_algos.speedup.ground_state import (
    COMPARED,
    DEFAULT_NOISY_BACKEND,
    MOST_NOISY,
    MOST_TRAINED,
    SOLVERS,
    GroundStateContest,
)
from qml_algos.speedup.wording import seconds
from qml_algos.tasks import InputFile
from qml_algos.tasks.ground_state import GroundStateTask
from qml_algos.tasks.ground_state_result import GroundStateResult

NAME = GroundStateTask.name
HELP = "find the ground state of a Hamiltonian of spins"
COMPARISON = (
    "Find the ground state of the same Hamiltonians as a circuit, exactly and with a device's "
    "noise, as a restricted Boltzmann machine, as a matrix-product state, and by diagonalisation. "
    "Without --hamiltonian, a model is taken; with it, sizes only if given."
)
SOLVERS_HELP = (
    f"{', '.join(COMPARED)} (all that suit the size: exact to 24 spins, circuit to {MOST_TRAINED}, "
    f"circuit-noisy to {MOST_NOISY})"
)
SIZES_HELP = "number of spins; of heisenberg-square a square number"
EPSILON_HELP = "target relative error of the energy"


def add_problem(parser: argparse.ArgumentParser) -> None:
    """Which Hamiltonian, and how large the states are."""
    parser.add_argument(
        "--family",
        dest="family",
        choices=MODELS,
        default=MODELS[0],
        help=f"of the Hamiltonian ({MODELS[0]})",
    )
    parser.add_argument(
        "--field",
        type=float,
        metavar="H",
        help=f"transverse field of tfim, in units of its coupling ({DEFAULT_FIELD:g})",
    )
    parser.add_argument(
        "--boundary",
        choices=BOUNDARIES,
        help=f"of the lattice ({DEFAULT_BOUNDARY}); haldane-shastry is a ring",
    )
    parser.add_argument(
        "--hamiltonian",
        metavar="FILE",
        help="a Hamiltonian of your own: a coefficient and a Pauli string on each line, such as "
        "'-0.5 ZZII', the letter of qubit 0 last",
    )
    parser.add_argument(
        "--layers", type=positive, metavar="P", help="of circuits (half as many as spins)"
    )
    parser.add_argument(
        "--bond-dimension",
        type=positive,
        metavar="D",
        help="of matrix-product states, at most (64)",
    )
    parser.add_argument(
        "--alpha",
        type=positive,
        metavar="A",
        help="hidden neurons of Boltzmann machines for each spin (2)",
    )


def add_run(parser: argparse.ArgumentParser) -> None:
    """Options of a single solver."""
    parser.add_argument(
        "--size", type=positive, default=8, metavar="N", help=f"{SIZES_HELP}, of a model (8)"
    )
    parser.add_argument("--solver", default="circuit", help=f"{', '.join(SOLVERS)} (circuit)")
    parser.add_argument(
        "--plot",
        metavar="FILE.png",
        help="draw the energy on the way against the exact one, and correlations",
    )


def add_comparison(parser: argparse.ArgumentParser) -> None:
    """Where the noisy circuit runs."""
    parser.add_argument(
        "--noisy-backend",
        default=DEFAULT_NOISY_BACKEND,
        metavar="NAME",
        help=f"noisy model that circuit-noisy runs on ({DEFAULT_NOISY_BACKEND})",
    )


def contest(options: argparse.Namespace) -> Contest:
    """Make a contest on such Hamiltonians."""
    return GroundStateContest(
        field=options.field,
        boundary=options.boundary,
        layers=options.layers,
        bond_dimension=options.bond_dimension,
        alpha=options.alpha,
        noisy_backend=options.noisy_backend,
    )


def problems(options: argparse.Namespace) -> dict[str, Any]:
    """Read a Hamiltonian, if a file is given."""
    if options.hamiltonian is None:
        return {}
    return {Path(options.hamiltonian).name: read_hamiltonian(options.hamiltonian)}


def task(options: argparse.Namespace) -> GroundStateTask:
    """Make the task."""
    file = None if options.hamiltonian is None else InputFile.of(options.hamiltonian)
    return GroundStateTask(
        solver=options.solver,
        epsilon=options.epsilon,
        shots=options.shots,
        seed=options.seed,
        hamiltonian=file,
        family=options.family if file is None else None,
        size=options.size if file is None else None,
        field=options.field,
        boundary=options.boundary,
        layers=options.layers,
        bond_dimension=options.bond_dimension,
        alpha=options.alpha,
        plot=absolute(options.plot),
    )


def describe(backend: str, result: GroundStateResult) -> str:
    """Text of a result: the same whenever it is printed."""
    where = f" on {backend}" if result.resources is not None else ""
    lines = [
        f"{NAME}: {result.hamiltonian}, {result.qubits:,} spins, {result.terms:,} terms, solver "
        f"{result.solver}{where}",
        *_of_circuit(result),
        *_of_energy(result),
        f"{result.parameters:,} parameters, found in {seconds(result.seconds)} of processor time",
        *([] if result.written is None else [f"Written: {result.written}"]),
        *(f"Note: {caveat}" for caveat in result.caveats),
    ]
    return "\n".join(lines)


def _of_circuit(result: GroundStateResult) -> Iterator[str]:
    cost = result.resources
    if cost is not None:
        shots = "exact" if cost.shots is None else f"{cost.shots:,} shots"
        yield (
            f"circuit: {cost.qubits} qubits, {cost.two_qubit_gates:,} two-qubit gates in depth "
            f"{cost.two_qubit_depth:,}, {shots}"
        )


def _of_energy(result: GroundStateResult) -> Iterator[str]:
    yield f"energy: {_with_error(result.energy, '.10g')}"
    if result.exact is not None:
        error = "" if result.error is None else f"; relative error {result.error:.2g}"
        yield f"ground energy, by {result.source}: {result.exact:.10g}{error}"
    if result.fidelity is not None:
        yield f"fidelity with the ground state: {result.fidelity:.6f}"
    if result.v_score is not None and result.variance is not None:
        variance = _with_error(result.variance, ".3g")
        yield f"variance of the energy: {variance}; V-score {result.v_score:.2g}"


def _with_error(estimate: Estimate, exactly: str) -> str:
    """Write a number to two digits of its standard error, or in a format if it has none."""
    error = estimate.standard_error
    if error == 0:
        return format(estimate.value, exactly)
    decimals = max(0, 1 - math.floor(math.log10(error)))
    return f"{estimate.value:.{decimals}f} +- {error:.2g}"
