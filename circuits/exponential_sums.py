"""The reciprocal as a sum of few exponentials with positive weights."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

Values = NDArray[np.float64]

MAX_TERMS = 60

_POINTS, _CHECKED = 12, 60
_ITERATIONS = 50
# Between checked points the deviation exceeds that on them by less than this.
_MARGIN = 1.01


@dataclass(frozen=True, eq=False)
class ExponentialSum:
    r"""Sum :math:`\sum_j w_j e^{-t_j x}` near ``1 / x`` for x from 1 to ``ratio``.

    Attributes
    ----------
    times
        t, positive, shape ``(J,)``, decreasing.
    weights
        w, positive, of the same shape.
    ratio
        End of the interval.
    deviation
        Bound on :math:`|x \sum_j w_j e^{-t_j x} - 1|` on it.
    """

    times: Values = field(repr=False)
    weights: Values = field(repr=False)
    ratio: float
    deviation: float


@functools.lru_cache(maxsize=32)
def reciprocal_sum(ratio: float, deviation: float) -> ExponentialSum:
    r"""Find a sum of as few exponentials as keep within a relative deviation of the reciprocal.

    Parameters
    ----------
    ratio
        End of the interval, 1 or more.
    deviation
        Relative deviation allowed, between 0 and 1.

    Raises
    ------
    ValueError
        If an argument is out of range, or more than ``MAX_TERMS`` would be needed.

    Notes
    -----
    At most about :math:`\log(8 \, \mathrm{ratio}) \log(16 / \mathrm{deviation}) / \pi^2` terms.
    Their times start in a geometric sequence, as the trapezoidal rule for
    :math:`\int e^{s - x e^s} ds` has them, and are levelled by least squares whose weights grow
    where the deviation is large.

    References
    ----------
    D. Braess, W. Hackbusch, IMA J. Numer. Anal. 25, 685 (2005), for number and existence.
    """
    if not ratio >= 1:
        raise ValueError(f"ratio = {ratio}: at least 1 is needed")
    if not 0 < deviation < 1:
        raise ValueError(f"deviation = {deviation}: a number between 0 and 1 is needed")
    ratio = max(ratio, 1.01)
    fewest = int(np.log(8 * ratio) * np.log(5 / deviation) / np.pi**2)
    for count in range(max(1, fewest), MAX_TERMS + 1):
        found = _levelled(ratio, count)
        if found.deviation <= deviation:
            return found
    raise ValueError(
        f"ratio = {ratio:.3g}, deviation = {deviation:.1e}: more than {MAX_TERMS} exponentials "
        "would be needed"
    )


def _levelled(ratio: float, count: int) -> ExponentialSum:
    """Best sum of so many terms, nearly: iteratively reweighted least squares."""
    x = _grid(ratio, _POINTS)
    times = np.geomspace(3, 0.4 / ratio, count)
    step = np.log(times[0] / times[-1]) / max(count - 1, 1)
    logarithms = np.log(np.concatenate([times, max(step, 0.3) * times]))
    importance = np.ones_like(x)
    best = _sum(logarithms, ratio)
    for _ in range(_ITERATIONS):
        fit = least_squares(
            _residuals, logarithms, _jacobian, args=(x, importance), max_nfev=10, xtol=1e-6
        )
        logarithms = fit.x
        found = _sum(logarithms, ratio)
        best = min(best, found, key=lambda candidate: candidate.deviation)
        sizes = np.abs(_residuals(logarithms, x, np.ones_like(x)))
        importance *= np.sqrt(sizes / np.max(sizes) + 1e-2)
        importance /= np.max(importance)
    return best


def _grid(ratio: float, density: int) -> Values:
    return np.geomspace(1, ratio, density * int(np.ceil(np.log(ratio) + 2)))


def _sum(logarithms: Values, ratio: float) -> ExponentialSum:
    """Sum for these logarithms of times and weights, with its deviations above and below equal."""
    times, weights = np.exp(np.split(logarithms, 2))
    order = np.argsort(-times)
    x = _grid(ratio, _CHECKED)
    relative = x * (np.exp(-np.outer(x, times)) @ weights)
    low, high = np.min(relative), np.max(relative)
    deviation = _MARGIN * (high - low) / (high + low)
    return ExponentialSum(times[order], weights[order] * 2 / (high + low), ratio, deviation)


def _residuals(logarithms: Values, x: Values, importance: Values) -> Values:
    times, weights = np.exp(np.split(logarithms, 2))
    residuals: Values = importance * (x * (np.exp(-np.outer(x, times)) @ weights) - 1)
    return residuals


def _jacobian(logarithms: Values, x: Values, importance: Values) -> Values:
    times, weights = np.exp(np.split(logarithms, 2))
    exponents = np.outer(x, times)
    terms = (importance * x)[:, None] * np.exp(-exponents) * weights
    return np.hstack([-exponents * terms, terms])
