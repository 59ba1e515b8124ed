"""Curves of classical solvers: laws fitted to what was measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qml_algos.errors import TooFewPointsError
from qml_algos.speedup.projection.crossing import SampledCurve, Seconds
from qml_algos.speedup.record import Row
from qml_algos.speedup.scaling import Curve, Form, ScalingFit, fit_law
from qml_algos.speedup.wording import reached

_FORMS: tuple[Form, ...] = ("polynomial", "polylogarithmic")
"""No classical solver here takes exponential time in the size, and a law that says so, from the
noise of a few small sizes, would decide every comparison. What writes a whole solution down takes
no polylogarithmic time either."""

_REPLICATES, _SEED = 200, 0
_LEAST_EXPONENT = 0.9
"""A law of less cannot be that of a solver that writes N numbers down."""

_LARGE = 64
"""Sizes within this factor of the largest say how work grows, and how far seconds for each of N are
certain: caches and overheads bend them below."""

_SAME = 0.02
"""Relative difference of operations for each of N below which they are in proportion to N."""

VECTOR = "vector"
"""Output of solvers that write down as many numbers as the size says."""

WHOLE = (None, VECTOR)
"""What rows of solvers that find the whole solution have for an output."""


@dataclass(frozen=True)
class ClassicalCurve:
    """Seconds of one solver over sizes.

    Attributes
    ----------
    solver
        Its name.
    output
        What it answers; ``None`` for the whole solution.
    rows
        Measured rows that reached the target error, by size.
    law
        Fitted to them; ``None`` if there are too few.
    reason
        What stands in its place, or why nothing does, as a whole sentence.
    sizes
        Of the curve, increasing.
    low, seconds, high
        At each, with the band of the law; empty without a curve.
    """

    solver: str
    output: str | None
    rows: tuple[Row, ...]
    law: ScalingFit | None
    reason: str | None
    sizes: Seconds
    low: Seconds
    seconds: Seconds
    high: Seconds

    @property
    def whole(self) -> bool:
        """Whether it finds the whole solution."""
        return self.output in WHOLE

    @property
    def known(self) -> bool:
        """Whether there is a curve."""
        return self.seconds.size > 0

    @property
    def formula(self) -> str:
        """Seconds as a formula of N."""
        if self.law is not None:
            return self.law.formula
        if self.seconds[-1] > self.seconds[0]:
            return f"{self.seconds[-1] / self.sizes[-1]:.3g} s * N"
        return f"{self.seconds[0]:.3g} s at any N"

    def on_faster(self, speedup: float) -> ClassicalCurve:
        """Return the curve on a machine so many times as fast; the rows stay as measured."""
        return replace(
            self,
            law=None if self.law is None else self.law.scaled(1 / speedup),
            low=self.low / speedup,
            seconds=self.seconds / speedup,
            high=self.high / speedup,
        )

    def curve(self) -> Curve:
        """Return the law, or what stands in its place, for crossovers."""
        band = (self.low, self.high)
        return self.law or SampledCurve(
            self.sizes, self.seconds, lambda _: {self.solver: 1.0}, band
        )


def seconds_of(row: Row) -> float | None:
    """Processor seconds of a classical row where they were measured, else its seconds."""
    return row.classical_seconds if row.cpu_seconds is None else row.cpu_seconds


def as_good_as(quantum: Row | None, row: Row) -> bool:
    """Whether a classical row is a rival: by reaching the target, or a quantum row's error.

    Errors on held-out data are often above any target that circuits can be read to. Then what
    counts is that the error is not significantly above the quantum one, by two standard errors.
    """
    if reached(row):
        return True
    if quantum is None or quantum.error is None or row.error is None or row.failure is not None:
        return False
    spread = [each.error_standard_error for each in (quantum, row)]
    known = [each for each in spread if each is not None]
    return len(known) == 2 and row.error - quantum.error <= 2 * math.hypot(*known)


def classical_curve(
    rows: Sequence[Row],
    sizes: Sequence[int],
    confidence: float,
    *,
    size_free: bool = False,
    proportional: bool = False,
    reads_all: bool = False,
    best_quantum: Mapping[str, Row] | None = None,
) -> ClassicalCurve:
    """Fit a law to the rows of one solver.

    Parameters
    ----------
    rows
        Of one solver and one output. Those above the target error do not count, unless the best
        quantum solver is no better, or there is none.
    sizes
        Of the curve.
    confidence
        Of the band.
    size_free
        Whether the work is known not to depend on the size: then the most seconds measured stand
        in for a law where there are too few rows for one.
    proportional
        Whether the work is known to grow in proportion to the size: then the seconds of the largest
        size stand in for a law, which the overheads of small ones would bend.
    reads_all
        Whether all of the data are read, so that the work grows in proportion to the size at least,
        as that of solvers does which write the whole solution down.
    best_quantum
        The quantum row of the least error on each problem: see `as_good_as`.
    """
    kept = sorted(_rivals(rows, best_quantum or {}), key=lambda row: row.size)
    points = np.array([row.size for row in kept], dtype=float)
    seconds = np.array([seconds_of(row) for row in kept], dtype=float)
    grid = np.array([float(size) for size in sizes])
    name, touches_all = rows[0].solver, reads_all or rows[0].output == VECTOR
    law, reason = _fitted(name, points, seconds, touches_all, confidence)
    curves: tuple[Seconds, Seconds, Seconds] = (np.array([]),) * 3
    known = proportional or _counted_in_proportion(kept)
    if seconds.size and (known or (law and touches_all and _exponent(law) < _LEAST_EXPONENT)):
        curves = _in_proportion(points, seconds, grid)
        why = f"The work of {name} grows in proportion to N"
        if law is not None and not known:
            all_of_it = "data it reads" if reads_all else "solution it writes down"
            why = (
                f"The law of {name} ({law.formula}) grows more slowly than the {all_of_it}, bent "
                "by what a call costs at small sizes"
            )
        law = None
        reason = (
            f"{why}: the seconds for each of N at the largest size measured, {points[-1]:,.0f}, "
            "are taken for all."
        )
    elif law is None and size_free and seconds.size:
        curves = (np.full(grid.size, seconds.max()),) * 3
        reason = (
            f"{reason} Its work does not depend on N: the most seconds measured are taken for all."
        )
    elif law is not None and _exponent(law) < 0:
        curves = (np.full(grid.size, seconds.min()),) * 3
        reason = (
            f"The seconds of {name} fall with N over the sizes measured ({law.formula}): these are "
            "too small. The least seconds measured are taken for all, in its favour."
        )
        law = None
    elif law is not None:
        low, high = law.band(grid)
        curves = (low, law.predict(grid), high)
    return ClassicalCurve(
        name, rows[0].output, tuple(kept), law, reason, grid[: curves[0].size], *curves
    )


def _rivals(rows: Sequence[Row], best_quantum: Mapping[str, Row]) -> list[Row]:
    """Return the rows that count.

    Where no circuit was run, so do held-out errors of a solver that kept up wherever one was.
    """
    timed = [row for row in rows if row.failure is None and seconds_of(row)]
    good = [row for row in timed if as_good_as(best_quantum.get(row.problem), row)]
    met = [row for row in timed if row.problem in best_quantum]
    if not met or any(row not in good for row in met):
        return good
    alone = [row for row in timed if row.problem not in best_quantum and row.error_standard_error]
    return good + [row for row in alone if row not in good]


def _fitted(
    name: str, points: Seconds, seconds: Seconds, touches_all: bool, confidence: float
) -> tuple[ScalingFit | None, str | None]:
    """Return a law, or why there is none."""
    try:
        law = fit_law(
            points,
            seconds,
            forms=_FORMS[:1] if touches_all else _FORMS,
            unit="s",
            confidence=confidence,
            replicates=_REPLICATES,
            random_state=_SEED,
        )
    except TooFewPointsError as error:
        return None, f"For a law of {name}, there are too few measurements: {error}."
    return law, None


def _in_proportion(
    points: Seconds, seconds: Seconds, grid: Seconds
) -> tuple[Seconds, Seconds, Seconds]:
    """Return the band and the seconds for each of N of the largest size; a call's at the least."""
    rates = (seconds / points)[points >= points[-1] / _LARGE]
    low, middle, high = (
        np.maximum(rate * grid, seconds.min()) for rate in (rates.min(), rates[-1], rates.max())
    )
    return low, middle, high


def _exponent(law: ScalingFit) -> float:
    return law.parameters["exponent"]


def _counted_in_proportion(rows: Sequence[Row]) -> bool:
    """Whether operations were counted at three large sizes or more, as many for each of N.

    Such a law is known, and better than one that seconds bend by where caches end.
    """
    large = [row for row in rows if row.size >= rows[-1].size / _LARGE]
    rates = [row.flops / row.size for row in large if row.flops]
    return len(rates) == len(large) >= 3 and max(rates) - min(rates) < _SAME * max(rates)
