"""Encodings from tables and oracles against the matrices, their controls, error and cost."""

import numpy as np
import pytest
import scipy.sparse as sp
from encoding_checks import block, check_controlled, cx_count
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit

from circuits.multiplexed_state import multiplexed_amplitude
from circuits.sparse_encoding import (
    fable_block_encoding,
    sparse_block_encoding,
    xor_block_encoding,
)

RUNS = settings(deadline=None, derandomize=True, max_examples=25)
TABLES = [xor_block_encoding, fable_block_encoding]


def random_matrix(seed, size, *, complex_entries=False, density=1.0):
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(size, size))
    if complex_entries:
        matrix = matrix + 1j * generator.normal(size=(size, size))
    matrix = matrix * (generator.random(size=(size, size)) < density)
    matrix[0, 0] = 1
    return matrix


def padded(matrix):
    size = 1 << (len(matrix) - 1).bit_length()
    return np.pad(matrix, (0, size - len(matrix)))


@pytest.mark.parametrize("build", TABLES)
@RUNS
@given(st.integers(0, 99), st.integers(2, 8), st.booleans(), st.sampled_from([0.1, 0.4, 1.0]))
def test_block_is_the_matrix(build, seed, size, complex_entries, density):
    matrix = random_matrix(seed, size, complex_entries=complex_entries, density=density)
    encoding = build(sp.csr_array(matrix) if density < 1 else matrix)
    np.testing.assert_allclose(block(encoding), padded(matrix), atol=1e-7)


def test_alpha_is_the_sum_of_each_patterns_largest_entry():
    matrix = np.array([[1, 2, 0, 0], [-3, 1, 0, 0], [0, 0, 4, 0], [0.5, 0, 0, 1]])
    assert xor_block_encoding(matrix).alpha == pytest.approx(4 + 3 + 0.5)
    assert fable_block_encoding(matrix).alpha == pytest.approx(4 * 4)


@pytest.mark.parametrize("build", TABLES)
@pytest.mark.parametrize("complex_entries", [False, True])
def test_control_switches_the_block(build, complex_entries):
    check_controlled(build(random_matrix(0, 4, complex_entries=complex_entries)))


def butterfly(n):
    """Each state coupled to those that differ in one bit: n + 1 patterns of 2**n."""
    size = 2**n
    generator = np.random.default_rng(n)
    matrix = np.diag(generator.normal(size=size))
    for bit in range(n):
        for j in range(size):
            matrix[j, j ^ 1 << bit] = generator.normal()
    return matrix


def test_few_patterns_take_few_index_qubits():
    encoding = xor_block_encoding(butterfly(3))
    assert encoding.signal_qubits == 3
    np.testing.assert_allclose(block(encoding), butterfly(3), atol=1e-9)
    check_controlled(encoding)
    assert xor_block_encoding(np.diag([1.0, 2.0, 3.0, 4.0])).signal_qubits == 1


@pytest.mark.parametrize("n", [2, 3, 4])
def test_cost_is_as_stated(n):
    real = xor_block_encoding(random_matrix(n, 2**n))
    prepared = 2 * (2**n - n - 1)
    assert cx_count(real.circuit) <= 4**n - 1 + prepared + n
    both = xor_block_encoding(random_matrix(n, 2**n, complex_entries=True))
    assert cx_count(both.circuit) <= 2 * 4**n - 1 + prepared + n
    assert cx_count(fable_block_encoding(random_matrix(n, 2**n)).circuit) <= 4**n - 1 + n
    r = n.bit_length()
    few = xor_block_encoding(butterfly(n))
    assert cx_count(few.circuit) <= 2 ** (n + r) - 1 + 2 * (2**r - r - 1) + n * 2**r


@pytest.mark.parametrize("build", TABLES)
@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize("epsilon", [1e-3, 0.1, 1.0])
def test_compression_keeps_its_error_and_does_not_add_gates(build, complex_entries, epsilon):
    matrix = random_matrix(1, 8, complex_entries=complex_entries)
    encoding = build(matrix, epsilon)
    assert np.linalg.norm(block(encoding) - matrix, 2) <= epsilon * (1 + 1e-9)
    assert cx_count(encoding.circuit) <= cx_count(build(matrix).circuit)


