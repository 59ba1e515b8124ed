"""Physical resources of a circuit on a surface code, in closed form for any size.

With Q, T, R, D, F, M the fields ``qubits``, ``t_gates``, ``rotations``, ``rotation_depth``,
``toffolis`` and ``measurements`` of the counts, in the names of a device's constants::

    parts        = 1 + (1 if there are T states) + (1 if R > 0)
    share        = budget.error / parts
    logical      = 2 Q + ceil(sqrt(8 Q)) + 1
    per_rotation = ceil(synthesis.slope log2(R / share) + synthesis.offset), 0 if R = 0
    t_states     = T + layout.t_states_per_toffoli F + per_rotation R
    cycles       = max(1, M + R + T + layout.cycles_per_toffoli F + per_rotation min(D, R))
    error(d)     = code.prefactor (errors.clifford / code.threshold)^((d + 1) / 2)
    cycle(d)     = (code.two_qubit_gates timing.two_qubit_gate
                    + code.measurements timing.measure) d
    distance     = smallest odd d for which logical cycles error(d) <= share
    factory      = first of the list ``factories`` whose error is at most share / t_states, whose
                   seconds are at most cycles cycle(distance), and whose distance is at most that
                   of the circuit
    factories    = ceil(t_states / floor(cycles cycle(distance) / factory.seconds))
    qubits       = logical code.patch distance^2 + factories factory.qubits
    seconds      = cycles cycle(distance)

Where errors.t_gate is below share / t_states, T states need no distillation: the only factory is
then one logical qubit and one cycle for each. Where no factory meets all three conditions, the
circuit waits: ``allowed = floor(share / (logical error(distance)))`` cycles are as many as the
distance stands. If a factory is fast enough for these, ``cycles = ceil(factory.seconds /
cycle(distance))``; else all is found again with ``cycles = allowed + 1`` and a distance that is
larger by at least 2. Quotients within 1e-14 of a whole number, relative, are that number.

Clifford gates cost nothing: they are carried through to the measurements, one logical cycle each,
that do the other gates (parallel synthesis, sequential Pauli computation). Three failures are told
apart, logical errors, bad T states and inexact rotations; all must be absent from a run, and the
budget of the run is divided equally among those that can occur.

Source: M. E. Beverland et al., arXiv:2211.07629, sections III and IV, and what qdk 1.33.1 does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from circuits.costs import Count, GateCounts
from qml_algos.speedup.devices.descriptions import FaultTolerantDescription
from qml_algos.speedup.devices.distillation import Factory, best_factory, factories

# Rounding of floats must not turn a whole quotient into the next number.
_SLACK = 1e-14


@dataclass(frozen=True)
class FaultTolerantEstimate:
    """Physical resources of one run of a circuit.

    Attributes
    ----------
    qubits
        Physical qubits, of T factories too.
    seconds
        Of one run.
    code_distance
        Of the surface code.
    logical_qubits
        With those that lattice surgery needs.
    cycles, cycle_seconds
        Logical cycles and how long one takes.
    t_states, t_states_per_rotation
        Consumed.
    factories, factory_qubits
        T factories at work at once, and physical qubits of all of them.
    estimator
        What computed it.
    """

    qubits: Count
    seconds: float
    code_distance: int
    logical_qubits: Count
    cycles: Count
    cycle_seconds: float
    t_states: Count
    t_states_per_rotation: int
    factories: Count
    factory_qubits: Count
    estimator: Literal["qdk", "formulas"]


@dataclass(frozen=True)
class LogicalWork:
    """What a run takes in logical terms.

    Attributes
    ----------
    qubits, cycles, t_states
        Logical qubits after layout, logical cycles, T states.
    t_states_per_rotation
        By synthesis of rotations.
    share
        Error probability of each of the failures that can occur.
    """

    qubits: Count
    cycles: Count
    t_states: Count
    t_states_per_rotation: int
    share: float


def logical_work(counts: GateCounts, device: FaultTolerantDescription) -> LogicalWork:
    """Return logical qubits, cycles and T states of a circuit. Cost: constant."""
    has_t = counts.t_gates > 0 or counts.toffolis > 0 or counts.rotations > 0
    share = device.budget.error / (1 + has_t + (counts.rotations > 0))
    per_rotation = 0
    if counts.rotations > 0:
        bits = math.log2(counts.rotations) - math.log2(share)
        per_rotation = math.ceil(device.synthesis.slope * bits + device.synthesis.offset)
    layers = min(counts.rotation_depth, counts.rotations)
    return LogicalWork(
        qubits=2 * counts.qubits + math.ceil(math.sqrt(8 * counts.qubits)) + 1,
        cycles=max(
            1,
            counts.measurements
            + counts.rotations
            + counts.t_gates
            + device.layout.cycles_per_toffoli * counts.toffolis
            + per_rotation * layers,
        ),
        t_states=counts.t_gates
        + device.layout.t_states_per_toffoli * counts.toffolis
        + per_rotation * counts.rotations,
        t_states_per_rotation=per_rotation,
        share=share,
    )


def logical_error(distance: int, device: FaultTolerantDescription) -> float:
    """Return the error probability of a logical qubit in a logical cycle."""
    ratio = device.errors.clifford / device.code.threshold
    return float(device.code.prefactor * ratio ** ((distance + 1) // 2))


def code_distance(error: float, device: FaultTolerantDescription) -> int:
    """Return the smallest odd distance of at most this logical error. Cost: constant."""
    ratio = device.errors.clifford / device.code.threshold
    halves = max(1, math.floor(math.log(error / device.code.prefactor) / math.log(ratio)))
    while logical_error(2 * halves - 1, device) > error:
        halves += 1
    return 2 * halves - 1


def cycle_seconds(distance: int, device: FaultTolerantDescription) -> float:
    """Return the duration of a logical cycle."""
    code, timing = device.code, device.timing
    step = code.two_qubit_gates * timing.two_qubit_gate + code.measurements * timing.measure
    return step * distance


def estimate_by_formulas(
    counts: GateCounts, device: FaultTolerantDescription
) -> FaultTolerantEstimate:
    """Estimate the physical resources of one run by the formulas above.

    Parameters
    ----------
    counts
        Of the circuit, all finite.
    device
        Its constants.

    Returns
    -------
    FaultTolerantEstimate
        Cost: the length of the list of factories, whatever the counts.

    Raises
    ------
    ValueError
        If there are more T states than any factory of three rounds is good enough for.
    """
    work = logical_work(counts, device)
    plan = _plan(work, device)
    cycle, number, factory_qubits = cycle_seconds(plan.distance, device), 0, 0
    if plan.factory is not None:
        rounds = math.floor(plan.cycles * cycle / plan.factory.seconds * (1 + _SLACK))
        number = math.ceil(work.t_states / rounds)
        factory_qubits = number * plan.factory.qubits
    return FaultTolerantEstimate(
        qubits=work.qubits * device.code.patch * plan.distance**2 + factory_qubits,
        seconds=plan.cycles * cycle,
        code_distance=plan.distance,
        logical_qubits=work.qubits,
        cycles=plan.cycles,
        cycle_seconds=cycle,
        t_states=work.t_states,
        t_states_per_rotation=work.t_states_per_rotation,
        factories=number,
        factory_qubits=factory_qubits,
        estimator="formulas",
    )


@dataclass(frozen=True)
class _Plan:
    """Distance, cycles and factory that go together."""

    distance: int
    cycles: Count
    factory: Factory | None


def _plan(work: LogicalWork, device: FaultTolerantDescription) -> _Plan:
    error = work.share / work.t_states if work.t_states > 0 else math.inf
    cycles, least = work.cycles, 1
    while True:
        distance = max(least, code_distance(work.share / (work.qubits * cycles), device))
        if work.t_states == 0:
            return _Plan(distance, cycles, None)
        known = _known(error, distance, device)
        cycle = cycle_seconds(distance, device)
        seconds = cycles * cycle * (1 + _SLACK)
        if factory := best_factory(known, error, seconds, distance):
            return _Plan(distance, cycles, factory)
        allowed = math.floor(work.share / (work.qubits * logical_error(distance, device)))
        seconds = allowed * cycle * (1 + _SLACK)
        if factory := best_factory(known, error, seconds, distance):
            cycles = math.ceil(factory.seconds / cycle * (1 - _SLACK))
            return _Plan(distance, cycles, factory)
        # Rounding must not leave the distance where it was.
        cycles, least = allowed + 1, distance + 2


def _known(error: float, distance: int, device: FaultTolerantDescription) -> tuple[Factory, ...]:
    """Return the factories to choose from."""
    if error > device.errors.t_gate:
        patch = device.code.patch * distance**2
        seconds = cycle_seconds(distance, device)
        return (Factory(device.errors.t_gate, patch, seconds, distance),)
    known = factories(device)
    if min((factory.error for factory in known), default=math.inf) > error:
        raise ValueError(f"no T factory of {device.name} reaches an error of {error:.2g}")
    return known
