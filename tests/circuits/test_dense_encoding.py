"""Encodings of dense matrices against the matrices, their controls, alpha and stated cost."""

import numpy as np
import pytest
from encoding_checks import block, check_controlled, cx_count
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.dense_encoding import (
    dilation_block_encoding,
    frobenius_block_encoding,
    row_block_encoding,
)
from circuits.sparse_encoding import xor_block_encoding

RUNS = settings(deadline=None, derandomize=True, max_examples=12)


def demultiplexed(matrix):
    return dilation_block_encoding(matrix, demultiplexed=True)


BUILDERS = [frobenius_block_encoding, row_block_encoding, dilation_block_encoding, demultiplexed]


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


@pytest.mark.parametrize("build", BUILDERS)
@RUNS
@given(st.integers(0, 99), st.integers(2, 8), st.booleans(), st.sampled_from([0.3, 1.0]))
def test_block_is_the_matrix(build, seed, size, complex_entries, density):
    matrix = random_matrix(seed, size, complex_entries=complex_entries, density=density)
    np.testing.assert_allclose(block(build(matrix)), padded(matrix), atol=1e-7)


@pytest.mark.parametrize("build", [frobenius_block_encoding, row_block_encoding])
@pytest.mark.parametrize("complex_entries", [False, True])
def test_control_switches_the_block(build, complex_entries):
    check_controlled(build(random_matrix(0, 4, complex_entries=complex_entries)))


def test_control_of_a_dilation_switches_the_block():
    check_controlled(dilation_block_encoding(random_matrix(0, 2)))


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_rows_by_frobenius_norm_cost_what_is_stated(n):
    real = frobenius_block_encoding(random_matrix(n, 2**n))
    assert cx_count(real.circuit) <= 4**n - 2 * n - 1
    both = frobenius_block_encoding(random_matrix(n, 2**n, complex_entries=True))
    assert cx_count(both.circuit) <= 2 * 4**n - 2 * n - 3
    assert real.alpha == pytest.approx(np.linalg.norm(random_matrix(n, 2**n)))


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_rows_by_common_weights_cost_what_is_stated(n):
    real = row_block_encoding(random_matrix(n, 2**n))
    assert cx_count(real.circuit) <= 4**n + 2**n - n - 2
    both = row_block_encoding(random_matrix(n, 2**n, complex_entries=True))
    assert cx_count(both.circuit) <= 2 * 4**n + 2**n - n - 4


@RUNS
@given(st.integers(0, 99), st.integers(2, 16), st.sampled_from([0.2, 1.0]))
def test_common_weights_never_do_worse_than_xor_patterns_or_equal_weights(seed, size, density):
    matrix = random_matrix(seed, size, density=density)
    alpha = row_block_encoding(matrix).alpha
    largest_row = np.linalg.norm(matrix, axis=1).max()
    assert alpha <= xor_block_encoding(matrix).alpha * (1 + 1e-12)
    assert alpha <= np.sqrt(len(padded(matrix))) * largest_row * (1 + 1e-12)
    assert alpha >= np.linalg.norm(matrix, 2) * (1 - 1e-12)


def test_common_weights_are_optimal_where_the_optimum_is_known():
    """A circulant in XOR: each row has the same entries, so the 1-norm is the least alpha."""
    entries = np.array([1.0, 0.5, 0.2, 0.1])
    matrix = entries[np.arange(4)[:, None] ^ np.arange(4)]
    assert row_block_encoding(matrix).alpha == pytest.approx(entries.sum())
    diagonal = np.diag([1.0, 0.3, 0.2, 0.7])
    assert row_block_encoding(diagonal).alpha == pytest.approx(1)


@pytest.mark.parametrize(("n", "columns", "cosine_sine"), [(1, 3, 3), (2, 24, 14), (3, 122, 73)])
@pytest.mark.parametrize("complex_entries", [False, True])
def test_dilation_costs_what_is_stated(n, columns, cosine_sine, complex_entries):
    matrix = random_matrix(n, 2**n, complex_entries=complex_entries)
    assert cx_count(dilation_block_encoding(matrix).circuit) <= columns
    assert cx_count(demultiplexed(matrix).circuit) <= cosine_sine


@pytest.mark.parametrize("build", [dilation_block_encoding, demultiplexed])
def test_dilation_has_the_spectral_norm_for_alpha(build):
    matrix = random_matrix(7, 4)
    encoding = build(matrix)
    assert encoding.alpha == pytest.approx(np.linalg.norm(matrix, 2), rel=2e-3)
    assert encoding.signal_qubits == 1


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("size", [3, 5])
def test_dilation_of_a_matrix_beside_singular_values_of_one_is_right(size, seed):
    # What completes such columns is at the level of rounding, where Qiskit's Isometry fails.
    whole = np.eye(4 if size == 3 else 8)
    matrix = random_matrix(seed, size)
    whole[:size, :size] = matrix.real / np.linalg.norm(matrix.real, 2)
    np.testing.assert_allclose(block(dilation_block_encoding(whole, 1.0)), whole, atol=1e-6)


def test_dilation_takes_any_upper_bound_and_no_lower():
    matrix = np.diag([1.0, 2.0])
    encoding = dilation_block_encoding(matrix, 5.0)
    assert encoding.alpha == 5
    np.testing.assert_allclose(block(encoding), matrix, atol=1e-9)
    with pytest.raises(ValueError, match=r"alpha = 1.9: .* which is 2,"):
        dilation_block_encoding(matrix, 1.9)


def test_dilation_of_a_unitary_is_exact():
    matrix = np.array([[0.6, 0.8], [-0.8, 0.6]])
    np.testing.assert_allclose(block(dilation_block_encoding(matrix)), matrix, atol=1e-9)


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (np.ones((2, 3)), r"matrix has shape \(2, 3\)"),
        ([[1, np.inf], [0, 1]], "matrix contains NaN or infinity"),
        (np.zeros((2, 2)), "matrix is zero"),
    ],
)
def test_bad_matrix_is_refused(build, bad, message):
    with pytest.raises(ValueError, match=message):
        build(bad)
