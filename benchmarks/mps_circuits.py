"""Circuits of matrix product states: gates and distances, and what devices make of a trained one.

``OMP_NUM_THREADS=1 python benchmarks/mps_circuits.py [--data DIR] [--parts random trained ...]``

``random``: states of 16 qubits and given bonds. ``trained``: a Born machine of bond 8 as circuits,
trained on NLTCS with ``--data``, the folder of its three files, and else on a synthetic set.
``deployed``: the same on simulators and on the noisy Heron model. ``digits``: models of 64 binary
pixels on the simulator of matrix product states. Times are CPU seconds of one BLAS thread. Each
part is kept in results/mps_circuits.json under its name.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import transpile
from qiskit.quantum_info import Statevector

from circuits.matrix_product_state import Tensor, mps_preparation, mps_vector, truncate
from circuits.tensor_network.preparation import prepare_mps
from linear_report import keep, now, table, versions
from qml_algos.generative.data.density_sets import read_density_set
from qml_algos.generative.data.digits import load_binary_digits
from qml_algos.generative.deployment.deploy import deploy
from qml_algos.generative.deployment.deployed import Deployed
from qml_algos.generative.mps_born_machine import MPSBornMachine

RESULTS = Path(__file__).with_name("results") / "mps_circuits.json"
QUBITS = 16
BONDS = (4, 8, 16)
BOND = 8
"""Of the trained models."""

ASKED: tuple[dict[str, Any], ...] = (
    {"fidelity": 1.0},
    {"fidelity": 0.99},
    {"fidelity": 0.99, "max_two_qubit_gates": 180},
    {"fidelity": 0.99, "max_two_qubit_gates": 60},
    {"fidelity": 0.99, "target": "heron_r3"},
)
KNOWN: dict[str, dict[str, float]] = {
    "exact, isometries by Qiskit": {"two_qubit_gates": 1079, "fidelity": 1.0},
    "6 layers of SO(4) gates, optimised": {"two_qubit_gates": 180, "fidelity": 0.970},
    "6 layers by Ran": {"two_qubit_gates": 180, "fidelity": 0.836},
}
"""A trained state of the same set and size, measured when this work was planned."""

DEPLOYED: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("aer", 100_000, {"fidelity": 1.0}),
    ("aer", 100_000, {"fidelity": 0.99}),
    ("aer_mps", 10_000, {"fidelity": 0.99}),
    ("heron_r3", 1_000, {"fidelity": 0.99}),
    ("heron_r3", 1_000, {"fidelity": 0.99, "max_two_qubit_gates": 60}),
)
"""Backends, shots, and what is asked of the circuit."""

Row = dict[str, Any]
Trained = tuple[str, MPSBornMachine, NDArray[np.int64]]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--data", type=Path, help="folder of nltcs.train.data and its like")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    for part in options.parts:
        rows = PARTS[part](options.data)
        found = {"measured": now(), "versions": versions("qml-algos", "numpy", "scipy", "qiskit")}
        keep(options.out, part, found | {"rows": rows})
        print(part)
        header = list(rows[0])
        print(table(header, [[_cell(row.get(key)) for key in header] for row in rows], 2))


def random_rows(_: Path | None) -> list[Row]:
    """Prepare states with normal entries exactly."""
    return [_random_row(bond) for bond in BONDS]


def trained_rows(folder: Path | None) -> list[Row]:
    """Prepare a trained state to several fidelities and within several numbers of gates."""
    name, model, _ = trained(folder)
    rows = [_trained_row(name, model, asked) for asked in ASKED]
    if folder is not None:
        return rows + [
            {"set": name, "asked": f"known: {what}"} | row for what, row in KNOWN.items()
        ]
    return rows


def deployed_rows(folder: Path | None) -> list[Row]:
    """Draw samples from a trained model on backends."""
    name, model, X_test = trained(folder)
    return [_deployed_row(name, model, X_test, *run) for run in DEPLOYED]


def digits_rows(_: Path | None) -> list[Row]:
    """Draw samples of 64 pixels, of which no statevector can be written down."""
    train, test = load_binary_digits()
    held_out = np.random.default_rng(0).permutation(len(train.X)) < 250
    rows = []
    for bond in (2, BOND):
        model = MPSBornMachine(bond, order="natural")
        model.fit(train.X[~held_out], X_valid=train.X[held_out])
        for asked in ({"fidelity": 1.0}, {"max_two_qubit_gates": 300}):
            name = f"digits, bond {bond}"
            rows.append(_deployed_row(name, model, test.X, "aer_mps", 2000, asked))
    return rows


def trained(folder: Path | None) -> Trained:
    """Train on NLTCS, or on five prototypes with noise if there is no folder of it."""
    if folder is not None:
        parts = read_density_set(folder, "nltcs")
        train, valid, test = parts.train.X, parts.valid.X, parts.test.X
    else:
        train, valid, test = (_prototypes(seed, 3000) for seed in range(3))
    model = MPSBornMachine(BOND, smoothing="none", random_state=0).fit(train, X_valid=valid)
    return "prototypes" if folder is None else "NLTCS", model, test


def random_state(bond: int) -> list[Tensor]:
    """Draw normal entries."""
    generator = np.random.default_rng(0)
    bonds = [min(bond, 2 ** min(site, QUBITS - site)) for site in range(QUBITS + 1)]
    shapes = [(bonds[site], 2, bonds[site + 1]) for site in range(QUBITS)]
    return truncate([generator.normal(size=shape) for shape in shapes], bond)


def _random_row(bond: int) -> Row:
    """Prepare one state; the fidelity is that of the circuit simulated."""
    state = random_state(bond)
    start = time.process_time()
    prepared = prepare_mps(state)
    seconds = time.process_time() - start
    compiled = transpile(prepared.circuit, basis_gates=["cx", "u"], optimization_level=2)
    overlap = np.vdot(mps_vector(state), Statevector(prepared.circuit).data)
    return {
        "state": f"bond {bond}",
        "method": prepared.method,
        "fidelity": round(float(abs(overlap) ** 2), 6),
        "two_qubit_gates": prepared.two_qubit_gates,
        "transpiled": compiled.num_nonlocal_gates(),
        "closed_formulas": mps_preparation(state).num_nonlocal_gates(),
        "cpu_seconds": round(seconds, 1),
    }


def _trained_row(name: str, model: MPSBornMachine, asked: dict[str, Any]) -> Row:
    start = time.process_time()
    prepared = model.to_circuit(**asked)
    seconds = time.process_time() - start
    overlap = np.vdot(mps_vector(model.cores_), Statevector(prepared.circuit).data)
    return {
        "set": name,
        "asked": _asked(asked),
        "two_qubit_gates": prepared.two_qubit_gates,
        "fidelity": round(float(abs(overlap) ** 2), 4),
        "kl_nats": round(prepared.distances.kl_divergence, 4),
        "total_variation": round(prepared.distances.total_variation, 4),
        "two_qubit_depth": prepared.two_qubit_depth,
        "method": prepared.method,
        "cpu_seconds": round(seconds, 1),
    }


def _deployed_row(
    name: str,
    model: MPSBornMachine,
    X_test: NDArray[np.int64],
    backend: str,
    shots: int,
    asked: dict[str, Any],
) -> Row:
    start = time.process_time()
    found = deploy(model, backend, shots, X_test=X_test, random_state=0, **asked)
    seconds = time.process_time() - start
    print(f"{name}\n{found}")
    return {"set": name, "backend": backend, "asked": _asked(asked), "shots": shots} | _figures(
        found, seconds
    )


def _figures(found: Deployed, seconds: float) -> Row:
    nll, noise = found.test_nll, found.shot_noise
    assert nll is not None
    return {
        "fidelity": round(found.fidelity, 4),
        "two_qubit_gates": found.resources.two_qubit_gates,
        "depth": found.resources.depth,
        "cross_entropy": round(found.cross_entropy.value, 3),
        "cross_entropy_error": round(found.cross_entropy.standard_error, 3),
        "entropy": round(found.entropy.value, 3),
        "total_variation": found.total_variation and round(found.total_variation, 4),
        "shot_noise": noise and round(noise.expected, 4),
        "test_nll": round(nll.device.value, 3),
        "test_nll_of_exact_samples": round(nll.exact_samples.value, 3),
        "excess": round(nll.excess.value, 3),
        "excess_error": round(nll.excess.standard_error, 3),
        "test_nll_of_model": round(nll.model.value, 3),
        "cpu_seconds": round(seconds, 1),
    }


def _asked(asked: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in asked.items())


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _prototypes(seed: int, count: int) -> NDArray[np.int64]:
    """Draw rows of five prototypes, each bit turned with a probability of 0.1."""
    prototypes = np.random.default_rng(9).integers(0, 2, size=(5, QUBITS))
    generator = np.random.default_rng(seed)
    X = prototypes[generator.integers(0, 5, count)]
    return np.where(generator.random(X.shape) < 0.1, 1 - X, X)


PARTS: dict[str, Callable[[Path | None], list[Row]]] = {
    "random": random_rows,
    "trained": trained_rows,
    "deployed": deployed_rows,
    "digits": digits_rows,
}


if __name__ == "__main__":
    main()
