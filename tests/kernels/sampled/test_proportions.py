"""Standard errors of counted probabilities."""

import numpy as np
import pytest
from scipy.stats import binom

from qml_algos.kernels.sampled.proportions import mean_and_error


def errors(shots: int) -> np.ndarray:
    counts = np.arange(shots + 1.0)
    return mean_and_error(counts, counts, shots)[1]


def test_nothing_and_all_counted_leave_an_error() -> None:
    shots = 100
    found = errors(shots)
    assert found.min() == found[0] == pytest.approx(found[-1])
    assert found[0] == pytest.approx(np.sqrt(0.5 * (shots + 0.5)) / (shots + 1) ** 1.5)


@pytest.mark.parametrize("shots", [10, 100, 1000])
@pytest.mark.parametrize("probability", [0.0, 1e-4, 0.01, 0.3, 0.5])
def test_the_mean_square_error_is_that_of_the_binomial_distribution(shots, probability) -> None:
    """Never smaller by more than 3 in the number of shots, nor larger by more than 1 / shots^2."""
    weights = binom.pmf(np.arange(shots + 1), shots, probability)
    found = weights @ errors(shots) ** 2
    exact = probability * (1 - probability) / shots
    assert exact * (1 - 3 / shots) <= found <= exact + 1 / shots**2


def test_weights_of_shots_have_the_error_of_their_mean() -> None:
    sample = np.random.default_rng(0).choice([1.1, -0.2, 0.05], size=10_000)
    mean, error = mean_and_error(np.array(sample.sum()), np.array(sample @ sample), 10_000, 1.1)
    assert mean == pytest.approx(sample.mean())
    assert error == pytest.approx(sample.std() / 100, rel=1e-3)
