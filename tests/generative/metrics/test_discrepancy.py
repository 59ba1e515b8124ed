"""The maximum mean discrepancy: by hand, by pairs, by parities, and without bias."""

import itertools
import math

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.data import all_configurations
from qml_algos.generative.metrics import (
    empirical_probabilities,
    mmd_squared,
    mmd_squared_exact,
)


def by_pairs(p, q, categories, bandwidth):
    rows = all_configurations(categories)
    distance = np.sum(rows[:, np.newaxis, :] != rows, axis=2)
    return (p - q) @ np.exp(-distance / (2 * bandwidth**2)) @ (p - q)


def test_the_estimate_by_hand() -> None:
    """Bandwidth 1, a = exp(-1/2): kernels within X are a, within Y a^2; across 1, a^2, a, a."""
    a = math.exp(-0.5)
    found = mmd_squared([[0, 0], [0, 1]], [[0, 0], [1, 1]])
    assert found == pytest.approx(a + a**2 - 2 * (1 + a**2 + a + a) / 4)


def test_the_estimate_is_the_double_sum_over_different_rows() -> None:
    generator = np.random.default_rng(0)
    X, Y = generator.integers(0, 3, size=(30, 5)), generator.integers(0, 4, size=(20, 5))

    def kernel(x, y):
        return math.exp(-np.sum(x != y) / (2 * 0.7**2))

    within = sum(kernel(x, y) for x, y in itertools.permutations(X, 2)) / (30 * 29)
    beyond = sum(kernel(x, y) for x, y in itertools.permutations(Y, 2)) / (20 * 19)
    across = sum(kernel(x, y) for x, y in itertools.product(X, Y)) / 600
    assert mmd_squared(X, Y, 0.7) == pytest.approx(within + beyond - 2 * across, rel=1e-12)


def test_the_exact_value_is_the_quadratic_form_of_the_kernel() -> None:
    generator = np.random.default_rng(1)
    for categories in [(2,) * 5, (3, 2, 4)]:
        p, q = generator.dirichlet(np.ones(math.prod(categories)), size=2)
        for bandwidth in (0.4, 2.0):
            found = mmd_squared_exact(p, q, categories, bandwidth)
            assert found == pytest.approx(by_pairs(p, q, categories, bandwidth), rel=1e-10)
            assert mmd_squared_exact(p, p, categories, bandwidth) == 0


def test_of_bits_the_exact_value_is_the_sum_over_parities() -> None:
    p, q = np.random.default_rng(2).dirichlet(np.ones(16), size=2)
    tau = (1 - math.exp(-1 / (2 * 0.8**2))) / 2
    bits = all_configurations((2,) * 4)
    parities = 1 - 2 * (bits @ bits.T % 2)
    ones = bits.sum(axis=1)
    terms = tau**ones * (1 - tau) ** (4 - ones) * (parities @ (p - q)) ** 2
    assert mmd_squared_exact(p, q, (2,) * 4, 0.8) == pytest.approx(terms.sum(), rel=1e-12)


def test_the_mean_of_the_estimates_is_the_exact_value() -> None:
    """Within 5 standard errors of the mean of 300: error probability below 1e-6."""
    generator = np.random.default_rng(3)
    categories = (2, 3, 2)
    rows = all_configurations(categories)
    p, q = generator.dirichlet(np.ones(12), size=2)

    def drawn(chances):
        return rows[generator.choice(12, size=15, p=chances)]

    for other in (p, q):
        estimates = [mmd_squared(drawn(p), drawn(other)) for _ in range(300)]
        error = np.std(estimates, ddof=1) / math.sqrt(300)
        exact = mmd_squared_exact(p, other, categories)
        assert abs(np.mean(estimates) - exact) < 5 * error


def test_many_rows_are_the_shares_of_their_configurations() -> None:
    """With a row's pair with itself, the estimate is that of the shares: blocks are summed."""
    generator = np.random.default_rng(4)
    X, Y = generator.integers(0, 2, size=(2, 2500, 4))
    p, q = (empirical_probabilities(rows, (2,) * 4) for rows in (X, Y))
    rows = all_configurations((2,) * 4)
    kernel = np.exp(-np.sum(rows[:, np.newaxis, :] != rows, axis=2) / 2)
    bias = (1 - p @ kernel @ p) / 2499 + (1 - q @ kernel @ q) / 2499
    expected = mmd_squared_exact(p, q, (2,) * 4) - bias
    assert mmd_squared(X, Y) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[0]], [[0], [1]]), "X has one row"),
        (([[0], [1]], [[0, 1], [1, 1]]), "X has 1 columns and Y 2"),
        (([[0], [1]], [[0], [1]], 0), "bandwidth = 0"),
        (([[0.5], [1]], [[0], [1]]), "whole numbers"),
    ],
)
def test_what_cannot_be_compared_is_named(arguments, message) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        mmd_squared(*arguments)


def test_the_exact_value_needs_every_probability() -> None:
    with pytest.raises(InvalidProblemError, match="q: a finite probability of each of 4"):
        mmd_squared_exact([0.25] * 4, [0.5] * 2, (2, 2))
