"""Partition functions of restricted Boltzmann machines."""

import itertools

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import chisquare

from qml_algos.generative.classical.partition import (
    BoltzmannMachine,
    annealed_log_partition,
    exact_draws,
    exact_log_partition,
    gibbs_step,
)


def machine(hidden: int, visible: int, scale: float = 1.0) -> BoltzmannMachine:
    generator = np.random.default_rng(hidden + visible)
    return BoltzmannMachine(
        generator.normal(scale=scale, size=(hidden, visible)),
        generator.normal(size=visible),
        generator.normal(size=hidden),
    )


def states(units: int) -> np.ndarray:
    return np.array(list(itertools.product([0.0, 1.0], repeat=units)))


def log_weights(given: BoltzmannMachine) -> np.ndarray:
    """Of every pair of states, shape ``(visible states, hidden states)``."""
    H, V = (states(units) for units in given.W.shape)
    return V @ given.W.T @ H.T + (V @ given.visible)[:, None] + H @ given.hidden


@pytest.mark.parametrize(("hidden", "visible"), [(3, 5), (5, 3), (1, 1)])
def test_the_exact_sum_is_that_over_all_states_of_both_layers(hidden: int, visible: int) -> None:
    given = machine(hidden, visible, 2.0)
    logs = log_weights(given)
    assert exact_log_partition(given) == pytest.approx(logsumexp(logs), abs=1e-12)
    marginal = given.log_weights(states(visible))
    np.testing.assert_allclose(marginal, logsumexp(logs, axis=1), atol=1e-12)


def test_sums_in_blocks_are_sums() -> None:
    """2^13 states take two blocks; units without couplings have a partition function each."""
    given = BoltzmannMachine(np.zeros((13, 14)), np.linspace(-1, 1, 14), np.linspace(-2, 1, 13))
    alone = np.logaddexp(0, given.visible).sum() + np.logaddexp(0, given.hidden).sum()
    assert exact_log_partition(given) == pytest.approx(alone, abs=1e-10)


def test_annealed_importance_sampling_meets_the_exact_value_within_its_error() -> None:
    """Four standard errors: exceeded with a probability of about 1e-4; the seed is fixed."""
    given = machine(6, 10)
    exact = exact_log_partition(given)
    estimate, error = annealed_log_partition(
        given, np.full(10, 0.5), np.random.default_rng(0), runs=100, steps=200
    )
    assert abs(estimate - exact) < 4 * error
    assert 0.001 < error < 0.2


def test_the_stated_error_is_the_spread_of_estimates() -> None:
    given = machine(4, 6)
    estimates, errors = np.transpose(
        [
            annealed_log_partition(
                given, np.full(6, 0.5), np.random.default_rng(seed), runs=50, steps=20
            )
            for seed in range(60)
        ]
    )
    # The spread of 60 estimates is known to 9 %: three standard deviations.
    assert np.std(estimates) / np.mean(errors) == pytest.approx(1, abs=0.3)


def test_without_couplings_annealing_has_no_error() -> None:
    given = BoltzmannMachine(np.zeros((3, 2)), np.zeros(2), np.zeros(3))
    estimate, error = annealed_log_partition(
        given, np.full(2, 0.5), np.random.default_rng(0), runs=5, steps=3
    )
    assert estimate == pytest.approx(5 * np.log(2), abs=1e-12)
    assert error == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("hidden", "visible"), [(2, 4), (6, 4)])
def test_exact_draws_and_steps_from_them_have_the_probabilities(hidden: int, visible: int) -> None:
    """Chi-square at a level of 1e-4, four times; the seed is fixed."""
    given, generator = machine(hidden, visible), np.random.default_rng(1)
    p = np.exp(given.log_weights(states(visible)) - exact_log_partition(given))
    V = exact_draws(given, 20_000, generator)
    powers = 2 ** np.arange(visible)[::-1]
    for drawn in (V, gibbs_step(given, V, generator)):
        observed = np.bincount((drawn @ powers).astype(int), minlength=len(p))
        assert chisquare(observed, p * 20_000).pvalue > 1e-4
