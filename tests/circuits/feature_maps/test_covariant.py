from __future__ import annotations

import numpy as np
from feature_map_states import overlap, same_state, state_of
from qiskit import QuantumCircuit

from circuits.feature_maps import CovariantMap

EDGES = ((0, 2), (2, 1), (1, 3))


def test_group_elements_turn_the_fiducial_state():
    row = np.random.default_rng(2).normal(size=8)
    literal = QuantumCircuit(4)
    literal.ry(0.7, range(4))
    for edge in EDGES:
        literal.cz(*edge)
    for qubit in range(4):
        literal.rz(-2 * row[2 * qubit + 1], qubit)
        literal.rx(-2 * row[2 * qubit], qubit)
    assert same_state(state_of(CovariantMap(EDGES), row, [0.7]), literal)
    local = state_of(CovariantMap(EDGES, "local"), row, np.full(4, 0.7))
    assert same_state(local, literal)


def test_stabilisers_of_the_graph_leave_the_fiducial_state_alone():
    """X on a qubit and Z on its neighbours: quarter turns, before the rest of the element."""
    element = np.zeros(8)
    element[2 * 1] = np.pi / 2
    element[[2 * 2 + 1, 2 * 3 + 1]] = np.pi / 2
    weights = [np.pi / 2]
    fiducial = state_of(CovariantMap(EDGES), np.zeros(8), weights)
    assert same_state(state_of(CovariantMap(EDGES), element, weights), fiducial)
    assert overlap(state_of(CovariantMap(EDGES), element, [0.4]), fiducial) < 0.99


def test_line_of_neighbours_by_default():
    assert CovariantMap().two_qubit_gates(10) == 4
    assert CovariantMap() != CovariantMap(fiducial="local")


def test_no_edges_are_a_product_state():
    assert CovariantMap(()).two_qubit_gates(6) == 0


def test_lists_of_edges_make_equal_maps():
    assert CovariantMap([[0, 2], [2, 1], [1, 3]]) == CovariantMap(EDGES)
