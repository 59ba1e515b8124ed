"""Encodings of banded matrices against the matrices, their controls, and their stated cost."""

import numpy as np
import pytest
from encoding_checks import block, check_controlled, cx_count
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.banded_encoding import (
    banded_block_encoding,
    circulant_block_encoding,
    toeplitz_block_encoding,
)
from circuits.block_encoding import with_identity

RUNS = settings(deadline=None, derandomize=True, max_examples=25)
part = st.floats(0.1, 2) | st.floats(-2, -0.1)
coefficient = part | st.builds(complex, part, part)


def toeplitz(size, coefficients):
    return sum(
        (value * np.eye(size, k=offset) for offset, value in coefficients.items()),
        start=np.zeros((size, size)),
    )


@RUNS
@given(data=st.data(), size=st.integers(2, 9))
def test_toeplitz_block_is_the_matrix_decoupled_from_padding_of_the_same_kind(data, size):
    offset = st.integers(1 - min(size, 4), min(size, 4) - 1)
    coefficients = data.draw(st.dictionaries(offset, coefficient, min_size=1, max_size=3))
    encoding = toeplitz_block_encoding(size, coefficients)
    found = block(encoding)
    padding = len(found) - size
    expected = np.zeros_like(found)
    expected[:size, :size] = toeplitz(size, coefficients)
    expected[size:, size:] = toeplitz(padding, coefficients)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    assert encoding.alpha == pytest.approx(sum(map(abs, coefficients.values())))


@RUNS
@given(data=st.data(), n=st.integers(1, 3))
def test_circulant_block_is_the_matrix(data, n):
    size = 2**n
    offsets = st.integers(-size, size)
    coefficients = data.draw(st.dictionaries(offsets, part, min_size=1, max_size=3))
    # Offsets that are equal modulo N might cancel.
    coefficients = {offset % size: value for offset, value in coefficients.items()}
    expected = np.zeros((size, size))
    for offset, value in coefficients.items():
        expected += value * np.roll(np.eye(size), offset, axis=1)
    np.testing.assert_allclose(
        block(circulant_block_encoding(n, coefficients)), expected, atol=1e-9
    )


@RUNS
@given(
    seed=st.integers(0, 99),
    size=st.integers(2, 9),
    offsets=st.sets(st.integers(-3, 3), min_size=1, max_size=3),
    complex_entries=st.booleans(),
)
def test_banded_block_is_the_matrix_and_zero_outside(seed, size, offsets, complex_entries):
    generator = np.random.default_rng(seed)
    diagonals = {0: generator.normal(size=size)}
    for offset in offsets:
        if abs(offset) < size:
            diagonals[offset] = generator.normal(size=size - abs(offset)) + 0j
            if complex_entries:
                diagonals[offset] += 1j * generator.normal(size=size - abs(offset))
    encoding = banded_block_encoding(size, diagonals)
    found = block(encoding)
    expected = np.zeros_like(found)
    expected[:size, :size] = sum(np.diag(values, offset) for offset, values in diagonals.items())
    np.testing.assert_allclose(found, expected, atol=1e-9)
    assert encoding.alpha == pytest.approx(sum(np.abs(v).max() for v in diagonals.values()))


@pytest.mark.parametrize(
    "encoding",
    [
        toeplitz_block_encoding(8, {0: 1, 1: -0.5, -1: 0.2}),
        toeplitz_block_encoding(4, {0: 1j, 2: -0.5, -1: 0.2 - 1j}),
        toeplitz_block_encoding(5, {0: 1, 1: -0.5}),
        toeplitz_block_encoding(6, {3: 1, 1: -0.5, -2: 3j}),
        toeplitz_block_encoding(4, {0: -2}),
        circulant_block_encoding(3, {0: -1, 3: 2, -1: 1j}),
        banded_block_encoding(4, {0: [1, 2, 3, 4], 1: [1, -1, 1], -1: [0.5, 1j, 2]}),
    ],
    ids=lambda encoding: encoding.description,
)
def test_control_switches_the_block(encoding):
    check_controlled(encoding)


def test_multiple_of_the_identity_can_be_added():
    encoding = with_identity(toeplitz_block_encoding(4, {1: 1, -1: 0.5}), 2, -1)
    expected = toeplitz(4, {0: 2, 1: -1, -1: -0.5})
    np.testing.assert_allclose(block(encoding), expected, atol=1e-9)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 6, 10])
