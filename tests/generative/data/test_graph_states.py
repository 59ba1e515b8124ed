"""Outcomes of graph states: against circuits, the stabilisers' rule, and the draws."""

import itertools

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.data import (
    configuration_numbers,
    graph_state_probabilities,
    make_graph_state,
    random_directions,
)

RING = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5)]


def test_probabilities_are_those_of_the_circuit() -> None:
    """Direction (theta, phi): the state along it is turned to 0 by RZ(-phi), then RY(-theta)."""
    directions = 3 * random_directions(4, 7)
    circuit = QuantumCircuit(4)
    circuit.h(range(4))
    for edge in [(0, 1), (1, 3), (2, 3)]:
        circuit.cz(*edge)
    for qubit, (x, y, z) in enumerate(directions):
        circuit.rz(-np.arctan2(y, x), qubit)
        circuit.ry(-np.arctan2(np.hypot(x, y), z), qubit)
    found = graph_state_probabilities(4, [(0, 1), (1, 3), (2, 3)], directions)
    np.testing.assert_allclose(found, Statevector(circuit).probabilities(), atol=1e-14)


def test_in_the_x_basis_outcomes_are_uniform_over_the_space_of_the_stabilisers() -> None:
    adjacency = np.zeros((6, 6), dtype=int)
    for one, other in RING:
        adjacency[one, other] = adjacency[other, one] = 1
    outcomes = (np.arange(64)[:, np.newaxis] >> np.arange(6)) & 1
    allowed = np.ones(64, dtype=bool)
    for chosen in itertools.product([0, 1], repeat=6):
        S = np.array(chosen)
        if not np.any(adjacency @ S % 2):
            allowed &= outcomes @ S % 2 == S @ adjacency @ S // 2 % 2
    assert 0 < allowed.sum() < 64
    np.testing.assert_allclose(
        graph_state_probabilities(6, RING), allowed / allowed.sum(), atol=1e-14
    )


def test_in_the_z_basis_every_outcome_is_as_likely() -> None:
    found = graph_state_probabilities(6, RING, np.tile([0, 0, 1], (6, 1)))
    np.testing.assert_allclose(found, 1 / 64)


def test_draws_follow_the_probabilities() -> None:
    """Chi-square of 63 degrees of freedom below 122: error probability below 1e-4."""
    directions = random_directions(6, 11)
    drawn = make_graph_state(6, RING, 20_000, bases=directions, random_state=1)
    expected = 20_000 * graph_state_probabilities(6, RING, directions)
    counts = np.bincount(configuration_numbers(drawn.X, drawn.categories), minlength=64)
    assert np.sum((counts - expected) ** 2 / expected) < 122
    first, second = (make_graph_state(6, RING, 50, random_state=4).X for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0, []), InvalidProblemError, "n_qubits = 0"),
        ((21, []), TooLargeError, "20 qubits at most"),
        ((3, [(0, 3)]), InvalidProblemError, "qubits of 0 to 2"),
        ((3, [(1, 1)]), InvalidProblemError, "two different qubits"),
        ((3, [(0, 1), (1, 0)]), InvalidProblemError, "occurs twice"),
        ((3, [], "y"), InvalidProblemError, "bases = 'y'"),
        ((3, [], [[1, 0, 0]]), InvalidProblemError, "\\(3, 3\\) is needed"),
        ((1, [], [[0, 0, 0]]), InvalidProblemError, "not zero"),
    ],
)
def test_what_is_out_of_range_is_named(arguments, error, message) -> None:
    with pytest.raises(error, match=message):
        graph_state_probabilities(*arguments)
