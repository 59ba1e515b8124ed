"""States of feature maps, for the tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

from circuits.feature_maps import FeatureMap


def state_of(feature_map: FeatureMap, row: ArrayLike, weights: ArrayLike = ()) -> np.ndarray:
    circuit = feature_map.circuit(len(np.asarray(row)))
    angles = feature_map.angles(np.atleast_2d(row), weights)
    return Statevector(circuit.assign_parameters(angles[0])).data


def overlap(first: np.ndarray, second: np.ndarray | QuantumCircuit) -> float:
    if isinstance(second, QuantumCircuit):
        second = Statevector(second).data
    return float(abs(np.vdot(first, second)))


def same_state(first: np.ndarray, second: np.ndarray | QuantumCircuit) -> bool:
    return abs(overlap(first, second) - 1) < 1e-12
