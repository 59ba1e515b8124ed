"""Seconds of one answer on a device, line by line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from circuits.costs import Count, GateCounts
from circuits.costs.gates import CX, RCCX
from qml_algos.speedup.bills import Bill, Strategy
from qml_algos.speedup.devices.model import DeviceModel

LINES = (
    "state preparation",
    "algorithm",
    "read-out",
    "classical preprocessing",
    "classical postprocessing",
)
"""What the seconds of an answer are made of, in this order."""


@dataclass(frozen=True)
class Answer:
    """What one answer takes on a device.

    Attributes
    ----------
    seconds
        In all; infinite where the device cannot do it.
    lines
        The same, by the names of `LINES`.
    run
        Gates of one coherent circuit.
    runs
        How often that is run, before what errors cost.
    qubits
        Physical qubits.
    code_distance
        Of fault-tolerant devices.
    reason
        Why the device cannot do it, as a whole sentence; ``None`` if it can.
    """

    seconds: float
    lines: tuple[float, ...]
    run: GateCounts
    runs: float
    qubits: float
    code_distance: int | None
    reason: str | None

    @property
    def dominating(self) -> str:
        """Name of the line with most seconds."""
        return LINES[max(range(len(LINES)), key=self.lines.__getitem__)]


def coherent_run(bill: Bill, strategy: Strategy) -> tuple[GateCounts, float] | None:
    r"""Return the longest coherent circuit of a strategy, and how often it is run.

    Sampling runs the bill's circuit ``shots / p`` times. Amplification puts ``2 r + 1`` uses of it
    into one circuit, and estimation all its uses. Each use of the last two comes with a reflection
    about zero or about success: on q qubits ``2 (q - 2)`` Toffoli gates up to relative phases and a
    CZ (`circuits.amplitude_amplification.phase_on_value`).

    Returns
    -------
    tuple or None
        Gates of one run, and runs; ``None`` where the strategy does not apply.
    """
    if strategy == "sampling":
        return bill.run, bill.circuits * bill.shots / bill.success_probability
    uses: float
    if strategy == "amplification":
        rounds = bill.amplification_rounds
        uses = 2 * rounds + 1
        angle = uses * math.asin(math.sqrt(bill.success_probability))
        runs = bill.circuits * bill.shots / math.sin(angle) ** 2
        reflections: float = 2 * rounds
    else:
        if bill.estimation_uses is None:
            return None
        uses = reflections = bill.estimation_uses
        runs = bill.circuits
    qubits = max(bill.preparation.qubits, bill.algorithm.qubits, bill.readout.qubits)
    parts = ((bill.preparation, uses), (bill.algorithm, uses), (bill.readout, uses))
    return _coherent(parts, _reflection(qubits), reflections, bill.readout), runs


def answer(bill: Bill, device: DeviceModel, strategy: Strategy) -> Answer | None:
    """Project a bill.

    Parameters
    ----------
    bill
        Of the answer.
    device
        Where it would run.
    strategy
        How it is read.

    Returns
    -------
    Answer or None
        Seconds on the device are shared among loading, algorithm and reading like those of a run
        of each alone; what a run without gates takes belongs to reading. ``None`` where the
        strategy does not apply.
    """
    found = coherent_run(bill, strategy)
    if found is None:
        return None
    run, runs = found
    execution = device.execution(run, runs)
    seconds = execution.seconds if execution.feasible else math.inf
    lines = [seconds * share if share else 0.0 for share in _shares(bill, device)]
    classical = (bill.preprocessing_seconds, bill.postprocessing_seconds)
    return Answer(
        seconds=seconds + sum(classical),
        lines=(*lines, *classical),
        run=run,
        runs=runs,
        qubits=execution.qubits,
        code_distance=execution.code_distance,
        reason=None if execution.feasible else execution.reason,
    )


def total_seconds(bill: Bill, run: tuple[GateCounts, float] | None, device: DeviceModel) -> float:
    """Return the seconds of `answer`, without its lines; infinite where there is none.

    Parameters
    ----------
    bill, device
        As for `answer`.
    run
        What `coherent_run` gave for the bill.
    """
    if run is None:
        return math.inf
    execution = device.execution(*run)
    if not execution.feasible:
        return math.inf
    classical = bill.preprocessing_seconds + bill.postprocessing_seconds
    return execution.seconds + classical


def _shares(bill: Bill, device: DeviceModel) -> tuple[float, float, float]:
    """Shares of loading, algorithm and reading in the seconds of a run."""
    idle = GateCounts(qubits=bill.run.qubits)
    parts = (bill.preparation, bill.algorithm, bill.readout)
    seconds = [device.execution(part, 1.0).seconds_per_run for part in (idle, *parts)]
    weights = [max(0.0, part - seconds[0]) for part in seconds[1:3]]
    weights.append(seconds[3])
    total = sum(weights)
    if not 0 < total < math.inf:
        return (0.0, 1.0, 0.0)
    first, second, third = (weight / total for weight in weights)
    return (first, second, third)


def _coherent(
    parts: Sequence[tuple[GateCounts, float]],
    reflection: GateCounts,
    reflections: float,
    measured: GateCounts,
) -> GateCounts:
    """Add up uses and reflections; what is measured and reset is so once, at the end."""
    terms = (*parts, (reflection, reflections))

    def total(name: str) -> float:
        return sum(getattr(part, name) * uses for part, uses in terms)

    return GateCounts(
        qubits=reflection.qubits,
        two_qubit_gates=total("two_qubit_gates"),
        toffolis=total("toffolis"),
        t_gates=total("t_gates"),
        rotations=total("rotations"),
        measurements=measured.measurements,
        resets=measured.resets,
        two_qubit_depth=total("two_qubit_depth"),
        rotation_depth=total("rotation_depth"),
    )


@cache
def _reflection(qubits: Count) -> GateCounts:
    """On all qubits: a conjunction, a CZ, and the conjunction undone."""
    return replace(2 * max(0, qubits - 2) * RCCX + CX, qubits=qubits)
