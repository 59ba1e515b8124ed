"""Cost of a Chebyshev series as a linear combination of unitaries."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.block_encoding import BlockEncodingCost
from circuits.costs.clean_ladder import conjunction_cost
from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX
from circuits.costs.multiplexed import diagonal_cost, require_count
from circuits.costs.state_preparation import state_preparation_cost
from circuits.qsvt import ladder_qubits


def chebyshev_lcu_cost(encoding: BlockEncodingCost, degree: int) -> GateCounts:
    """Count `circuits.chebyshev_lcu.chebyshev_lcu`.

    Parameters
    ----------
    encoding
        Of the matrix.
    degree
        d of the series, whose coefficients of its parity are in general not zero.

    Returns
    -------
    GateCounts
        For q index qubits ``2 (2**q - 1)`` uses, one more if d is odd, as many reflections about
        the signal, and the index's state twice: as exact as
        `circuits.costs.state_preparation.state_preparation_cost` is for q qubits.

    Raises
    ------
    ValueError
        If the degree is negative.
    """
    require_count(degree, "degree", 0)
    index_qubits = max(1, (degree // 2).bit_length())
    steps = 2 * (2**index_qubits - 1)
    total = encoding.circuit * (steps + degree % 2)
    total += signal_reflection_cost(encoding.signal_qubits) * steps
    if degree > 1:
        total += 2 * state_preparation_cost(index_qubits)
    spare = max(encoding.workspace_qubits, ladder_qubits(encoding.signal_qubits + 1))
    qubits = encoding.system_qubits + encoding.signal_qubits + spare + index_qubits
    return replace(total, qubits=qubits)


def signal_reflection_cost(signal_qubits: int) -> GateCounts:
    """Count `circuits.qsvt.controlled_signal_reflection`.

    Parameters
    ----------
    signal_qubits
        Number k, at least 1.

    Returns
    -------
    GateCounts
        Exact, depths included: a diagonal of ``2**(k+1) - 2`` CX for k of up to 3, a ladder of
        ``6 k - 5`` CX and ``8 (k - 1)`` T gates beyond.

    Raises
    ------
    ValueError
        If there is none.
    """
    require_count(signal_qubits, "signal_qubits", 1)
    if ladder_qubits(signal_qubits + 1):
        return replace(conjunction_cost(signal_qubits) + CX, qubits=2 * signal_qubits + 1)
    return diagonal_cost(signal_qubits + 1)
