"""Cost of the matrix whose kernel is the solution of a linear system."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.block_encoding import BlockEncodingCost
from circuits.costs.clean_ladder import conjunction_cost
from circuits.costs.counts import GateCounts
from circuits.costs.gates import CRY, CX


def augmented_projection_cost(
    encoding: BlockEncodingCost, right_hand_side: GateCounts
) -> BlockEncodingCost:
    """Count `circuits.augmented_projection.augmented_projection`.

    A linear solver's reflection takes `circuits.costs.qsvt.qsvt_cost` of this, of degree
    `circuits.costs.inversion.kernel_reflection_degree`, behind one right-hand side; the encoding's
    frame is the right-hand side's, and is left at the end.

    Parameters
    ----------
    encoding
        Of A, on n qubits.
    right_hand_side
        Preparing b.

    Returns
    -------
    BlockEncodingCost
        A controlled use of A, two of the right-hand side, ``6 n + 3`` CX, ``8 n`` T gates and two
        rotations. Gates are exact.

    Raises
    ------
    ValueError
        If the encoding has no controlled circuit.
    """
    n, signals = encoding.system_qubits, encoding.signal_qubits
    controlled = encoding.require_controlled()
    spare = int(controlled.qubits) - 1 - n - signals
    total = controlled + 2 * right_hand_side + CRY + conjunction_cost(n + 1) + CX
    circuit = replace(total, qubits=n + 1 + signals + 1 + max(spare, n))
    return BlockEncodingCost(circuit, n + 1, signals + 1)
