"""States from measured counts beside other machines, and phases from classical shadows.

Run: OMP_NUM_THREADS=1 python benchmarks/physics_tomography.py [PART ..] [--qucumber PYTHON]

Parts: ``ising``, ground states of the transverse-field Ising ring of 8 spins from 1,000 shots of
Aer in Z, beside the histogram, scikit-learn's BernoulliRBM, and QuCumber where ``--qucumber`` gives
the Python of an environment of ``peers/requirements-qucumber.txt``; ``w``, W states with random
phases, 2,000 shots in each basis; ``twenty``, 20 qubits by contrastive divergence; ``kernel``,
phases of 19 fields by the kernel of shadows beside the exact fidelities of the states. For the
peers' machines the learning rate is the one, of several, whose fidelity is best on average, which a
user could not know. Seconds are those of the processor. Each part is kept in
results/physics_tomography.json.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from sklearn.neural_network import BernoulliRBM
from sklearn.svm import SVC

from linear_report import keep, now, table, versions
from qml_algos.generative.classical.partition import BoltzmannMachine
from qml_algos.physics.configurations import every_configuration
from qml_algos.physics.hamiltonians import exact_ground_state, transverse_field_ising
from qml_algos.physics.snapshots import Snapshots, make_snapshots
from qml_algos.physics.states.fidelities import fidelity
from qml_algos.physics.tomography import (
    RBMTomography,
    histogram_fidelity,
    shadow_kernel,
    split_by_label,
)

RESULTS = Path(__file__).with_name("results") / "physics_tomography.json"
PEER = Path(__file__).with_name("peers") / "qucumber_rbm.py"
RATES = (0.01, 0.1)
SKLEARN_EPOCHS, QUCUMBER_EPOCHS = 300, 500
Row = dict[str, Any]


def ising_state(qubits: int, field: float) -> NDArray[np.float64]:
    """Ground state, all amplitudes positive."""
    return np.abs(exact_ground_state(transverse_field_ising(qubits, field)).states[0])


def w_state(qubits: int, seed: int) -> NDArray[np.complex128]:
    """Excitations with random phases."""
    state = np.zeros(2**qubits, dtype=complex)
    phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, qubits)
    state[1 << np.arange(qubits)] = np.exp(1j * phases) / np.sqrt(qubits)
    return state


def prepared(state: NDArray[Any]) -> QuantumCircuit:
    """Circuit of a statevector."""
    circuit = QuantumCircuit(len(state).bit_length() - 1)
    circuit.prepare_state(state)
    return circuit


def neighbour_bases(qubits: int) -> list[str]:
    """Z on all qubits, then X X and X Y on each pair of neighbours."""
    pairs = [
        "Z" * (qubits - first - 2) + letters + "Z" * first
        for first in range(qubits - 1)
        for letters in ("XX", "YX")
    ]
    return ["Z" * qubits, *pairs]


def reconstructed(snapshots: Snapshots, target: NDArray[Any], seed: int, **settings: Any) -> Row:
    """Fit, and compare with the target."""
    start = time.process_time()
    found = RBMTomography(random_state=seed, **settings).fit(snapshots)
    return {
        "fidelity": found.fidelity(target),
        "seconds": time.process_time() - start,
        "histogram": histogram_fidelity(snapshots, target),
    }


def scikit_learn(snapshots: Snapshots, target: NDArray[Any], seed: int, rate: float) -> Row:
    """Train BernoulliRBM on the outcomes; its amplitudes are the roots of its probabilities."""
    start = time.process_time()
    machine = BernoulliRBM(
        snapshots.qubits, learning_rate=rate, n_iter=SKLEARN_EPOCHS, random_state=seed
    ).fit(snapshots.bits)
    seconds = time.process_time() - start
    units = BoltzmannMachine(
        machine.components_, machine.intercept_visible_, machine.intercept_hidden_
    )
    logs = units.log_weights(every_configuration(snapshots.qubits).astype(float))
    return {"fidelity": fidelity(np.exp((logs - logs.max()) / 2), target), "seconds": seconds}


def qucumber(
    python: Path, snapshots: Snapshots, target: NDArray[Any], seed: int, rate: float
) -> Row:
    """Train QuCumber's positive wave function in its own environment."""
    with tempfile.TemporaryDirectory() as folder:
        problem, report = Path(folder) / "problem.json", Path(folder) / "report.json"
        settings = {"seed": seed, "epochs": QUCUMBER_EPOCHS, "learning_rate": rate}
        problem.write_text(json.dumps({"bits": snapshots.bits.tolist(), **settings}))
        command = [str(python), str(PEER), str(problem), str(report)]
        subprocess.run(command, check=True, capture_output=True)
        found = json.loads(report.read_text())
    return {
        "fidelity": fidelity(np.array(found["amplitudes"]), target),
        "seconds": found["seconds"],
    }


def best_rate(seeds: range, peer: Callable[[int, float], Row]) -> Row:
    """Mean figures of a peer at its best learning rate."""
    tried = {rate: mean_of([peer(seed, rate) for seed in seeds]) for rate in RATES}
    rate = max(tried, key=lambda of: tried[of]["fidelity"])
    return {**tried[rate], "learning_rate": rate}


def mean_of(rows: list[Row]) -> Row:
    """Means, and the least fidelity."""
    found = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    return {**found, "least_fidelity": min(row["fidelity"] for row in rows)}


