"""Sine and cosine transforms against scipy's matrices, and the pieces they are made of."""

import numpy as np
import pytest
import scipy.fft
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import transpile
from qiskit.quantum_info import Operator

from circuits.fourier.choice import qft
from circuits.trigonometric import (
    controlled_negation,
    cosine_transform,
    even_extension,
    negation_up_to_phases,
    odd_extension,
    sine_transform,
    truncated_qft,
    truncation_error,
)

SIZES = range(1, 5)
KINDS = [
    *((cosine_transform, scipy.fft.dct, kind) for kind in (2, 3, 4)),
    *((sine_transform, scipy.fft.dst, kind) for kind in (2, 3, 4)),
]
RUNS = settings(deadline=None, derandomize=True, max_examples=25)


def columns(circuit, n):
    """Images of basis states of the lowest n qubits, all others in 0."""
    return Operator(circuit).data[:, : 2**n]


def moved(n):
    """Where a number of n bits is if bit i is on qubit n - i."""
    return [sum((k >> i & 1) << (n - i) for i in range(n)) for k in range(2**n)]


def cx_count(circuit):
    return transpile(circuit, basis_gates=["cx", "u"], optimization_level=0).count_ops()["cx"]


@pytest.mark.parametrize("n", SIZES)
def test_sine_transform_is_dst_1_and_leaves_all_other_qubits_in_0(n):
    circuit = sine_transform(n)
    found = columns(circuit, n)[:, 1:]
    expected = np.zeros_like(found)
    expected[1 : 2**n] = scipy.fft.dst(np.eye(2**n - 1), type=1, axis=0, norm="ortho")
    np.testing.assert_allclose(found, expected, atol=1e-10)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(("transform", "reference", "kind"), KINDS)
def test_transforms_are_scipys_and_leave_all_other_qubits_in_0(transform, reference, kind, n):
    found = columns(transform(n, kind=kind), n)
    expected = np.zeros_like(found)
    expected[: 2**n] = reference(np.eye(2**n), type=kind, axis=0, norm="ortho")
    np.testing.assert_allclose(found, expected, atol=1e-10)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(
    ("transform", "kind"),
    [(sine_transform, 1), *((transform, kind) for transform, _, kind in KINDS if kind != 3)],
)
def test_without_swaps_bit_i_is_on_qubit_n_less_i_and_qubit_0_in_0(transform, kind, n):
    swapped = columns(transform(n, kind=kind), n)
    plain = columns(transform(n, kind=kind, swaps=False), n)
    expected = np.zeros_like(plain)
    expected[moved(n)] = swapped[: 2**n]
    first = int((transform, kind) == (sine_transform, 1))
    np.testing.assert_allclose(plain[:, first:], expected[:, first:], atol=1e-10)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("transform", [sine_transform, cosine_transform])
def test_type_3_without_swaps_expects_bit_i_on_qubit_n_less_i(transform, n):
    swapped = Operator(transform(n, kind=3)).data[:, : 2**n]
    plain = Operator(transform(n, kind=3, swaps=False)).data[:, moved(n)]
    np.testing.assert_allclose(plain, swapped, atol=1e-10)


@pytest.mark.parametrize("n", SIZES)
def test_extensions_are_odd_about_0_and_even_about_minus_one_half(n):
    ring = 2 ** (n + 1)
    odd, even = columns(odd_extension(n), n), columns(even_extension(n), n)
    for x in range(2**n):
        expected = np.zeros(len(even))
        expected[[x, ring - 1 - x]] = np.sqrt(0.5)
        np.testing.assert_allclose(even[:, x], expected, atol=1e-10)
        expected = np.zeros(len(odd))
        expected[[x, (ring - x) % ring]] = np.sqrt(0.5), -np.sqrt(0.5)
        if x:
            np.testing.assert_allclose(odd[:, x], expected, atol=1e-10)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_controlled_negation_negates_where_the_control_is_1(n):
    found = columns(controlled_negation(n), n + 1)
    images = [*range(2**n), *(2**n + (-x) % 2**n for x in range(2**n))]
    np.testing.assert_allclose(found, np.eye(len(found))[:, images], atol=1e-10)


