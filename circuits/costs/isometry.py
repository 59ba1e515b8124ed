"""Costs of unitaries and isometries without structure."""

from __future__ import annotations

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, TURN, side_by_side
from circuits.costs.multiplexed import (
    multiplexed_rotation_cost,
    require_count,
    rotation_from_zero_cost,
)


def unitary_cost(qubits: int, *, real: bool = False) -> GateCounts:
    """Count `circuits.isometry.unitary` of a matrix in general.

    Parameters
    ----------
    qubits
        Number n.
    real
        Whether it is real, of determinant 1.

    Returns
    -------
    GateCounts
        Gates exact, but for real matrices on three and more qubits: a few fewer of theirs are
        needed, depending on the order of their eigenvalues, and this is an upper bound.

    Raises
    ------
    ValueError
        If the number is negative.

    Notes
    -----
    All but a diagonal takes D(n), of which D(2) are 2 CX and general gates; D(n) = 4 D(n - 1), two
    multiplexed rotations about z and one about y without its last CZ. The diagonals go from size
    to size down to two qubits, where one takes a CX more: ``(23/48) 4**n - (3/2) 2**n + 4/3`` CX.

    References
    ----------
    V. Shende, S. Bullock, I. Markov, IEEE Trans. CAD 25, 1000 (2006), Theorem 13.
    """
    require_count(qubits, "qubits", 0)
    if qubits < 2:
        return side_by_side(*[TURN] * qubits)
    last = GateCounts() if real and qubits == 2 else CX + side_by_side(TURN, TURN)
    return _up_to_diagonal(qubits) + last


def isometry_cost(qubits: int) -> GateCounts:
    """Count the circuit that `circuits.isometry.isometry` makes beside the residual.

    Parameters
    ----------
    qubits
        Number m of qubits before; one more joins.

    Returns
    -------
    GateCounts
        Gates exact for a complex matrix in general; for real ones an upper bound, as there.

    Raises
    ------
    ValueError
        If the number is negative.

    References
    ----------
    R. Iten, R. Colbeck, I. Kukuljan, J. Home, M. Christandl, Phys. Rev. A 93, 032318 (2016).
    """
    require_count(qubits, "qubits", 0)
    if qubits == 0:
        return TURN
    if qubits == 1:
        return TURN + _layered(2)
    rotations = rotation_from_zero_cost(qubits) + multiplexed_rotation_cost(qubits)
    return 2 * _up_to_diagonal(qubits) + rotations


def _layered(entangling: int) -> GateCounts:
    """So many CX on two qubits with general gates on both before, between and after."""
    return entangling * CX + (entangling + 1) * side_by_side(TURN, TURN)


def _up_to_diagonal(qubits: int) -> GateCounts:
    total = _layered(2)
    for inner in range(2, qubits):
        total = 4 * total + _rotations(inner)
    return total


def _rotations(controls: int) -> GateCounts:
    """Two multiplexed ones about z, and one about y but for its last CZ."""
    return 2 * multiplexed_rotation_cost(controls) + rotation_from_zero_cost(controls)
