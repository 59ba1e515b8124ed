"""Negative log-likelihoods of test data, and how surely they differ."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from qml_algos.errors import InvalidProblemError
from qml_algos.phase_estimation.level import require_level

_ROUNDING = 1e-6
"""Nats above 0 that a log-likelihood may have by rounding."""


@dataclass(frozen=True)
class MeanEstimate:
    """A mean over independent samples.

    Attributes
    ----------
    value
        The mean over the samples.
    standard_error
        Standard deviation of the samples over the square root of their number.
    samples
        How many there are.
    """

    value: float
    standard_error: float
    samples: int

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Confidence interval of the mean by Student's t, approximate for few samples.

        Parameters
        ----------
        level
            Between 0 and 1.

        Returns
        -------
        tuple of float
            Lower and upper end, both infinite where the mean is.

        Raises
        ------
        ValueError
            If the level is out of range.
        """
        require_level(level)
        if math.isinf(self.value):
            return self.value, self.value
        half = float(stdtrit(self.samples - 1, (1 + level) / 2)) * self.standard_error
        return self.value - half, self.value + half


def negative_log_likelihood(log_likelihoods: ArrayLike) -> MeanEstimate:
    """Mean negative log-likelihood of test data, in nats a sample.

    Parameters
    ----------
    log_likelihoods
        Shape ``(N,)``, nats, from a model's ``score_samples``; N at least 2.

    Returns
    -------
    MeanEstimate
        The error is that of test data of this size, for the model as it is. Infinite if the model
        gives a sample the probability 0.

    Raises
    ------
    InvalidProblemError
        If these are no log-likelihoods of discrete data: NaN, above 0.
    """
    return _mean(-_log_likelihoods(log_likelihoods, "log_likelihoods"))


def nll_difference(first: ArrayLike, second: ArrayLike) -> MeanEstimate:
    """Difference of the negative log-likelihoods of two models on the same test data.

    Samples that are unlikely are so for both models: the error of the mean of the differences is
    far less than the two errors suggest.

    Parameters
    ----------
    first, second
        Shape ``(N,)``, nats: log-likelihoods of the same samples in the same order, N at least 2.

    Returns
    -------
    MeanEstimate
        First less second, nats a sample: below 0 if the first model is better.

    Raises
    ------
    InvalidProblemError
        If these are no finite log-likelihoods of discrete data, or not equally many.
    """
    one = _log_likelihoods(first, "first")
    other = _log_likelihoods(second, "second")
    if len(one) != len(other):
        raise InvalidProblemError(
            f"first has {len(one)} entries and second {len(other)}: the same samples are needed"
        )
    for name, values in (("first", one), ("second", other)):
        impossible = np.flatnonzero(np.isinf(values))
        if impossible.size:
            raise InvalidProblemError(
                f"{name}: sample {impossible[0]} has the probability 0 ({impossible.size} in all): "
                "no finite difference exists"
            )
    return _mean(other - one)


def _log_likelihoods(given: ArrayLike, name: str) -> NDArray[np.float64]:
    values = np.asarray(given, dtype=np.float64)
    if values.ndim != 1 or len(values) < 2:
        raise InvalidProblemError(
            f"{name} has shape {values.shape}: one number for each of two samples or more is needed"
        )
    bad = np.flatnonzero(np.isnan(values) | (values > _ROUNDING))
    if bad.size:
        raise InvalidProblemError(
            f"{name}[{bad[0]}] = {values[bad[0]]}: the logarithm of a probability is at most 0"
        )
    return values


def _mean(values: NDArray[np.float64]) -> MeanEstimate:
    if np.any(np.isinf(values)):
        return MeanEstimate(math.inf, math.inf, len(values))
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return MeanEstimate(float(np.mean(values)), error, len(values))
