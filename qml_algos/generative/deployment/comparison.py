"""How well samples from a device are those of a model: entropies, distances, test likelihoods."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr

from circuits.matrix_product_state import mps_matrix
from qml_algos.generative.checks import Categories
from qml_algos.generative.data.configurations import MOST_CONFIGURATIONS
from qml_algos.generative.deployment.interpolation import interpolated_log_likelihoods
from qml_algos.generative.metrics.enumerated import (
    ShotNoise,
    empirical_probabilities,
    shot_noise,
    total_variation,
)
from qml_algos.generative.metrics.likelihood import negative_log_likelihood, nll_difference
from qml_algos.generative.mps.state import ChainState
from qml_algos.results import Estimate

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class ReachedNLL:
    """Negative log-likelihoods of test data in nats a sample; errors are those of the test data.

    Attributes
    ----------
    device
        Under the distribution estimated from the samples of the device: shares of patterns mixed
        with a Chow-Liu tree, see `interpolated_log_likelihoods`. Nothing is used that the device
        did not show; so it is above the value of the model even where the device is perfect.
    exact_samples
        The same estimate from as many exact samples of the state: what a perfect device reaches.
    excess
        The first less the second. The error is that of the paired difference, far below the others;
        what other shots would change is not in it.
    model
        Of the state itself; infinite if it gives one of the rows the probability 0.
    """

    device: Estimate
    exact_samples: Estimate
    excess: Estimate
    model: Estimate


@dataclass(frozen=True)
class Comparison:
    """Samples beside the state that they should be drawn from.

    Attributes
    ----------
    cross_entropy
        Mean negative log-likelihood of the samples under the state, in nats; infinite if one has
        the probability 0.
    entropy
        Of the state, in nats: the cross-entropy of a perfect device. Exact where all configurations
        can be listed, at most 2**20, and else estimated from as many exact samples.
    total_variation
        Distance of the shares of the samples from the probabilities; None if they cannot be listed.
    shot_noise
        What is left of that distance for a perfect device; its limit is exceeded with a probability
        of 0.01.
    test_nll
        None without test data.
    """

    cross_entropy: Estimate
    entropy: Estimate
    total_variation: float | None
    shot_noise: ShotNoise | None
    test_nll: ReachedNLL | None


def compare(
    state: ChainState,
    categories: Categories,
    samples: Rows,
    X_test: Rows | None,
    generator: np.random.Generator,
) -> Comparison:
    """Compare samples with the state that they should be drawn from.

    Parameters
    ----------
    state
        What was prepared.
    categories
        Of the variables.
    samples
        Shape ``(N, variables)``, N at least 2.
    X_test
        Shape ``(M, variables)``, M at least 2; or None.
    generator
        Of the exact samples.
    """
    exact = state.draw(len(samples), generator)
    probabilities = configuration_probabilities(state, categories)
    distance, noise = None, None
    if probabilities is None:
        entropy = _nll(state.log_likelihoods(exact))
    else:
        entropy = Estimate(float(entr(probabilities).sum()), 0.0)
        shares = empirical_probabilities(samples, categories.sizes)
        distance = total_variation(shares, probabilities)
        noise = shot_noise(probabilities, len(samples))
    reached = None
    if X_test is not None:
        reached = _reached(state, categories, samples, exact, X_test)
    return Comparison(
        cross_entropy=_nll(state.log_likelihoods(samples)),
        entropy=entropy,
        total_variation=distance,
        shot_noise=noise,
        test_nll=reached,
    )


def configuration_probabilities(
    state: ChainState, categories: Categories
) -> NDArray[np.float64] | None:
    """Probabilities in the order of `all_configurations`; None if they are more than 2**20."""
    if math.prod(categories.sizes) > MOST_CONFIGURATIONS:
        return None
    amplitudes = mps_matrix(state.cores).reshape([core.shape[1] for core in state.cores])
    # The number of variable 0 runs fastest there.
    by_variable = amplitudes.transpose(state.places[::-1])
    found: NDArray[np.float64] = np.abs(by_variable.ravel()) ** 2
    return found / found.sum()


def _reached(
    state: ChainState, categories: Categories, samples: Rows, exact: Rows, X_test: Rows
) -> ReachedNLL:
    device, perfect = (
        interpolated_log_likelihoods(drawn, X_test, categories) for drawn in (samples, exact)
    )
    excess = nll_difference(device, perfect)
    return ReachedNLL(
        device=_nll(device),
        exact_samples=_nll(perfect),
        excess=Estimate(excess.value, excess.standard_error),
        model=_nll(state.log_likelihoods(X_test)),
    )


def _nll(logs: NDArray[np.float64]) -> Estimate:
    mean = negative_log_likelihood(logs)
    return Estimate(mean.value, mean.standard_error)
