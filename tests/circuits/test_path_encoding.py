"""Block encodings of tridiagonal Toeplitz matrices, and sums with the identity."""

import numpy as np
import pytest
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Operator
from scipy.stats import unitary_group

from circuits.block_encoding import BlockEncoding, DefiniteEncoding, scaled, with_identity
from circuits.path_encoding import path_block_encoding

ENTRIES = [(0, 0.5), (0, -0.3), (1, -1 / 3), (-1, 0.4), (2, 0.3), (-1, -1)]


def cx(circuit):
    compiled = transpile(
        circuit, basis_gates=["cx", "rz", "sx", "x"], optimization_level=2, seed_transpiler=0
    )
    return compiled.count_ops()["cx"]


def encoded(encoding):
    size = 2**encoding.system_qubits
    block = encoding.alpha * Operator(encoding.circuit).data[:size, :size]
    if encoding.frame is None:
        return block
    frame = Operator(encoding.frame).data
    return frame.conj().T @ block @ frame


def tridiagonal(size, diagonal, neighbour):
    return diagonal * np.eye(size) + neighbour * (np.eye(size, k=1) + np.eye(size, k=-1))


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize(("diagonal", "neighbour"), ENTRIES)
def test_block_is_the_matrix_and_the_workspace_returns(n, diagonal, neighbour):
    encoding = path_block_encoding(n, diagonal, neighbour)
    np.testing.assert_allclose(
        encoded(encoding), tridiagonal(2**n, diagonal, neighbour), atol=1e-12
    )
    clean = 2 ** (n + encoding.signal_qubits)
    assert np.max(np.abs(Operator(encoding.circuit).data[clean:, :clean]), initial=0) < 1e-12


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize(("diagonal", "neighbour"), ENTRIES)
def test_controlled_circuit_is_the_identity_or_the_encoding(n, diagonal, neighbour):
    encoding = path_block_encoding(n, diagonal, neighbour)
    controlled = Operator(encoding.controlled()).data
    size, clean = 2**n, 2 ** (n + encoding.signal_qubits)
    half = controlled.shape[0] // 2
    np.testing.assert_allclose(controlled[:half, :clean], np.eye(half, clean), atol=1e-12)
    on = controlled[half:, half : half + clean]
    plain = Operator(encoding.circuit).data
    np.testing.assert_allclose(on[:size, :size], plain[:size, :size], atol=1e-12)
    assert np.max(np.abs(on[clean:]), initial=0) < 1e-12


@pytest.mark.parametrize("n", [2, 3, 4, 7, 10])
def test_costs_are_those_of_the_docstring(n):
    assert cx(path_block_encoding(n, 0.0, 1.0).circuit) == 8 * n - 6
    assert cx(path_block_encoding(n, 1.0, 1.0).circuit) == 8 * n - 4
    assert cx(path_block_encoding(n, 0.0, 1.0).controlled()) <= 8 * n + 2
    assert cx(path_block_encoding(n, 1.0, -1.0).controlled()) <= 8 * n + 12


@pytest.mark.parametrize(
    ("identity", "factor"), [(1, 0.5), (-1, 0.5), (1, -0.5), (-1, -0.5), (0, -1), (-2, 0)]
)
def test_identity_is_added_with_any_signs(identity, factor):
    circuit = QuantumCircuit(2)
    circuit.unitary(unitary_group.rvs(4, random_state=0), [0, 1])
    encoding = BlockEncoding(circuit, 2.0, 1, 1, "random")
    matrix = encoded(encoding)
    both = with_identity(encoding, identity, factor)
    np.testing.assert_allclose(encoded(both), identity * np.eye(2) + factor * matrix, atol=1e-12)
    if factor:
        np.testing.assert_allclose(encoded(scaled(encoding, factor)), factor * matrix, atol=1e-12)


@pytest.mark.parametrize("centre", [2.0, -2.0])
def test_definite_encoding_is_unit_times_one_minus_k(centre):
    remainder = path_block_encoding(2, 0.0, 0.4)
    encoding = DefiniteEncoding.from_remainder(remainder, centre, 0.8)
    matrix = centre * np.eye(4) - tridiagonal(4, 0, 0.4)
    K = encoded(encoding.centred)
    np.testing.assert_allclose(encoding.unit * (np.eye(4) - K), matrix, atol=1e-12)
    np.testing.assert_allclose(encoded(encoding.opposite), np.eye(4) + K, atol=1e-12)
    assert np.max(np.abs(np.linalg.eigvalsh(K))) <= encoding.radius


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: path_block_encoding(0, 1, 1), "system_qubits = 0"),
        (lambda: path_block_encoding(2, 1, 0), "neighbour"),
        (lambda: path_block_encoding(2, np.nan, 1), "diagonal = nan"),
        (lambda: with_identity(path_block_encoding(1, 0, 1), 0, 0), "both zero"),
        (lambda: scaled(path_block_encoding(1, 0, 1), 0), "factor is zero"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
