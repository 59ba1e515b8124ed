"""Trained ansätze diagonalise a density matrix; singular values of a state."""

import numpy as np
import pytest
import scipy.optimize
from copied_states import joint_probabilities, random_state
from qiskit import QuantumCircuit
from qiskit.circuit.library import UnitaryGate
from qiskit.quantum_info import Operator, Statevector

from circuits import hardware_efficient_ansatz, state_preparation
from circuits.density_matrix.purification import purified_density_matrix
from circuits.density_matrix.variational import (
    diagonalisation_circuit,
    eigenvector_circuit,
    global_energies,
    local_energies,
    singular_value_circuit,
)


def test_training_finds_eigenvalues_in_order_and_circuits_for_eigenvectors():
    rho = np.cov(np.random.default_rng(3).normal(size=(4, 20)) * [[3], [2], [1], [0.5]])
    rho /= np.trace(rho)
    copy = purified_density_matrix(rho).circuit
    ansatz, energies = hardware_efficient_ansatz(2, 2), local_energies(2)

    def probabilities(angles):
        unitary = Operator(ansatz.assign_parameters(angles)).data
        return np.diag(unitary.conj().T @ rho @ unitary).real

    start = np.random.default_rng(0).normal(size=ansatz.num_parameters)
    trained = scipy.optimize.minimize(lambda angles: energies @ probabilities(angles), start).x
    expected = np.linalg.eigvalsh(rho)[::-1]
    found = joint_probabilities(diagonalisation_circuit(copy, 2, ansatz).assign_parameters(trained))
    assert found == pytest.approx(probabilities(trained), abs=1e-10)
    assert found == pytest.approx(expected, abs=1e-4)
    vector = Statevector(eigenvector_circuit(ansatz, trained, 1)).data
    assert np.vdot(vector, rho @ vector).real == pytest.approx(expected[1], abs=1e-4)
    assert np.linalg.norm(rho @ vector - expected[1] * vector) < 1e-2


@pytest.mark.parametrize("qubits", [1, 2, 5])
def test_local_energies_single_out_the_lowest(qubits):
    energies = np.sort(local_energies(qubits))
    assert np.unique(energies[: qubits + 1]).size == qubits + 1
    assert local_energies(qubits)[0] == 0
    assert set(energies[: qubits + 1]) == {0, *(1 + np.arange(qubits) / qubits)}


def test_energies_are_those_of_their_operators():
    assert local_energies(2, [1, 3]).tolist() == [0, 1, 3, 4]
    assert global_energies(2, [2, 1]).tolist() == [1, 0.5, 0, 1]


def test_both_parts_read_the_same_with_the_singular_vectors_undone():
    matrix = random_state(1, 8).reshape(2, 4)
    left, values, right = np.linalg.svd(matrix)
    circuits = []
    for vectors in (left, right.T):
        circuits.append(QuantumCircuit(vectors.shape[0].bit_length() - 1))
        circuits[-1].append(UnitaryGate(vectors), circuits[-1].qubits)
    circuit = singular_value_circuit(state_preparation(matrix.ravel()), *circuits)
    found = joint_probabilities(circuit)
    assert found[[0, 1], [0, 1]] == pytest.approx(values**2, abs=1e-10)
    assert [register.name for register in circuit.cregs] == ["right", "left"]


def test_what_makes_no_sense_is_refused():
    copy, ansatz = QuantumCircuit(3), hardware_efficient_ansatz(2, 1)
    with pytest.raises(ValueError, match="ansatz has 2 qubits, the state 3"):
        diagonalisation_circuit(copy, 3, ansatz)
    with pytest.raises(ValueError, match="outcome = 4"):
        eigenvector_circuit(ansatz, np.zeros(4), 4)
    with pytest.raises(ValueError, match=r"values has shape \(3,\): the ansatz has 4"):
        eigenvector_circuit(ansatz, np.zeros(3), 0)
    with pytest.raises(ValueError, match="qubits = 0"):
        local_energies(0)
    with pytest.raises(ValueError, match="2 positive numbers"):
        local_energies(2, [1, -1])
    with pytest.raises(ValueError, match="qubits = 0"):
        global_energies(0, [0])
    for outcomes in ([4], [1, 1], [0.5], []):
        with pytest.raises(ValueError, match="different numbers of 2 bits"):
            global_energies(2, outcomes)
    with pytest.raises(ValueError, match="state has 3 qubits"):
        singular_value_circuit(copy, ansatz, ansatz)
