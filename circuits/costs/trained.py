"""Costs of circuits whose angles are trained: ansatz, IQP circuits and networks of rotations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.feature_maps import pair_map_cost
from circuits.costs.gates import CX, ROTATION, layer
from circuits.feature_maps.pair_phases import Connectivity, Entanglement
from circuits.parity_rotations import parity_path, path_length


def hardware_efficient_ansatz_cost(qubits: int, layers: int, *, real: bool = True) -> GateCounts:
    """Count `circuits.hardware_efficient_ansatz`.

    Parameters
    ----------
    qubits
        Number n, at least 1.
    layers
        Number L of entangling layers.
    real
        Whether rotations are about y only.

    Returns
    -------
    GateCounts
        ``n (L + 1)`` rotations if real, else twice as many; ``n // 2`` CZ in a layer and
        ``(n - 1) // 2`` in the next, in a depth of L.

    Raises
    ------
    ValueError
        If there is no qubit, or ``layers`` is negative.
    """
    if qubits < 1:
        raise ValueError(f"qubits = {qubits}: at least 1 is needed")
    if layers < 0:
        raise ValueError(f"layers = {layers}: must not be negative")
    even = layer(CX, qubits // 2)
    odd = layer(CX, (qubits - 1) // 2) if qubits > 2 else even
    rotations = layer(ROTATION, qubits) * ((layers + 1) * (1 if real else 2))
    return replace(rotations + even * (-(-layers // 2)) + odd * (layers // 2), qubits=qubits)


def rotation_network_cost(qubits: int, gates: int, *, layers: int | None = None) -> GateCounts:
    """Count the circuit of `circuits.rotation_network`.

    Parameters
    ----------
    qubits
        Number of qubits n.
    gates
        Number g of gates on two qubits.
    layers
        Number of layers of gates that share no qubit; None for one gate after another.

    Returns
    -------
    GateCounts
        ``2 g`` CX and ``n + 4 g`` rotations.
    """
    depth = gates if layers is None else layers
    return GateCounts(
        qubits=qubits,
        two_qubit_gates=2 * gates,
        rotations=qubits + 4 * gates,
        two_qubit_depth=2 * depth,
        rotation_depth=1 + 2 * depth,
    )


def iqp_circuit_cost(
    qubits: int, masks: Sequence[int], connectivity: Connectivity = "all"
) -> GateCounts:
    """Count `circuits.iqp_circuit`.

    Parameters
    ----------
    qubits
        Number of qubits n, at least 1.
    masks
        The set of qubits that each parity is of: none empty, none twice.
    connectivity
        As for the circuit.

    Returns
    -------
    GateCounts
        The cheaper of the walk through the parities of all pairs or of neighbours,
        `circuits.costs.feature_maps.pair_map_cost`, and of a path through the parities of each
        qubit, one after the other. Paths are searched for as the builder does it, in a time that
        depends on the number of masks and not on that of qubits.

    Raises
    ------
    ValueError
        If there is no qubit, or masks of more than two qubits are to be had on a line.
    """
    if qubits < 1:
        raise ValueError(f"qubits = {qubits}: at least 1 is needed")
    large = [mask for mask in masks if mask.bit_count() > 2]
    if large and connectivity == "line":
        raise ValueError(f"masks: {large[0]} has more than two qubits, which a line does not take")
    candidates = [] if large else [_by_pairs(qubits, masks, connectivity)]
    if connectivity == "all":
        candidates.append(_by_targets(qubits, masks))
    return min(candidates, key=lambda cost: cost.two_qubit_gates)


def _by_pairs(qubits: int, masks: Sequence[int], connectivity: Connectivity) -> GateCounts:
    """Count the walk through neighbours if there are no other pairs, else through all pairs."""
    pairs = [mask for mask in masks if mask.bit_count() == 2]
    neighbours = all(mask == 3 * (mask & -mask) for mask in pairs)
    entanglement: Entanglement = "linear" if neighbours else "full"
    return pair_map_cost(qubits, 1, entanglement=entanglement, connectivity=connectivity)


def _by_targets(qubits: int, masks: Sequence[int]) -> GateCounts:
    """Count the paths through the parities of which each qubit is the highest."""
    others: dict[int, list[int]] = defaultdict(list)
    for mask in masks:
        target = mask.bit_length() - 1
        others[target].append(mask ^ 1 << target)
    entangling = sum(path_length([0, *parity_path(found), 0]) for found in others.values())
    return replace(CX * entangling + ROTATION * len(masks), qubits=qubits)
