"""Costs of preparing dense states."""

from __future__ import annotations

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, ROTATION, layer, side_by_side
from circuits.costs.isometry import isometry_cost, unitary_cost
from circuits.costs.multiplexed import diagonal_cost, multiplexed_state_cost, require_count
from circuits.state_preparation import LARGEST_SPLIT


def state_preparation_cost(qubits: int, *, real: bool = True) -> GateCounts:
    """Count `circuits.state_preparation.state_preparation` of amplitudes in general.

    Parameters
    ----------
    qubits
        Number n.
    real
        Whether the amplitudes are.

    Returns
    -------
    GateCounts
        From 9 qubits on ``2**n - 2`` CX and ``2**n - 1`` rotations if real, twice as many of both
        if complex. Gates exact, but for real amplitudes of 3 and 5 to 8 qubits and complex ones of
        6 and 7: these take up to 3 rotations less where a gate happens to be the identity, and real
        ones of 5 and more qubits a few CX less, depending on the order of eigenvalues (up to 5 in
        random states, with up to a tenth of the rotations).

    Raises
    ------
    ValueError
        If the number is negative.

    References
    ----------
    M. Plesch, C. Brukner, Phys. Rev. A 83, 032302 (2011), section III, for up to 8 qubits.
    """
    require_count(qubits, "qubits", 0)
    if 2 <= qubits <= LARGEST_SPLIT:
        return _split_cost(qubits, real)
    rotations = max(0, 2**qubits - 2)
    magnitudes = GateCounts(
        qubits=qubits,
        two_qubit_gates=rotations,
        rotations=2**qubits - 1,
        two_qubit_depth=rotations,
        # The first rotation of each qubit needs to wait for nothing.
        rotation_depth=2**qubits - max(1, qubits),
    )
    return magnitudes if real else magnitudes + diagonal_cost(qubits)


def product_state_cost(qubits: int, *, real: bool = True) -> GateCounts:
    """Count `circuits.state_preparation.state_preparation` of a product over all qubits.

    Parameters
    ----------
    qubits
        Number n of qubits that are not in 0.
    real
        Whether the amplitudes are; otherwise all qubits have a phase.

    Returns
    -------
    GateCounts
        Exact, depths included: a rotation for each qubit, two if complex.

    Raises
    ------
    ValueError
        If the number is negative.
    """
    require_count(qubits, "qubits", 0)
    return layer(ROTATION if real else 2 * ROTATION, qubits)


def index_state_cost(qubits: int, *, real: bool = True, controlled: bool = False) -> GateCounts:
    """Count `circuits.multiplexed_state.index_state` of amplitudes in general.

    Parameters
    ----------
    qubits
        Number n of the index.
    real
        Whether the amplitudes are.
    controlled
        As there.

    Returns
    -------
    GateCounts
        The cheaper of both ways, as exact as that is.

    Raises
    ------
    ValueError
        If the number is negative.
    """
    if controlled:
        return multiplexed_state_cost(1, qubits, real=real)
    ways = [multiplexed_state_cost(0, qubits, real=real), state_preparation_cost(qubits, real=real)]
    return min(ways, key=lambda way: way.two_qubit_gates)


def _split_cost(qubits: int, real: bool) -> GateCounts:
    """Schmidt coefficients on the lower half, copied up, and bases of both halves."""
    lower = qubits // 2
    basis = unitary_cost(lower, real=real)
    upper = basis
    if qubits % 2:
        # An isometry of one qubit leaves no residual.
        behind = unitary_cost(lower) if lower > 1 else GateCounts()
        upper = isometry_cost(lower) + behind
    return state_preparation_cost(lower) + layer(CX, lower) + side_by_side(basis, upper)