def test_compression_saves_gates_on_a_smooth_matrix():
    grid = np.linspace(0, 1, 16)
    matrix = np.exp(-((grid[:, None] - grid) ** 2))
    exact, rough = fable_block_encoding(matrix), fable_block_encoding(matrix, 0.2)
    assert cx_count(rough.circuit) < 0.4 * cx_count(exact.circuit)


def test_bound_by_left_out_components_holds():
    """The bound that the docstring of ``fable_block_encoding`` derives."""
    generator = np.random.default_rng(0)
    size = 8
    values = generator.uniform(-1, 1, size=(size, size))
    angles = 2 * np.arccos(values)
    components = generator.normal(size=angles.size) * 1e-2
    signs = 1 - 2.0 * (
        np.bitwise_count(np.arange(angles.size)[:, None] & np.arange(angles.size)) & 1
    )
    change = np.cos((angles.ravel() + signs @ components) / 2).reshape(size, size) - values
    assert np.linalg.norm(change, 2) <= size / 2 * np.linalg.norm(components)


def cyclic_oracles(entries):
    """Column j holds ``entries[l, j]`` in row j + l modulo 4, for l = 0, 1, 2."""
    location = QuantumCircuit(5)
    # Add l to j: carry of the low digits in the workspace.
    location.ccx(2, 0, 4)
    location.cx(4, 1)
    location.ccx(2, 0, 4)
    location.cx(2, 0)
    location.cx(3, 1)
    table = np.zeros((4, 4))
    table[:3] = entries
    return location, multiplexed_amplitude(table.ravel())


def test_oracles_give_the_matrix_with_alpha_sparsity_times_largest():
    entries = np.random.default_rng(0).uniform(-1, 1, size=(3, 4))
    encoding = sparse_block_encoding(*cyclic_oracles(entries), 2, 3, largest=2.0)
    expected = np.zeros((4, 4))
    for row, column in np.ndindex(3, 4):
        expected[(row + column) % 4, column] = 2 * entries[row, column]
    np.testing.assert_allclose(block(encoding), expected, atol=1e-9)
    assert encoding.alpha == 6
    assert encoding.signal_qubits == 3
    assert encoding.workspace_qubits == 1
    check_controlled(encoding)


@pytest.mark.parametrize("build", TABLES)
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (np.ones((2, 3)), r"matrix has shape \(2, 3\)"),
        (np.ones((1, 1)), r"matrix has shape \(1, 1\)"),
        ([[1, np.nan], [0, 1]], "matrix contains NaN"),
        (np.zeros((2, 2)), "matrix is zero"),
    ],
)
def test_bad_matrix_is_refused(build, bad, message):
    with pytest.raises(ValueError, match=message):
        build(bad)


@pytest.mark.parametrize("build", TABLES)
@pytest.mark.parametrize("epsilon", [-1.0, np.nan])
def test_bad_epsilon_is_refused(build, epsilon):
    with pytest.raises(ValueError, match="epsilon"):
        build(np.eye(2), epsilon)


def test_oracles_with_too_few_qubits_and_bad_numbers_are_refused():
    location, value = cyclic_oracles(np.ones((3, 4)))
    with pytest.raises(ValueError, match=r"location has 3 qubits; .* need 4"):
        sparse_block_encoding(QuantumCircuit(3), value, 2, 3)
    with pytest.raises(ValueError, match=r"value has 4 qubits; .* need 5"):
        sparse_block_encoding(location, QuantumCircuit(4), 2, 3)
    with pytest.raises(ValueError, match="sparsity = 5"):
        sparse_block_encoding(location, value, 2, 5)
    with pytest.raises(ValueError, match="largest = 0"):
        sparse_block_encoding(location, value, 2, 3, largest=0)
