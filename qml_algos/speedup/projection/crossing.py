"""Where the curve of a quantum solver falls below that of a classical one, quickly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.float64]

_NEVER = 1e4
"""Stands for the logarithm of infinitely many seconds between two sizes."""


def crossing(sizes: Seconds, quantum: Seconds, classical: Seconds) -> float | None:
    """Find from which size on the quantum solver is faster, up to the end of the range.

    Parameters
    ----------
    sizes
        Increasing.
    quantum, classical
        Seconds of an answer at each; infinite where there is none.

    Returns
    -------
    float or None
        Between two sizes both curves are power laws. The first size if the quantum solver is
        faster everywhere; ``None`` if it is slower at the last size.
    """
    gap = logarithms(quantum) - logarithms(classical)
    if not gap.size or not gap[-1] < 0:
        return None
    slower = np.flatnonzero(gap >= 0)
    if not slower.size:
        return float(sizes[0])
    last = int(slower[-1])
    share = gap[last] / (gap[last] - gap[last + 1])
    low, high = np.log(sizes[last : last + 2])
    return float(np.exp(low + share * (high - low)))


def logarithms(seconds: Seconds) -> Seconds:
    """Take natural logarithms; those of infinitely many seconds are a large number."""
    found: Seconds = np.log(np.where(np.isinf(seconds), np.exp(1), seconds))
    return np.where(np.isinf(seconds), _NEVER, found)


@dataclass(frozen=True, eq=False)
class SampledCurve:
    """Seconds known at some sizes, as a `qml_algos.speedup.scaling.Curve`.

    Attributes
    ----------
    sizes, seconds
        Known points, sizes increasing.
    shares_at
        From the place of a size to the shares of the lines of its seconds, by name.
    band
        Lowest and highest seconds at the same sizes, where they are uncertain.
    """

    sizes: Seconds
    seconds: Seconds
    shares_at: Callable[[int], dict[str, float]] = field(repr=False)
    band: tuple[Seconds, Seconds] | None = None

    def log_costs(self, log_sizes: Seconds) -> Seconds:
        """Interpolate power laws; infinite beyond a size that takes infinitely long."""
        return self._interpolated(self.seconds, log_sizes)

    def replicate_log_costs(self, log_sizes: Seconds) -> Seconds:
        """Return the ends of the band as replicates, or `log_costs` as the only one."""
        ends = (self.seconds,) if self.band is None else self.band
        return np.array([self._interpolated(seconds, log_sizes) for seconds in ends])

    def _interpolated(self, seconds: Seconds, log_sizes: Seconds) -> Seconds:
        found = np.interp(log_sizes, np.log(self.sizes), logarithms(seconds))
        return np.where(found >= _NEVER, np.inf, found)

    def shares(self, log_size: float) -> dict[str, float]:
        """Return those of the first size that is not smaller."""
        place = int(np.searchsorted(np.log(self.sizes), log_size - 1e-9))
        return self.shares_at(min(place, self.sizes.size - 1))
