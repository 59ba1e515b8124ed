"""Matrix-product operators: exact, and of least bond dimension."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import SparsePauliOp, random_pauli_list

from qml_algos.physics.hamiltonians import (
    haldane_shastry,
    heisenberg,
    square,
    toric_code,
    transverse_field_ising,
)
from qml_algos.physics.tensor_networks import MatrixProductOperator, matrix_product_operator


def dense(operator: MatrixProductOperator) -> Any:
    """Multiply the cores, qubit 0 the least significant bit."""
    found = np.ones((1, 1, 1))
    for core in operator.cores[::-1]:
        grown = np.einsum("astb,mnb->msnta", core, found)
        found = grown.reshape(2 * len(found), 2 * len(found), -1)
    return found[:, :, 0]


@settings(deadline=None, max_examples=30)
@given(qubits=st.integers(1, 6), terms=st.integers(1, 40), seed=st.integers(0, 1000))
def test_any_pauli_sum_is_what_it_was(qubits: int, terms: int, seed: int) -> None:
    weights = np.random.default_rng(seed).normal(size=(terms, 2)) @ [1, 1j]
    paulis = random_pauli_list(qubits, terms, seed=seed, phase=False)
    operator = SparsePauliOp(paulis, weights)
    found = dense(matrix_product_operator(operator))
    np.testing.assert_allclose(found, operator.to_matrix(), atol=1e-11)


@pytest.mark.parametrize(
    ("hamiltonian", "widest"),
    [
        (transverse_field_ising(9, boundary="open"), 3),
        (transverse_field_ising(9), 4),
        (heisenberg(9, "open"), 5),
        (heisenberg(9), 8),
        (toric_code(2), 4),
    ],
)
def test_bonds_are_as_small_as_can_be(hamiltonian: Any, widest: int) -> None:
    operator = matrix_product_operator(hamiltonian.operator)
    assert max(operator.bond_dimensions) == widest
    assert repr(operator) == (
        f"MatrixProductOperator({hamiltonian.qubits} qubits, bonds up to {widest})"
    )


def test_each_bond_has_the_rank_of_the_operator_across_it() -> None:
    """Operators left and right of a cut, as rows and columns: the rank is a lower bound."""
    for hamiltonian in (haldane_shastry(8), heisenberg(square(2, 4, "open"))):
        bonds = matrix_product_operator(hamiltonian.operator).bond_dimensions
        matrix = hamiltonian.to_sparse().toarray()
        for left, bond in enumerate(bonds, 1):
            parts = matrix.reshape(2 ** (8 - left), 2**left, 2 ** (8 - left), 2**left)
            across = parts.transpose(0, 2, 1, 3).reshape(4 ** (8 - left), -1)
            assert bond == np.linalg.matrix_rank(across, rtol=1e-11)


def test_couplings_at_all_distances_need_far_fewer_bonds_than_pairs() -> None:
    """As precision asks for: the chain has 780 pairs, a cut in its middle 400."""
    operator = matrix_product_operator(haldane_shastry(40).operator)
    assert max(operator.bond_dimensions) < 2 + 3 * 20
    assert all(np.isrealobj(core) for core in operator.cores)


def test_nothing_is_an_operator_too() -> None:
    nothing = matrix_product_operator(SparsePauliOp("XYZ", 0.0))
    np.testing.assert_array_equal(dense(nothing), np.zeros((8, 8)))
