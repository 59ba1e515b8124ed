"""The loss: what is subtracted from a negative log-likelihood, and what is left."""

import numpy as np
import pytest

from qml_algos.generative.data.families import draw_problem
from qml_algos.generative.evaluation import ABOVE_ENTROPY, OF_TEST_SAMPLES, loss


def uniform(X: np.ndarray) -> np.ndarray:
    """Log-likelihoods under fair coins."""
    return np.full(len(X), -X.shape[1] * np.log(2))


def test_of_a_known_distribution_it_is_the_divergence() -> None:
    problem = draw_problem("bars-and-stripes", 9, np.random.default_rng(0), samples=20)
    found = loss(uniform, problem)
    assert found.value == pytest.approx(9 * np.log(2) - np.log(14))
    assert found.standard_error is None
    assert found.of == ABOVE_ENTROPY
    assert loss(lambda X: np.full(len(X), -np.log(14)), problem).value == pytest.approx(0)


def test_where_patterns_are_too_many_test_samples_stand_for_them() -> None:
    problem = draw_problem("parity", 40, np.random.default_rng(0), samples=20)
    found = loss(uniform, problem)
    assert found.value == pytest.approx(np.log(2))
    assert found.standard_error == pytest.approx(0)
    # Chance may lead below the entropy: nothing is lost then.
    assert loss(lambda X: np.full(len(X), -20.0), problem).value == 0


def test_of_an_unknown_distribution_it_is_the_likelihood_of_the_test_samples() -> None:
    problem = draw_problem("digits", 4, np.random.default_rng(0))
    found = loss(lambda X: -1.0 - X[:, 0], problem)
    ones = problem.test.X[:, 0]
    assert found.value == pytest.approx(1 + ones.mean())
    assert found.standard_error == pytest.approx(ones.std(ddof=1) / np.sqrt(len(ones)))
    assert found.of == OF_TEST_SAMPLES


def test_what_occurs_and_is_called_impossible_costs_infinity() -> None:
    problem = draw_problem("parity", 4, np.random.default_rng(0), samples=20)
    assert loss(lambda X: np.full(len(X), -np.inf), problem).value == np.inf
