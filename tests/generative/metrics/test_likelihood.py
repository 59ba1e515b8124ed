"""Mean log-likelihoods and their errors, by hand."""

import math

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.metrics import negative_log_likelihood, nll_difference


def test_mean_error_and_interval_by_hand() -> None:
    """Values 1, 2, 3: deviation 1, error 1/sqrt(3); t of 2 degrees of freedom at 0.975: 4.3027."""
    found = negative_log_likelihood([-1, -2, -3])
    assert found.value == 2
    assert found.standard_error == pytest.approx(1 / math.sqrt(3))
    half = 4.302652729911275 / math.sqrt(3)
    assert found.interval() == pytest.approx((2 - half, 2 + half))
    with pytest.raises(ValueError, match="level = 1"):
        found.interval(1)


def test_the_interval_covers_the_mean_as_often_as_it_says() -> None:
    """Of 2,000 intervals at 0.9, 1,800 expected: within 5 standard deviations (error 6e-7)."""
    draws = np.random.default_rng(0).normal(20, 1, size=(2000, 8))
    ends = np.array([negative_log_likelihood(-row).interval(0.9) for row in draws])
    covered = np.sum((ends[:, 0] <= 20) & (ends[:, 1] >= 20))
    assert abs(covered - 1800) < 5 * math.sqrt(2000 * 0.9 * 0.1)


def test_models_are_compared_sample_by_sample() -> None:
    """Differences 0.1, 0.2, 0.3 of log-likelihoods that vary by far more."""
    second = np.array([-5.0, -50.0, -500.0])
    found = nll_difference(second + np.array([0.1, 0.2, 0.3]), second)
    assert found.value == pytest.approx(-0.2)
    assert found.standard_error == pytest.approx(0.1 / math.sqrt(3))


def test_an_impossible_sample_makes_the_mean_infinite() -> None:
    found = negative_log_likelihood([-1.0, -math.inf])
    assert (found.value, found.standard_error) == (math.inf, math.inf)
    assert found.interval() == (math.inf, math.inf)
    with pytest.raises(InvalidProblemError, match="second: sample 1 has the probability 0"):
        nll_difference([-1.0, -2.0], [-1.0, -math.inf])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([-1.0], "two samples or more"),
        ([[-1.0, -2.0]], "shape \\(1, 2\\)"),
        ([-1.0, math.nan], "\\[1\\] = nan"),
        ([0.5, -1.0], "\\[0\\] = 0.5: .*at most 0"),
    ],
)
def test_what_is_no_log_likelihood_is_named(given, message) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        negative_log_likelihood(given)
    with pytest.raises(InvalidProblemError, match="first has 2 entries and second 3"):
        nll_difference([-1, -1], [-1, -1, -1])
