"""Costs of what transforms the singular values of an encoded matrix."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.block_encoding import BlockEncodingCost
from circuits.costs.clean_ladder import conjunction_cost
from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, ROTATION
from circuits.costs.multiplexed import multiplexed_rotation_cost, require_count
from circuits.qsvt import ladder_qubits


def qsvt_cost(encoding: BlockEncodingCost, degree: int) -> GateCounts:
    """Count `circuits.qsvt.qsvt`.

    Parameters
    ----------
    encoding
        Of the matrix.
    degree
        d of the polynomial. Its phases are to be general: those of a single Chebyshev polynomial
        vanish.

    Returns
    -------
    GateCounts
        d uses, d - 1 phases on the signal, and one rotation. Gates are exact.

    Raises
    ------
    ValueError
        If the degree is negative.
    """
    require_count(degree, "degree", 0)
    phases = signal_phase_cost(encoding.signal_qubits) * max(0, degree - 1)
    spare = max(encoding.workspace_qubits, ladder_qubits(encoding.signal_qubits))
    qubits = encoding.system_qubits + encoding.signal_qubits + spare + 1
    return replace(encoding.circuit * degree + phases + ROTATION, qubits=qubits)


def signal_phase_cost(signal_qubits: int) -> GateCounts:
    """Count `circuits.qsvt.signal_phase`, of an angle that is not zero.

    Parameters
    ----------
    signal_qubits
        Number k.

    Returns
    -------
    GateCounts
        Exact: ``2**k`` CX and rotations for k of 2 to 4; 2 CX and one rotation for k = 1; for a
        ladder, ``6 k - 4`` CX, ``8 (k - 1)`` T gates and one rotation.

    Raises
    ------
    ValueError
        If the number is negative.
    """
    require_count(signal_qubits, "signal_qubits", 0)
    if ladder_qubits(signal_qubits):
        return replace(
            conjunction_cost(signal_qubits) + 2 * CX + ROTATION, qubits=2 * signal_qubits
        )
    if signal_qubits == 1:
        # Both signal states turn by the same angle, in opposite directions.
        return 2 * CX + ROTATION
    return multiplexed_rotation_cost(signal_qubits)


def inverse_circuit_cost(
    right_hand_side: GateCounts,
    transformation: GateCounts,
    encoding: BlockEncodingCost,
    opposite: BlockEncodingCost | None = None,
) -> GateCounts:
    """Count `circuits.inverse.inverse_circuit`.

    Parameters
    ----------
    right_hand_side
        Preparing b.
    transformation
        Of the encoding: `qsvt_cost` or `circuits.costs.chebyshev_lcu.chebyshev_lcu_cost`.
    encoding
        Whose frame is entered and left.
    opposite
        Encoding of ``1 + a H`` on the way of definite matrices.

    Returns
    -------
    GateCounts
        Gates are exact.
    """
    total = right_hand_side + transformation + 2 * encoding.frame
    if opposite is None:
        return total
    ladder = ladder_qubits(encoding.signal_qubits)
    workspace = max(encoding.workspace_qubits, ladder)
    more = max(0, opposite.workspace_qubits - workspace)
    qubits = transformation.qubits + opposite.signal_qubits + more
    return replace(total + opposite.circuit, qubits=qubits)
