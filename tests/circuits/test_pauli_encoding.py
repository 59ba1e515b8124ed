"""Encodings of Pauli sums against their matrices, their controls and their stated cost."""

import numpy as np
import pytest
from encoding_checks import block, check_controlled, cx_count
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import SparsePauliOp

from circuits.pauli_encoding import pauli_block_encoding

RUNS = settings(deadline=None, derandomize=True, max_examples=30)
labels = st.integers(1, 3).flatmap(
    lambda n: st.lists(
        st.text("IXYZ", min_size=n, max_size=n), min_size=1, max_size=10, unique=True
    )
)


def random_coefficients(seed, count, *, complex_values):
    generator = np.random.default_rng(seed)
    values = generator.uniform(0.1, 1, size=count) * generator.choice([-1, 1], size=count)
    return values * np.exp(2j * np.pi * generator.random(count)) if complex_values else values


@RUNS
@given(labels, st.integers(0, 99), st.booleans())
def test_block_is_the_operator_and_alpha_its_1_norm(labels, seed, complex_values):
    coefficients = random_coefficients(seed, len(labels), complex_values=complex_values)
    operator = SparsePauliOp(labels, coefficients)
    encoding = pauli_block_encoding(operator)
    np.testing.assert_allclose(block(encoding), operator.to_matrix(), atol=1e-9)
    assert encoding.alpha == pytest.approx(np.abs(coefficients).sum())


@pytest.mark.parametrize(
    "operator",
    [
        SparsePauliOp(["XX", "ZI", "IZ", "II"], [1, -2, 0.5, 3]),
        SparsePauliOp(["XYZ", "ZZX", "IIY", "XXX", "YIZ", "III"], [1, 2, -3, 1j, 0.5, -1]),
        SparsePauliOp(["XZ"], [-1]),
        SparsePauliOp(["II"], [1j]),
    ],
    ids=lambda operator: str(len(operator)),
)
def test_control_switches_the_block(operator):
    check_controlled(pauli_block_encoding(operator))


def ising(n):
    couplings = [("ZZ", [i, i + 1], 1.0) for i in range(n - 1)]
    fields = [("X", [i], 0.5) for i in range(n)]
    return SparsePauliOp.from_sparse_list(couplings + fields, num_qubits=n)


@pytest.mark.parametrize("n", [4, 6, 10])
def test_unary_iteration_costs_what_is_stated(n):
    encoding = pauli_block_encoding(ising(n))
    terms, weights = 2 * n - 1, 3 * n - 2
    r = (terms - 1).bit_length()
    assert encoding.description.endswith("unary iteration")
    assert cx_count(encoding.circuit) <= 2 * (2**r - r - 1) + 7 * (terms - 2) + weights
    assert encoding.signal_qubits == encoding.workspace_qubits == r


def test_operators_that_fill_a_group_are_selected_by_generators():
    generator = np.random.default_rng(0)
    dense = SparsePauliOp.from_operator(generator.normal(size=(4, 4)))
    encoding = pauli_block_encoding(dense)
    assert encoding.description == "16 Pauli operators, products of generators"
    assert cx_count(encoding.circuit) <= 2 * (16 - 4 - 1) + 4 + 16 - 2


def test_many_generators_are_no_obstacle_to_unary_iteration():
    operator = ising(20)
    encoding = pauli_block_encoding(operator)
    assert encoding.alpha == pytest.approx(29)


def test_terms_that_occur_twice_are_summed():
    encoding = pauli_block_encoding(SparsePauliOp(["X", "X", "Z"], [1, -0.5, 1]))
    assert encoding.alpha == pytest.approx(1.5)


@pytest.mark.parametrize("bad", [[0.0], [np.nan], [np.inf]])
def test_sum_that_is_zero_or_not_finite_is_refused(bad):
    operator = SparsePauliOp(["X"])
    operator.coeffs = np.array(bad)
    with pytest.raises(ValueError, match="operator"):
        pauli_block_encoding(operator)
