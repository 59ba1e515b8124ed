"""Forests by isometries: exact, certain, and of 2 CX a qubit."""

import numpy as np
import pytest
from graph_models import (
    RING,
    TREE,
    amplitudes,
    chain,
    normalised,
    random_matrices,
    same_up_to_phase,
)
from qiskit.quantum_info import Statevector

from circuits.graph_state.tree import is_forest, tree_preparation


@pytest.mark.parametrize("projected", [(), (1,), (3,), (2, 3), (0, 5), (5, 6), (2, 4, 6)])
def test_forest_is_prepared_to_rounding_projected_qubits_in_zero(projected):
    matrices = random_matrices(7)
    circuit = tree_preparation(TREE, matrices, projected=projected)
    expected = normalised(amplitudes(TREE, matrices, projected))
    assert same_up_to_phase(Statevector(circuit).data, expected)
    assert circuit.num_nonlocal_gates() <= 2 * (7 - len(projected) - 1)


def test_singular_matrices_are_prepared_too():
    matrices = random_matrices(7)
    matrices[3] = matrices[0] = [[1, 0], [0, 0]]
    expected = normalised(amplitudes(TREE, matrices))
    assert same_up_to_phase(Statevector(tree_preparation(TREE, matrices)).data, expected)


def test_gates_of_a_chain_start_in_its_middle():
    circuit = tree_preparation(chain(40), random_matrices(40))
    assert circuit.num_nonlocal_gates() == 2 * 39
    assert circuit.depth(lambda item: len(item.qubits) > 1) <= 42


def test_projections_that_leave_nothing_are_refused():
    plus_after_zero = np.array([[[1, 0], [0, 1]], [[1, -1], [1, 1]]])
    with pytest.raises(ValueError, match="the state is 0"):
        tree_preparation([(0, 1)], plus_after_zero, projected=(0, 1))


def test_cycles_are_refused():
    assert is_forest(TREE, 7)
    assert not is_forest(RING, 5)
    with pytest.raises(ValueError, match="has cycles"):
        tree_preparation(RING, random_matrices(5))
