"""About how long a noisy simulation takes, so that what would take days is refused."""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit

from qml_algos.backends.cut import along_a_chain, gates, used_qubits

# Seconds of one processor of 2024, measured by benchmarks/noise.py; right within a factor of a few.
PER_ENTRY = 2e-9
PER_AMPLITUDE = 4e-10
PER_TENSOR_GATE = 4e-5
PER_TENSOR_ENTRY = 1e-8


def density_matrix_seconds(circuit: QuantumCircuit, sets: int) -> float:
    """Every gate goes through all 4**n entries, once for each parameter set."""
    return PER_ENTRY * sets * len(_places(circuit)) * 4.0 ** len(used_qubits(circuit))


def branching_seconds(circuit: QuantumCircuit, sets: int, shots: int) -> float:
    """Upper bound: every shot goes a way of its own through all 2**n amplitudes."""
    amplitudes = 2.0 ** len(used_qubits(circuit))
    return PER_AMPLITUDE * sets * shots * len(_places(circuit)) * amplitudes


def matrix_product_state_seconds(circuit: QuantumCircuit, sets: int, shots: int) -> float:
    """Upper bound: every gate across a cut doubles its bond, up to what the qubits allow.

    A gate between neighbours costs the cube of their bond dimension.
    """
    places = _places(circuit)
    position = {q: i for i, q in enumerate(along_a_chain(circuit, used_qubits(circuit)))}
    spans = [sorted(position[q] for q in qubits) for qubits in places if len(qubits) == 2]
    crossings = np.zeros(max(len(position) - 1, 1))
    for low, high in spans:
        crossings[low:high] += 1
    left = np.arange(1, len(crossings) + 1)
    bonds = 2.0 ** np.minimum(crossings, np.minimum(left, left[::-1]))
    cubes = sum(float(np.sum(bonds[low:high] ** 3)) for low, high in spans)
    return sets * shots * (PER_TENSOR_GATE * len(places) + PER_TENSOR_ENTRY * cubes)


def _places(circuit: QuantumCircuit) -> list[list[int]]:
    return gates(circuit, range(circuit.num_qubits))
