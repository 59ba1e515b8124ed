"""Sums in the Fourier basis: what they map to, what they cost, and what truncation costs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import transpile
from qiskit.quantum_info import Operator

from circuits.arithmetic import adder
from circuits.fourier.adders import (
    constant_adder,
    fourier_adder,
    multiply_accumulate,
    weighted_sum,
)
from circuits.fourier.choice import qft

RUNS = settings(deadline=None, derandomize=True, max_examples=12)


def permutation(n, weights, constant=0):
    """What a sum does to the basis states of addend (low) and register (high)."""
    size = 2 ** len(weights)
    matrix = np.zeros((size * 2**n, size * 2**n))
    for a in range(size):
        value = constant + sum(w * (a >> i & 1) for i, w in enumerate(weights))
        for b in range(2**n):
            matrix[a + size * ((b + value) % 2**n), a + size * b] = 1
    return matrix


def cx_count(circuit):
    compiled = transpile(circuit, basis_gates=["cx", "u"], optimization_level=0)
    return compiled.count_ops().get("cx", 0)


@pytest.mark.parametrize("subtract", [False, True])
@pytest.mark.parametrize(("n", "m"), [(1, 1), (2, 2), (3, 3), (4, 4), (4, 2), (2, 4)])
def test_adder_maps_every_state_to_the_sum_without_phases(n, m, subtract):
    found = Operator(fourier_adder(n, m, subtract=subtract)).data
    sign = -1 if subtract else 1
    expected = permutation(n, [sign * 2**i for i in range(m)])
    np.testing.assert_allclose(found, expected, atol=1e-10)


@pytest.mark.parametrize("controlled", [False, True])
@pytest.mark.parametrize("constant", [-9, -1, 0, 1, 4, 6, 8])
def test_constant_is_added_where_the_control_is_1(constant, controlled):
    found = Operator(constant_adder(3, constant, controlled=controlled)).data
    expected = permutation(3, [constant]) if controlled else permutation(3, [], constant)
    np.testing.assert_allclose(found, expected, atol=1e-10)


@pytest.mark.parametrize("factor", [-3, 0, 2, 5])
def test_multiples_are_accumulated(factor):
    found = Operator(multiply_accumulate(4, 3, factor)).data
    np.testing.assert_allclose(found, permutation(4, [factor * 2**i for i in range(3)]), atol=1e-10)


@RUNS
@given(
    n=st.integers(1, 5),
    weights=st.lists(st.integers(-40, 40), max_size=3),
    constant=st.integers(-40, 40),
)
def test_any_weights_and_constant_are_summed(n, weights, constant):
    found = Operator(weighted_sum(n, weights, constant=constant)).data
    np.testing.assert_allclose(found, permutation(n, weights, constant), atol=1e-10)


@RUNS
@given(
    n=st.integers(2, 4),
    weights=st.lists(st.integers(-40, 40), max_size=3),
    epsilon=st.floats(1e-4, 0.5),
)
def test_truncation_stays_within_its_process_infidelity(n, weights, epsilon):
    circuit = weighted_sum(n, weights, constant=3, epsilon=epsilon)
    expected = permutation(n, weights, 3)
    overlap = np.vdot(expected, Operator(circuit).data) / len(expected)
    assert 1 - np.abs(overlap) ** 2 <= epsilon
    assert cx_count(circuit) <= cx_count(weighted_sum(n, weights, constant=3))


def test_truncation_leaves_n_log_n_phases_of_the_sum():
    exact, truncated = (fourier_adder(64, epsilon=epsilon) for epsilon in (0.0, 1e-2))
    assert truncated.num_nonlocal_gates() < exact.num_nonlocal_gates() / 4


def transforms(n):
    return 2 * cx_count(qft(n, swaps=False))


@pytest.mark.parametrize("n", [1, 2, 5, 16])
def test_costs_are_those_of_the_docstrings(n):
    assert cx_count(fourier_adder(n)) == n**2 + transforms(n)
    assert cx_count(multiply_accumulate(n, n, 3 - 2**n)) == n**2 + transforms(n)
    assert cx_count(constant_adder(n, 2**n - 1)) == transforms(n)
    assert cx_count(constant_adder(n, 1, controlled=True)) == 2 * n - 1 + transforms(n)
    assert "swap" not in fourier_adder(n).count_ops()


@pytest.mark.parametrize("zeros", [0, 1, 3])
def test_bits_that_nothing_is_added_to_stay_out_of_the_transform(zeros):
    n = 6
    m = n - zeros
    circuit = weighted_sum(n, [2**zeros, 2 ** (zeros + 1)])
    assert cx_count(circuit) == transforms(m) + (2 * m - 1) + (2 * (m - 1) - 1)


@pytest.mark.parametrize("n", [2, 4, 8])
def test_adder_with_carries_takes_the_cx_of_the_comparison(n):
    assert cx_count(adder(n, range(n))) == 12 * n - 15
    assert (cx_count(fourier_adder(n)) <= 12 * n - 15) == (n < 4)


def test_registers_are_addend_then_register():
    circuit = weighted_sum(3, [1, 2])
    assert [(register.name, register.size) for register in circuit.qregs] == [
        ("addend", 2),
        ("register", 3),
    ]
    assert circuit.num_qubits == 5


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="n = 0"):
        fourier_adder(0)
    with pytest.raises(ValueError, match="addend_qubits = 0"):
        fourier_adder(2, 0)
    with pytest.raises(ValueError, match=r"epsilon = 1.0: .* below 1"):
        constant_adder(2, 1, epsilon=1.0)
    with pytest.raises(TypeError, match=r"constant = 0.5: an integer"):
        constant_adder(2, 0.5)
    with pytest.raises(TypeError, match=r"weights\[1\] = True: an integer"):
        weighted_sum(2, [1, True])
    with pytest.raises(TypeError, match="factor = '2': an integer"):
        multiply_accumulate(2, 2, "2")
