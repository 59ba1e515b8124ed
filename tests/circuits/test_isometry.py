"""Isometries: exact up to the residual, at the stated number of two-qubit gates."""

import numpy as np
import pytest
import scipy.linalg
from qiskit.quantum_info import Operator

from circuits.isometry import complete, isometry, unitary


def random_isometry(outer, inner, complex_entries, seed):
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(2**outer, 2**inner))
    if complex_entries:
        matrix = matrix + 1j * generator.normal(size=matrix.shape)
    return np.linalg.qr(matrix)[0]


def two_qubit_count(circuit):
    return sum(len(instruction.qubits) == 2 for instruction in circuit.data)


@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize(("inner", "gates"), [(0, 0), (1, 2), (2, 11), (3, 53)])
def test_isometry_is_exact_up_to_its_residual(inner, gates, complex_entries):
    matrix = random_isometry(inner + 1, inner, complex_entries, inner)
    circuit, residual = isometry(matrix)
    made = np.kron(np.eye(2), residual) @ Operator(circuit).data[:, : 2**inner]
    np.testing.assert_allclose(made, matrix, atol=1e-12)
    np.testing.assert_allclose(residual @ residual.conj().T, np.eye(2**inner), atol=1e-12)
    assert two_qubit_count(circuit) <= gates


@pytest.mark.parametrize(("qubits", "gates"), [(0, 0), (1, 0), (2, 3), (3, 20)])
def test_unitary_is_exact(qubits, gates):
    matrix = random_isometry(qubits, qubits, True, qubits)
    circuit = unitary(matrix)
    np.testing.assert_allclose(Operator(circuit).data, matrix, atol=1e-12)
    assert two_qubit_count(circuit) <= gates


@pytest.mark.parametrize("size", [1.0, 1e-3, 1e-5, 1e-7, 0.0])
def test_nearly_local_unitary_is_exact(size):
    generator = np.random.default_rng(3)
    hermitian = generator.normal(size=(4, 4)) + 1j * generator.normal(size=(4, 4))
    local = np.kron(random_isometry(1, 1, True, 1), random_isometry(1, 1, True, 2))
    matrix = scipy.linalg.expm(1j * size * (hermitian + hermitian.conj().T)) @ local
    np.testing.assert_allclose(Operator(unitary(matrix)).data, matrix, atol=1e-9)


def test_real_unitary_of_two_qubits_and_determinant_1_takes_two_cx():
    matrix = complete(random_isometry(2, 2, False, 0)[:, :2])
    assert np.linalg.det(matrix) == pytest.approx(1)
    assert two_qubit_count(unitary(matrix)) == 2


def test_isometry_with_equal_halves_is_exact():
    """Coinciding eigenvalues and angles of zero."""
    matrix = np.vstack([np.eye(4), np.eye(4)]) / np.sqrt(2)
    circuit, residual = isometry(matrix)
    made = np.kron(np.eye(2), residual) @ Operator(circuit).data[:, :4]
    np.testing.assert_allclose(made, matrix, atol=1e-12)
