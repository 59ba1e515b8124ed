"""Distances of distributions that can be written down: every configuration has its probability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, rel_entr, xlog1py, xlogy

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.data.configurations import (
    all_configurations,
    configuration_count,
    configuration_numbers,
)
from qml_algos.phase_estimation.level import require_level
from qml_algos.svm.data.drawing import require_at_least

Probabilities = NDArray[np.float64]

_BATCH = 2**16
"""Configurations scored at a time."""
_ROUNDING = 1e-6
"""How far probabilities may miss 1 in all."""


class Scorer(Protocol):
    """A fitted model with log-likelihoods."""

    def score_samples(self, X: Any) -> Any:
        """Return log-likelihoods in nats, shape ``(N,)``."""
        ...


@dataclass(frozen=True)
class ShotNoise:
    """The total variation distance of samples from the very distribution they are drawn from.

    Attributes
    ----------
    expected
        Its mean: no sampler can be expected to come closer.
    limit
        What it exceeds with at most the error probability asked for.
    """

    expected: float
    limit: float


def model_probabilities(model: Scorer, categories: Sequence[int]) -> Probabilities:
    """Probabilities that a model gives to every configuration.

    Parameters
    ----------
    model
        With ``score_samples``.
    categories
        Number of categories of each variable.

    Returns
    -------
    ndarray
        In the order of `all_configurations`.

    Raises
    ------
    TooLargeError
        If there are more than 2**20 configurations.
    InvalidProblemError
        If they do not add up to 1, to 1e-6: then the model's likelihoods are wrong.
    """
    count = configuration_count(categories)
    parts = [
        np.asarray(
            model.score_samples(all_configurations(categories, first, first + _BATCH)), np.float64
        )
        for first in range(0, count, _BATCH)
    ]
    return _distribution(np.exp(np.concatenate(parts)), "the model")


def empirical_probabilities(X: ArrayLike, categories: Sequence[int]) -> Probabilities:
    """Shares of every configuration among samples, in the order of `all_configurations`.

    Parameters
    ----------
    X
        Shape ``(N, variables)``.
    categories
        Number of categories of each variable.

    Raises
    ------
    InvalidProblemError
        If X holds anything but categories of these variables.
    TooLargeError
        If there are more than 2**20 configurations.
    """
    numbers = configuration_numbers(X, categories)
    shares: Probabilities = np.bincount(numbers, minlength=configuration_count(categories)) / len(
        numbers
    )
    return shares


def kl_divergence(p: ArrayLike, q: ArrayLike) -> float:
    """Kullback-Leibler divergence of ``q`` from ``p``: the mean of log(p / q) under ``p``, in nats.

    Parameters
    ----------
    p, q
        Of one shape: what is true, and what a model says.

    Returns
    -------
    float
        At least 0; infinite if ``q`` is 0 where ``p`` is not.

    Raises
    ------
    InvalidProblemError
        If these are no distributions over the same configurations.
    """
    p, q = _pair(p, q)
    # Terms below 0 can outweigh the others by rounding.
    return max(float(np.sum(rel_entr(p, q))), 0.0)


def total_variation(p: ArrayLike, q: ArrayLike) -> float:
    """Total variation distance: half the sum of ``|p - q|``, the largest difference of any event.

    Parameters
    ----------
    p, q
        Of one shape.

    Raises
    ------
    InvalidProblemError
        If these are no distributions over the same configurations.
    """
    p, q = _pair(p, q)
    return float(np.sum(np.abs(p - q)) / 2)


def shot_noise(p: ArrayLike, n_samples: int, error_probability: float = 0.01) -> ShotNoise:
    r"""Total variation distance that samples of a distribution have from it by chance.

    The mean is exact, half the sum of the binomial mean absolute deviations. One sample moves the
    distance by at most 1 / N, so that it exceeds its mean by more than t with a probability of at
    most :math:`\exp(-2 N t^2)`.

    Parameters
    ----------
    p
        Probabilities.
    n_samples
        N, at least 1.
    error_probability
        Of the limit, between 0 and 1.

    Raises
    ------
    InvalidProblemError
        If ``p`` is no distribution, or the number is out of range.
    ValueError
        If the error probability is out of range.

    References
    ----------
    P. Diaconis, S. Zabell, Statistical Science 6, 284 (1991), for de Moivre's formula;
    C. McDiarmid, Surveys in Combinatorics (1989), 148, for the limit.
    """
    require_at_least("n_samples", n_samples, 1)
    require_level(error_probability)
    chances = _distribution(np.asarray(p, dtype=np.float64), "p")
    chances = np.clip(chances[chances > 0], 0, 1)
    above = np.floor(n_samples * chances) + 1
    # Where p = 1 there is no deviation, and no count above its mean.
    above, chances = above[above <= n_samples], chances[above <= n_samples]
    logarithms = (
        gammaln(n_samples + 1)
        - gammaln(above + 1)
        - gammaln(n_samples - above + 1)
        + xlogy(above, chances)
        + xlog1py(n_samples - above + 1, -chances)
    )
    expected = float(np.sum(above * np.exp(logarithms))) / n_samples
    margin = math.sqrt(-math.log(error_probability) / (2 * n_samples))
    return ShotNoise(expected, expected + margin)


def _pair(p: ArrayLike, q: ArrayLike) -> tuple[Probabilities, Probabilities]:
    one = _distribution(np.asarray(p, dtype=np.float64), "p")
    other = _distribution(np.asarray(q, dtype=np.float64), "q")
    if one.shape != other.shape:
        raise InvalidProblemError(
            f"p has {one.size} entries and q {other.size}: as many are needed"
        )
    return one, other


def _distribution(values: Probabilities, name: str) -> Probabilities:
    if values.ndim != 1 or not values.size:
        raise InvalidProblemError(
            f"{name} has shape {values.shape}: one probability for each configuration is needed"
        )
    if not np.all(np.isfinite(values)) or np.any(values < 0):
        raise InvalidProblemError(f"{name}: probabilities are finite and not below 0")
    if abs(values.sum() - 1) > _ROUNDING:
        raise InvalidProblemError(f"{name}: probabilities add up to {values.sum():.9g}, not to 1")
    return values
