"""The sampled discrepancy: without bias, against the exact one."""

import numpy as np
import pytest

from qml_algos.generative.data import all_configurations
from qml_algos.generative.iqp.discrepancy import SampledDiscrepancy
from qml_algos.generative.iqp.statevector import loss_and_gradient, probabilities
from qml_algos.generative.iqp.words import local_words
from qml_algos.generative.metrics import mmd_squared_exact
from qml_algos.generative.objectives import discrepancy_objective

WIDTHS = (0.7, 1.5)
ROWS = all_configurations([2] * 6)
SHARES = np.random.default_rng(0).dirichlet(np.ones(64))


def problem(weight: int, n_words: int, X=ROWS, shares=SHARES):
    words = local_words(6, weight, None)
    angles = np.random.default_rng(weight).normal(scale=0.4, size=len(words))
    return SampledDiscrepancy(words, X, shares, WIDTHS, n_words, 10), angles


@pytest.mark.parametrize("weight", [2, 3])
def test_loss_and_gradient_have_the_exact_ones_as_their_means(weight: int) -> None:
    """Five standard errors of 4 means: wrongly refused once in 430,000 seeds."""
    sampled, angles = problem(weight, 200)
    generator = np.random.default_rng(1)
    drawn = [sampled.loss_and_gradient(angles, generator) for _ in range(60)]
    table = np.array([[value, *gradient[[0, 8, 20]]] for value, gradient in drawn])
    exact, slope = loss_and_gradient(sampled.words, angles, discrepancy_objective(SHARES, WIDTHS))
    errors = table.std(axis=0, ddof=1) / np.sqrt(len(table))
    assert np.all(np.abs(table.mean(axis=0) - [exact, *slope[[0, 8, 20]]]) < 5 * errors)


def test_the_gradient_is_that_of_the_loss() -> None:
    sampled, angles = problem(3, 20)
    _, gradient = sampled.loss_and_gradient(angles, np.random.default_rng(2))
    for place in (0, 8, 30):
        step = 1e-5 * np.eye(len(angles))[place]
        above, below = (
            sampled.loss_and_gradient(angles + sign * step, np.random.default_rng(2))[0]
            for sign in (1, -1)
        )
        assert gradient[place] == pytest.approx((above - below) / 2e-5, rel=1e-6, abs=1e-9)


def test_the_estimate_is_that_of_the_distribution_behind_the_samples() -> None:
    """Samples of the model itself: 0 on average. Five standard errors of 60 sets."""
    sampled, angles = problem(2, 2000)
    p = probabilities(sampled.words, angles)
    generator = np.random.default_rng(3)
    values = []
    for _ in range(60):
        X = ROWS[generator.choice(64, size=20, p=p)]
        again, _ = problem(2, 300, X, np.full(20, 0.05))
        values.append(again.estimate(angles, generator).value)
    assert abs(np.mean(values)) < 5 * np.std(values, ddof=1) / np.sqrt(60)
    # The distance of such samples' own distribution is nowhere near.
    q = np.bincount(generator.choice(64, size=20, p=p), minlength=64) / 20
    own = np.mean([mmd_squared_exact(p, q, [2] * 6, width) for width in WIDTHS])
    assert own > 10 * np.std(values, ddof=1) / np.sqrt(60)


def test_the_standard_error_is_the_spread_over_parities() -> None:
    """A ratio of 1 within 40 percent: 4 standard errors of a deviation from 60 values."""
    sampled, angles = problem(2, 400)
    generator = np.random.default_rng(4)
    drawn = [sampled.estimate(angles, generator) for _ in range(60)]
    spread = np.std([estimate.value for estimate in drawn], ddof=1)
    assert np.mean([estimate.standard_error for estimate in drawn]) == pytest.approx(
        spread, rel=0.4
    )
