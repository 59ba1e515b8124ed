"""Divergence and distance of distributions that are written down, and what chance adds."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.data import make_bars_and_stripes
from qml_algos.generative.metrics import (
    empirical_probabilities,
    kl_divergence,
    model_probabilities,
    shot_noise,
    total_variation,
)


class Coins:
    """Independent bits that are 1 with given probabilities."""

    def __init__(self, p, factor=1.0):
        self.p, self.factor = np.asarray(p), factor

    def score_samples(self, X):
        return np.log(self.factor * np.prod(np.where(X == 1, self.p, 1 - self.p), axis=1))


def test_divergence_and_distance_by_hand() -> None:
    p, q = [0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25]
    assert kl_divergence(p, q) == pytest.approx(math.log(2))
    assert kl_divergence(q, p) == math.inf
    assert total_variation(p, q) == total_variation(q, p) == 0.5
    assert kl_divergence(p, p) == total_variation(p, p) == 0


def test_probabilities_of_a_model_are_in_the_order_of_configurations() -> None:
    found = model_probabilities(Coins([0.9, 0.2]), (2, 2))
    np.testing.assert_allclose(found, [0.1 * 0.8, 0.9 * 0.8, 0.1 * 0.2, 0.9 * 0.2])
    np.testing.assert_allclose(model_probabilities(Coins([0.5] * 17), (2,) * 17), 2.0**-17)
    with pytest.raises(InvalidProblemError, match=r"the model: probabilities add up to 1\.1"):
        model_probabilities(Coins([0.9, 0.2], factor=1.1), (2, 2))
    with pytest.raises(TooLargeError, match="20 bits"):
        model_probabilities(Coins([0.5] * 21), (2,) * 21)


def test_shares_are_counted_in_the_order_of_configurations() -> None:
    rows = [[1, 0], [1, 0], [0, 2], [0, 0]]
    assert empirical_probabilities(rows, (2, 3)).tolist() == [0.25, 0.5, 0, 0, 0.25, 0]
    data = make_bars_and_stripes(2, 2)
    assert np.sum(empirical_probabilities(data.X, data.categories) > 0) == 6
    with pytest.raises(InvalidProblemError, match="categories 0 to 1 only"):
        empirical_probabilities(rows, (2, 2))


def test_expected_distance_of_samples_is_the_sum_of_binomial_deviations() -> None:
    p, n = np.array([0.5, 0.3, 0.15, 0.05, 0.0]), 7
    counts = np.arange(n + 1)
    by_hand = sum(np.abs(counts - n * q) @ binom.pmf(counts, n, q) for q in p) / (2 * n)
    assert shot_noise(p, n).expected == pytest.approx(by_hand, rel=1e-12)
    # One toss of a fair coin is always half off; a certain outcome never is.
    assert shot_noise([0.5, 0.5], 1).expected == pytest.approx(0.5)
    assert shot_noise([1.0, 0.0], 100).expected == 0


def test_distances_of_samples_scatter_about_the_floor_and_below_the_limit() -> None:
    """400 means of standard deviation below 1/(2 sqrt(500)): 5 sigma of the mean is 0.006.

    At a limit of error 0.01 at most 4 of 400 are expected above: 20 has a probability below 1e-8.
    """
    generator = np.random.default_rng(2)
    p = generator.dirichlet(np.ones(64))
    distances = [total_variation(generator.multinomial(500, p) / 500, p) for _ in range(400)]
    floor = shot_noise(p, 500)
    assert abs(np.mean(distances) - floor.expected) < 0.006
    assert np.sum(np.array(distances) > floor.limit) < 20


@pytest.mark.parametrize(
    ("p", "q", "message"),
    [
        ([0.5, 0.5], [1.0], "p has 2 entries and q 1"),
        ([0.5, 0.4], [0.5, 0.5], "p: probabilities add up to 0.9"),
        ([0.5, 0.5], [1.5, -0.5], "q: probabilities are finite and not below 0"),
        ([[0.5, 0.5]], [0.5, 0.5], "p has shape"),
    ],
)
def test_what_is_no_distribution_is_named(p, q, message) -> None:
    for distance in (kl_divergence, total_variation):
        with pytest.raises(InvalidProblemError, match=message):
            distance(p, q)


def test_the_number_of_samples_and_the_error_are_checked() -> None:
    with pytest.raises(InvalidProblemError, match="n_samples = 0"):
        shot_noise([1.0], 0)
    with pytest.raises(ValueError, match="level = 0"):
        shot_noise([1.0], 5, 0)
