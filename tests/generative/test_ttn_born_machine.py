"""TTNBornMachine as a density estimator of scikit-learn."""

import copy
import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.generative.data.structured import make_bars_and_stripes, make_parity
from qml_algos.generative.ttn_born_machine import TTNBornMachine

NOT_APPLICABLE = {
    "check_positive_only_tag_during_fit": "the message names the place of the entry instead",
    "check_all_zero_sample_weights_error": "the message has words of its own",
    "check_sample_weight_equivalence_on_dense_data": "its data is continuous",
    "check_dtype_object": "its data is continuous, and its message about a dict is numpy's",
    "check_estimators_nan_inf": "the message names the place of the entry instead",
}


def clusters(seed: int, count: int) -> np.ndarray:
    """Three prototypes of six ternary variables, with noise."""
    prototypes = np.random.default_rng(9).integers(0, 3, size=(3, 6))
    generator = np.random.default_rng(seed)
    X = prototypes[generator.integers(0, 3, count)]
    noisy = generator.random(X.shape) < 0.15
    return np.where(noisy, generator.integers(0, 3, X.shape), X)


@pytest.fixture(scope="module")
def fitted() -> TTNBornMachine:
    model = TTNBornMachine(9, max_sweeps=15, learning_rate=0.05, random_state=0)
    return model.fit(clusters(0, 400), X_valid=clusters(1, 200))


def test_the_checks_of_scikit_learn_pass_where_they_apply() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_estimator(TTNBornMachine(3, max_sweeps=1), expected_failed_checks=NOT_APPLICABLE)


@pytest.mark.parametrize("tree", ["grid", "balanced"])
def test_bars_and_stripes_are_learnt_exactly(tree: str) -> None:
    X = make_bars_and_stripes(4, 4).X
    model = TTNBornMachine(16, tree=tree, shape=(4, 4), learning_rate=0.2, tol=1e-7).fit(X)
    assert -model.score(X) < np.log(len(X)) + 1e-6
    # Either half of a picture has at most 2^2 bars and 2^4 stripes, those of one colour twice.
    assert max(model.bond_dimensions_) <= 16


@pytest.mark.parametrize("variables", [4, 9])
def test_parity_is_learnt_although_each_pair_looks_independent(variables: int) -> None:
    X = make_parity(variables).X
    model = TTNBornMachine(4, tree="balanced", learning_rate=0.1, random_state=0).fit(X)
    assert -model.score(X) < np.log(len(X)) + 1e-3


def test_a_model_generalises_better_than_independent_variables(fitted: TTNBornMachine) -> None:
    train, test = clusters(0, 400), clusters(2, 400)
    shares = np.array([np.bincount(column, minlength=3) for column in train.T]) / len(train)
    independent = np.mean(np.sum(np.log(shares[np.arange(6), test]), axis=1))
    assert fitted.score(test) > independent + 1


def test_the_best_sweep_on_validation_samples_is_kept(fitted: TTNBornMachine) -> None:
    losses = fitted.valid_losses_
    assert len(losses) == len(fitted.train_losses_)
    assert fitted.n_sweeps_ == np.argmin(losses) + 1
    assert 0 < fitted.shrinkage_ <= 2 * np.sqrt(6 / 400)
    np.testing.assert_allclose(-fitted.score(clusters(1, 200)), losses.min(), atol=1e-6)


def test_samples_marginals_and_likelihoods_are_of_one_distribution(fitted: TTNBornMachine) -> None:
    X = clusters(3, 50)
    joint = fitted.marginal(range(6))
    np.testing.assert_allclose(np.log(joint[tuple(X.T)]), fitted.score_samples(X), rtol=1e-9)
    drawn = fitted.sample(20_000, random_state=1)
    for k in range(6):
        # Five standard deviations at 18 places: a false alarm once in 90,000 seeds.
        seen, chances = np.bincount(drawn[:, k], minlength=3) / 20_000, fitted.marginal([k])
        assert np.all(np.abs(seen - chances) < 5 * np.sqrt(chances / 20_000) + 1e-9)


def test_conditionals_are_ratios_of_marginals(fitted: TTNBornMachine) -> None:
    both = fitted.marginal([5, 2, 0])
    np.testing.assert_allclose(
        fitted.conditional([0, 5], {2: 1}), both[:, 1].T / both[:, 1].sum(), atol=1e-12
    )


def test_inpainting_fills_gaps_only_and_repeats_itself(fitted: TTNBornMachine) -> None:
    X = clusters(4, 300).astype(float)
    gaps = np.random.default_rng(0).random(X.shape) < 0.3
    given = np.where(gaps, np.nan, X)
    first = fitted.inpaint(given, random_state=2)
    np.testing.assert_array_equal(first[~gaps], X[~gaps])
    np.testing.assert_array_equal(first, fitted.inpaint(given, random_state=2))
    assert np.mean(first[gaps] == X[gaps]) > 0.55  # Chance alone gives a third.


