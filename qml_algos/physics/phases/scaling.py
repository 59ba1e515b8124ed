"""Critical point and exponent from the outputs of classifiers for systems of several sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.special import logit

from qml_algos.errors import InvalidProblemError, NotConvergedError, TooFewPointsError
from qml_algos.physics.phases.curves import PhaseCurve
from qml_algos.validation import require_count, require_positive, seed_from

Progress = Callable[[int, int], None]
Interval = tuple[float, float]

_EXPONENTS = (0.2, 5.0)
"""Exponents nu that are believed: others fit curves that do not change with size, or noise."""
_LEAST_ERROR = 1e-3
"""Of an output: below it, what the collapse itself leaves out counts for more."""


@dataclass(frozen=True, eq=False)
class FiniteSizeScaling:
    """A data collapse: outputs that depend on ``(T - tc) L^(1/nu)`` alone.

    Attributes
    ----------
    tc, nu
        Critical value of the parameter, and exponent of the correlation length.
    tc_interval, nu_interval
        Bounds of the bootstrap's middle 95 %, widened where the collapse is worse than noise
        explains (``chi2 > 1``).
    chi2
        Squared deviations from one curve, in units of the errors, for each degree of freedom.
    points
        Points in the window by size.
    sizes, curves
        Different sizes, and the mean curve of each.
    window
        Outputs that were fitted.
    """

    tc: float
    nu: float
    tc_interval: Interval
    nu_interval: Interval
    chi2: float
    points: dict[int, int]
    sizes: tuple[int, ...] = field(repr=False)
    curves: tuple[PhaseCurve, ...] = field(repr=False)
    window: Interval = field(repr=False)

    def __repr__(self) -> str:
        low, high = self.tc_interval
        least, most = self.nu_interval
        return (
            f"FiniteSizeScaling(tc = {self.tc:.4f} [{low:.4f}, {high:.4f}], nu = {self.nu:.3f} "
            f"[{least:.3f}, {most:.3f}], chi2 = {self.chi2:.2f}, points by size {self.points})"
        )

    def scaled(self, size: int, parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scaling variable ``(T - tc) L^(1/nu)``."""
        found: NDArray[np.float64] = (parameters - self.tc) * size ** (1 / self.nu)
        return found


def finite_size_scaling(
    curves: Sequence[PhaseCurve],
    sizes: Sequence[int],
    *,
    window: Interval = (0.1, 0.9),
    degree: int = 3,
    least_points: int = 4,
    draws: int = 200,
    random_state: int | np.random.Generator | None = None,
    progress: Progress | None = None,
) -> FiniteSizeScaling:
    """Collapse the outputs of classifiers on one curve.

    Parameters
    ----------
    curves
        Mean outputs against the parameter, ``fold_curves_`` or ``curve_`` of a
        `PhaseBoundaryClassifier` for each size.
    sizes
        Length of each curve's system, at least 3 different ones. Curves of the same size must have
        the same parameters: they are averaged, and the bootstrap draws from them, so that its
        intervals contain what training scatters by.
    window
        Outputs that are fitted. It chooses points before tc and nu are known: a window in the
        scaling variable would let a fit improve by pushing points out, down to nonsense that fits
        perfectly.
    degree
        Of the polynomial that the logit of the outputs is of the scaling variable.
    least_points
        Points that each size must have in the window.
    draws
        Of the bootstrap.
    random_state
        Seed, generator, or ``None`` for a fresh one.
    progress
        Told the draws done and those in all.

    Raises
    ------
    TooFewPointsError
        If there are fewer than 3 sizes, or a size has too few points in the window.
    InvalidProblemError
        If a parameter is out of range, or curves of one size do not match.
    NotConvergedError
        If no exponent between 0.2 and 5 collapses the curves best.

    Notes
    -----
    Weighted least squares: for each tc and nu the polynomial is found linearly. O(draws * points *
    degree^2). Corrections to scaling, which small systems have, are part neither of the model nor
    of its intervals.

    The collapse of outputs: J. Carrasquilla, R. Melko, Nat. Phys. 13, 431 (2017).
    """
    _require(window, degree, least_points, draws)
    groups = _grouped(curves, sizes)
    means = {size: _mean(group) for size, group in groups.items()}
    chosen = {size: _inside(curve, window) for size, curve in means.items()}
    for size, inside in chosen.items():
        if inside.sum() < least_points:
            what = f"points of size {size} with outputs from {window[0]:g} to {window[1]:g}"
            raise TooFewPointsError(what, least_points, int(inside.sum()))
    points = _Points(means, chosen, degree)
    tc, nu, chi2 = points.fit(_starts(means))
    if not _EXPONENTS[0] < nu < _EXPONENTS[1]:
        raise NotConvergedError(
            f"the curves do not collapse: nu = {nu:.3g} would fit best, which is not from "
            f"{_EXPONENTS[0]:g} to {_EXPONENTS[1]:g}"
        )
    generator = np.random.default_rng(seed_from(random_state))
    found = np.empty((draws, 2))
    for draw in range(draws):
        scattered = {size: _redrawn(group, generator) for size, group in groups.items()}
        found[draw] = points.with_values(scattered).fit([(tc, nu)])[:2]
        if progress:
            progress(draw + 1, draws)
    intervals = _intervals(found, np.array([tc, nu]), max(1.0, np.sqrt(chi2)))
    return FiniteSizeScaling(
        tc,
        nu,
        *intervals,
        chi2=chi2,
        points={size: int(inside.sum()) for size, inside in chosen.items()},
        sizes=tuple(means),
        curves=tuple(means.values()),
        window=window,
    )


