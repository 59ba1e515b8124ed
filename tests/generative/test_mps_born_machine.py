"""MPSBornMachine as a density estimator of scikit-learn."""

import copy
import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.generative.mps.chain import log_likelihoods
from qml_algos.generative.mps_born_machine import MPSBornMachine

NOT_APPLICABLE = {
    "check_positive_only_tag_during_fit": "the message names the place of the entry instead",
    "check_all_zero_sample_weights_error": "the message has words of its own",
    "check_sample_weight_equivalence_on_dense_data": "its data is continuous",
    "check_dtype_object": "its data is continuous, and its message about a dict is numpy's",
    "check_estimators_nan_inf": "the message names the place of the entry instead",
}


def bars_and_stripes(side: int) -> np.ndarray:
    bits = np.arange(2**side)[:, None] >> np.arange(side) & 1
    both = np.vstack([np.repeat(bits, side, axis=1), np.tile(bits, (1, side))])
    return np.unique(both, axis=0)


def clusters(seed: int, count: int) -> np.ndarray:
    """Three prototypes of eight ternary variables, with noise."""
    prototypes = np.random.default_rng(9).integers(0, 3, size=(3, 8))
    generator = np.random.default_rng(seed)
    X = prototypes[generator.integers(0, 3, count)]
    noisy = generator.random(X.shape) < 0.15
    return np.where(noisy, generator.integers(0, 3, X.shape), X)


@pytest.fixture(scope="module")
def fitted() -> MPSBornMachine:
    model = MPSBornMachine(6, order="mutual-information", shrinkage=0.1, max_sweeps=15)
    return model.fit(clusters(0, 400), X_valid=clusters(1, 200))


def test_the_checks_of_scikit_learn_pass_where_they_apply() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_estimator(
            MPSBornMachine(3, order="natural", max_sweeps=1),
            expected_failed_checks=NOT_APPLICABLE,
        )


@pytest.mark.parametrize(("side", "rank"), [(3, 8), (4, 16)])
def test_bars_and_stripes_are_learnt_exactly(side: int, rank: int) -> None:
    X = bars_and_stripes(side)
    model = MPSBornMachine(rank, order="natural", learning_rate=0.2, tol=1e-7).fit(X)
    assert -model.score(X) < np.log(len(X)) + 1e-6
    assert max(model.bond_dimensions_) <= rank


def test_the_order_that_needs_smaller_bonds_is_chosen() -> None:
    X = bars_and_stripes(4)
    mixed = np.random.default_rng(0).permutation(16)
    for data, natural in ((X, True), (X[:, mixed], False)):
        model = MPSBornMachine(16, max_sweeps=1).fit(data)
        assert np.array_equal(model.order_, np.arange(16)) == natural


@pytest.mark.parametrize("variables", [6, 10])
def test_parity_is_learnt_although_each_pair_looks_independent(variables: int) -> None:
    bits = np.arange(2**variables)[:, None] >> np.arange(variables) & 1
    X = bits[bits.sum(axis=1) % 2 == 0]
    model = MPSBornMachine(4, order="natural", learning_rate=0.1, random_state=0).fit(X)
    assert -model.score(X) < np.log(len(X)) + 1e-3


def test_a_model_generalises_better_than_independent_variables(fitted: MPSBornMachine) -> None:
    train, test = clusters(0, 400), clusters(2, 400)
    shares = np.array([np.bincount(column, minlength=3) for column in train.T]) / len(train)
    independent = np.mean(np.sum(np.log(shares[np.arange(8), test]), axis=1))
    assert fitted.score(test) > independent + 1.5


def test_the_best_sweep_on_validation_samples_is_kept(fitted: MPSBornMachine) -> None:
    losses = fitted.valid_losses_
    assert len(losses) == len(fitted.train_losses_)
    assert fitted.n_sweeps_ == np.argmin(losses) + 1
    alone = -log_likelihoods(fitted.cores_, clusters(1, 200)[:, fitted.order_]).mean()
    np.testing.assert_allclose(alone, losses.min(), atol=1e-6)
    # Smoothing can only gain on them.
    assert -fitted.score(clusters(1, 200)) <= alone + 1e-12


def test_shrinkage_and_order_are_chosen_on_validation_samples() -> None:
    train, valid = clusters(0, 120), clusters(1, 200)
    model = MPSBornMachine(8, learning_rate=0.05, smoothing="none")
    chosen = clone(model).fit(train, X_valid=valid)
    assert 0 < chosen.shrinkage_ <= 2 * np.sqrt(8 / 120)
    without = model.set_params(order=chosen.order_, shrinkage=0)
    test = clusters(2, 400)
    assert chosen.score(test) > without.fit(train, X_valid=valid).score(test) + 0.05
    assert MPSBornMachine(4, max_sweeps=2).fit(train).shrinkage_ == 0


def test_the_order_does_not_show_outside(fitted: MPSBornMachine) -> None:
    assert sorted(fitted.order_) == list(range(8))
    X = clusters(3, 50)
    marginals = [fitted.marginal([k]) for k in range(8)]
    drawn = fitted.sample(20_000, random_state=1)
    for k, chances in enumerate(marginals):
        # Five standard deviations at 24 places: a false alarm once in 70,000 seeds.
        seen = np.bincount(drawn[:, k], minlength=3) / 20_000
        assert np.all(np.abs(seen - chances) < 5 * np.sqrt(chances / 20_000) + 1e-9)
    joint = fitted.marginal(range(8))
    np.testing.assert_allclose(np.log(joint[tuple(X.T)]), fitted.score_samples(X), rtol=1e-9)


