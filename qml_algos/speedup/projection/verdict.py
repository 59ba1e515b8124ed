"""What a projection shows, in sentences for a sceptical referee."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qml_algos.speedup.projection.classical import ClassicalCurve
from qml_algos.speedup.projection.crossovers import CrossoverLine, Sensitivity
from qml_algos.speedup.projection.quantum import QuantumCurve
from qml_algos.speedup.projection.words import size_text
from qml_algos.speedup.wording import number, seconds

_UNITS = (
    "All seconds of quantum solvers are projected from gate counts by the device models named; no "
    "time of a simulator enters them."
)


@dataclass(frozen=True)
class Asked:
    """What the verdict is about.

    Attributes
    ----------
    output
        What is answered.
    size_of
        What a size counts, in the plural.
    largest
        End of the range.
    machine
        Larger machine of the classical solvers, and how many times as fast it is at the most.
    """

    output: str
    size_of: str
    largest: float
    machine: tuple[str, float] | None = None

    @property
    def in_words(self) -> str:
        """What is answered, with an article."""
        return "the whole solution" if self.output == "vector" else f"one {self.output}"


def verdict(
    asked: Asked,
    quantum: Sequence[QuantumCurve],
    classical: Sequence[ClassicalCurve],
    crossovers: Sequence[CrossoverLine],
    sensitivities: Sequence[Sensitivity],
) -> tuple[str, ...]:
    """Say for each quantum solver whether it overtakes its rivals, where, and what decides.

    Parameters
    ----------
    asked
        What it is about.
    quantum, classical, crossovers, sensitivities
        Of the projection.

    Returns
    -------
    tuple of str
        Whole sentences, the most important ones first.
    """
    formulas = {curve.solver: curve.formula for curve in classical if curve.known}
    sentences: list[str] = []
    for curve in quantum:
        own = [line for line in crossovers if line.quantum == curve.solver]
        moved = [line for line in sensitivities if line.quantum == curve.solver]
        # What moves a crossover may be the same for both kinds of rivals.
        sentences += dict.fromkeys(_of_solver(asked, curve, own, moved, formulas))
    too_few = [curve.reason for curve in classical if curve.reason]
    return (*sentences, *too_few, *_machine(asked), _UNITS)


def _machine(asked: Asked) -> Iterator[str]:
    if asked.machine is not None:
        name, speedup = asked.machine
        yield (
            f"Classical seconds are those measured here over {number(speedup)}: {name} gains no "
            "more than that, by operations or by bytes a second, whatever the work."
        )


def earliest(lines: Iterable[CrossoverLine]) -> CrossoverLine:
    """Return the crossover most in favour of the quantum solver: the smallest, or the nearest."""
    return min(lines, key=lambda line: (line.size or math.inf, _behind(line)))


def _behind(line: CrossoverLine) -> float:
    return line.quantum_seconds / line.classical_seconds


def _of_solver(
    asked: Asked,
    curve: QuantumCurve,
    own: Sequence[CrossoverLine],
    moved: Sequence[Sensitivity],
    formulas: Mapping[str, str],
) -> Iterator[str]:
    if not curve.bills:
        yield f"{curve.solver} is not projected: {curve.reason}"
        return
    if not own:
        yield f"{curve.solver}: no rival was measured at enough sizes for a law, so none is met."
        return
    if any(row.classically_diagonalised for row in curve.rows):
        yield (
            f"The circuits of {curve.solver} were built from eigenvectors found classically, which "
            "is as much work as the answer: they can show no speedup."
        )
    main = [line for line in own if not line.aside]
    best = earliest(main)
    yield _headline(asked, best, formulas)
    yield from _places(asked, main)
    if best.size is not None:
        yield from (check.sentence for check in curve.law.checks if check.tone == "bad")
    aside = [line for line in own if line.aside]
    if aside:
        yield _beside(asked, earliest(aside), best, formulas)
        yield from _places(asked, aside)
    yield from _free_loading(asked, own, moved)
    yield from _decisive(asked, best, moved)


def _headline(asked: Asked, line: CrossoverLine, formulas: Mapping[str, str]) -> str:
    how = f"on {line.device} by {line.strategy}"
    rival = f"{line.classical} ({formulas[line.classical]})"
    if line.size is None:
        none = (
            f"No crossover below {size_text(asked.largest)} {asked.size_of} for {asked.in_words}: "
            f"{line.quantum} never overtakes {rival}."
        )
        if math.isinf(line.quantum_seconds):
            return f"{none} At the end of the range none of the devices can do it."
        return (
            f"{none} Even {how}, where it comes nearest, it takes {number(_behind(line))} times as "
            f"long at the end of the range, most of it for {line.dominated_by}."
        )
    return (
        f"For {asked.in_words}, {line.quantum} would be faster than {rival} from "
        f"{size_text(line.size)} {asked.size_of} on {_interval(line)}, {how}, after "
        f"{seconds(line.seconds)}, most of it for {line.dominated_by}."
    )


def _beside(
    asked: Asked, line: CrossoverLine, best: CrossoverLine, formulas: Mapping[str, str]
) -> str:
    rival = f"{line.classical} ({formulas[line.classical]}), which finds all {asked.size_of},"
    if line.size is None:
        return f"It does not overtake {rival} below {size_text(asked.largest)} either."
    sentence = (
        f"It would overtake {rival} from {size_text(line.size)} {asked.size_of} on "
        f"{_interval(line)}, on {line.device} by {line.strategy}, after {seconds(line.seconds)}"
    )
    if best.size is None:
        return f"{sentence}; that is no advantage, since {best.classical} has the answer sooner."
    return f"{sentence}."


def _places(asked: Asked, lines: Sequence[CrossoverLine]) -> Iterator[str]:
    """List the crossovers on all devices, if there are several."""
    found = [line for line in lines if line.size is not None]
    if len(found) > 1:
        places = _by_device((line.device, line.strategy, line.size or 0) for line in found)
        yield f"Crossovers with {found[0].classical}, in {asked.size_of}: {places}."


def _free_loading(
    asked: Asked, own: Sequence[CrossoverLine], moved: Sequence[Sensitivity]
) -> Iterator[str]:
    """Say where crossovers would be if loading the data took no gates, where that decides."""
    for aside in (False, True):
        here = [line for line in own if line.aside == aside]
        free = [
            line
            for line in moved
            if line.aside == aside
            and line.assumption == "state preparation"
            and line.size is not None
            and line.orders != 0
        ]
        if free and all(line.size is None for line in here):
            places = _by_device((line.device, line.strategy, line.size or 0) for line in free)
            yield (
                f"If loading the data took no gates, the crossovers with {free[0].classical}, in "
                f"{asked.size_of}, would be: {places}."
            )


def _by_device(places: Iterable[tuple[str, str, float]]) -> str:
    """List sizes by device, with the strategy of each."""
    found: dict[str, list[str]] = {}
    for device, strategy, size in places:
        found.setdefault(device, []).append(f"{size_text(size)} by {strategy}")
    return "; ".join(f"on {device} {', '.join(sizes)}" for device, sizes in found.items())


def _interval(line: CrossoverLine) -> str:
    low = size_text(line.low) if line.low else "below the range"
    high = size_text(line.high) if math.isfinite(line.high) else "none"
    return f"[{low}, {high}]"


def _decisive(asked: Asked, best: CrossoverLine, moved: Sequence[Sensitivity]) -> Iterator[str]:
    same = [
        line
        for line in moved
        if (line.device, line.strategy, line.aside) == (best.device, best.strategy, best.aside)
    ]
    line = max(same, key=lambda line: abs(line.orders))
    if line.orders == 0:
        yield (
            "No single assumption changes that: not free loading, a tenth of the runs, another "
            "growth of the condition number, or gates ten times faster."
        )
        return
    change = f"What moves the crossover most is {line.assumption} ({line.changed_by})"
    if line.size is None:
        yield f"{change}: none is left."
        return
    orders = ""
    if math.isfinite(line.orders):
        orders = f", {number(abs(line.orders))} orders of magnitude away"
    yield f"{change}: it would be at {size_text(line.size)} {asked.size_of}{orders}."
