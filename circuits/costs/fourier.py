"""Costs of the Fourier transform where any two qubits may meet."""

from __future__ import annotations

import math
from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CP, CSWAP, CU, CX, ROTATION, SWAP, layer
from circuits.fourier.approximation import Windows, controlled_phase, kept_windows
from circuits.fourier.validation import require_epsilon, require_qubits


def qft_cost(n: int, epsilon: float = 0.0, *, swaps: bool = True) -> GateCounts:
    """Count `circuits.fourier.qft`, and `fourier_design` by any metric, for any two qubits to meet.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    epsilon
        Process infidelity to stay within, 0 <= epsilon < 1.
    swaps
        Whether the bits of k stand in natural order.

    Returns
    -------
    GateCounts
        That of `parity_qft_cost`, and 3 CX for each of ``n // 2`` swaps. The inverse takes as many.
        Nowhere in what was tried (all windows up to n = 80 for gates, n = 14 for layers) does the
        direct circuit take less.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or ``epsilon`` is out of range.
    """
    require_qubits(n)
    require_epsilon(epsilon)
    cost = parity_qft_cost(kept_windows(n, epsilon))
    return cost + layer(SWAP, n // 2) if swaps else cost


def parity_qft_cost(windows: Windows) -> GateCounts:
    """Count `circuits.fourier.all_to_all.parity_qft`.

    Parameters
    ----------
    windows
        How many inputs each output meets, see `circuits.fourier.approximation`. Gates hold for
        any; depths for those of `kept_windows`, which grow with the qubit up to one width, or up
        to one less for the lower qubits.

    Returns
    -------
    GateCounts
        Linear in n. For full windows and n >= 2 ``n (n - 1) / 2 + 2 n - 3`` CX and ``n (n - 1) / 2
        + 2 n - 2`` rotations, in depths ``4 n - 7`` (from n = 6 on) and ``n + 1`` (from n = 3 on).
        The bounds ``4 n - 6`` and ``2 n`` on depths for other windows hold for all of them up to n
        = 24, which were tried.
    """
    n = len(windows)
    entangling = exchanges = 0
    for t in range(n):
        above = windows[t + 1] if t + 1 < n else 0
        # Of what the output above has loaded, beside this qubit itself: how many, and how many
        # of these this output needs as well.
        loaded = max(0, above - 1)
        shared = min(windows[t], loaded)
        if shared > 1:
            exchanges += 1
            loaded -= shared
        entangling += loaded + int(above > 0) + windows[t]
    rotations = 2 * (n - 1) + sum(windows)
    full = windows == tuple(range(n))
    return GateCounts(
        qubits=n,
        two_qubit_gates=entangling + exchanges,
        rotations=rotations,
        two_qubit_depth=min(entangling + exchanges, max(0, 4 * n - (7 if full and n > 5 else 6))),
        rotation_depth=min(rotations, n + 1 if full else 2 * n),
    )


def direct_qft_cost(windows: Windows) -> GateCounts:
    """Count `circuits.fourier.all_to_all.direct_qft`.

    Parameters
    ----------
    windows
        How many inputs each output meets, see `circuits.fourier.approximation`.

    Returns
    -------
    GateCounts
        A controlled phase for each rotation kept, two rotations for each left out; two-qubit depth
        ``4 n - 6`` at most, and one rotation more in depth.
    """
    n, kept = len(windows), sum(windows)
    left_out = n * (n - 1) // 2 - kept
    gates = CP * kept + ROTATION * (2 * left_out)
    return replace(
        gates,
        qubits=n,
        two_qubit_depth=min(gates.two_qubit_gates, max(0, 4 * n - 6)),
        rotation_depth=min(gates.rotations, max(0, 4 * n - 5)),
    )


def truncated_qft_cost(n: int, tolerance: float) -> GateCounts:
    """Count `circuits.truncated_qft`, which takes the cheaper of two circuits.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    tolerance
        Bound on the spectral norm of the error, not negative.

    Returns
    -------
    GateCounts
        That of `parity_qft_cost` if it has fewer CX, else that of `direct_qft_cost`.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or the tolerance is negative.
    """
    require_qubits(n)
    if not tolerance >= 0:
        raise ValueError(f"tolerance = {tolerance}: must not be negative")
    reach, error = n - 1, 0.0
    while reach and (error := error + _left_out_error(n, reach)) <= tolerance:
        reach -= 1
    windows = tuple(min(t, reach) for t in range(n))
    parity, direct = parity_qft_cost(windows), direct_qft_cost(windows)
    return parity if parity.two_qubit_gates < direct.two_qubit_gates else direct


def controlled_qft_cost(n: int, epsilon: float = 0.0, *, swaps: bool = True) -> GateCounts:
    """Count `circuits.fourier.controlled_qft`.

    Parameters
    ----------
    n
        Number of qubits that are transformed, at least 1.
    epsilon
        Bound on the process infidelity, 0 <= epsilon < 1.
    swaps
        Whether to end with the reversal, ``n // 2`` controlled swaps.

    Returns
    -------
    GateCounts
        Two CX and two rotations for each rotation kept, besides nine rotations for each qubit. The
        depth is the number of gates, nearly all of which meet in the control.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or ``epsilon`` is out of range.
    """
    require_qubits(n)
    require_epsilon(epsilon)
    windows = kept_windows(n, epsilon)
    cost = ROTATION
    for t in range(n):
        above = windows[t + 1] if t + 1 < n else 0
        loaded = max(0, above - 1)
        shared = min(windows[t], loaded)
        exchange = shared > 2
        taken_out = int(above > 0) + (loaded - shared if exchange else loaded)
        # The control is still in the parity if an odd number of outputs has met the input.
        met = sum(1 for other in range(t + 1, n) if other - windows[other] <= t)
        cost += CX * (taken_out + met % 2 + 2 * exchange) + CU
        cost += (2 * CX + 2 * ROTATION) * windows[t]
    return replace(cost + CSWAP * (n // 2) if swaps else cost, qubits=n + 1)


def _left_out_error(n: int, distance: int) -> float:
    """Bound on the norm of the error of leaving out all phases between qubits so far apart."""
    return (n - distance) * 2 * math.sin(controlled_phase(distance) / 8)
