"""What all feature maps promise."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import Parameter, ParameterVector
from qiskit.quantum_info import Statevector

from circuits.feature_maps import (
    AmplitudeMap,
    AngleMap,
    CircuitMap,
    CovariantMap,
    IQPMap,
    PauliMap,
    ReuploadingMap,
    ZMap,
    ZZMap,
)


def _user_map() -> CircuitMap:
    x, w = ParameterVector("x", 4), ParameterVector("w", 3)
    circuit = QuantumCircuit(2, name="mine")
    circuit.ry(w[0] * x[0] + x[1], 0)
    circuit.rz(2 * w[1] - x[2].sin() * w[0], 1)
    circuit.cx(0, 1)
    circuit.crx(x[3] * x[3], 1, 0)
    circuit.ry(w[2], 0)
    return CircuitMap(circuit, w)


MAPS = {
    "angle": AngleMap(),
    "angle about x": AngleMap("x"),
    "amplitude": AmplitudeMap(),
    "z": ZMap(3),
    "zz": ZZMap(),
    "zz ring": ZZMap(3, "circular"),
    "zz on a line": ZZMap(connectivity="line"),
    "iqp": IQPMap(),
    "pauli": PauliMap(("Z", "YY", "ZXZ")),
    "pauli ring": PauliMap(("X", "ZYX"), 1, "circular", 1.0, "products"),
    "reuploading": ReuploadingMap(3),
    "reuploading on one qubit": ReuploadingMap(2, width=1),
    "covariant": CovariantMap(),
    "covariant, local weights": CovariantMap(((0, 1),), "local"),
    "circuit": _user_map(),
}
# The user's circuit has a fixed number of features.
SIZES = {name: (4,) if name == "circuit" else (4, 6, 10) for name in MAPS}
CASES = [(name, features) for name in MAPS for features in SIZES[name]]

each_map = pytest.mark.parametrize("feature_map", MAPS.values(), ids=MAPS.keys())
each_case = pytest.mark.parametrize(("name", "features"), CASES)


def _data(features: int, samples: int = 3) -> np.ndarray:
    return np.random.default_rng(features).uniform(-2, 2, (samples, features))


def _weights(count: int) -> np.ndarray:
    return np.random.default_rng(count).uniform(-1, 1, count)


@each_case
def test_angles_are_values_of_the_plain_parameters_of_the_circuit(name, features):
    feature_map = MAPS[name]
    circuit = feature_map.circuit(features)
    angles = feature_map.angles(_data(features), _weights(feature_map.weights(features)))
    assert circuit.num_qubits == feature_map.qubits(features)
    assert angles.shape == (3, circuit.num_parameters)
    assert angles.dtype == np.float64
    for gate in circuit:
        for angle in gate.operation.params:
            assert isinstance(angle, Parameter | float | int)


@each_case
def test_costs_are_those_of_the_circuit_built(name, features):
    feature_map = MAPS[name]
    circuit = feature_map.circuit(features)
    translated = transpile(circuit, basis_gates=["cx", "u"], optimization_level=0)
    assert feature_map.two_qubit_gates(features) == translated.count_ops().get("cx", 0)
    assert feature_map.rotations(features) == sum(bool(g.operation.params) for g in circuit)


@each_map
def test_maps_are_values(feature_map):
    for twin in (copy.deepcopy(feature_map), pickle.loads(pickle.dumps(feature_map))):
        assert twin == feature_map
        assert hash(twin) == hash(feature_map)
        np.testing.assert_array_equal(
            twin.angles(_data(4), _weights(twin.weights(4))),
            feature_map.angles(_data(4), _weights(feature_map.weights(4))),
        )
    assert repr(feature_map).startswith(type(feature_map).__name__)


def test_maps_of_other_hyperparameters_differ():
    maps = list(MAPS.values())
    assert all(maps[i] != maps[j] for i in range(len(maps)) for j in range(i))


@each_map
def test_gradient_by_weights_agrees_with_finite_differences(feature_map):
    data, weights = _data(4), _weights(feature_map.weights(4))
    angles = feature_map.angles(data, weights)
    cotangent = np.random.default_rng(7).normal(size=angles.shape)
    gradient = feature_map.weight_gradient(data, weights, cotangent)
    step = 1e-6
    expected = [
        np.sum(cotangent * (feature_map.angles(data, weights + step * unit) - angles)) / step
        for unit in np.eye(weights.size)
    ]
    assert gradient.shape == weights.shape
    np.testing.assert_allclose(gradient, np.reshape(expected, weights.shape), atol=1e-5)


@each_map
def test_rows_do_not_depend_on_each_other(feature_map):
    data, weights = _data(4), _weights(feature_map.weights(4))
    together = feature_map.angles(data, weights)
    np.testing.assert_allclose(together[1:2], feature_map.angles(data[1:2], weights), atol=1e-14)
    assert feature_map.angles(data[:0], weights).shape == (0, together.shape[1])


@each_map
def test_data_that_are_no_finite_real_matrix_are_refused(feature_map):
    weights = _weights(feature_map.weights(4))
    for bad, words in [
        (np.full((2, 4), np.nan), "X contains NaN or infinity"),
        (np.ones(4), "X has shape"),
        (np.ones((2, 4)) * 1j, "X is complex"),
        ([["a", "b", "c", "d"]], "numbers are needed"),
        (np.ones((2, 0)), "features = 0"),
    ]:
        with pytest.raises(ValueError, match=words):
            feature_map.angles(bad, weights)


@each_map
def test_weights_of_another_number_are_refused(feature_map):
    count = feature_map.weights(4)
    with pytest.raises(ValueError, match=f"weights has {count + 1} entries: this map takes"):
        feature_map.angles(_data(4), np.ones(count + 1))
    with pytest.raises(ValueError, match="cotangent has shape"):
        feature_map.weight_gradient(_data(4), np.ones(count), np.ones((3, 99)))


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: AngleMap("z"), "axis = 'z': accepted are 'x', 'y'"),
        (lambda: ZMap(0), "repetitions = 0: an integer of at least 1"),
        (lambda: ZZMap(1.5), "repetitions = 1.5"),
        (lambda: ZZMap(2, "pairwise"), "entanglement = 'pairwise': accepted are 'full'"),
        (lambda: IQPMap(connectivity="grid"), "connectivity = 'grid': accepted are 'all'"),
        (lambda: IQPMap(1, "circular", "line"), "'line' does not join the ends"),
        (lambda: PauliMap(("Z", "ZI")), "strings of the letters X, Y and Z"),
        (lambda: PauliMap(()), "strings of the letters X, Y and Z"),
        (lambda: PauliMap(scale=0.0), "scale = 0.0: a finite number other than 0"),
        (lambda: PauliMap(data_map="sum"), "data_map = 'sum': accepted are"),
        (lambda: PauliMap(("ZZZ",)).circuit(2), "features = 2: this map takes at least 3"),
        (lambda: AmplitudeMap().circuit(1), "features = 1: this map takes at least 2"),
        (lambda: ReuploadingMap(0), "layers = 0"),
        (lambda: ReuploadingMap(width=0), "width = 0"),
        (lambda: CovariantMap(fiducial="all"), "fiducial = 'all'"),
        (lambda: CovariantMap(((0, 0),)), "does not join two qubits"),
        (lambda: CovariantMap(((0, 1), (1, 0))), "an edge occurs twice"),
        (lambda: CovariantMap(((0, 1, 2),)), "pairs of qubits"),
        (lambda: CovariantMap().circuit(3), "features = 3: this map takes two for each qubit"),
        (lambda: CovariantMap(((0, 2),)).circuit(4), "features = 4: this map takes at least 6"),
    ],
)
def test_what_a_map_does_not_take_is_named(build, words):
    with pytest.raises(ValueError, match=words):
        build()


@each_map
def test_circuits_are_states_of_norm_one(feature_map):
    circuit = feature_map.circuit(4)
    angles = feature_map.angles(_data(4), _weights(feature_map.weights(4)))
    state = Statevector(circuit.assign_parameters(angles[0]))
    assert abs(np.linalg.norm(state.data) - 1) < 1e-12
