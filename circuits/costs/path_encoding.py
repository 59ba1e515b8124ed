"""Cost of the block encoding of a symmetric tridiagonal Toeplitz matrix."""

from __future__ import annotations

import math

from circuits.costs.block_encoding import BlockEncodingCost
from circuits.costs.counts import GateCounts


def path_block_encoding_cost(
    system_qubits: int, diagonal: float, neighbour: float
) -> BlockEncodingCost:
    r"""Cost of `circuits.path_encoding.path_block_encoding`.

    Parameters
    ----------
    system_qubits
        n, at least 1.
    diagonal, neighbour
        Real; the second not zero. Only whether the first is zero matters, and, for the controlled
        circuit, whether both have the same sign.

    Returns
    -------
    BlockEncodingCost
        ``8 n - 6`` CX and ``8 (n - 1)`` T gates; with a diagonal 2 CX and 14 rotations more. A
        control takes 7 CX and 8 T gates more without a diagonal, 12 and 16 with one, and 2 CX more
        still if the signs differ. Depths are exact for n of 3 and more.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    n = system_qubits
    if n < 1:
        raise ValueError(f"system_qubits = {n}: at least 1 is needed")
    if neighbour == 0 or not (math.isfinite(diagonal) and math.isfinite(neighbour)):
        raise ValueError(
            f"diagonal = {diagonal}, neighbour = {neighbour}: finite numbers are needed, and a "
            "neighbour that is not zero"
        )
    frame = _counts(n, n - 1, 0, depth=n - 1)
    if diagonal == 0:
        circuit = _counts(2 * n + 1, 8 * n - 6, 8 * n - 8, depth=4 * n + 4)
        controlled = _counts(2 * n + 3, 8 * n + 1, 8 * n, depth=4 * n + 9)
        return BlockEncodingCost(circuit, n, 2, controlled, frame)
    # The state of ``even`` and ``odd``: a rotation and two general gates, before and after.
    rotations, differ = 14, diagonal * neighbour < 0
    circuit = _counts(2 * n + 2, 8 * n - 4, 8 * n - 8, depth=4 * n + 5, rotations=rotations)
    controlled = _counts(
        2 * n + 5,
        8 * n + 8 + 2 * differ,
        8 * n + 8,
        depth=4 * n + 14 + differ,
        rotations=rotations,
    )
    return BlockEncodingCost(circuit, n, 3, controlled, frame)


def _counts(qubits: int, cx: int, t_gates: int, *, depth: int, rotations: int = 0) -> GateCounts:
    return GateCounts(
        qubits=qubits,
        two_qubit_gates=cx,
        t_gates=t_gates,
        rotations=rotations,
        two_qubit_depth=min(cx, depth),
        # The two general gates are on qubits of their own.
        rotation_depth=8 if rotations else 0,
    )
