"""Costs of phase estimation, from those of the powers of an evolution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.fourier import qft_cost
from circuits.costs.gates import side_by_side
from circuits.costs.semiclassical import measured_qft_cost, reading_cost


def phase_estimation_cost(
    powers: GateCounts, clock_qubits: int, *, guard_qubits: int = 0
) -> GateCounts:
    """Count `circuits.phase_estimation`.

    Parameters
    ----------
    powers
        Cost of ``evolution.controlled_powers`` for ``clock_qubits - guard_qubits`` qubits of time,
        on these and the system.
    clock_qubits
        Size of the clock register.
    guard_qubits
        How many of the clock's qubits lengthen the Fourier transform only.

    Returns
    -------
    GateCounts
        The powers, and a Fourier transform of the clock without swaps.

    Raises
    ------
    ValueError
        If no clock qubit is left for the evolution.
    """
    _require_clock(clock_qubits, guard_qubits)
    cost = powers + qft_cost(clock_qubits, swaps=False)
    return replace(cost, qubits=powers.qubits + guard_qubits)


def measured_phase_estimation_cost(
    powers: GateCounts,
    clock_qubits: int,
    *,
    guard_qubits: int = 0,
    epsilon: float = 0.0,
    feed_forward: bool = True,
) -> GateCounts:
    """Count `circuits.measured_phase_estimation` where any two qubits may meet.

    Parameters
    ----------
    powers, clock_qubits, guard_qubits
        As for `phase_estimation_cost`.
    epsilon, feed_forward
        As for `circuits.costs.semiclassical.measured_qft_cost`.

    Returns
    -------
    GateCounts
        The powers, and a Fourier transform of the clock that is measured.

    Raises
    ------
    ValueError
        If no clock qubit is left for the evolution, or ``epsilon`` is not in [0, 1).
    """
    _require_clock(clock_qubits, guard_qubits)
    cost = powers + measured_qft_cost(clock_qubits, epsilon, feed_forward=feed_forward)
    return replace(cost, qubits=powers.qubits + guard_qubits)


def iterative_phase_estimation_cost(
    preparation: GateCounts,
    powers: Sequence[GateCounts],
    *,
    enter: GateCounts | None = None,
    epsilon: float = 0.0,
) -> GateCounts:
    """Count `circuits.iterative_phase_estimation`.

    Parameters
    ----------
    preparation
        Cost of the preparation of the state, on the system.
    powers
        Cost of ``evolution.controlled_powers`` for one qubit of time, on it and the system, for
        each bit that is measured: for the longest evolution first.
    enter
        Cost of ``evolution.enter``, if there is a frame.
    epsilon
        As for `circuits.costs.semiclassical.semiclassical_qft_cost`.

    Returns
    -------
    GateCounts
        The preparation, the frame, all powers, and for b bits ``b`` measurements, ``b - 1`` resets
        and, with nothing left out, ``b (b - 1) / 2`` rotations.

    Raises
    ------
    ValueError
        If there is no power, or ``epsilon`` is not in [0, 1).
    """
    if not powers:
        raise ValueError("powers: at least one is needed, one for each bit")
    cost = sum(powers, preparation)
    if enter is not None:
        cost += enter
    clock = side_by_side(GateCounts(preparation.qubits), reading_cost(len(powers), epsilon))
    return cost + clock


def _require_clock(clock_qubits: int, guard_qubits: int) -> None:
    if guard_qubits < 0 or clock_qubits <= guard_qubits:
        raise ValueError(
            f"clock_qubits = {clock_qubits}, guard_qubits = {guard_qubits}: need guard_qubits >= 0 "
            "and at least one more clock qubit than guard qubits"
        )
