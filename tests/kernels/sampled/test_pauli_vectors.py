"""Pauli vectors from shots, held against exact states."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.quantum_info import SparsePauliOp, Statevector
from scipy.stats import chi2

from qml_algos import backend
from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.paulis import local_paulis
from qml_algos.kernels.sampled import sampled_pauli_vectors

QUBITS, SHOTS = 3, 2000


def preparation() -> QuantumCircuit:
    """Rotations of all kinds, entangled; named so that their order is not that of the circuit."""
    circuit = QuantumCircuit(QUBITS)
    for qubit, angle in enumerate(ParameterVector("z", QUBITS)):
        circuit.u(angle, 0.4, -0.7, qubit)
        circuit.cx(qubit, (qubit + 1) % QUBITS)
    for qubit, angle in enumerate(ParameterVector("a", QUBITS)):
        circuit.p(angle, qubit)
        circuit.rx(angle, qubit)
    return circuit


ANGLES = np.random.default_rng(0).uniform(-3, 3, (4, 2 * QUBITS))


def exact(locality: int) -> np.ndarray:
    operators = [
        SparsePauliOp.from_sparse_list(
            [("".join(letter for _, letter in pauli), [qubit for qubit, _ in pauli], 1)], QUBITS
        )
        for pauli in local_paulis(QUBITS, locality)
    ]
    states = [Statevector(preparation().assign_parameters(row)) for row in ANGLES]
    return np.array([[s.expectation_value(o).real for o in operators] for s in states])


@pytest.mark.parametrize(
    ("where", "locality"), [("aer_shots", 1), ("aer_shots", 2), ("lightning", 1)]
)
def test_pauli_vectors_agree_with_states_within_their_errors(where, locality) -> None:
    """Of each state the squares of deviations add up; Paulis of one basis are not independent, so
    that the bound, exceeded with a probability of 1e-6 by as many independent ones, is wide."""
    values, errors = sampled_pauli_vectors(
        preparation(), ANGLES, locality, backend=backend(where), shots=SHOTS, seed=5
    )
    deviations = (values - exact(locality)) / errors
    assert deviations.shape == (4, {1: 9, 2: 36}[locality])
    assert np.sum(deviations**2) < chi2.isf(1e-6, deviations.size)
    assert np.std(deviations) > 0.5


def test_a_pauli_measured_in_several_bases_has_a_smaller_error() -> None:
    _, errors = sampled_pauli_vectors(
        preparation(), ANGLES, 2, backend=backend("aer_shots"), shots=SHOTS, seed=5
    )
    # Single-qubit Paulis are measured in three of the nine bases.
    bound = 1 / np.sqrt(SHOTS)
    assert errors[:, : 3 * QUBITS].max() <= bound / np.sqrt(3)
    assert bound / np.sqrt(3) < errors[:, 3 * QUBITS :].max() <= bound


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"locality": 3}, "locality = 3"),
        ({"angles": ANGLES[:, :2]}, r"angles has shape \(4, 2\)"),
        ({"circuit": preparation().measure_all(inplace=False)}, "classical bits"),
        ({"circuit": QuantumCircuit(1)}, "no parameters"),
    ],
)
def test_bad_input_is_refused(how, reason) -> None:
    given = {"circuit": preparation(), "angles": ANGLES, "locality": 1, **how}
    with pytest.raises(InvalidProblemError, match=reason):
        sampled_pauli_vectors(**given, backend=backend("aer_shots"), shots=10, seed=0)
