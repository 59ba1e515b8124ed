"""The Hamiltonian on both sides of a bond, against its matrix."""

from typing import Any

import numpy as np
import pytest
from qiskit.quantum_info import SparsePauliOp, random_pauli_list

from qml_algos.physics.hamiltonians import haldane_shastry, heisenberg, transverse_field_ising
from qml_algos.physics.tensor_networks import matrix_product_operator
from qml_algos.physics.tensor_networks.blocks import (
    left_side,
    product_of,
    reduced,
    right_side,
)

RANDOM = SparsePauliOp(
    random_pauli_list(6, 40, seed=1, phase=False), np.random.default_rng(1).normal(size=40)
)


@pytest.mark.parametrize(
    "operator",
    [
        transverse_field_ising(6).operator,
        heisenberg(6).operator,
        haldane_shastry(6).operator,
        RANDOM,
    ],
)
@pytest.mark.parametrize("bond", [1, 2, 3, 4, 5])
def test_it_is_the_whole_hamiltonian_at_every_bond(operator: SparsePauliOp, bond: int) -> None:
    """Nothing is truncated: the sides are all qubits below the bond, and all above."""
    cores = matrix_product_operator(operator).cores
    left: Any = np.ones((1, 1, 1))
    for core in cores[: bond - 1]:
        left = left_side(left, core).block
    right: Any = np.ones((1, 1, 1))
    for core in cores[:bond:-1]:
        right = right_side(right, core).block
    apply = product_of(left_side(left, cores[bond - 1]), right_side(right, cores[bond]))
    state = np.random.default_rng(0).normal(size=64) * (1 + 0j)
    # Here the first qubit is the slowest index, in a state vector the fastest.
    reversed_state = state.reshape((2,) * 6).transpose().reshape(-1)
    expected = (operator.to_matrix() @ reversed_state).reshape((2,) * 6).transpose().reshape(-1)
    np.testing.assert_allclose(apply(state), expected, atol=1e-11)


def test_a_block_is_restricted_to_states_of_it() -> None:
    block = np.random.default_rng(0).normal(size=(3, 4, 4))
    basis = np.eye(4)[:, [2, 0]]
    np.testing.assert_array_equal(reduced(block, basis), block[:, [2, 0]][:, :, [2, 0]])
