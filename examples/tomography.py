"""A state from measured counts: W state with unknown phases, reconstructed and drawn.

Run: ``python examples/tomography.py --out tomography.png``; takes some seconds. A W state of eight
qubits, each excitation with a phase of its own, is prepared on a simulator and measured in Z on all
qubits, and in X X and X Y on each pair of neighbours. The same state is then measured in random
bases, of which the classical shadow tells observables without any model of the state.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp

from qml_algos.physics.snapshots import make_snapshots
from qml_algos.physics.tomography import (
    ClassicalShadow,
    RBMTomography,
    histogram_fidelity,
    reconstruction_figure,
)


def bases_of_neighbours(qubits: int) -> list[str]:
    """Z on all qubits, then X X and X Y on each pair of neighbours and Z on the others."""
    pairs = [
        "Z" * (qubits - first - 2) + letters + "Z" * first
        for first in range(qubits - 1)
        for letters in ("XX", "YX")
    ]
    return ["Z" * qubits, *pairs]


def main() -> None:
    """Measure, reconstruct, compare and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("tomography.png"), help="PNG to write")
    parser.add_argument("--qubits", type=int, default=8, help="2 to 12")
    parser.add_argument("--shots", type=int, default=1000, help="of each basis")
    arguments = parser.parse_args()
    qubits = arguments.qubits
    phases = np.random.default_rng(0).uniform(-np.pi, np.pi, qubits)
    target = np.zeros(2**qubits, dtype=complex)
    target[1 << np.arange(qubits)] = np.exp(1j * phases) / np.sqrt(qubits)
    circuit = QuantumCircuit(qubits)
    circuit.prepare_state(target)
    snapshots = make_snapshots(
        circuit,
        "aer_shots",
        arguments.shots,
        bases=bases_of_neighbours(qubits),
        random_state=0,
    )
    print(snapshots)
    found = RBMTomography(random_state=0).fit(snapshots)
    print(f"{found.state_}: fidelity {found.fidelity(target):.4f}")
    given = histogram_fidelity(snapshots, target)
    print(f"moduli from counts in Z, with all phases given: fidelity {given:.4f}")
    random = make_snapshots(
        circuit, "aer_shots", 20, bases="random-pauli", bases_count=200, random_state=1
    )
    hopping = SparsePauliOp.from_sparse_list(
        [("XX", [q, q + 1], 0.5) for q in range(qubits - 1)]
        + [("YY", [q, q + 1], 0.5) for q in range(qubits - 1)],
        qubits,
    )
    told = ClassicalShadow(random).expectation(hopping)
    true = 2 / qubits * np.cos(np.diff(phases)).sum()
    print(
        f"hopping energy: {true:.3f}; from its shadow {told.value:.3f} +- {told.standard_error:.3f}"
    )
    reconstruction_figure(target, found.state_, snapshots).savefig(arguments.out)
    print(f"Drawn to {arguments.out}")


if __name__ == "__main__":
    main()
