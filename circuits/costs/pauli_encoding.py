"""Costs of block encodings of sums of Pauli operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from circuits.costs.arithmetic import AND
from circuits.costs.block_encoding import BlockEncodingCost
from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, ROTATION
from circuits.costs.multiplexed import diagonal_cost, require_count
from circuits.costs.state_preparation import index_state_cost

_MOST_GENERATORS = 12


def pauli_block_encoding_cost(
    system_qubits: int,
    weights: Sequence[int],
    generators: Sequence[int],
    *,
    phases: bool = False,
) -> BlockEncodingCost:
    """Count `circuits.pauli_encoding.pauli_block_encoding`, which takes the cheaper way.

    Parameters
    ----------
    system_qubits
        n, at least 1.
    weights
        Number of letters beside I of each term.
    generators
        The same of each generator: of a smallest set, of least weight, whose products all terms
        are.
    phases
        Whether the coefficients have any, in the basis of products of generators; signs count.

    Returns
    -------
    BlockEncodingCost
        That of `linear_pauli_encoding_cost` or `unary_pauli_encoding_cost`.

    Raises
    ------
    ValueError
        If there is no term or there are no qubits.
    """
    linear = unary = float("inf")
    count, labels = len(weights), len(generators)
    if labels <= _MOST_GENERATORS:
        states = 2**labels
        linear = 2 * (states - labels - 1) + phases * (states - 2) + sum(generators)
    index = max(0, count - 1).bit_length()
    unary = 2 * (2**index - index - 1) + 7 * (count - 2) + sum(weights) if count > 1 else 0
    if linear <= unary:
        return linear_pauli_encoding_cost(system_qubits, generators, phases=phases)
    return unary_pauli_encoding_cost(system_qubits, weights)


def linear_pauli_encoding_cost(
    system_qubits: int, generators: Sequence[int], *, phases: bool = False
) -> BlockEncodingCost:
    """Count the encoding whose index qubits control one generator each.

    Parameters
    ----------
    system_qubits, generators, phases
        As for `pauli_block_encoding_cost`. Coefficients and phases are general.

    Returns
    -------
    BlockEncodingCost
        As exact as the index's state, `circuits.costs.state_preparation.index_state_cost`;
        controlled, exact.

    Raises
    ------
    ValueError
        If there are no qubits.
    """
    require_count(system_qubits, "system_qubits", 1)
    labels, select = len(generators), CX * sum(generators)
    circuits = []
    for controls in (0, 1):
        total = 2 * index_state_cost(labels, controlled=bool(controls)) + select
        if phases:
            total += diagonal_cost(labels + controls)
        circuits.append(replace(total, qubits=system_qubits + labels + controls))
    return BlockEncodingCost(circuits[0], system_qubits, labels, circuits[1])


def unary_pauli_encoding_cost(
    system_qubits: int, weights: Sequence[int], index: GateCounts | None = None
) -> BlockEncodingCost:
    """Count the encoding by unary iteration over the terms.

    Parameters
    ----------
    system_qubits, weights
        As for `pauli_block_encoding_cost`.
    index
        Preparing the index in the roots of the coefficients' absolute values; by default
        `circuits.costs.state_preparation.index_state_cost` of general ones, and as exact.

    Returns
    -------
    BlockEncodingCost
        For L terms, L - 2 nodes of two ANDs and a CX, L - 1 if controlled; a rotation and its
        weight in CX for each term.

    Raises
    ------
    ValueError
        If there is no term or there are no qubits.
    """
    require_count(system_qubits, "system_qubits", 1)
    require_count(len(weights), "len(weights)", 1)
    terms, index_qubits = len(weights), (len(weights) - 1).bit_length()
    prepared = index_state_cost(index_qubits) if index is None else index
    leaves, node = CX * sum(weights) + ROTATION * terms, 2 * AND + CX
    qubits = system_qubits + 2 * index_qubits
    # A single term without a control is a Pauli gate and a global phase.
    nodes = node * (terms - 2) + leaves if terms > 1 else GateCounts()
    circuit = replace(2 * prepared + nodes, qubits=qubits)
    controlled = replace(2 * prepared + node * (terms - 1) + leaves, qubits=qubits + 1)
    return BlockEncodingCost(circuit, system_qubits, index_qubits, controlled)
