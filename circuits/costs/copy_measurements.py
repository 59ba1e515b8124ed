"""Costs of measuring copies of a density matrix, several at once or one by one."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.density_matrix import controlled_swap_cost
from circuits.costs.gates import CH, CX, MEASUREMENT, RESET, ROTATION, layer, side_by_side
from circuits.costs.multiplexed import require_count


def bell_measurement_cost(copy: GateCounts, system_qubits: int) -> GateCounts:
    """Count `circuits.density_matrix.bell_measurement`.

    Parameters
    ----------
    copy
        Preparation of one copy.
    system_qubits
        Number n of its lowest qubits that are in the density matrix.

    Returns
    -------
    GateCounts
        Gates exact: two preparations, n CX and ``2 n`` measurements.
    """
    pairs = layer(CX, system_qubits) + layer(MEASUREMENT, 2 * system_qubits)
    return _wide(_two_copies(copy, system_qubits) + pairs, copy, system_qubits)


def distilled_pauli_measurement_cost(
    copy: GateCounts, system_qubits: int, *, weight: int, x_letters: int = 0
) -> GateCounts:
    """Count `circuits.density_matrix.distilled_pauli_measurement`.

    Parameters
    ----------
    copy, system_qubits
        As for `bell_measurement_cost`.
    weight
        Number of qubits that the Pauli acts on, at least 1.
    x_letters
        Number of X among its letters, each of which takes a rotation.

    Returns
    -------
    GateCounts
        Gates exact: ``n + 2 (w - 1)`` CX and a controlled Hadamard gate beside two preparations.

    Raises
    ------
    ValueError
        If the Pauli is the identity, or its letters do not fit.
    """
    if not 1 <= weight <= system_qubits:
        raise ValueError(f"weight = {weight}: from 1 to system_qubits = {system_qubits} is needed")
    if not 0 <= x_letters <= weight:
        raise ValueError(f"x_letters = {x_letters}: from 0 to weight = {weight} is needed")
    turns = layer(ROTATION, 2 * x_letters)
    gathered = (weight - 1) * layer(CX, 2)
    pairs = layer(CX, system_qubits) + CH + layer(MEASUREMENT, 2 * system_qubits)
    total = _two_copies(copy, system_qubits) + turns + gathered + pairs
    return _wide(total, copy, system_qubits)


def cyclic_shift_test_cost(copy: GateCounts, system_qubits: int, copies: int) -> GateCounts:
    """Count `circuits.density_matrix.cyclic_shift_test`.

    Parameters
    ----------
    copy, system_qubits
        As for `bell_measurement_cost`.
    copies
        Number k, at least 2.

    Returns
    -------
    GateCounts
        Gates exact: k preparations, k - 2 controlled swaps of n qubits, n CX and measurements.

    Raises
    ------
    ValueError
        If there are less than two copies.
    """
    require_count(copies, "copies", 2)
    if copies == 2:
        return bell_measurement_cost(copy, system_qubits)
    shifted = _shifted(copy, system_qubits, copies - 2)
    pairs = layer(CX, system_qubits) + layer(MEASUREMENT, 2 * system_qubits + 1)
    return _wide(shifted + copy + pairs, copy, system_qubits, others=1)


def power_measurement_cost(
    copy: GateCounts, system_qubits: int, copies: int, *, x_letters: int = 0
) -> GateCounts:
    """Count `circuits.density_matrix.power_measurement`.

    Parameters
    ----------
    copy, system_qubits, copies
        As for `cyclic_shift_test_cost`.
    x_letters
        Number of X in the basis, each of which takes a rotation.

    Returns
    -------
    GateCounts
        Gates exact: k preparations, k - 1 controlled swaps of n qubits, n + 1 measurements.

    Raises
    ------
    ValueError
        If there are less than two copies, or the letters do not fit.
    """
    require_count(copies, "copies", 2)
    if not 0 <= x_letters <= system_qubits:
        raise ValueError(
            f"x_letters = {x_letters}: from 0 to system_qubits = {system_qubits} is needed"
        )
    shifted = _shifted(copy, system_qubits, copies - 1)
    read = layer(ROTATION, x_letters) + layer(MEASUREMENT, system_qubits + 1)
    return _wide(shifted + read, copy, system_qubits, others=1)


def diagonalisation_circuit_cost(
    copy: GateCounts, system_qubits: int, ansatz: GateCounts
) -> GateCounts:
    """Count `circuits.density_matrix.diagonalisation_circuit`.

    Parameters
    ----------
    copy, system_qubits
        As for `bell_measurement_cost`.
    ansatz
        On n qubits.

    Returns
    -------
    GateCounts
        Gates exact: the copy, the ansatz and n measurements. To prepare an eigenvector afterwards
        takes the ansatz alone.
    """
    return copy + ansatz + layer(MEASUREMENT, system_qubits)


def singular_value_circuit_cost(
    state: GateCounts, left_ansatz: GateCounts, right_ansatz: GateCounts
) -> GateCounts:
    """Count `circuits.density_matrix.singular_value_circuit`.

    Parameters
    ----------
    state
        Preparation of the state of both parts.
    left_ansatz, right_ansatz
        On the qubits of each part.

    Returns
    -------
    GateCounts
        Gates exact; the ansätze are done at the same time.
    """
    both = side_by_side(left_ansatz, right_ansatz)
    return state + both + layer(MEASUREMENT, both.qubits)


def _two_copies(copy: GateCounts, system_qubits: int) -> GateCounts:
    return 2 * copy + layer(RESET, copy.qubits - system_qubits)


def _shifted(copy: GateCounts, system_qubits: int, swaps: int) -> GateCounts:
    step = copy + controlled_swap_cost(system_qubits) + layer(RESET, copy.qubits)
    return copy + layer(RESET, copy.qubits - system_qubits) + swaps * step


def _wide(counts: GateCounts, copy: GateCounts, system_qubits: int, others: int = 0) -> GateCounts:
    return replace(counts, qubits=system_qubits + copy.qubits + others)
