"""T factories: rounds of distillation on bare or encoded qubits, and the best of them.

A factory has one to three rounds. In a round all units are alike: of one kind, on bare qubits
(the first round only) or on encoded ones of one distance, which does not fall from round to round.
A unit takes ``input_states`` T states of error x and makes one of error ``cube x^3 +
clifford_weight p`` where p is the error of its Clifford gates; it fails with probability
``failure_input_weight x + failure_clifford_weight p``. A round has so many units that fewer states
than the next one needs come out with probability below ``failure / rounds``, by the binomial
distribution. Rounds follow each other on the same qubits.

Source: Beverland et al., arXiv:2211.07629, appendix C, in the form that qdk 1.33.1 has it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

from qml_algos.speedup.devices.descriptions import FaultTolerantDescription

LEAST_ERROR = 1e-50
"""Of a T state: better ones are not looked for. 1e47 of them have an error of 1e-3 together."""

# A unit's distance is not raised once its Clifford gates err this much less than its inputs.
_NEGLIGIBLE = 1e-3

# From one distance tried to the next the logical error falls at least by this factor: by more than
# ten in devices worth having, by little where gates err almost at the threshold of the code.
_STEP = 3.0

# Errors that differ by less are as good as each other; distances and seconds must not be larger.
_ALIKE = np.array([1.01, 1.0, 1.0])

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Factory:
    """A T factory.

    Attributes
    ----------
    error
        Of its T states.
    qubits
        Physical ones.
    seconds
        Of one run, which makes one state.
    distance
        Of its last round; 1 on bare qubits.
    """

    error: float
    qubits: int
    seconds: float
    distance: int


@dataclass(frozen=True)
class _Units:
    """Units that rounds can be made of, one entry each; distance 1 is a bare qubit."""

    distance: Integers
    clifford_error: Floats
    qubits: Integers
    seconds: Floats
    input_states: Integers


@dataclass(frozen=True)
class _Pipelines:
    """Sequences of rounds: indices of their units, failures of these, error of the output."""

    units: Integers
    failure: Floats
    error: Floats


@lru_cache(maxsize=16)
def factories(description: FaultTolerantDescription) -> tuple[Factory, ...]:
    """Return all factories that no other one surpasses.

    One surpasses another if it has no more qubits times seconds, takes no longer, has no greater
    distance, and its error is not greater by more than 1 %.

    Parameters
    ----------
    description
        Of the device.

    Returns
    -------
    tuple of Factory
        From the least to the most qubits times seconds; errors from that of a physical T gate
        down to `LEAST_ERROR`. Cost: about a second, once.
    """
    units = _units(description)
    found: list[NDArray[np.float64]] = []
    start = description.errors.t_gate
    pipelines = _Pipelines(np.empty((1, 0), int), np.empty((1, 0)), np.array([start]))
    for _ in range(description.distillation.rounds):
        pipelines = _one_round_more(pipelines, units, description)
        found.append(_costs(pipelines, units, description.distillation.failure))
    return tuple(
        Factory(float(error), int(qubits), float(seconds), int(distance))
        for error, qubits, seconds, distance in _unsurpassed(np.concatenate(found))
    )


def best_factory(
    known: tuple[Factory, ...], error: float, seconds: float, distance: int
) -> Factory | None:
    """Return the factory of the least qubits times seconds.

    Parameters
    ----------
    known
        Of `factories`.
    error, seconds, distance
        It may not exceed them.
    """
    for factory in known:
        if factory.error <= error and factory.seconds <= seconds and factory.distance <= distance:
            return factory
    return None


def _units(description: FaultTolerantDescription) -> _Units:
    rows = []
    allowed = description.distillation.clifford_ratio * description.errors.t_gate
    cycle = (
        description.code.two_qubit_gates * description.timing.two_qubit_gate
        + description.code.measurements * description.timing.measure
    )
    ratio = description.errors.clifford / description.code.threshold
    steps = max(1, math.ceil(math.log(_STEP) / -math.log(ratio)))
    for kind in description.distillation.units:
        if description.errors.clifford <= allowed:
            seconds = kind.physical_measurements * description.timing.measure
            rows.append((1, description.errors.clifford, kind.physical_qubits, seconds, kind))
        distance, error = 3, description.code.prefactor * ratio**2
        while error > _NEGLIGIBLE**2 * LEAST_ERROR:
            if error <= allowed:
                qubits = kind.logical_qubits * description.code.patch * distance**2
                rows.append((distance, error, qubits, kind.logical_cycles * cycle * distance, kind))
            distance, error = distance + 2 * steps, error * ratio**steps
    return _Units(
        distance=np.array([row[0] for row in rows], dtype=int),
        clifford_error=np.array([row[1] for row in rows]),
        qubits=np.array([row[2] for row in rows], dtype=int),
        seconds=np.array([row[3] for row in rows]),
        input_states=np.array([row[4].input_states for row in rows], dtype=int),
    )


def _one_round_more(
    before: _Pipelines, units: _Units, description: FaultTolerantDescription
) -> _Pipelines:
    """Extend all sequences by all units that improve them."""
    rules, errors = description.distillation, description.errors
    inputs, clifford = before.error[:, None], units.clifford_error[None, :]
    cubed = rules.cube * inputs**3
    error = cubed + rules.clifford_weight * clifford
    failure = rules.failure_input_weight * inputs + rules.failure_clifford_weight * clifford
    useful = (error <= inputs) & (failure < 1) & (before.error[:, None] > LEAST_ERROR)
    least = _NEGLIGIBLE * np.maximum(cubed, LEAST_ERROR)
    one_distance_less = clifford * max(_STEP, description.code.threshold / errors.clifford)
    useful &= (rules.clifford_weight * one_distance_less > least) | (units.distance == 1)
    if before.units.shape[1]:
        useful &= units.distance[None, :] >= units.distance[before.units[:, -1]][:, None]
        useful &= units.distance[None, :] > 1
    rows, columns = np.nonzero(useful)
    return _Pipelines(
        units=np.column_stack([before.units[rows], columns]),
        failure=np.column_stack([before.failure[rows], failure[rows, columns]]),
        error=error[rows, columns],
    )


def _costs(pipelines: _Pipelines, units: _Units, failure: float) -> Floats:
    """Return error, qubits, seconds and distance of sequences, shape (sequences, 4)."""
    rounds = pipelines.units.shape[1]
    needed = np.ones(len(pipelines.error), dtype=int)
    qubits = np.zeros(len(pipelines.error))
    for position in reversed(range(rounds)):
        chosen = pipelines.units[:, position]
        number = _units_needed(needed, pipelines.failure[:, position], failure / rounds)
        qubits = np.maximum(qubits, number * units.qubits[chosen].astype(float))
        needed = number * units.input_states[chosen]
    seconds = units.seconds[pipelines.units].sum(axis=1)
    return np.column_stack(
        [pipelines.error, qubits, seconds, units.distance[pipelines.units[:, -1]]]
    )


def _units_needed(states: Integers, failure: Floats, allowed: float) -> Integers:
    """Return the least number of units of which fewer than ``states`` succeed rarely enough."""

    def enough(number: Integers) -> NDArray[np.bool_]:
        return (number >= states) & (bdtr(states - 1.0, number, 1 - failure) < allowed)

    high = states.copy()
    while not (done := enough(high)).all():
        high = np.where(done, high, 2 * high)
    low = states.copy()
    while (low < high).any():
        middle = (low + high) // 2
        done = enough(middle)
        high, low = np.where(done, middle, high), np.where(done, low, middle + 1)
        low = np.minimum(low, high)
    return high


def _unsurpassed(costs: Floats) -> Floats:
    """Return what no other surpasses in error, qubits times seconds, seconds and distance."""
    volume = costs[:, 1] * costs[:, 2]
    order = np.lexsort((costs[:, 3], costs[:, 2], costs[:, 0], volume))
    kept = np.empty((0, 3))
    best = []
    # All kept so far have at most the volume of those that follow. Most of a chunk goes at once.
    for chunk in np.array_split(order, 1 + len(order) // 512):
        rivals = costs[chunk][:, [0, 2, 3]] * _ALIKE
        left = ~(kept[None] <= rivals[:, None]).all(axis=2).any(axis=1)
        for position, rival in zip(chunk[left], rivals[left], strict=True):
            if not (kept <= rival).all(axis=1).any():
                kept = np.vstack([kept, rival / _ALIKE])
                best.append(position)
    return costs[best]
