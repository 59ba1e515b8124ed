"""The distribution estimated from samples: normalised, never 0, and the samples' own in the end."""

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.generative.checks import Categories
from qml_algos.generative.classical.trees import ChowLiuTree
from qml_algos.generative.data.configurations import all_configurations
from qml_algos.generative.data.structured import make_bars_and_stripes
from qml_algos.generative.deployment.interpolation import interpolated_log_likelihoods

RUNS = settings(deadline=None, derandomize=True, max_examples=15)


@RUNS
@given(
    sizes=st.lists(st.integers(2, 4), min_size=1, max_size=4),
    count=st.integers(2, 60),
    seed=st.integers(0, 2**16),
)
def test_probabilities_of_all_configurations_add_up_to_1(sizes, count, seed) -> None:
    samples = np.random.default_rng(seed).integers(0, sizes, size=(count, len(sizes)))
    logs = interpolated_log_likelihoods(
        samples, all_configurations(sizes), Categories(tuple(sizes))
    )
    assert np.all(np.isfinite(logs))
    assert np.exp(logs).sum() == pytest.approx(1, abs=1e-9)


def test_many_samples_of_few_patterns_give_the_distribution_itself() -> None:
    """Each of 14 patterns 2,000 times: what the tree, which cannot know them, leaves is 1e-4."""
    X = make_bars_and_stripes(3, 3).X
    logs = interpolated_log_likelihoods(np.repeat(X, 2000, axis=0), X, Categories((2,) * 9))
    assert logs == pytest.approx(-np.log(len(X)), abs=1e-4)


def test_samples_that_never_recur_leave_the_tree_alone() -> None:
    X = all_configurations([2] * 8)[::3]
    categories = Categories((2,) * 8)
    tree = ChowLiuTree(n_categories=categories.sizes).fit(X)
    found = interpolated_log_likelihoods(X, X, categories)
    assert found == pytest.approx(tree.score_samples(X), abs=1e-12)


def test_the_weight_is_the_likeliest_for_each_sample_given_the_others() -> None:
    generator = np.random.default_rng(0)
    X = generator.integers(0, 2, size=(4, 6))[generator.integers(0, 4, 300)]
    X = np.where(generator.random(X.shape) < 0.1, 1 - X, X)
    categories = Categories((2,) * 6)
    patterns, which, counts = np.unique(X, axis=0, return_inverse=True, return_counts=True)
    q = np.exp(ChowLiuTree(n_categories=2).fit(X).score_samples(patterns))

    def loss(weight: float) -> float:
        left_out = weight * (counts - 1) / (len(X) - 1) + (1 - weight) * q
        return -float(counts @ np.log(left_out))

    weight = scipy.optimize.minimize_scalar(loss, bounds=(0, 0.999), method="bounded").x
    expected = np.log(weight * counts / len(X) + (1 - weight) * q)[which]
    assert 0.1 < weight < 0.9
    found = interpolated_log_likelihoods(X, X, categories)
    assert found == pytest.approx(expected, abs=1e-4)


def test_hundreds_of_variables_neither_underflow_nor_are_confused() -> None:
    """All alike in the samples: a row that alternates breaks the rule at each of 400 variables."""
    samples = np.repeat([[0], [1]], 500, axis=0) * np.ones(400, dtype=int)
    alternating = np.arange(400)[None, :] % 2
    logs = interpolated_log_likelihoods(
        samples, np.concatenate([alternating, samples[:1]]), Categories((2,) * 400)
    )
    assert -np.inf < logs[0] < -745
    assert logs[1] == pytest.approx(-np.log(2), abs=0.01)
