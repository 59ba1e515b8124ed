from __future__ import annotations

import numpy as np
import pytest
from feature_map_states import same_state, state_of
from qiskit import QuantumCircuit

from circuits.feature_maps import ReuploadingMap


def test_angles_are_affine_in_the_data():
    row, weights = np.array([0.3, -0.7, 1.1, 0.4]), np.random.default_rng(0).normal(size=24)
    literal = QuantumCircuit(2)
    place = 0
    for layer in range(2):
        if layer:
            literal.cz(0, 1)
        for qubit in range(2):
            for turn in range(3):
                angle = weights[place] * row[(3 * qubit + turn) % 4] + weights[12 + place]
                (literal.rz if turn == 1 else literal.ry)(angle, qubit)
                place += 1
    state = state_of(ReuploadingMap(2), row, weights)
    assert same_state(state, literal)


@pytest.mark.parametrize(("features", "width"), [(1, None), (3, None), (7, None), (5, 1), (2, 4)])
def test_every_feature_is_in_every_layer(features, width):
    feature_map = ReuploadingMap(2, width)
    weights = np.ones(feature_map.weights(features))
    moved = feature_map.angles(np.eye(features), weights) - feature_map.angles(
        np.zeros((features, features)), weights
    )
    assert np.all(moved.reshape(features, 2, -1).sum(axis=2) >= 1)
    assert np.all(moved.sum(axis=0) == 1)


def test_costs_of_the_docstring():
    feature_map = ReuploadingMap(4)
    assert (feature_map.qubits(8), feature_map.rotations(8)) == (3, 36)
    assert (feature_map.weights(8), feature_map.two_qubit_gates(8)) == (72, 6)
    assert feature_map.circuit(8).depth(lambda gate: len(gate.qubits) == 2) <= 6


def test_initial_weights_are_drawn_by_their_seed():
    feature_map = ReuploadingMap(4)
    first = feature_map.initial_weights(5, 3)
    assert first.shape == (feature_map.weights(5),)
    np.testing.assert_array_equal(first, feature_map.initial_weights(5, 3))
    assert np.any(first != feature_map.initial_weights(5, 4))
    np.testing.assert_array_equal(first[: first.size // 2], 0.25)