def test_conditionals_are_ratios_of_marginals(fitted: MPSBornMachine) -> None:
    both = fitted.marginal([5, 2, 0])
    np.testing.assert_allclose(
        fitted.conditional([0, 5], {2: 1}), both[:, 1].T / both[:, 1].sum(), atol=1e-12
    )


def test_inpainting_fills_gaps_only_and_repeats_itself(fitted: MPSBornMachine) -> None:
    X = clusters(4, 300).astype(float)
    gaps = np.random.default_rng(0).random(X.shape) < 0.3
    given = np.where(gaps, np.nan, X)
    first = fitted.inpaint(given, random_state=2)
    np.testing.assert_array_equal(first[~gaps], X[~gaps])
    np.testing.assert_array_equal(first, fitted.inpaint(given, random_state=2))
    assert np.mean(first[gaps] == X[gaps]) > 0.6  # Chance alone gives a third.


def test_weights_stand_for_repeated_samples() -> None:
    X, weights = clusters(0, 60), np.random.default_rng(0).integers(0, 4, 60)
    model = MPSBornMachine(4, order="natural", max_sweeps=3, n_categories=3)
    weighted = clone(model).fit(X, sample_weight=weights)
    repeated = clone(model).fit(np.repeat(X, weights, axis=0))
    np.testing.assert_allclose(
        weighted.score_samples(X), repeated.score_samples(X), rtol=1e-3, atol=1e-3
    )


def test_one_variable_has_the_frequencies_of_the_data() -> None:
    model = MPSBornMachine().fit([[0], [0], [0], [1]])
    np.testing.assert_allclose(model.marginal([0]), [3.5 / 5, 1.5 / 5], atol=1e-12)
    assert model.n_sweeps_ == 0
    assert model.sample(5, random_state=0).shape == (5, 1)


def test_copies_pickles_and_seeds(fitted: MPSBornMachine) -> None:
    X = clusters(5, 20)
    for other in (copy.deepcopy(fitted), pickle.loads(pickle.dumps(fitted))):
        np.testing.assert_array_equal(other.score_samples(X), fitted.score_samples(X))
    assert not hasattr(clone(fitted), "cores_")
    seeded = copy.deepcopy(fitted).set_params(random_state=7)
    np.testing.assert_array_equal(seeded.sample(9), fitted.sample(9, random_state=7))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"bond_dimension": 0}, "bond_dimension = 0: must be a positive integer"),
        ({"bond_dimension": 2.5}, "bond_dimension = 2.5"),
        ({"max_sweeps": -1}, "max_sweeps = -1"),
        ({"patience": 0}, "patience = 0"),
        ({"learning_rate": 0}, "learning_rate = 0: .*above 0, at most 0.5"),
        ({"learning_rate": 0.6}, "learning_rate = 0.6"),
        ({"clip": 0.5}, "clip = 0.5: .*from 1"),
        ({"tol": -1}, "tol = -1"),
        ({"shrinkage": -0.1}, "shrinkage = -0.1: .*or 'auto'"),
        ({"shrinkage": "much"}, "shrinkage = 'much'"),
        ({"order": [0, 0, 1]}, "order = .*each of the variables 0 to 2 once"),
        ({"batch_size": 0}, "batch_size = 0: must be a positive integer"),
        ({"checkpoint": 1.5}, "checkpoint = 1.5: must be the path of a file"),
        ({"n_categories": 1}, "n_categories = 1"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict, message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        MPSBornMachine(**parameters).fit([[0, 1, 0], [1, 0, 1]])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"order": "random"}, "unknown order .*known: auto, mutual-information, natural"),
        ({"dtype": "float32"}, "unknown dtype .*known: complex128, float64"),
        ({"sweeps": "three-site"}, "unknown sweeps .*known: both, one-site, two-site"),
        ({"smoothing": "kernel"}, "unknown smoothing"),
    ],
)
def test_an_unknown_name_is_named(parameters: dict, message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        MPSBornMachine(**parameters).fit([[0, 1], [1, 0]])


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros((0, 3)), "0 sample"),
        ([[0, np.nan], [1, 0]], "NaN|nan"),
        ([[0.5, 1], [1, 0]], r"X\[0, 0\] = 0.5"),
        ([[0, -1], [1, 0]], r"X\[0, 1\] = -1"),
    ],
)
def test_data_that_is_not_discrete_is_refused(X: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MPSBornMachine().fit(X)


def test_unseen_categories_are_refused_unless_announced() -> None:
    X = np.array([[0, 1], [1, 0], [1, 1]])
    model = MPSBornMachine(2).fit(X)
    with pytest.raises(InvalidProblemError, match=r"X\[0, 1\] = 2: variable 1 has the categories"):
        model.score_samples([[0, 2]])
    with pytest.raises(InvalidProblemError, match=r"X_valid\[0, 0\] = 5"):
        MPSBornMachine(2).fit(X, X_valid=[[5, 0]])
    with pytest.raises(InvalidProblemError, match="variable 1 has the categories"):
        model.inpaint([[np.nan, 2]])
    assert np.isfinite(MPSBornMachine(2, n_categories=3).fit(X).score([[0, 2]]))


@pytest.mark.parametrize(
    ("variables", "evidence", "message"),
    [
        ([0, 8], {}, "variables: 8 is no variable; they are numbered 0 to 7"),
        ([], {}, "at least one"),
        ([1, 1], {}, "each once"),
        ([1], {1: 0}, "none of the evidence"),
        ([1], {-1: 0}, "evidence: -1 is no variable"),
        ([1], {2: 3}, "evidence: 3 is no category of variable 2"),
    ],
)
def test_variables_that_the_model_lacks_are_refused(
    fitted: MPSBornMachine, variables: list, evidence: dict, message: str
) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        fitted.conditional(variables, evidence)