def run_ising(options: argparse.Namespace) -> list[Row]:
    """Measure the Ising ring."""
    found, seeds = [], range(options.seeds)
    for field in options.fields:
        target = ising_state(8, field)
        measured = [
            make_snapshots(prepared(target), "aer_shots", 1000, random_state=seed) for seed in seeds
        ]
        own = [reconstructed(measured[seed], target, seed) for seed in seeds]
        row: Row = {"field": field, "this library": mean_of(own)}
        row["BernoulliRBM"] = best_rate(
            seeds,
            lambda seed, rate, m=measured, t=target: scikit_learn(m[seed], t, seed, rate),  # type: ignore[misc]
        )
        if options.qucumber is not None:
            row["QuCumber"] = best_rate(
                seeds,
                lambda seed, rate, m=measured, t=target: qucumber(  # type: ignore[misc]
                    options.qucumber, m[seed], t, seed, rate
                ),
            )
        found.append(row)
    methods = [name for name in ("this library", "BernoulliRBM", "QuCumber") if name in found[0]]
    lines = [
        [f"h = {row['field']}", f"{row['this library']['histogram']:.3f}"]
        + [f"{row[name]['fidelity']:.3f} ({row[name]['seconds']:.1f} s)" for name in methods]
        for row in found
    ]
    print(table(["8 spins", "histogram", *methods], lines, 1))
    return found


def run_w(options: argparse.Namespace) -> list[Row]:
    """Measure W states."""
    found = []
    for qubits in (4, 6, 8):
        rows = []
        for seed in range(options.seeds):
            target = w_state(qubits, seed)
            snapshots = make_snapshots(
                prepared(target),
                "aer_shots",
                2000,
                bases=neighbour_bases(qubits),
                random_state=seed,
            )
            rows.append(reconstructed(snapshots, target, seed))
        found.append({"qubits": qubits, **mean_of(rows)})
    show(found, "qubits")
    return found


def run_twenty(options: argparse.Namespace) -> list[Row]:
    """Measure 20 qubits in Z, drawn from the exact state, and reconstruct the moduli."""
    found = []
    for field in options.fields:
        target = ising_state(20, field)
        generator = np.random.default_rng(0)
        outcomes = generator.choice(len(target), size=10_000, p=target**2 / (target @ target))
        bits = outcomes[:, None] >> np.arange(20) & 1
        snapshots = Snapshots(bits, np.full(bits.shape, 2))
        found.append({"field": field, **reconstructed(snapshots, target, 0)})
    show([{**row, "least_fidelity": row["fidelity"]} for row in found], "field")
    return found


def run_kernel(_: argparse.Namespace) -> Row:
    """Classify the phases of 19 fields, but for 1, with those from 0.7 to 1.4 not learnt."""
    fields = np.linspace(0.2, 2.0, 19)
    states = np.array([ising_state(8, field) for field in fields])
    start = time.process_time()
    snapshots = make_snapshots(
        [prepared(state) for state in states],
        "aer_shots",
        400,
        bases="random-pauli",
        labels=fields,
        random_state=0,
    )
    measuring = time.process_time() - start
    start = time.process_time()
    grams = {"shadows": shadow_kernel(split_by_label(snapshots)[0])}
    seconds = time.process_time() - start
    grams["fidelity"] = np.abs(states @ states.T) ** 2
    learnt, upper = (fields < 0.65) | (fields > 1.45), fields > 1
    # The field of the transition itself belongs to neither phase.
    scored = np.abs(fields - 1) > 1e-6
    found: Row = {"measuring_seconds": measuring, "kernel_seconds": seconds}
    for name, gram in grams.items():
        machine = SVC(kernel="precomputed", C=100)
        machine.fit(gram[np.ix_(learnt, learnt)], upper[learnt])
        values = machine.decision_function(gram[:, learnt])
        before = int(np.flatnonzero(values < 0)[-1])
        share = values[before] / (values[before] - values[before + 1])
        found[name] = {
            "accuracy": machine.score(gram[np.ix_(scored, learnt)], upper[scored]),
            "boundary": float(fields[before] + share * (fields[before + 1] - fields[before])),
        }
        print(f"{name}: {found[name]}")
    return found


def show(rows: list[Row], first: str) -> None:
    """Print fidelities and seconds."""
    lines = [
        [
            str(row[first]),
            f"{row['fidelity']:.4f}",
            f"{row['least_fidelity']:.4f}",
            f"{row['histogram']:.4f}",
            f"{row['seconds']:.1f}",
        ]
        for row in rows
    ]
    header = [first, "fidelity, mean", "least", "histogram, phases given", "CPU s"]
    print(table(header, lines, 1))


PARTS: dict[str, Callable[[argparse.Namespace], Any]] = {
    "ising": run_ising,
    "w": run_w,
    "twenty": run_twenty,
    "kernel": run_kernel,
}


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all unless named")
    parser.add_argument("--qucumber", type=Path, help="Python of QuCumber's environment")
    parser.add_argument("--seeds", type=int, default=4, help="repetitions of ising and w")
    parser.add_argument(
        "--fields", type=float, nargs="+", default=[0.5, 1.0, 1.5], help="of ising and twenty"
    )
    options = parser.parse_args()
    for part in options.parts or PARTS:
        found = PARTS[part](options)
        about = {"measured": now(), "versions": versions("numpy", "scipy", "scikit-learn")}
        keep(RESULTS, part, {**about, "found": found})


if __name__ == "__main__":
    main()
