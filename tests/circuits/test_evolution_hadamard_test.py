"""The Hadamard test of an evolution, and evolutions made of others: exact probabilities."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator, Statevector, random_unitary

from circuits import DiagonalisedEvolution, state_preparation
from circuits.evolution_hadamard_test import evolution_hadamard_test
from circuits.unitary_evolution import PaddedEvolution, UnitaryEvolution


@pytest.mark.parametrize("phase", [0.0, -np.pi / 2, 0.9])
@pytest.mark.parametrize("time", [0.4, 3.0])
def test_clock_is_read_with_the_stated_probability(phase, time):
    matrix = np.random.default_rng(0).normal(size=(4, 4))
    values, vectors = np.linalg.eigh(matrix + matrix.T)
    state = np.array([0.1, 0.5, -0.7, 0.5]) + 0j
    circuit = evolution_hadamard_test(
        state_preparation(state), DiagonalisedEvolution.of_hermitian(values, vectors), time, phase
    )
    assert circuit.metadata == {"classically_diagonalised": True}
    final = Statevector(circuit.remove_final_measurements(inplace=False))
    weights = np.abs(vectors.T @ state / np.linalg.norm(state)) ** 2
    expected = (1 + weights @ np.cos(values * time + phase)) / 2
    assert final.probabilities([2])[0] == pytest.approx(expected, abs=1e-10)


def test_preparation_of_another_size_is_refused():
    evolution = DiagonalisedEvolution.of_hermitian(np.array([1.0, 0.0]), np.eye(2))
    with pytest.raises(ValueError, match="preparation acts on 2 qubits, the evolution on 1"):
        evolution_hadamard_test(QuantumCircuit(2), evolution, 1.0)


@pytest.mark.parametrize("time", [1, 2, -1])
@pytest.mark.parametrize("form", ["matrix", "circuit"])
def test_powers_of_a_unitary_are_those_of_the_time_register(time, form):
    U = random_unitary(4, seed=1).data
    circuit = QuantumCircuit(2)
    circuit.unitary(U, [0, 1])
    evolution = UnitaryEvolution(circuit) if form == "circuit" else UnitaryEvolution.of_matrix(U)
    found = Operator(evolution.controlled_powers(2, time)).data
    expected = np.zeros((16, 16), dtype=complex)
    for tau in range(4):
        block = slice(4 * tau, 4 * tau + 4)
        expected[block, block] = np.linalg.matrix_power(U, time * tau)
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_padded_evolution_leaves_the_other_qubits_alone():
    inner = UnitaryEvolution.of_matrix(random_unitary(2, seed=2).data)
    padded = PaddedEvolution(inner, 1)
    found = Operator(padded.controlled_powers(1, 1)).data
    small = Operator(inner.controlled_powers(1, 1)).data.reshape(2, 2, 2, 2)
    expected = np.einsum("cadb,ij->ciadjb", small, np.eye(2)).reshape(8, 8)
    np.testing.assert_allclose(found, expected, atol=1e-10)
    assert padded.enter().num_qubits == padded.leave().num_qubits == padded.system_qubits == 2
