"""Costs of the Fourier transform by additions to a phase gradient."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, MEASUREMENT, ROTATION, SWAP, T, layer
from circuits.fourier.phase_gradient import gradient_qubits


def phase_gradient_qft_cost(n: int, epsilon: float = 0.0, *, swaps: bool = True) -> GateCounts:
    """Count `circuits.phase_gradient_qft`.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    epsilon
        Bound on the process infidelity that leaving out the smallest phases may cost.
    swaps
        Whether to end with the reversal.

    Returns
    -------
    GateCounts
        Four T gates and one measurement for each AND of `circuits.phase_gradient_count`, and no
        rotation. The two-qubit depth is the number of gates: carries follow one another.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or ``epsilon`` is not in [0, 1).
    """
    reach = gradient_qubits(n, epsilon)
    cost = _addition(min(reach, n - 1), controlled=False)
    for top in range(n):
        cost += _addition(min(reach, top), controlled=True)
    if swaps:
        cost += layer(SWAP, n // 2)
    return replace(cost, qubits=n + 2 * reach)


def phase_gradient_state_cost(size: int) -> GateCounts:
    """Count `circuits.phase_gradient_state`: one rotation on each of ``size`` qubits.

    Raises
    ------
    ValueError
        If ``size`` is negative.
    """
    if size < 0:
        raise ValueError(f"size = {size}: a number of qubits is needed")
    return layer(ROTATION, size)


def _addition(digits: int, *, controlled: bool) -> GateCounts:
    """Count the addition of a number, or its addition or subtraction as a control says."""
    if not digits:
        return GateCounts()
    # An AND takes six CX and is undone by one; carries beside them take six more for each digit
    # but the lowest, and the sum is one CX a digit.
    entangling = 8 * digits + 5 * (digits - 1)
    if controlled:
        entangling += 2 * digits + 1
    return CX * entangling + T * (4 * digits) + MEASUREMENT * digits