def test_weights_stand_for_repeated_samples() -> None:
    X, weights = clusters(0, 60), np.random.default_rng(0).integers(0, 4, 60)
    model = TTNBornMachine(9, max_sweeps=3, n_categories=3, random_state=0)
    weighted = clone(model).fit(X, sample_weight=weights)
    repeated = clone(model).fit(np.repeat(X, weights, axis=0))
    np.testing.assert_allclose(
        weighted.score_samples(X), repeated.score_samples(X), rtol=1e-3, atol=1e-3
    )


@pytest.mark.parametrize("variables", [1, 2, 3])
def test_few_variables_have_the_frequencies_of_the_data(variables: int) -> None:
    X = np.random.default_rng(1).integers(0, [2, 3, 2][:variables], size=(200, variables))
    model = TTNBornMachine(n_categories=[2, 3, 2][:variables], learning_rate=0.2).fit(X)
    counts = np.zeros([2, 3, 2][:variables])
    np.add.at(counts, tuple(X.T), 1)
    np.testing.assert_allclose(model.marginal(range(variables)), counts / 200, atol=5e-3)
    assert model.sample(5, random_state=0).shape == (5, variables)


def test_the_tree_is_the_one_asked_for() -> None:
    X = make_bars_and_stripes(2, 3).X
    own = (((0, 5), (1, 4)), (2, 3))
    model = TTNBornMachine(4, tree=own, max_sweeps=1).fit(X)
    pairs = {frozenset(pair) for pair in model.tree_.children[:-1]}
    assert {frozenset((0, 5)), frozenset((1, 4)), frozenset((2, 3))} < pairs
    of_shape = TTNBornMachine(4, shape=(2, 3), max_sweeps=1).fit(X)
    grid = TTNBornMachine(4, tree="grid", shape=(2, 3), max_sweeps=1).fit(X)
    assert of_shape.tree_ == grid.tree_
    without = TTNBornMachine(4, max_sweeps=1).fit(X)
    information = TTNBornMachine(4, tree="mutual-information", shape=(2, 3), max_sweeps=1).fit(X)
    assert without.tree_ == information.tree_


def test_copies_pickles_and_seeds(fitted: TTNBornMachine) -> None:
    X = clusters(5, 20)
    for other in (copy.deepcopy(fitted), pickle.loads(pickle.dumps(fitted))):
        np.testing.assert_array_equal(other.score_samples(X), fitted.score_samples(X))
    assert not hasattr(clone(fitted), "cores_")
    clone(fitted.set_params(tree=((0, 1), ((2, 3), (4, 5)))))
    fitted.set_params(tree="auto")
    seeded = copy.deepcopy(fitted).set_params(random_state=7)
    np.testing.assert_array_equal(seeded.sample(9), fitted.sample(9, random_state=7))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"bond_dimension": 0}, "bond_dimension = 0: must be a positive integer"),
        ({"max_sweeps": -1}, "max_sweeps = -1"),
        ({"patience": 2.5}, "patience = 2.5"),
        ({"learning_rate": 0}, "learning_rate = 0: .*above 0"),
        ({"learning_rate": 0.6}, "learning_rate = 0.6: .*at most 0.5"),
        ({"clip": 0.5}, "clip = 0.5: .*from 1"),
        ({"tol": -1}, "tol = -1"),
        ({"shrinkage": -0.1}, "shrinkage = -0.1: .*at least 0"),
        ({"shrinkage": "much"}, "shrinkage = 'much': must be 'auto' or"),
        ({"tree": "grid"}, "shape = None: the tree 'grid' needs the height and the width"),
        ({"shape": (2, 2)}, r"shape = \(2, 2\): .*3 pixels"),
        ({"tree": ((0, 1), 1)}, "tree: needs each of the variables 0 to 2 once"),
        ({"n_categories": 1}, "n_categories = 1"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict, message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        TTNBornMachine(**parameters).fit([[0, 1, 0], [1, 0, 1]])


def test_an_unknown_tree_is_named() -> None:
    with pytest.raises(UnknownNameError, match="known: auto, balanced, grid, mutual-information"):
        TTNBornMachine(tree="random").fit([[0, 1], [1, 0]])


def test_unseen_categories_are_refused_unless_announced() -> None:
    X = np.array([[0, 1], [1, 0], [1, 1]])
    model = TTNBornMachine(2).fit(X)
    with pytest.raises(InvalidProblemError, match=r"X\[0, 1\] = 2: variable 1 has the categories"):
        model.score_samples([[0, 2]])
    with pytest.raises(InvalidProblemError, match="8 is no variable"):
        model.marginal([8])
    assert np.isfinite(TTNBornMachine(9, n_categories=3).fit(X).score([[0, 1]]))
