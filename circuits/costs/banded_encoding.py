"""Costs of block encodings of banded matrices.

The state of the band's index is built and counted: its size is that of the band, and which gates it
takes depends on the coefficients. All that grows with the matrix is in closed form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from circuits.banded_encoding import Shifts
from circuits.costs.arithmetic import adder_cost, at_least_cost
from circuits.costs.block_encoding import BlockEncodingCost
from circuits.costs.counts import GateCounts, count_gates
from circuits.costs.gates import CX
from circuits.costs.multiplexed import multiplexed_amplitude_cost, require_count
from circuits.multiplexed import diagonal
from circuits.multiplexed_state import index_state


def toeplitz_block_encoding_cost(
    size: int, coefficients: Mapping[int, complex]
) -> BlockEncodingCost:
    """Count `circuits.banded_encoding.toeplitz_block_encoding`.

    Parameters
    ----------
    size
        N, at least 2.
    coefficients
        Column minus row to the entry on that diagonal; not all zero.

    Returns
    -------
    BlockEncodingCost
        Gates exact, controlled ones too. Time grows with the band, not with N.

    Raises
    ------
    ValueError
        If the size is below 2, an offset lies outside, or no coefficient is left.
    """
    require_count(size, "size", 2)
    outside = [offset for offset in coefficients if abs(offset) >= size]
    if outside:
        raise ValueError(
            f"coefficients: offset {outside[0]} lies outside a matrix of {size} rows; accepted are "
            f"{1 - size} to {size - 1}"
        )
    return _shift_cost(
        size, {-offset: value for offset, value in coefficients.items()}, wraps=False
    )


def circulant_block_encoding_cost(
    system_qubits: int, coefficients: Mapping[int, complex]
) -> BlockEncodingCost:
    """Count `circuits.banded_encoding.circulant_block_encoding`.

    Parameters
    ----------
    system_qubits
        n, at least 1; N = 2**n.
    coefficients
        Column minus row, modulo N, to the entry on that diagonal; not all zero.

    Returns
    -------
    BlockEncodingCost
        Gates exact, controlled ones too. Time grows with the band, not with N.

    Raises
    ------
    ValueError
        If there are no qubits, or no coefficient is left.
    """
    require_count(system_qubits, "system_qubits", 1)
    size = 2**system_qubits
    moves: dict[int, complex] = {}
    for offset, value in coefficients.items():
        move = (-offset + size // 2 - 1) % size - size // 2 + 1
        moves[move] = moves.get(move, 0) + value
    return _shift_cost(size, moves, wraps=True)


def banded_block_encoding_cost(
    size: int, largest: Mapping[int, float], *, real: bool = True
) -> BlockEncodingCost:
    """Count `circuits.banded_encoding.banded_block_encoding` of entries in general.

    Parameters
    ----------
    size
        N, at least 2.
    largest
        Column minus row to the largest absolute value on that diagonal.
    real
        Whether all entries are.

    Returns
    -------
    BlockEncodingCost
        Gates exact, controlled ones too.

    Raises
    ------
    ValueError
        If the size is below 2, or all entries are zero.
    """
    require_count(size, "size", 2)
    n = (size - 1).bit_length()
    weights = {-offset: value for offset, value in largest.items() if value}
    _require_some(weights)
    shifts = Shifts.of(weights)
    circuits = []
    for controls in (0, 1):
        total = 2 * _index_cost(np.sqrt(shifts.spread(weights)), controls)
        total += _addition_cost(shifts, n, overflows=False)
        total += multiplexed_amplitude_cost(n + shifts.qubits + controls, real=real)
        qubits = n + shifts.qubits + 1 + shifts.workspace_qubits(n) + controls
        circuits.append(replace(total, qubits=qubits))
    return BlockEncodingCost(circuits[0], n, shifts.qubits + 1, circuits[1])


def _shift_cost(size: int, moves: Mapping[int, complex], *, wraps: bool) -> BlockEncodingCost:
    n, moves = (size - 1).bit_length(), {move: value for move, value in moves.items() if value}
    _require_some(moves)
    shifts, padding = Shifts.of(moves), 2**n - size
    weights = shifts.spread({move: abs(value) for move, value in moves.items()})
    phases = np.zeros(weights.size)
    for move, value in moves.items():
        phases[shifts.labels(move)] = np.angle(value)
    crosses = bool(padding and shifts.places)
    overflows = bool(shifts.places) and not wraps and max(map(abs, moves)) > padding
    workspace = shifts.workspace_qubits(n)
    addition = _addition_cost(shifts, n, overflows=overflows)
    if crosses:
        crossing = at_least_cost(n, size)
        workspace = max(workspace, int(crossing.qubits) - n - 1)
        addition += 2 * crossing
    signals = shifts.qubits + overflows + crosses
    circuits = []
    for controls in (0, 1):
        turned = diagonal(np.concatenate([0 * phases, phases]) if controls else phases)
        index = 2 * _index_cost(np.sqrt(weights), controls) + count_gates(turned)
        circuits.append(replace(index + addition, qubits=n + signals + workspace + controls))
    return BlockEncodingCost(circuits[0], n, signals, circuits[1])


def _index_cost(amplitudes: NDArray[np.float64], controls: int) -> GateCounts:
    return count_gates(index_state(amplitudes, controlled=bool(controls)))


def _addition_cost(shifts: Shifts, n: int, *, overflows: bool) -> GateCounts:
    if not shifts.places:
        return GateCounts()
    # The sign complements the bits before and after; the highest matters to a carry out only.
    complemented = n - shifts.places[0] - (not overflows)
    signs = CX * (2 * complemented if shifts.signed else 0)
    return adder_cost(n, shifts.places, carry_out=overflows) + signs


def _require_some(values: Mapping[int, complex]) -> None:
    if not values:
        raise ValueError("coefficients: all are zero; at least one other is needed")
