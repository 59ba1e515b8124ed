"""Runs ahead of the circuit that is built: how often a condition on some qubits holds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from qiskit import ClassicalRegister, QuantumCircuit

from qml_algos.backends import Backend
from qml_algos.results import Estimate


class Acceptance(NamedTuple):
    """A probability, and how many shots it took (0 if exact)."""

    probability: Estimate
    shots: int


def acceptance_probability(
    circuit: QuantumCircuit, data_qubits: int, accepted: int, backend: Backend, seed: int
) -> Acceptance:
    """Probability that the qubits above ``data_qubits``, read as a number, have a value.

    From the statevector on an exact backend, else from the backend's default number of shots.
    """
    if backend.exact:
        [compiled] = backend.compile([circuit])
        amplitudes = backend.statevector(compiled).reshape(-1, 2**data_qubits)[accepted]
        return Acceptance(Estimate(float(np.linalg.norm(amplitudes) ** 2), 0.0), 0)
    measured = circuit.copy()
    others = ClassicalRegister(circuit.num_qubits - data_qubits, "others")
    measured.add_register(others)
    measured.measure(range(data_qubits, circuit.num_qubits), others)
    [compiled] = backend.compile([measured])
    shots = backend.config.limits.default_shots
    [result] = backend.sampler(seed).run([compiled], shots=shots).result()
    bits = result.data.others.to_bool_array(order="little")
    wanted = np.array([accepted >> bit & 1 for bit in range(bits.shape[1])], dtype=bool)
    share = float(np.mean(np.all(bits == wanted, axis=1)))
    return Acceptance(Estimate(share, float(np.sqrt(share * (1 - share) / shots))), shots)
