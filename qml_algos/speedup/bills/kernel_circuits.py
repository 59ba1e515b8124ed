"""What circuits of quantum kernels take, by the names of feature maps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from circuits.costs import GateCounts
from circuits.costs.feature_maps import (
    amplitude_map_cost,
    angle_map_cost,
    pair_map_cost,
    pauli_map_cost,
    reuploading_map_cost,
    z_map_cost,
)
from circuits.costs.gates import MEASUREMENT, ROTATION, layer
from circuits.costs.measurement import turns_cost


@dataclass(frozen=True)
class MapCost:
    """A feature map.

    Attributes
    ----------
    first, last
        Its gates: those before, and those that meet their inverses in an overlap and are done once
        there, by the difference of two samples.
    """

    first: GateCounts
    last: GateCounts

    @property
    def whole(self) -> GateCounts:
        """All its gates."""
        return self.first + self.last


def map_cost(name: str, features: int) -> MapCost:
    """Count the gates of a feature map as `qml_algos.svm.registry.FEATURE_MAPS` has it.

    Parameters
    ----------
    name
        Of `FEATURE_MAP_COSTS`.
    features
        d, up to 1e30.

    Returns
    -------
    MapCost
        With phases written as rotations, as kernels have them.

    Raises
    ------
    ValueError
        If the map does not take so few features.
    """
    return FEATURE_MAP_COSTS[name](features)


def overlap_cost(name: str, features: int) -> tuple[GateCounts, GateCounts]:
    """Count the circuit of `qml_algos.kernels.sampled.overlap.overlap_circuit`.

    Returns
    -------
    gates, reading
        Twice what is first in the map and once what is last; and the measurement of all qubits.
    """
    cost = map_cost(name, features)
    gates = 2 * cost.first + cost.last
    return gates, _measured(gates)


def pauli_reading_cost(name: str, features: int) -> tuple[GateCounts, GateCounts]:
    """Count the circuit of `qml_algos.kernels.sampled.pauli_vectors.sampled_pauli_vectors`.

    Returns
    -------
    gates, reading
        The map; and two rotations of each qubit into a basis, with its measurement.
    """
    gates = map_cost(name, features).whole
    return gates, turns_cost(int(gates.qubits)) + _measured(gates)


def _measured(gates: GateCounts) -> GateCounts:
    return layer(MEASUREMENT, gates.qubits)


def _repeated(cost: Callable[[int, int], GateCounts], repetitions: int, features: int) -> MapCost:
    """Split a map whose last layer is diagonal, up to a permutation of the basis."""
    whole = cost(features, repetitions)
    if repetitions == 1:
        return MapCost(GateCounts(qubits=whole.qubits), whole)
    first = cost(features, repetitions - 1)
    return MapCost(first, _difference(whole, first))


def _difference(whole: GateCounts, part: GateCounts) -> GateCounts:
    return replace(whole + (-1) * part, qubits=whole.qubits)


def _turned_last(whole: GateCounts, turned: int) -> MapCost:
    """Split off one rotation on each of some qubits."""
    last = replace(layer(ROTATION, turned), qubits=whole.qubits)
    return MapCost(_difference(whole, last), last)


def _reuploading(features: int) -> MapCost:
    whole = reuploading_map_cost(features)
    return _turned_last(whole, int(whole.qubits))


FEATURE_MAP_COSTS: dict[str, Callable[[int], MapCost]] = {
    "amplitude": lambda d: _turned_last(amplitude_map_cost(d), 1),
    "angle": lambda d: _repeated(lambda n, _: angle_map_cost(n), 1, d),
    "iqp": lambda d: _repeated(pair_map_cost, 1, d),
    "pauli": lambda d: _repeated(lambda n, r: pauli_map_cost(n, (1, 2), r), 2, d),
    "reuploading": _reuploading,
    "z": lambda d: _repeated(z_map_cost, 2, d),
    "zz": lambda d: _repeated(pair_map_cost, 2, d),
}
"""Of `FEATURE_MAPS` with their defaults."""
