"""Cost of the quantum linear solver of Harrow, Hassidim and Lloyd."""

from __future__ import annotations

import math
from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.evolution import EvolutionCost
from circuits.costs.gates import ROTATION
from circuits.costs.multiplexed import multiplexed_rotation_cost, require_count
from circuits.costs.phase_estimation import phase_estimation_cost
from circuits.reciprocal import GUARD_QUBITS


def hhl_cost(
    right_hand_side: GateCounts, evolution: EvolutionCost, clock_qubits: int, *, definite: bool
) -> GateCounts:
    """Count `circuits.hhl.hhl`.

    Parameters
    ----------
    right_hand_side
        Preparing b.
    evolution
        For ``clock_qubits - 1`` time qubits: one of the clock's is a guard qubit.
    clock_qubits
        m of the filter: `clock_qubits_bound`.
    definite
        Whether the filter is for a positive spectrum.

    Returns
    -------
    GateCounts
        Gates exact: the evolution and a Fourier transform of the clock twice, and
        `reciprocal_rotation_cost`.

    Raises
    ------
    ValueError
        If the clock is too small.
    """
    estimation = phase_estimation_cost(evolution.powers, clock_qubits, guard_qubits=GUARD_QUBITS)
    rotation = reciprocal_rotation_cost(clock_qubits, definite=definite)
    total = right_hand_side + evolution.enter + 2 * estimation + rotation + evolution.leave
    return replace(total, qubits=evolution.system_qubits + clock_qubits + 1)


def reciprocal_rotation_cost(clock_qubits: int, *, definite: bool) -> GateCounts:
    """Count `circuits.reciprocal.reciprocal_rotation` of a filter.

    Parameters
    ----------
    clock_qubits
        m, at least 2.
    definite
        Whether the filter is for a positive spectrum; otherwise it is odd, and two of its Walsh
        coefficients vanish.

    Returns
    -------
    GateCounts
        Exact, depths included: ``2**m`` CX, and as many rotations, or two fewer.

    Raises
    ------
    ValueError
        If the clock is too small.
    """
    require_count(clock_qubits, "clock_qubits", 2)
    full = multiplexed_rotation_cost(clock_qubits)
    return full if definite else full + -2 * ROTATION


def clock_qubits_bound(kappa: float, epsilon: float, *, definite: bool) -> int:
    r"""Bound the clock that `circuits.reciprocal.reciprocal_filter` picks, by trial.

    Parameters
    ----------
    kappa
        Condition number, at least 1.
    epsilon
        Relative precision, between 0 and 1.
    definite
        Whether the spectrum is positive.

    Returns
    -------
    int
        :math:`\lfloor \log_2(\kappa \ln(2 / \epsilon)) \rfloor`, at least 3; one qubit more for a
        spectrum of both signs, at least 5 and :math:`3 + \log_{10}(1 / \epsilon)`. Not proved, but
        held against the clocks of condition numbers up to 60 and precisions down to 1e-4: never
        below, and the same in two of three cases. Filters are built for up to
        `circuits.reciprocal.MAX_CLOCK_QUBITS`.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    if not (math.isfinite(kappa) and kappa >= 1):
        raise ValueError(f"kappa = {kappa}: the condition number is a finite number >= 1")
    if not 0 < epsilon < 1:
        raise ValueError(f"epsilon = {epsilon}: must lie strictly between 0 and 1")
    law = math.floor(math.log2(kappa * math.log(2 / epsilon)))
    if definite:
        return max(3, law)
    return max(5, 3 + math.ceil(-math.log10(epsilon)), law + 1)
