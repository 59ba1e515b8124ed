"""Costs of evolutions and phase estimations under a density matrix given by its copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.gates import (
    CSWAP,
    CX,
    RCCX,
    RESET,
    layer,
    multi_controlled_phase_cost,
)
from circuits.costs.isometry import unitary_cost
from circuits.costs.multiplexed import multiplexed_rotation_cost, require_count
from circuits.costs.phase_estimation import (
    iterative_phase_estimation_cost,
    phase_estimation_cost,
)


def partial_swap_cost(qubits: int, *, controlled: bool = True) -> GateCounts:
    """Count `circuits.density_matrix.partial_swap` by an angle in general.

    Parameters
    ----------
    qubits
        Number n of each register, at least 1.
    controlled
        Whether there is a control; only n = 1 does without it.

    Returns
    -------
    GateCounts
        Gates exact: ``8 n - 2`` CX, ``8 (n - 1)`` T gates of relative-phase Toffoli gates and 4
        rotations; without control, 3 CX and 24 rotations.

    Raises
    ------
    ValueError
        If there is no qubit, or no control and more than one.
    """
    require_count(qubits, "qubits", 1)
    if not controlled:
        if qubits > 1:
            raise ValueError(f"qubits = {qubits}: more than 1 need controlled = True")
        return unitary_cost(2)
    bell_bases = 2 * layer(CX, qubits)
    turn = multiplexed_rotation_cost(2)
    return replace(bell_bases + 2 * (qubits - 1) * RCCX + turn, qubits=2 * qubits + 1)


def controlled_swap_cost(qubits: int) -> GateCounts:
    """Count `circuits.density_matrix.partial_swap.controlled_swap` of registers of n qubits.

    Returns
    -------
    GateCounts
        Exact but for the depth: n Toffoli gates and ``2 n`` CX.

    Raises
    ------
    ValueError
        If there is no qubit.
    """
    require_count(qubits, "qubits", 1)
    toffolis = GateCounts(toffolis=qubits, two_qubit_depth=qubits)
    return replace(2 * layer(CX, qubits) + toffolis, qubits=2 * qubits + 1)


def density_matrix_exponentiation_cost(
    copy: GateCounts, system_qubits: int, copies: int, *, controlled: bool = False
) -> GateCounts:
    """Count `circuits.density_matrix.density_matrix_exponentiation`.

    Parameters
    ----------
    copy
        Preparation of one copy.
    system_qubits
        Number n of its lowest qubits that are in the density matrix.
    copies
        Number of copies, as `circuits.density_matrix.copies_needed` has it.
    controlled
        As there.

    Returns
    -------
    GateCounts
        Gates exact: for each copy its preparation, a partial swap and the reset of all its qubits.

    Raises
    ------
    ValueError
        If there is no copy, or a copy has fewer qubits than the density matrix.
    """
    _require_copy(copy, system_qubits)
    require_count(copies, "copies", 1)
    swap = partial_swap_cost(system_qubits, controlled=controlled or system_qubits > 1)
    last = swap.qubits - 2 * system_qubits
    return replace(copies * _swapped_copy(copy, swap), qubits=system_qubits + copy.qubits + last)


def copies_of_bits(clock_qubits: int, copies: int) -> list[int]:
    """Share copies out as `circuits.density_matrix.copy_phase_estimation` does.

    Parameters
    ----------
    clock_qubits
        At least 1.
    copies
        Most copies to take, that in the system register included.

    Returns
    -------
    list of int
        For each bit of time, from the lowest: in proportion to ``2**bit``, rounded up.

    Raises
    ------
    ValueError
        If there is no clock qubit, or are fewer copies than one for the system and one for each
        clock qubit.
    """
    require_count(clock_qubits, "clock_qubits", 1)
    require_count(copies, "copies", 1 + clock_qubits)
    spare, units = copies - 1 - clock_qubits, 2**clock_qubits - 1
    return [max(1, -(-(spare << bit) // units)) for bit in range(clock_qubits)]


def copy_powers_cost(
    copy: GateCounts, system_qubits: int, copies_of_each_bit: Sequence[int]
) -> GateCounts:
    """Count `circuits.density_matrix.CopyEvolution.controlled_powers`.

    Parameters
    ----------
    copy, system_qubits
        As for `density_matrix_exponentiation_cost`.
    copies_of_each_bit
        Copies that each bit of time takes; see `copies_of_bits`.

    Returns
    -------
    GateCounts
        Gates exact.

    Raises
    ------
    ValueError
        If a copy has fewer qubits than the density matrix.
    """
    _require_copy(copy, system_qubits)
    step = _swapped_copy(copy, partial_swap_cost(system_qubits))
    qubits = system_qubits + copy.qubits + len(copies_of_each_bit)
    return replace(sum(copies_of_each_bit) * step, qubits=qubits)


def copy_phase_estimation_cost(
    copy: GateCounts, system_qubits: int, clock_qubits: int, copies: int
) -> GateCounts:
    """Count the circuit of `circuits.density_matrix.copy_phase_estimation`, for a time not 0.

    Parameters
    ----------
    copy, system_qubits
        As for `density_matrix_exponentiation_cost`.
    clock_qubits, copies
        As there; see `circuits.density_matrix.phase_estimation_copies`.

    Returns
    -------
    GateCounts
        Gates exact, for each time: it decides about the number of copies only.

    Raises
    ------
    ValueError
        If the copy does not fit, or there are too few.
    """
    given = _forgotten_copy(copy, system_qubits)
    powers = copy_powers_cost(copy, system_qubits, copies_of_bits(clock_qubits, copies))
    return given + phase_estimation_cost(powers, clock_qubits)


def iterative_copy_phase_estimation_cost(
    copy: GateCounts, system_qubits: int, bits: int, copies: int
) -> GateCounts:
    """Count the circuit of `circuits.density_matrix.iterative_copy_phase_estimation`.

    Parameters
    ----------
    copy, system_qubits, copies
        As for `copy_phase_estimation_cost`.
    bits
        Number of bits.

    Returns
    -------
    GateCounts
        Gates exact; phases under classical control are counted as if all were done.

    Raises
    ------
    ValueError
        As for `copy_phase_estimation_cost`.
    """
    given = _forgotten_copy(copy, system_qubits)
    powers = [copy_powers_cost(copy, system_qubits, [n]) for n in copies_of_bits(bits, copies)]
    return iterative_phase_estimation_cost(given, powers)


def walk_powers_cost(
    copy: GateCounts, state_qubits: int, time_qubits: int, time: int = 1
) -> GateCounts:
    """Count `circuits.density_matrix.WalkEvolution.controlled_powers`.

    Parameters
    ----------
    copy
        Preparation of the density matrix, which a step does and undoes.
    state_qubits
        Number n of its lowest qubits that are in the density matrix.
    time_qubits
        Of the clock.
    time
        Steps for the lowest bit of time.

    Returns
    -------
    GateCounts
        Gates exact: of each of ``time (2**time_qubits - 1)`` steps, both preparations, n
        controlled swaps and a phase with a control for each qubit of the copy.

    Raises
    ------
    ValueError
        If the copy has fewer qubits than the density matrix, or a number is negative.
    """
    _require_copy(copy, state_qubits)
    require_count(time_qubits, "time_qubits", 0)
    require_count(time, "time", 0)
    reflection = multi_controlled_phase_cost(int(copy.qubits))
    step = 2 * copy + state_qubits * CSWAP + reflection
    qubits = state_qubits + copy.qubits + time_qubits
    return replace(time * (2**time_qubits - 1) * step, qubits=qubits)


def _swapped_copy(copy: GateCounts, swap: GateCounts) -> GateCounts:
    return copy + swap + layer(RESET, copy.qubits)


def _forgotten_copy(copy: GateCounts, system_qubits: int) -> GateCounts:
    """Count a copy in the system register, what purifies it being reset."""
    _require_copy(copy, system_qubits)
    return copy + layer(RESET, copy.qubits - system_qubits)


def _require_copy(copy: GateCounts, system_qubits: int) -> None:
    require_count(system_qubits, "system_qubits", 1)
    if copy.qubits < system_qubits:
        raise ValueError(
            f"copy has {copy.qubits} qubits: at least system_qubits = {system_qubits} are needed"
        )
