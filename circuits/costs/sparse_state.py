"""Costs of states with few nonzero amplitudes."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.counts import Count, GateCounts
from circuits.costs.gates import CX, ROTATION, multi_controlled_x_cost
from circuits.costs.multiplexed import multiplexed_rotation_cost, require_count
from circuits.costs.state_preparation import state_preparation_cost
from circuits.sparse_state import MOST_DENSE, MOST_MULTIPLEXED


def sparse_state_preparation_bound(qubits: int, entries: int, *, real: bool = True) -> GateCounts:
    """Bound the gates of `circuits.sparse_state.sparse_state_preparation`.

    Parameters
    ----------
    qubits
        Number n.
    entries
        Number k of nonzero amplitudes.
    real
        Whether they are.

    Returns
    -------
    GateCounts
        Upper bounds for any places of the amplitudes. For k up to 64 the CX are those of k - 1
        merges of two basis states, ``n - 1`` each and those of a rotation with c controls, c being
        at most ``floor(log2(e - 1))`` with e states left. All else is bounded by the merges and a
        dense state together, of up to 16 times as many amplitudes: where one ends and the other
        starts depends on the places. In O(log(k)) operations.

    Raises
    ------
    ValueError
        If there is no amplitude, or are more than fit the qubits.
    """
    require_count(entries, "entries", 1)
    if entries > 2**qubits:
        raise ValueError(f"entries = {entries}: {qubits} qubits have {2**qubits}")
    merges = _merges_cost(qubits, entries, real)
    dense_qubits = min(qubits, (MOST_DENSE * entries).bit_length() - 1) if entries > 1 else 0
    dense = dense_qubits * max(0, qubits - 1) * CX
    dense += state_preparation_cost(dense_qubits, real=real)
    both = replace(merges + dense, qubits=qubits)
    if entries - 1 >= 2 ** (MOST_MULTIPLEXED + 1):
        return both
    # The way of fewest CX is taken, and merging alone is one.
    gates = merges.two_qubit_gates
    return replace(both, two_qubit_gates=gates, two_qubit_depth=gates)


def _merges_cost(qubits: int, entries: int, real: bool) -> GateCounts:
    total = (entries - 1) * max(0, qubits - 1) * CX
    for controls in range((entries - 1).bit_length()):
        # With e states left, e - 1 has so many bits besides its first.
        merges = min(entries, 2 ** (controls + 1)) - 2**controls
        total += _turns(real) * merges * _rotation_cost(controls)
    return total


def _turns(real: bool) -> Count:
    """Rotations that turn two amplitudes to one: about y, and if they are complex about z."""
    return 1 if real else 2


def _rotation_cost(controls: int) -> GateCounts:
    if controls <= MOST_MULTIPLEXED:
        return multiplexed_rotation_cost(controls)
    return 2 * (ROTATION + multi_controlled_x_cost(controls))