class _Points:
    """What is fitted: logits with their errors, all sizes in one row."""

    def __init__(
        self,
        curves: dict[int, PhaseCurve],
        chosen: dict[int, NDArray[np.bool_]],
        degree: int,
    ) -> None:
        self._curves, self._chosen, self._degree = curves, chosen, degree
        self._parameters = self._row({s: c.parameters for s, c in curves.items()})
        lengths = np.repeat([float(s) for s in curves], [i.sum() for i in chosen.values()])
        # Relative to the mean, so that the polynomial's variable is of order one.
        self._lengths = lengths / np.exp(np.log(lengths).mean())
        self._values = self._row({s: c.values for s, c in curves.items()})
        errors = self._row({s: c.errors for s, c in curves.items()})
        self._errors = np.maximum(errors, _LEAST_ERROR) / (self._values * (1 - self._values))

    def _row(self, arrays: dict[int, NDArray[np.float64]]) -> NDArray[np.float64]:
        return np.concatenate([arrays[size][inside] for size, inside in self._chosen.items()])

    def with_values(self, values: dict[int, NDArray[np.float64]]) -> _Points:
        """Return the same points with other outputs."""
        found = _Points(self._curves, self._chosen, self._degree)
        found._values = np.clip(found._row(values), 0.01, 0.99)
        return found

    def _residuals(self, point: NDArray[np.float64]) -> NDArray[np.float64]:
        # Beyond, powers overflow; nothing is found there anyway.
        exponent = np.exp(-np.clip(point[1], -3, 3))
        scaled = (self._parameters - point[0]) * self._lengths**exponent
        scaled /= np.abs(scaled).max()
        powers = scaled[:, None] ** np.arange(self._degree + 1) / self._errors[:, None]
        wanted = logit(self._values) / self._errors
        fitted: NDArray[np.float64] = np.linalg.qr(powers)[0]
        found: NDArray[np.float64] = fitted @ (fitted.T @ wanted) - wanted
        return found

    def fit(self, starts: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
        """Return tc, nu and chi squared per degree of freedom, the best from several starts."""
        # The logarithm keeps nu positive without bounds, which MINPACK does not take.
        runs = [
            least_squares(self._residuals, (tc, np.log(nu)), method="lm", x_scale=(0.1, 1.0))
            for tc, nu in starts
        ]
        best = min(runs, key=lambda run: float(run.cost))
        freedom = max(1, len(self._values) - self._degree - 3)
        return float(best.x[0]), float(np.exp(best.x[1])), float(2 * best.cost / freedom)


def _grouped(curves: Sequence[PhaseCurve], sizes: Sequence[int]) -> dict[int, list[PhaseCurve]]:
    if len(curves) != len(sizes):
        raise InvalidProblemError(
            f"sizes has {len(sizes)} entries and curves {len(curves)}: each curve needs its size"
        )
    for size in sizes:
        require_count("sizes", size)
    different = sorted(set(map(int, sizes)))
    if len(different) < 3:
        raise TooFewPointsError("different sizes", 3, len(different))
    groups: dict[int, list[PhaseCurve]] = {size: [] for size in different}
    for curve, size in zip(curves, sizes, strict=True):
        group = groups[int(size)]
        if group and not np.array_equal(group[0].parameters, curve.parameters):
            raise InvalidProblemError(f"curves of size {size} have different parameters")
        group.append(curve)
    return groups


def _mean(group: list[PhaseCurve]) -> PhaseCurve:
    values = np.mean([curve.values for curve in group], axis=0)
    errors = np.sqrt(np.sum([curve.errors**2 for curve in group], axis=0)) / len(group)
    return PhaseCurve(group[0].parameters, values, errors)


def _redrawn(group: list[PhaseCurve], generator: np.random.Generator) -> NDArray[np.float64]:
    """Draw as many curves as there are, with replacement, and scatter each by its errors."""
    picked = [group[k] for k in generator.integers(len(group), size=len(group))]
    found: NDArray[np.float64] = np.mean(
        [generator.normal(curve.values, curve.errors) for curve in picked], axis=0
    )
    return found


def _inside(curve: PhaseCurve, window: Interval) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (curve.values > window[0]) & (curve.values < window[1])
    return found


def _starts(curves: dict[int, PhaseCurve]) -> list[tuple[float, float]]:
    crossings = [curve.crossing() for curve in curves.values()]
    centre = float(np.nanmean(crossings)) if np.any(np.isfinite(crossings)) else 0.0
    return [(centre, nu) for nu in (0.5, 1.0, 2.0)]


def _intervals(
    found: NDArray[np.float64], best: NDArray[np.float64], factor: float
) -> tuple[Interval, Interval]:
    ends = best + factor * (np.quantile(found, (0.025, 0.975), axis=0) - best)
    return (float(ends[0, 0]), float(ends[1, 0])), (float(ends[0, 1]), float(ends[1, 1]))


def _require(window: Interval, degree: int, least_points: int, draws: int) -> None:
    for name, value in (("degree", degree), ("least_points", least_points), ("draws", draws)):
        require_count(name, value)
    if least_points < 2:
        raise InvalidProblemError("least_points = 1: a size needs at least 2 to have a slope")
    if draws < 20:
        raise InvalidProblemError(f"draws = {draws}: intervals need at least 20")
    if np.shape(window) != (2,):
        raise InvalidProblemError(f"window = {window!r}: two outputs are needed")
    for end in window:
        require_positive("window", end)
    if not 0 < window[0] < 0.5 < window[1] < 1:
        raise InvalidProblemError(
            f"window = {window!r}: must begin between 0 and 1/2, and end between 1/2 and 1"
        )
