"""Costs of circuits that measure the overlap of two states."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, layer, side_by_side


def uncomputed_overlap_cost(state: GateCounts, reference: GateCounts) -> GateCounts:
    """Count `circuits.uncomputed_overlap`: both preparations, one after the other."""
    return state + reference


def swap_test_cost(state: GateCounts, reference: GateCounts) -> GateCounts:
    """Count `circuits.swap_test`: both preparations at once, and a layer of CX."""
    both = side_by_side(state, reference)
    return both + replace(layer(CX, reference.qubits), qubits=both.qubits)


def hadamard_test_cost(
    controlled_state: GateCounts, controlled_reference: GateCounts
) -> GateCounts:
    """Count `circuits.hadamard_test`.

    Parameters
    ----------
    controlled_state, controlled_reference
        Cost of both preparations with the test qubit as their control, it included; see
        `circuits.costs.gates.controlled_cost`.

    Returns
    -------
    GateCounts
        Both, one after the other.
    """
    return controlled_state + controlled_reference
