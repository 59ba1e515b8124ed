"""Crossovers of every quantum solver with the classical ones, and what they depend on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qml_algos.speedup.bills import Strategy
from qml_algos.speedup.devices.model import DeviceModel
from qml_algos.speedup.projection.answer import LINES, answer
from qml_algos.speedup.projection.assumptions import Assumptions
from qml_algos.speedup.projection.classical import ClassicalCurve
from qml_algos.speedup.projection.crossing import SampledCurve, Seconds, crossing
from qml_algos.speedup.projection.quantum import QuantumCurve
from qml_algos.speedup.projection.words import size_text
from qml_algos.speedup.scaling import crossover

_POINTS = 129
_FLAT = 0.02
"""A condition number that grows more slowly than N to this power is taken for constant."""


@dataclass(frozen=True)
class CrossoverLine:
    """Where a quantum solver overtakes its hardest rival, on one device and by one strategy.

    Attributes
    ----------
    quantum, classical, device, strategy
        Names.
    aside
        Whether rivals for less than the whole solution were left out, so that the line shows what
        the commonest mistake would give.
    size
        From which on the quantum solver is faster; ``None`` if there is none in the range.
    low, high
        Interval for it from what is uncertain about the classical law: 0 for below the range,
        infinite for none in it.
    seconds
        Of an answer there.
    quantum_seconds, classical_seconds
        At the end of the range.
    dominated_by
        Line with most of the quantum seconds, at the crossover or at the end of the range.
    reason
        All of this as whole sentences.
    """

    quantum: str
    classical: str
    device: str
    strategy: Strategy
    aside: bool
    size: float | None
    low: float
    high: float
    seconds: float | None
    quantum_seconds: float
    classical_seconds: float
    dominated_by: str
    reason: str


@dataclass(frozen=True)
class Sensitivity:
    """How a crossover moves with one assumption.

    Attributes
    ----------
    quantum, classical, device, strategy, aside
        Of the crossover.
    assumption
        ``"state preparation"``, ``"read-out"``, ``"condition number"`` or ``"gate time"``.
    changed_by
        How, in words.
    size
        Of the crossover then; ``None`` if there is none.
    orders
        Powers of ten that it moves by, down if negative; infinite where it comes from, or goes,
        out of range; 0 where there is none either way.
    """

    quantum: str
    classical: str
    device: str
    strategy: Strategy
    aside: bool
    assumption: str
    changed_by: str
    size: float | None
    orders: float


def changes(kappa_growth: float | None) -> dict[str, tuple[str, Assumptions]]:
    """Assumptions that are changed, one at a time: in words, and as numbers.

    Parameters
    ----------
    kappa_growth
        Exponent of the condition number over the sizes measured. One that grows is made constant,
        as by a perfect preconditioner; a constant one is made to grow like the root of N.
    """
    kappa = ("grows by sqrt(N) more", 0.5)
    if kappa_growth is not None and kappa_growth > _FLAT:
        kappa = ("constant, as by a perfect preconditioner", -kappa_growth)
    return {
        "state preparation": ("free", Assumptions(preparation=0.0)),
        "read-out": ("a tenth of the runs", Assumptions(readout=0.1)),
        "condition number": (kappa[0], Assumptions(kappa_growth=kappa[1])),
        "gate time": ("ten times faster", Assumptions(gate_time=0.1)),
    }


def hardest(
    quantum: Seconds, classical: Sequence[ClassicalCurve]
) -> tuple[ClassicalCurve, float | None] | None:
    """Return the rival that is overtaken last, or never, and the size where it is.

    Of several that are never overtaken it is the fastest at the end of the range. ``None`` if no
    rival has a law.
    """
    count = quantum.size
    found = [
        (curve, crossing(curve.sizes[:count], quantum, curve.seconds[:count]))
        for curve in classical
        if curve.known
    ]

    def difficulty(pair: tuple[ClassicalCurve, float | None]) -> tuple[float, float]:
        curve, size = pair
        return size or math.inf, -float(curve.seconds[count - 1])

    return max(found, key=difficulty) if found and count else None


def crossover_line(
    quantum: QuantumCurve,
    seconds: Seconds,
    classical: Sequence[ClassicalCurve],
    device: DeviceModel,
    strategy: Strategy,
    confidence: float,
    *,
    aside: bool = False,
) -> CrossoverLine | None:
    """Find the crossover with the hardest of some rivals.

    Parameters
    ----------
    quantum, seconds
        Curve of the quantum solver, and its seconds on the device by the strategy.
    classical
        Rivals.
    device, strategy
        Where it runs, and how it is read.
    confidence
        Of the interval.
    aside
        As in `CrossoverLine`.

    Returns
    -------
    CrossoverLine or None
        ``None`` without a rival that has a law, or without bills.
    """
    found = hardest(seconds, classical)
    if found is None:
        return None
    curve, _ = found
    sizes = curve.sizes[: seconds.size]

    def shares(place: int) -> dict[str, float]:
        billed = answer(quantum.bills[place], device, strategy)
        assert billed is not None
        return dict(zip(LINES, billed.lines, strict=True))

    crossed = crossover(
        SampledCurve(sizes, seconds, shares),
        curve.curve(),
        smallest=float(sizes[0]),
        largest=float(sizes[-1]),
        names=(f"{quantum.solver} on {device.name} by {strategy}", curve.solver),
        confidence=confidence,
        points=_POINTS,
    )
    # A solver that is faster everywhere crosses at the first size, if not before.
    size = float(sizes[0]) if crossed.outcome == "already crossed" else crossed.size
    return CrossoverLine(
        quantum=quantum.solver,
        classical=curve.solver,
        device=device.name,
        strategy=strategy,
        aside=aside,
        size=size,
        low=crossed.low,
        high=crossed.high,
        seconds=crossed.seconds,
        quantum_seconds=float(seconds[-1]),
        classical_seconds=float(curve.seconds[seconds.size - 1]),
        dominated_by=crossed.dominated_by[0],
        reason=crossed.reason + _infeasible(quantum, seconds, device, strategy),
    )


def sensitivity(
    base: CrossoverLine,
    moved: Mapping[str, tuple[str, Seconds]],
    classical: Sequence[ClassicalCurve],
) -> Iterator[Sensitivity]:
    """Move a crossover by each assumption alone.

    Parameters
    ----------
    base
        The crossover.
    moved
        By assumption: how it is changed, in words, and seconds of the quantum solver then.
    classical
        Rivals, the same as for the crossover: which of them is hardest may change.
    """
    for assumption, (words, seconds) in moved.items():
        found = hardest(seconds, classical)
        size = found[1] if found else None
        yield Sensitivity(
            quantum=base.quantum,
            classical=base.classical,
            device=base.device,
            strategy=base.strategy,
            aside=base.aside,
            assumption=assumption,
            changed_by=words,
            size=size,
            orders=_orders(base.size, size),
        )


def _orders(before: float | None, after: float | None) -> float:
    if before is None and after is None:
        return 0.0
    if before is None:
        return -math.inf
    return math.inf if after is None else math.log10(after / before)


def _infeasible(
    quantum: QuantumCurve, seconds: Seconds, device: DeviceModel, strategy: Strategy
) -> str:
    """Say why a device cannot do it at the end of the range, if it cannot."""
    if not math.isinf(seconds[-1]):
        return ""
    found = answer(quantum.bills[-1], device, strategy)
    why = found.reason if found is not None else None
    return f" At {size_text(quantum.sizes[-1])} {device.name} cannot do it: {why}" if why else ""
