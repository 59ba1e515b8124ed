"""Costs of block encodings of sparse matrices, from tables of their entries and from oracles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from circuits.costs.block_encoding import BlockEncodingCost
from circuits.costs.counts import GateCounts, count_gates
from circuits.costs.gates import CX, ROTATION, layer
from circuits.costs.multiplexed import (
    multiplexed_rotation_cost,
    require_count,
    rotation_from_zero_cost,
)
from circuits.costs.state_preparation import index_state_cost
from circuits.multiplexed import multiplexed_rotation
from circuits.multiplexed_state import index_state


def xor_block_encoding_cost(
    system_qubits: int, patterns: Sequence[int] | None = None, *, real: bool = True
) -> BlockEncodingCost:
    """Count `circuits.sparse_encoding.xor_block_encoding` with nothing left out.

    Parameters
    ----------
    system_qubits
        n, at least 1.
    patterns
        Those that occur: row XOR column of all entries that are not zero. ``None`` for all.
    real
        Whether the entries are. They and the largest of each pattern are general.

    Returns
    -------
    BlockEncodingCost
        As exact as the index's state, `circuits.costs.state_preparation.index_state_cost`; an upper
        bound where ``epsilon`` leaves something out. Controlled, exact.

    Raises
    ------
    ValueError
        If there are no qubits, or a pattern does not fit them.
    """
    n = system_qubits
    require_count(n, "system_qubits", 1)
    used = sorted({0, *patterns}) if patterns is not None else None
    if used is not None and not 0 <= used[0] <= used[-1] < 2**n:
        raise ValueError(f"patterns: numbers from 0 to {2**n - 1} are needed")
    index_qubits = n if used is None else (len(used) - 1).bit_length()
    flips = layer(CX, n)
    if used is not None and index_qubits < n:
        flips = _flips_cost(used, n)
    prepared = [index_state_cost(index_qubits, controlled=bool(control)) for control in (0, 1)]
    return _lookup_cost(n, index_qubits, prepared, flips, real)


def fable_block_encoding_cost(system_qubits: int, *, real: bool = True) -> BlockEncodingCost:
    """Count `circuits.sparse_encoding.fable_block_encoding` of general entries.

    Parameters
    ----------
    system_qubits
        n, at least 1.
    real
        Whether the entries are.

    Returns
    -------
    BlockEncodingCost
        Gates exact with nothing left out, controlled ones too; an upper bound where ``epsilon`` or
        the matrix's structure leaves something out.

    Raises
    ------
    ValueError
        If there are no qubits.
    """
    n = system_qubits
    require_count(n, "system_qubits", 1)
    prepared = [layer(ROTATION, n), rotation_from_zero_cost(1) * n]
    return _lookup_cost(n, n, prepared, layer(CX, n), real)


def sparse_block_encoding_cost(
    location: GateCounts,
    value: GateCounts,
    system_qubits: int,
    sparsity: int,
    controlled_oracles: GateCounts | None = None,
) -> BlockEncodingCost:
    """Count `circuits.sparse_encoding.sparse_block_encoding`.

    Parameters
    ----------
    location, value
        Of both circuits.
    system_qubits, sparsity
        As for the builder.
    controlled_oracles
        Both circuits with a control on every gate, for instance by
        `circuits.costs.gates.controlled_cost`. ``None`` leaves out the controlled encoding.

    Returns
    -------
    BlockEncodingCost
        Gates exact: one use of each, and the uniform state of the index twice. Time grows with the
        sparsity, unless that is a power of two.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    if system_qubits < 1 or not 1 <= sparsity <= 2**system_qubits:
        raise ValueError(
            f"system_qubits = {system_qubits}, sparsity = {sparsity}: a column of 2**n entries has "
            "1 to 2**n that are not zero"
        )
    index_qubits = (sparsity - 1).bit_length()
    inner = system_qubits + index_qubits
    prepared = layer(ROTATION, index_qubits)
    if sparsity & (sparsity - 1):
        prepared = count_gates(index_state(np.arange(2**index_qubits) < sparsity))
    clean = max(int(location.qubits) - inner, int(value.qubits) - inner - 1)
    qubits = inner + 1 + clean
    circuit = replace(2 * prepared + location + value, qubits=qubits)
    controlled = None
    if controlled_oracles is not None:
        controlled = replace(2 * prepared + controlled_oracles, qubits=qubits + 1)
    return BlockEncodingCost(circuit, system_qubits, index_qubits + 1, controlled)


def _lookup_cost(
    n: int, index_qubits: int, prepared: Sequence[GateCounts], flips: GateCounts, real: bool
) -> BlockEncodingCost:
    circuits = []
    for controls, index in enumerate(prepared):
        selecting = n + index_qubits + controls
        total = 2 * index + rotation_from_zero_cost(selecting) + flips
        if not real:
            total += multiplexed_rotation_cost(selecting)
        circuits.append(replace(total, qubits=selecting + 1))
    return BlockEncodingCost(circuits[0], n, index_qubits + 1, circuits[1])


def _flips_cost(used: Sequence[int], n: int) -> GateCounts:
    """Half turns of each bit by the pattern that a label stands for; the label's table is small."""
    labels = 2 ** (len(used) - 1).bit_length()
    patterns = [used[label % len(used)] for label in range(labels)]
    total = GateCounts()
    for bit in range(n):
        half_turns = [np.pi * (pattern >> bit & 1) for pattern in patterns]
        total += count_gates(multiplexed_rotation(half_turns, "y"))
    return total
