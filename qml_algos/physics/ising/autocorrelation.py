"""How far the values of a Markov chain are from independent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_WINDOW = 5.0
"""Sums end at this many autocorrelation times: Sokal's choice between bias and noise."""


def autocorrelation_time(series: NDArray[np.float64]) -> float:
    """Integrated autocorrelation time, ``1/2 + sum of rho(t) for t > 0``, in steps.

    Parameters
    ----------
    series
        Independent chains of one stationary process; shape ``(steps, chains)``.

    Returns
    -------
    float
        At least 1/2, the value of independent steps and of constants. The mean of n steps has the
        variance ``2 tau / n`` times that of one.

    Notes
    -----
    The sum ends at the first lag of 5 times its own value (A. Sokal, Monte Carlo Methods in
    Statistical Mechanics, 1989), and is too small for chains shorter than some 50 times that. O(n
    log n).
    """
    steps = len(series)
    deviations = series - series.mean()
    variance = float(np.mean(deviations**2))
    # The mean of a constant is not exact: what is left is rounding.
    if steps < 2 or variance <= 1e-24 * (1 + float(series.mean()) ** 2):
        return 0.5
    power = np.abs(np.fft.rfft(deviations, n=2 * steps, axis=0)) ** 2
    covariances = np.fft.irfft(power, n=2 * steps, axis=0)[:steps].mean(axis=1)
    correlations = covariances / (variance * np.arange(steps, 0, -1))
    sums = np.cumsum(correlations) - 0.5
    enough = np.flatnonzero(np.arange(steps) >= _WINDOW * sums)
    return max(0.5, float(sums[enough[0] if len(enough) else -1]))
