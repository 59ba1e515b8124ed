"""The size from which one cost stays below another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from qml_algos.speedup.scaling.curves import ClosedForm, Curve, as_curve
from qml_algos.speedup.scaling.laws import LARGEST_LOGARITHM, Floats
from qml_algos.speedup.scaling.outcome import Crossover, Outcome, crossover_sentence
from qml_algos.speedup.scaling.points import size_of
from qml_algos.speedup.scaling.result import ScalingFit
from qml_algos.validation import require_count, require_positive, seed_from

_BISECTIONS = 50


def crossover(
    first: Curve | ClosedForm | Mapping[str, ClosedForm],
    second: Curve | ClosedForm | Mapping[str, ClosedForm],
    *,
    smallest: float | None = None,
    largest: float = 1e30,
    names: tuple[str, str] = ("the first", "the second"),
    confidence: float = 0.95,
    points: int = 1025,
    random_state: int | np.random.Generator | None = 0,
) -> Crossover:
    """Find the size from which one cost stays below another, with an interval.

    Both are compared on a grid of sizes that is even in the logarithm, the costs between its sizes
    taken as powers of the size; the crossover itself is then found by bisection, and its interval
    on a finer grid. Where the first is cheaper for a while, but not up to the largest size, there
    is no crossover, and the reason tells.

    Cost: twice ``points`` calls of each closed form, and O(replicates * points).

    Parameters
    ----------
    first, second
        Fits in one variable, closed forms (from a size to its cost), or mappings from names of
        terms to their closed forms.
    smallest, largest
        Sizes to look at. The smallest is by default the smallest measured, or 2 without any.
    names
        For the reason.
    confidence
        Of the interval, between 0 and 1.
    points
        Sizes of the grid.
    random_state
        Seed or generator that pairs the replicates of two fits: those of equal number may have
        been drawn with the same seed, and would err together.

    Returns
    -------
    Crossover

    Raises
    ------
    InvalidProblemError
        If a size is not positive and finite, a closed form is not above 0 somewhere, or a fit is
        one in several variables.
    ValueError
        If ``confidence`` is not between 0 and 1, or the largest size is not above the smallest.
    """
    a, b = as_curve(first), as_curve(second)
    if not 0 < confidence < 1:
        raise ValueError(f"confidence = {confidence!r}: must lie strictly between 0 and 1")
    grid = _grid(_smallest(a, b) if smallest is None else smallest, largest, points)
    difference = _difference(a.log_costs(grid), b.log_costs(grid))
    log_size = float(_crossings(difference[None], grid)[0])
    if math.isfinite(log_size):
        log_size = _refined(a, b, grid, int(np.searchsorted(grid, log_size)))
    generator = np.random.default_rng(seed_from(random_state))
    spread = _replicate_crossings(a, b, grid, generator, (1 - confidence) / 4)
    low, high = _interval(spread, confidence)
    size = size_of(log_size) if math.isfinite(log_size) else None
    seen = float(np.clip(log_size, grid[0], grid[-1]))
    seconds = None if size is None else float(_exponential(b.log_costs(np.array([seen]))[0]))
    result = Crossover(
        outcome=_outcome(log_size),
        size=size,
        low=low if size is None else min(low, size),
        high=high if size is None else max(high, size),
        seconds=seconds,
        direction="first" if difference[-1] < 0 else "second",
        share_none=float(np.mean(spread == np.inf)),
        share_below=float(np.mean(spread == -np.inf)),
        smallest=size_of(grid[0]),
        largest=size_of(grid[-1]),
        confidence=confidence,
        dominated_by=(_largest_term(a, seen), _largest_term(b, seen)),
        reason="",
    )
    return replace(result, reason=crossover_sentence(result, names, _window(difference, grid)))


def _grid(smallest: float, largest: float, points: int) -> Floats:
    """Logarithms of the sizes to look at, evenly spaced."""
    require_positive("smallest", smallest)
    require_positive("largest", largest)
    require_count("points", points)
    if not largest > smallest:
        raise ValueError(f"largest = {largest}: must be above the smallest size, {smallest}")
    return np.linspace(math.log(smallest), math.log(largest), max(points, 2))


def _interval(log_sizes: Floats, confidence: float) -> tuple[float, float]:
    """Take the ends of the interval of the sizes without interpolation: one may be infinite."""
    low = np.quantile(log_sizes, (1 - confidence) / 2, method="lower")
    high = np.quantile(log_sizes, (1 + confidence) / 2, method="higher")
    return float(np.exp(low)), float(np.exp(high))


def _difference(of_a: Floats, of_b: Floats) -> Floats:
    """Difference of logarithms of costs; NaN, which is not below 0, where both are infinite."""
    with np.errstate(invalid="ignore"):
        return np.asarray(of_a - of_b)


def _outcome(log_size: float) -> Outcome:
    if math.isfinite(log_size):
        return "crosses"
    return "none in range" if log_size > 0 else "already crossed"


def _largest_term(curve: Curve, log_size: float) -> str:
    shares = curve.shares(log_size)
    return max(shares, key=lambda name: shares[name])


def _window(difference: Floats, grid: Floats) -> float | None:
    """Size up to which the first is cheaper for a while, if it is not at the end."""
    cheaper = np.flatnonzero(difference < 0)
    if not len(cheaper) or difference[-1] < 0:
        return None
    return size_of(grid[cheaper[-1]])


def _exponential(value: float) -> float:
    return math.exp(value) if value < LARGEST_LOGARITHM else math.inf


def _smallest(a: Curve, b: Curve) -> float:
    measured = [
        low for curve in (a, b) if isinstance(curve, ScalingFit) for low, _ in curve.ranges.values()
    ]
    return min(measured, default=2.0)


def _crossings(differences: Floats, grid: Floats) -> Floats:
    """Logarithm of the size from which each difference stays negative, shape (rows,).

    Infinite if it is not negative at the end, minus infinite if it is so throughout.
    """
    not_cheaper = ~(differences < 0)
    after = differences.shape[1] - np.argmax(not_cheaper[:, ::-1], axis=1)
    throughout = ~not_cheaper.any(axis=1)
    inside = ~throughout & (after < differences.shape[1])
    crossings = np.where(throughout, -np.inf, np.inf)
    rows = np.flatnonzero(inside)
    right = after[rows]
    above = np.nan_to_num(differences[rows, right - 1], nan=0.0)
    below = np.nan_to_num(differences[rows, right])
    part = above / (above - below)
    crossings[rows] = grid[right - 1] + part * (grid[right] - grid[right - 1])
    return np.asarray(crossings)


def _refined(a: Curve, b: Curve, grid: Floats, right: int) -> float:
    """Bisect between two sizes of the grid: closed forms may have steps there."""
    low, high = float(grid[max(right - 1, 0)]), float(grid[max(right, 1)])
    for _ in range(_BISECTIONS):
        middle = np.array([(low + high) / 2])
        if _difference(a.log_costs(middle), b.log_costs(middle))[0] < 0:
            high = float(middle[0])
        else:
            low = float(middle[0])
    return high


def _replicate_crossings(
    a: Curve, b: Curve, grid: Floats, generator: np.random.Generator, outermost: float
) -> Floats:
    """Find `_crossings` of pairs of replicates, the inner ones again on a finer grid."""
    of_a, of_b = a.replicate_log_costs(grid), b.replicate_log_costs(grid)
    count = max(len(of_a), len(of_b))
    pair_a, pair_b = (np.resize(generator.permutation(len(rows)), count) for rows in (of_a, of_b))
    spread = _crossings(_difference(of_a[pair_a], of_b[pair_b]), grid)
    finite = spread[np.isfinite(spread)]
    if not len(finite):
        return spread
    # Exponentials bend within a step of the first grid by more than a narrow interval leaves.
    step = grid[1] - grid[0]
    low, high = np.quantile(finite, [outermost, 1 - outermost]) + np.array([-step, step])
    inner = np.flatnonzero((spread > low + step / 2) & (spread < high - step / 2))
    fine = np.linspace(max(low, grid[0]), min(high, grid[-1]), len(grid))
    of_a, of_b = a.replicate_log_costs(fine), b.replicate_log_costs(fine)
    found = _crossings(_difference(of_a[pair_a[inner]], of_b[pair_b[inner]]), fine)
    spread[inner] = np.where(np.isfinite(found), found, spread[inner])
    return spread