@pytest.mark.parametrize("tell_zero", [False, True])
@pytest.mark.parametrize("n", SIZES)
def test_negation_up_to_phases_negates_and_tells_zero(n, tell_zero):
    circuit = negation_up_to_phases(n, tell_zero=tell_zero)
    found = np.abs(columns(circuit, n + 1)) ** 2
    images = np.argmax(found, axis=0)
    np.testing.assert_allclose(found.max(axis=0), 1, atol=1e-10)
    for x in range(2**n):
        assert images[x] % 2**n == x
        assert images[2**n + x] % 2 ** (n + 1) == 2**n + (-x) % 2**n
    if tell_zero:
        told = images >> (circuit.num_qubits - 1)
        np.testing.assert_array_equal(np.flatnonzero(told), [2**n])


@pytest.mark.parametrize("n", [3, 4, 5, 8])
def test_two_qubit_gates_are_those_of_the_docstrings(n):
    negation, fourier = 8 * n - 9, cx_count(qft(n + 1, swaps=False))
    assert cx_count(controlled_negation(n)) == negation
    assert cx_count(odd_extension(n)) == negation
    assert cx_count(even_extension(n)) == n
    assert cx_count(negation_up_to_phases(n)) == 5 * n - 6
    assert cx_count(negation_up_to_phases(n, tell_zero=True)) == 5 * n - 2
    assert cx_count(sine_transform(n, swaps=False)) == fourier + 2 * negation
    cosine = cx_count(cosine_transform(n, swaps=False))
    assert cosine == fourier + n + negation + 6 * (n - 1) + 1
    assert cx_count(sine_transform(n)) == fourier + 2 * negation + 3 * ((n + 1) // 2)
    for kind in (2, 3):
        assert cx_count(sine_transform(n, kind=kind, swaps=False)) == cosine
        assert cx_count(cosine_transform(n, kind=kind, swaps=False)) == cosine
    for transform in (sine_transform, cosine_transform):
        assert cx_count(transform(n, kind=4, swaps=False)) == fourier + 2 * n
        assert transform(n, kind=4).num_qubits == n + 1


@RUNS
@given(n=st.integers(1, 6), tolerance=st.floats(0, 0.5), conjugate=st.booleans())
def test_truncated_fourier_transform_keeps_its_tolerance(n, tolerance, conjugate):
    exact = Operator(qft(n, swaps=False)).data
    exact = exact.conj() if conjugate else exact
    found = Operator(truncated_qft(n, tolerance, conjugate=conjugate)).data
    # The best global phase is the middle of the arc that the eigenvalues of the quotient are on.
    angles = np.angle(np.linalg.eigvals(exact.conj().T @ found))
    distance = 2 * np.sin((angles.max() - angles.min()) / 4)
    assert distance <= truncation_error(n, tolerance) + 1e-7
    assert truncation_error(n, tolerance) <= tolerance + 1e-12


@pytest.mark.parametrize("n", [1, 2, 5])
def test_tolerance_0_leaves_nothing_out(n):
    found = Operator(truncated_qft(n, 0.0)).data
    np.testing.assert_allclose(found, Operator(qft(n, swaps=False)).data, atol=1e-10)


@pytest.mark.parametrize("n", [32, 64])
def test_truncation_leaves_at_most_n_log_n_cx(n):
    assert cx_count(truncated_qft(n, 0.01)) <= n * (np.log2(n / 0.01) + 1)


@pytest.mark.parametrize("n", [2, 3, 5, 12])
def test_exact_transform_takes_no_more_cx_than_its_docstring_says(n):
    assert cx_count(truncated_qft(n, 0.0)) <= n * (n - 1) // 2 + 2 * n - 3
    assert cx_count(truncated_qft(n, 0.0, conjugate=True)) == cx_count(truncated_qft(n, 0.0))


@pytest.mark.parametrize("transform", [sine_transform, cosine_transform])
@pytest.mark.parametrize("n", [0, -1])
def test_no_qubits_are_refused(transform, n):
    with pytest.raises(ValueError, match=f"n = {n}: .* at least 1"):
        transform(n)


@pytest.mark.parametrize(("transform", "kind"), [(sine_transform, 5), (cosine_transform, 1)])
def test_types_that_do_not_exist_are_refused(transform, kind):
    with pytest.raises(ValueError, match=f"kind = {kind}: .* exist"):
        transform(3, kind=kind)
