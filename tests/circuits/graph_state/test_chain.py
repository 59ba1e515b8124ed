"""Graphs with cycles as matrix product states."""

import itertools

import numpy as np
import pytest
from graph_models import RING, amplitudes, normalised, random_matrices, same_up_to_phase
from qiskit.quantum_info import Statevector

from circuits.graph_state.chain import chain_order, chain_preparation, chain_tensors
from circuits.matrix_product_state import mps_vector


def grid(rows, columns):
    qubits = np.arange(rows * columns).reshape(rows, columns).tolist()
    along = [pair for row in qubits for pair in itertools.pairwise(row)]
    across = [pair for column in zip(*qubits, strict=True) for pair in itertools.pairwise(column)]
    return along + across


@pytest.mark.parametrize("projected", [(), (3,), (0, 2), (0, 1, 2, 3), (1, 2, 3, 4)])
def test_ring_is_prepared_to_rounding_projected_qubits_in_zero(projected):
    matrices = random_matrices(5)
    circuit = chain_preparation(RING, matrices, projected=projected)
    expected = normalised(amplitudes(RING, matrices, projected))
    assert same_up_to_phase(Statevector(circuit).data, expected)


def test_tensors_in_any_order_are_the_state():
    matrices = random_matrices(5)
    order = (2, 4, 0, 3, 1)
    vector = mps_vector(chain_tensors(RING, matrices, order))
    axes = [4 - qubit for qubit in order]
    expected = amplitudes(RING, matrices).reshape((2,) * 5).transpose(axes).reshape(-1)
    assert same_up_to_phase(normalised(vector), normalised(expected))


@pytest.mark.parametrize(
    ("rows", "columns", "frontier"), [(1, 9, 1), (2, 6, 2), (3, 7, 3), (6, 6, 6)]
)
def test_strips_have_a_frontier_of_their_width(rows, columns, frontier):
    order, found = chain_order(grid(rows, columns), rows * columns)
    assert sorted(order) == [*range(rows * columns)]
    assert found == frontier


def test_a_star_has_a_frontier_of_one_wherever_its_middle_is_numbered():
    assert chain_order([(i, 7) for i in range(7)], 8)[1] == 1


def test_wide_graphs_are_refused_with_their_frontier():
    with pytest.raises(ValueError, match="frontier of 7 qubits"):
        chain_preparation(grid(7, 7), random_matrices(49))
