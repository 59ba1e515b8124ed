"""Feature maps: circuits that turn a row of data into a quantum state."""

from circuits.feature_maps.amplitude import AmplitudeMap
from circuits.feature_maps.angle import AngleMap
from circuits.feature_maps.base import FeatureMap
from circuits.feature_maps.circuit_map import CircuitMap
from circuits.feature_maps.covariant import CovariantMap
from circuits.feature_maps.discrete_log import DiscreteLogMap
from circuits.feature_maps.pair_map import IQPMap, ZZMap
from circuits.feature_maps.pauli import PauliMap, ZMap
from circuits.feature_maps.reuploading import ReuploadingMap

__all__ = [
    "AmplitudeMap",
    "AngleMap",
    "CircuitMap",
    "CovariantMap",
    "DiscreteLogMap",
    "FeatureMap",
    "IQPMap",
    "PauliMap",
    "ReuploadingMap",
    "ZMap",
    "ZZMap",
]
