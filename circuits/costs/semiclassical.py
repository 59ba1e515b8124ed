"""Costs of Fourier transforms that end in measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.fourier import qft_cost
from circuits.costs.gates import MEASUREMENT, RESET, ROTATION, layer
from circuits.fourier.approximation import Windows
from circuits.fourier.semiclassical import allowed_windows


def measured_qft_cost(n: int, epsilon: float = 0.0, *, feed_forward: bool = True) -> GateCounts:
    """Count `circuits.measured_qft` where any two qubits may meet.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    epsilon
        Bound on the process infidelity of the transform before the measurement.
    feed_forward
        Whether the target can act on what it has measured.

    Returns
    -------
    GateCounts
        That of `semiclassical_qft_cost`, or of `circuits.costs.fourier.qft_cost` without swaps and
        of a measurement of all qubits.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or ``epsilon`` is not in [0, 1).
    """
    if feed_forward:
        return semiclassical_qft_cost(n, epsilon)
    return qft_cost(n, epsilon, swaps=False) + layer(MEASUREMENT, n)


def semiclassical_qft_cost(n: int, epsilon: float = 0.0) -> GateCounts:
    """Count `circuits.semiclassical_qft`; gates under a condition count as any others.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    epsilon
        Bound on the process infidelity that leaving out the smallest phases may cost.

    Returns
    -------
    GateCounts
        Exact, depths included: no two-qubit gate, ``n`` measurements and, with nothing left out,
        ``n (n - 1) / 2`` rotations in depth ``n - 1``.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or ``epsilon`` is not in [0, 1).
    """
    turns = _turns(allowed_windows(n, epsilon))
    return GateCounts(qubits=n, measurements=n, rotations=sum(turns), rotation_depth=max(turns))


def one_qubit_qft_cost(arrivals: Sequence[GateCounts], epsilon: float = 0.0) -> GateCounts:
    """Count `circuits.one_qubit_qft`.

    Parameters
    ----------
    arrivals
        Cost of the preparation of each qubit of the input.
    epsilon
        As for `semiclassical_qft_cost`.

    Returns
    -------
    GateCounts
        Those of all arrivals, and of `reading_cost`.

    Raises
    ------
    ValueError
        If nothing arrives, or ``epsilon`` is not in [0, 1).
    """
    if not arrivals:
        raise ValueError("arrivals: at least one is needed, one a bit")
    return sum(arrivals, reading_cost(len(arrivals), epsilon))


def reading_cost(bits: int, epsilon: float = 0.0) -> GateCounts:
    """Count what reading bit after bit from one qubit takes: `circuits.fourier.semiclassical`.

    Parameters
    ----------
    bits
        Number of bits, at least 1.
    epsilon
        As for `semiclassical_qft_cost`.

    Returns
    -------
    GateCounts
        A measurement a bit, a reset between two, and the rotations of `semiclassical_qft_cost`, one
        after another.

    Raises
    ------
    ValueError
        If there is no bit, or ``epsilon`` is not in [0, 1).
    """
    rotations = sum(_turns(allowed_windows(bits, epsilon)))
    cost = MEASUREMENT * bits + RESET * (bits - 1) + ROTATION * rotations
    return replace(cost, qubits=1)


def _turns(windows: Windows) -> list[int]:
    """Rotations of each qubit: for the outputs above that it meets, and one for all others."""
    n = len(windows)
    met = [sum(1 for t in range(c + 1, n) if t - windows[t] <= c) for c in range(n)]
    return [turns + int(turns < n - 1 - c) for c, turns in enumerate(met)]
