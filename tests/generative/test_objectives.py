"""Losses of distributions: their values against the metrics, their slopes against differences."""

import numpy as np
import pytest

from qml_algos.generative.metrics import kl_divergence, mmd_squared_exact
from qml_algos.generative.objectives import discrepancy_objective, likelihood_objective

BITS = 4


def distributions():
    p, q = np.random.default_rng(0).dirichlet(np.ones(2**BITS), size=2)
    q[3] = 0
    return p, q / q.sum()


def test_the_discrepancy_is_the_mean_over_kernels_of_the_metric() -> None:
    p, q = distributions()
    value, _ = discrepancy_objective(q, (0.5, 1.5))(p)
    expected = np.mean([mmd_squared_exact(p, q, [2] * BITS, width) for width in (0.5, 1.5)])
    assert value == pytest.approx(expected, rel=1e-12)


def test_the_cross_entropy_is_the_divergence_and_the_entropy() -> None:
    p, q = distributions()
    value, _ = likelihood_objective(q)(p)
    entropy = -np.sum(q[q > 0] * np.log(q[q > 0]))
    assert value == pytest.approx(kl_divergence(q, p) + entropy, rel=1e-12)


@pytest.mark.parametrize("kind", ["likelihood", "mmd"])
def test_slopes_are_differences(kind: str) -> None:
    p, q = distributions()
    objective = likelihood_objective(q) if kind == "likelihood" else discrepancy_objective(q, (1,))
    _, slope = objective(p)
    for place in (0, 3, 9):
        step = 1e-6 * np.eye(2**BITS)[place]
        difference = (objective(p + step)[0] - objective(p - step)[0]) / 2e-6
        assert slope[place] == pytest.approx(difference, rel=1e-6, abs=1e-8)


def test_a_sample_where_the_model_has_nothing_is_finite_and_has_a_slope() -> None:
    value, slope = likelihood_objective(np.array([0.5, 0.5]))(np.array([1.0, 0.0]))
    assert value == pytest.approx(-np.log(1e-10) / 2)
    assert slope[1] == -0.5e10
