"""How far a density is from the data: one figure in nats, of models and of devices alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.data.problem import DensityProblem
from qml_algos.generative.metrics.likelihood import negative_log_likelihood

Density = Callable[[NDArray[np.int64]], NDArray[np.float64]]
"""Gives log-likelihoods in nats of rows of categories."""

ABOVE_ENTROPY = "negative log-likelihood above the entropy of the data (Kullback-Leibler), nats"
OF_TEST_SAMPLES = "negative log-likelihood of test samples, nats"


@dataclass(frozen=True)
class Loss:
    """Nats a sample.

    Attributes
    ----------
    value
        At least 0; infinite if something that occurs is given the probability 0.
    standard_error
        That of the test samples; ``None`` if the value takes none.
    of
        `ABOVE_ENTROPY` or `OF_TEST_SAMPLES`.
    """

    value: float
    standard_error: float | None
    of: str


def loss(density: Density, problem: DensityProblem) -> Loss:
    """Measure a density by the distribution of the data, or by test samples if it is not known.

    Where all patterns that occur are written down, their divergence is exact. Where only their
    entropy is known, it is taken off the negative log-likelihood of the test samples, which chance
    may leave below: that counts as 0.

    Parameters
    ----------
    density
        Of a model, say: its ``score_samples``.
    problem
        The data.
    """
    truth = problem.truth
    if truth is not None and truth.patterns is not None and truth.probabilities is not None:
        missed = np.log(truth.probabilities) - density(truth.patterns)
        # Terms below 0 can outweigh the others by rounding.
        return Loss(max(float(truth.probabilities @ missed), 0.0), None, ABOVE_ENTROPY)
    found = negative_log_likelihood(density(problem.test.X))
    if truth is None:
        return Loss(found.value, found.standard_error, OF_TEST_SAMPLES)
    return Loss(max(found.value - truth.entropy, 0.0), found.standard_error, ABOVE_ENTROPY)
