"""The map: its states, circuit, costs and refusals."""

import copy
import pickle

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from circuits.feature_maps.discrete_log import DiscreteLogMap, Orbit


@pytest.mark.parametrize(("prime", "k"), [(5, 2), (7, 1), (13, 2), (31, 3)])
def test_circuit_prepares_the_arc_that_starts_at_the_residue(prime, k):
    feature_map = DiscreteLogMap(prime, k=k)
    generator, n = feature_map.orbit.generator, prime.bit_length()
    X = np.arange(1, prime)[:, np.newaxis]
    circuit, angles = feature_map.circuit(1), feature_map.angles(X)
    assert circuit.num_qubits == feature_map.qubits(1) == n
    assert angles.shape == (prime - 1, circuit.num_parameters)
    for x, row in zip(X[:, 0], angles, strict=True):
        expected = np.zeros(2**n)
        expected[[x * generator**i % prime for i in range(2**k)]] = 2 ** (-k / 2)
        found = Statevector(circuit.assign_parameters(row))
        assert abs(found.inner(Statevector(expected))) == pytest.approx(1)


def test_costs_are_those_of_the_circuit():
    feature_map = DiscreteLogMap(31)
    circuit = feature_map.circuit(1)
    assert feature_map.two_qubit_gates(1) == circuit.num_nonlocal_gates() == 2**5 - 5 - 1
    assert feature_map.rotations(1) == circuit.num_parameters == 2**5 - 1
    assert feature_map.weights(1) == 0


def test_defaults_are_the_smallest_generator_and_arcs_of_at_least_an_eighth():
    assert DiscreteLogMap(251).orbit == Orbit(251, 6, 5)
    assert DiscreteLogMap(5).orbit == Orbit(5, 2, 1)


def test_maps_are_values():
    feature_map = DiscreteLogMap(13, generator=6)
    assert feature_map == DiscreteLogMap(13, 6)
    assert hash(feature_map) == hash(DiscreteLogMap(13, 6))
    assert pickle.loads(pickle.dumps(feature_map)) == copy.deepcopy(feature_map) == feature_map
    assert repr(feature_map) == "DiscreteLogMap(prime=13, generator=6, k=None)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"prime": 15}, "prime = 15: 3 divides it"),
        ({"prime": 13, "generator": 3}, "generator = 3: its power"),
        ({"prime": 13, "k": 4}, "k = 4: must lie between 1 and 3"),
    ],
)
def test_impossible_arguments_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        DiscreteLogMap(**arguments)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([[1.0, 2.0]], "features = 2: this map takes one"),
        ([[0.0]], "X holds 0 in row 0: whole numbers from 1 to 12"),
        ([[3.0], [13.0]], "X holds 13 in row 1"),
        ([[2.5]], "X holds 2.5"),
        ([[np.nan]], "NaN"),
        ([3.0], "a matrix of samples by features"),
    ],
)
def test_data_that_are_no_residues_are_refused(X, message):
    with pytest.raises(ValueError, match=message):
        DiscreteLogMap(13).angles(X)
