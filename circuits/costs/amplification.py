"""Costs of amplitude amplification, and how many rounds of it a probability takes."""

from __future__ import annotations

import math
from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, RCCX, ROTATION

# As in circuits.amplitude_amplification: beyond it a ladder of Toffolis is cheaper.
_DIAGONAL_QUBITS = 4

# Uses of A per success are least where (2 r + 1) theta solves tan(x) = 2 x.
_CHEAPEST_ANGLE = 1.1655611852072113


def amplify_cost(
    circuit: GateCounts, rounds: int, success_qubits: int, *, workspace_qubits: int = 0
) -> GateCounts:
    """Count `circuits.amplify`.

    Parameters
    ----------
    circuit
        Cost of the circuit A whose amplitudes grow.
    rounds
        Number r of rounds, such as that of `grover_rounds`, `exact_rounds` or `fixed_point_rounds`.
        No phase of the schedule may be 0.
    success_qubits
        On how many qubits a success is read.
    workspace_qubits
        How many qubits A takes from 0 to 0.

    Returns
    -------
    GateCounts
        ``2 r + 1`` times A, and r times `phase_on_value_cost` on the qubits of success and on all
        that are no workspace. A register of one qubit is added where a phase on more than 4
        qubits finds no workspace.

    Raises
    ------
    ValueError
        If the number of rounds is negative, or there are not so many qubits.
    """
    touched = circuit.qubits - workspace_qubits
    if rounds < 0:
        raise ValueError(f"rounds = {rounds}: must not be negative")
    if workspace_qubits < 0 or not 0 <= success_qubits <= touched:
        raise ValueError(
            f"success_qubits = {success_qubits}, workspace_qubits = {workspace_qubits}: the "
            f"circuit has {circuit.qubits} qubits"
        )
    phases = phase_on_value_cost(success_qubits) + phase_on_value_cost(int(touched))
    lent = int(rounds > 0 and not workspace_qubits and touched > _DIAGONAL_QUBITS)
    cost = circuit * (2 * rounds + 1) + phases * rounds
    return replace(cost, qubits=circuit.qubits + lent)


def phase_on_value_cost(qubits: int) -> GateCounts:
    """Count `circuits.amplitude_amplification.phase_on_value`, of an angle other than 0.

    Parameters
    ----------
    qubits
        Number k of qubits that have a value.

    Returns
    -------
    GateCounts
        ``2**k - 2`` CX and ``2**k - 1`` rotations up to k = 4; beyond, with one clean qubit, ``2 (k
        - 2)`` Toffoli gates up to relative phases, of three CX and four T gates each, two CX and
        three rotations.

    Raises
    ------
    ValueError
        If the number is negative.
    """
    if qubits < 0:
        raise ValueError(f"qubits = {qubits}: must not be negative")
    if not qubits:
        return GateCounts()
    if qubits <= _DIAGONAL_QUBITS:
        return replace(CX * (2**qubits - 2) + ROTATION * (2**qubits - 1), qubits=qubits)
    cost = RCCX * (2 * (qubits - 2)) + phase_on_value_cost(2)
    return replace(cost, qubits=qubits + 1)


def grover_rounds(success_probability: float, least: float = 0.5) -> int:
    """Return the rounds of `circuits.grover_schedule` without a list of them.

    Parameters
    ----------
    success_probability
        p, in (0, 1]; as small as 1e-300.
    least
        Probability to reach, in [0, 0.5].

    Returns
    -------
    int
        About ``0.58 / sqrt(p)``.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    theta = _angle(success_probability, "success_probability")
    if not 0 <= least <= 0.5:
        raise ValueError(f"least = {least}: a probability of at most 0.5 is needed")
    best = int((_CHEAPEST_ANGLE / theta - 1) / 2)
    last = int(math.pi / (4 * theta))
    candidates = range(max(0, best - 1), min(last, best + 2) + 1)

    def cost(rounds: int) -> float:
        uses = 2 * rounds + 1
        reached = math.sin(uses * theta) ** 2
        return uses / reached if reached >= least - 1e-12 else math.inf

    return min(candidates, key=cost)


def exact_rounds(success_probability: float) -> int:
    """Return the rounds of `circuits.exact_schedule`: ``ceil(pi / (4 theta) - 1/2)``.

    Raises
    ------
    ValueError
        If the probability is not in (0, 1].
    """
    theta = _angle(success_probability, "success_probability")
    return math.ceil(math.pi / (4 * theta) - 0.5 - 1e-9)


def fixed_point_rounds(success_lower_bound: float, failure: float) -> int:
    """Return the rounds of `circuits.fixed_point_schedule` without its phases.

    Parameters
    ----------
    success_lower_bound
        In (0, 1].
    failure
        Failure probability allowed, in (0, 1).

    Returns
    -------
    int
        About ``log(2 / sqrt(failure)) / (2 sqrt(p))`` for a bound p.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    _angle(success_lower_bound, "success_lower_bound")
    if not 0 < failure < 1:
        raise ValueError(f"failure = {failure}: a probability between 0 and 1 is needed")
    growth = math.acosh(1 / math.sqrt(failure))
    uses = growth / math.atanh(math.sqrt(min(success_lower_bound, 1 - 1e-15)))
    return max(0, math.ceil((uses - 1) / 2 - 1e-9))


def _angle(probability: float, name: str) -> float:
    if not 0 < probability <= 1:
        raise ValueError(f"{name} = {probability}: a probability above 0 and at most 1 is needed")
    return math.asin(math.sqrt(probability))
