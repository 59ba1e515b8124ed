"""Algebra of Pauli sums against dense matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Pauli, PauliList, SparsePauliOp, random_pauli_list

from circuits.pauli_algebra import (
    anticommuting_string,
    commutator,
    norm_bound,
    qubitwise_commuting,
    weight,
)

RUNS = settings(deadline=None, derandomize=True, max_examples=40)
seeds = st.integers(0, 2**32 - 1)


def random_sum(qubits, terms, seed):
    generator = np.random.default_rng(seed)
    paulis = random_pauli_list(qubits, terms, seed=generator, phase=False)
    return SparsePauliOp(paulis, generator.normal(size=terms)).simplify()


@RUNS
@given(qubits=st.integers(1, 3), terms=st.integers(1, 6), seed=seeds)
def test_commutator_is_that_of_the_matrices(qubits, terms, seed):
    a, b = random_sum(qubits, terms, seed), random_sum(qubits, terms, seed + 1)
    left, right = a.to_matrix(), b.to_matrix()
    np.testing.assert_allclose(
        commutator(a, b).to_matrix(), left @ right - right @ left, atol=1e-10
    )


@RUNS
@given(qubits=st.integers(1, 4), terms=st.integers(1, 10), seed=seeds)
def test_norm_bound_lies_between_the_norm_and_the_sum_of_coefficients(qubits, terms, seed):
    operator = random_sum(qubits, terms, seed)
    norm = np.linalg.norm(operator.to_matrix(), 2)
    bound = norm_bound(operator)
    assert norm * (1 - 1e-12) <= bound <= np.sum(np.abs(operator.coeffs)) * (1 + 1e-12)


def test_norm_bound_of_strings_that_all_anticommute_is_exact():
    operator = SparsePauliOp(["XX", "YX", "ZX", "IY", "IZ"], [1, -2, 3, 0.5, 1])
    assert norm_bound(operator) == pytest.approx(np.linalg.norm(operator.to_matrix(), 2))


@RUNS
@given(qubits=st.integers(1, 4), terms=st.integers(1, 6), seed=seeds)
def test_anticommuting_string_is_found_of_least_weight_if_there_is_one(qubits, terms, seed):
    paulis = random_sum(qubits, terms, seed).paulis
    every = [Pauli(label) for label in pauli_labels(qubits)]
    solutions = [p for p in every if np.all(paulis.anticommutes(p))]
    found = anticommuting_string(paulis)
    if not solutions:
        assert found is None
        return
    assert np.all(paulis.anticommutes(found))
    assert weight(found) == min(weight(p) for p in solutions)


def pauli_labels(qubits):
    return [""] if not qubits else [a + b for a in "IXYZ" for b in pauli_labels(qubits - 1)]


def test_string_near_another_is_preferred():
    near = Pauli("YX")
    found = anticommuting_string(PauliList(["ZI"]), near)
    assert found == near


def test_product_of_an_odd_number_that_is_the_identity_leaves_no_string():
    assert anticommuting_string(PauliList(["XX", "YY", "ZZ"])) is None


@RUNS
@given(qubits=st.integers(1, 4), terms=st.integers(1, 8), seed=seeds)
def test_parts_add_up_and_have_one_letter_on_every_qubit(qubits, terms, seed):
    operator = random_sum(qubits, terms, seed)
    parts = qubitwise_commuting(operator)
    assert SparsePauliOp.sum(parts).simplify().equiv(operator)
    for part in parts:
        for qubit in range(qubits):
            letters = {label[qubit] for label in part.paulis.to_labels()} - {"I"}
            assert len(letters) <= 1
