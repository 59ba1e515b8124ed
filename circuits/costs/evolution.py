"""Costs of Hamiltonian evolutions, as phase estimation uses them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, MEASUREMENT, ROTATION, TURN, layer
from circuits.costs.multiplexed import diagonal_cost, multiplexed_rotation_cost, require_count


@dataclass(frozen=True)
class EvolutionCost:
    """What a `circuits.evolution.Evolution` costs.

    Attributes
    ----------
    system_qubits
        Of the system register.
    powers
        ``controlled_powers``, for the number of time qubits that they are wanted for.
    enter, leave
        The change of basis before and after.
    """

    system_qubits: int
    powers: GateCounts
    enter: GateCounts
    leave: GateCounts


def diagonalised_evolution_cost(
    qubits: int, time_qubits: int, *, dilated: bool = False
) -> EvolutionCost:
    """Count `circuits.evolution.DiagonalisedEvolution` of a complex matrix in general.

    Parameters
    ----------
    qubits
        n of the matrix, at least 1.
    time_qubits
        Bits of time.
    dilated
        Whether it is one ``of_dilation``, on a qubit more.

    Returns
    -------
    EvolutionCost
        Gates exact, for real matrices of three and more qubits an upper bound: `dense_gate_cost`
        before and after, and for each bit of time ``2**n`` rotations and CX, of a dilation
        2 CX more.

    Raises
    ------
    ValueError
        If a number is less than 1.
    """
    require_count(qubits, "qubits", 1)
    require_count(time_qubits, "time_qubits", 1)
    basis = replace(dense_gate_cost(qubits), qubits=qubits + dilated)
    power = multiplexed_rotation_cost(qubits)
    if dilated:
        # Eigenvalues s and -s: all parities have the added qubit in them.
        power = power + 2 * CX
    system_qubits = qubits + dilated
    powers = replace(power * time_qubits, qubits=system_qubits + time_qubits)
    return EvolutionCost(system_qubits, powers, basis, basis)


def diagonalised_circuit_cost(qubits: int) -> GateCounts:
    """Count ``DiagonalisedEvolution.circuit`` of a complex matrix in general: one evolution.

    Parameters
    ----------
    qubits
        n, at least 1.

    Returns
    -------
    GateCounts
        Gates exact, for real matrices of three and more qubits an upper bound.

    Raises
    ------
    ValueError
        If the number is less than 1.
    """
    return 2 * dense_gate_cost(qubits) + diagonal_cost(qubits)


def dense_gate_cost(qubits: int, *, controlled: bool = False) -> GateCounts:
    """Count Qiskit's ``UnitaryGate`` of a complex matrix in general.

    Parameters
    ----------
    qubits
        n, at least 1.
    controlled
        Whether it is given one control, which makes the gate one of a qubit more.

    Returns
    -------
    GateCounts
        Gates exact: ``(11 * 4**n - 36 * 2**n + 40) / 24`` CX and ``3 (4**n - 2**n) / 2 + 6``
        rotations for n of 2 and more; with a control ``(25 * 4**n - 48 * 2**n + 32) / 24`` and
        ``15 * 4**n / 4 - 2 * 2**n``. Real matrices of determinant 1 take one CX and six rotations
        less for n = 2, and some rotations less beyond. Fitted to n of up to 4, and held against
        5 and 6.

    Raises
    ------
    ValueError
        If the number is less than 1.
    """
    require_count(qubits, "qubits", 1)
    square, side = 4**qubits, 2**qubits
    if controlled:
        if qubits == 1:
            return GateCounts(2, 2, rotations=18, two_qubit_depth=2, rotation_depth=9)
        entangling = (25 * square - 48 * side + 32) // 24
        rotations = 15 * square // 4 - 2 * side
    elif qubits == 1:
        return TURN
    else:
        entangling = (11 * square - 36 * side + 40) // 24
        rotations = 3 * (square - side) // 2 + 6
    return GateCounts(
        qubits=qubits + controlled,
        two_qubit_gates=entangling,
        rotations=rotations,
        two_qubit_depth=entangling,
        rotation_depth=rotations,
    )


def matrix_evolution_cost(qubits: int, time_qubits: int) -> EvolutionCost:
    """Count `circuits.unitary_evolution.UnitaryEvolution` of a complex matrix in general.

    Parameters
    ----------
    qubits
        n, at least 1.
    time_qubits
        Bits of time, each with a power of its own.

    Returns
    -------
    EvolutionCost
        Gates are exact.

    Raises
    ------
    ValueError
        If a number is less than 1.
    """
    require_count(time_qubits, "time_qubits", 1)
    power = dense_gate_cost(qubits, controlled=True) * time_qubits
    return _without_frame(qubits, replace(power, qubits=qubits + time_qubits))


def circuit_evolution_cost(controlled: GateCounts, time: int, time_qubits: int) -> EvolutionCost:
    """Count `circuits.unitary_evolution.UnitaryEvolution` of a circuit.

    Parameters
    ----------
    controlled
        The circuit with a control on every gate, for instance
        `circuits.costs.gates.controlled_cost`, its own qubit included.
    time
        How often it is done for the lowest bit of time.
    time_qubits
        Bits of time.

    Returns
    -------
    EvolutionCost
        ``time * (2**time_qubits - 1)`` uses. Gates are exact.

    Raises
    ------
    ValueError
        If there is no bit of time.
    """
    require_count(time_qubits, "time_qubits", 1)
    system_qubits = int(controlled.qubits) - 1
    uses = abs(time) * (2**time_qubits - 1)
    powers = replace(controlled * uses, qubits=system_qubits + time_qubits)
    return _without_frame(system_qubits, powers)


def padded_evolution_cost(evolution: EvolutionCost, idle_qubits: int) -> EvolutionCost:
    """Count `circuits.unitary_evolution.PaddedEvolution`: idle qubits, and no gate more.

    Parameters
    ----------
    evolution
        Of the other qubits.
    idle_qubits
        Number of those added.

    Returns
    -------
    EvolutionCost
        As exact as the evolution's.
    """
    powers, enter, leave = (
        replace(part, qubits=part.qubits + idle_qubits)
        for part in (evolution.powers, evolution.enter, evolution.leave)
    )
    return EvolutionCost(evolution.system_qubits + idle_qubits, powers, enter, leave)


def evolution_hadamard_test_cost(preparation: GateCounts, evolution: EvolutionCost) -> GateCounts:
    """Count `circuits.evolution_hadamard_test.evolution_hadamard_test`.

    Parameters
    ----------
    preparation
        Of the state.
    evolution
        For one time qubit.

    Returns
    -------
    GateCounts
        The preparation, the frame entered once, one power, a rotation and a measurement.
    """
    return preparation + evolution.enter + evolution.powers + ROTATION + MEASUREMENT


def _without_frame(system_qubits: int, powers: GateCounts) -> EvolutionCost:
    nothing = layer(GateCounts(1), system_qubits)
    return EvolutionCost(system_qubits, powers, nothing, nothing)