def test_tridiagonal_toeplitz_takes_9n_less_3_cx(n):
    encoding = toeplitz_block_encoding(2**n, {0: 1, 1: 0.5, -1: 0.2})
    assert cx_count(encoding.circuit) == 9 * n - 3
    assert encoding.circuit.num_qubits == n + 3 + n - 1


@pytest.mark.parametrize("n", [3, 5, 8])
def test_toeplitz_of_more_bands_costs_what_is_stated(n):
    encoding = toeplitz_block_encoding(2**n, {0: 1, 1: 0.5, -1: 0.2, 2: 0.1})
    addition, preparation = 7 * n + 5 - 3 + 2 * n, 2 * (2**3 - 3 - 1)
    assert cx_count(encoding.circuit) <= addition + preparation
    phased = toeplitz_block_encoding(2**n, {0: 1, 1: 0.5j, -1: 0.2, 2: -0.1})
    assert cx_count(phased.circuit) <= addition + preparation + 2**3 - 2


@pytest.mark.parametrize("n", [3, 5, 8])
def test_shifts_by_a_power_of_two_leave_the_lower_qubits_alone(n):
    encoding = toeplitz_block_encoding(2**n, {4: 1, -4: 0.5})
    assert cx_count(encoding.circuit) <= 9 * (n - 2) - 3


@pytest.mark.parametrize(("n", "size"), [(4, 9), (4, 12), (6, 50), (10, 1023)])
def test_size_that_is_no_power_of_two_adds_two_comparisons(n, size):
    encoding = toeplitz_block_encoding(size, {0: 1, 1: 0.5, -1: 0.2})
    factors = (size & -size).bit_length() - 1
    assert cx_count(encoding.circuit) <= 9 * n - 3 + 12 * (n - 1 - factors)


@pytest.mark.parametrize("n", [2, 4, 8])
def test_circulant_takes_5_cx_less_than_toeplitz(n):
    coefficients = {0: 1, 1: 0.5, -1: 0.2}
    toeplitz_count = cx_count(toeplitz_block_encoding(2**n, coefficients).circuit)
    assert cx_count(circulant_block_encoding(n, coefficients).circuit) == toeplitz_count - 5


@pytest.mark.parametrize("n", [2, 3, 4])
def test_banded_cost_is_as_stated(n):
    generator = np.random.default_rng(n)
    diagonals = {k: generator.normal(size=2**n - abs(k)) for k in (-1, 0, 1)}
    shift = 9 * n - 8
    real = banded_block_encoding(2**n, diagonals)
    assert cx_count(real.circuit) <= shift + 2 ** (n + 2) - 1
    both = banded_block_encoding(2**n, {k: v * (1 + 1j * v) for k, v in diagonals.items()})
    assert cx_count(both.circuit) <= shift + 2 ** (n + 3) - 1


@pytest.mark.parametrize("build", [toeplitz_block_encoding, banded_block_encoding])
def test_single_row_is_refused(build):
    with pytest.raises(ValueError, match="size = 1"):
        build(1, {0: [1.0]})


@pytest.mark.parametrize("bad", [{}, {0: 0.0, 1: 0}])
def test_matrix_of_zeros_is_refused(bad):
    with pytest.raises(ValueError, match="coefficients: all are zero"):
        toeplitz_block_encoding(4, bad)
    with pytest.raises(ValueError, match="coefficients: all are zero"):
        circulant_block_encoding(2, bad)
    with pytest.raises(ValueError, match="diagonals: all entries are zero"):
        banded_block_encoding(4, {0: np.zeros(4)})


def test_offset_outside_the_matrix_is_refused():
    with pytest.raises(ValueError, match=r"coefficients: offset -4 .* -3 to 3"):
        toeplitz_block_encoding(4, {-4: 1.0})


def test_entries_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="coefficients: nan on diagonal 1"):
        toeplitz_block_encoding(4, {1: np.nan})
    with pytest.raises(ValueError, match="diagonals: diagonal 0 contains NaN"):
        banded_block_encoding(2, {0: [1, np.inf]})


@pytest.mark.parametrize("diagonals", [{1: np.ones(4)}, {4: np.ones(0)}, {0: 1.0}])
def test_diagonal_of_another_length_is_refused(diagonals):
    with pytest.raises(ValueError, match=r"diagonals: diagonal . has shape .* entries there"):
        banded_block_encoding(4, diagonals)


def test_register_without_qubits_is_refused():
    with pytest.raises(ValueError, match="system_qubits = 0"):
        circulant_block_encoding(0, {0: 1})
