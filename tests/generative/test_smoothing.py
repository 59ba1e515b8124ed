"""Mixtures of a state and a classical distribution, against enumeration of all samples."""

import itertools
import pickle

import numpy as np
import pytest
from sklearn.base import clone

from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.generative.checks import MISSING, Categories
from qml_algos.generative.classical.trees import ChowLiuTree, IndependentModel
from qml_algos.generative.forest import Forest, forest_of
from qml_algos.generative.mps.state import ChainState
from qml_algos.generative.mps_born_machine import MPSBornMachine
from qml_algos.generative.smoothing import Mixture, best_weight

SIZES = (2, 3, 2, 3)
EVERYTHING = np.array(list(itertools.product(*map(range, SIZES))))
KINDS = (IndependentModel, ChowLiuTree)


def data(seed: int, count: int = 200) -> np.ndarray:
    generator = np.random.default_rng(seed)
    X = generator.integers(0, SIZES, size=(count, 4))
    X[:, 3] = np.where(generator.random(count) < 0.8, X[:, 1], X[:, 3])
    X[:, 2] = np.where(generator.random(count) < 0.8, X[:, 0], X[:, 2])
    return X


def classical(kind: type[IndependentModel | ChowLiuTree]) -> Forest:
    return forest_of(kind(n_categories=SIZES).fit(data(0)))


def mixture() -> Mixture:
    """A state that is one sample and no other, with little of a tree."""
    order = [2, 0, 1, 3]
    state = ChainState([np.eye(SIZES[k])[None, :, [1]] for k in order], np.array(order))
    return Mixture(0.3, state, classical(ChowLiuTree), Categories(SIZES))


def table(model: Forest | Mixture) -> np.ndarray:
    return np.exp(model.log_evidence(EVERYTHING)).reshape(SIZES)


def chi_square(X: np.ndarray, p: np.ndarray) -> float:
    counts = np.bincount(np.ravel_multi_index(tuple(X.T), SIZES), minlength=p.size)
    expected = len(X) * p.ravel()
    kept = expected > 0
    assert np.all(counts[~kept] == 0)
    return float(np.sum((counts - expected)[kept] ** 2 / expected[kept]))


@pytest.mark.parametrize("kind", KINDS)
def test_a_forest_is_the_distribution_of_the_model(kind: type) -> None:
    model = kind(n_categories=SIZES).fit(data(0))
    np.testing.assert_allclose(
        forest_of(model).log_evidence(EVERYTHING), model.score_samples(EVERYTHING), atol=1e-12
    )


@pytest.mark.parametrize("model", [*map(classical, KINDS), mixture()])
def test_evidence_is_the_sum_over_what_is_missing(model: Forest | Mixture) -> None:
    whole = table(model)
    rows = np.array([[MISSING, 1, MISSING, 0], [1, 1, 1, MISSING], [MISSING] * 4])
    expected = [whole[:, 1, :, 0].sum(), whole[1, 1, 1].sum(), 1.0]
    np.testing.assert_allclose(np.exp(model.log_evidence(rows)), expected, rtol=1e-12)


@pytest.mark.parametrize("model", [*map(classical, KINDS), mixture()])
def test_completions_have_the_conditional_distribution(model: Forest | Mixture) -> None:
    # Chi-square of 6 outcomes at 99.9999 %; three models: a false alarm once in 300,000 seeds.
    X = np.tile([1, MISSING, MISSING, 1], (8000, 1))
    drawn = model.complete(X, np.random.default_rng(0))
    whole = np.zeros(SIZES)
    whole[1, :, :, 1] = table(model)[1, :, :, 1]
    assert chi_square(drawn, whole / whole.sum()) < 36


def test_a_star_of_a_thousand_leaves_does_not_underflow() -> None:
    leaf = np.array([[0.9, 0.1], [0.1, 0.9]])
    star = Forest((-1, *[0] * 1200), tuple(range(1201)), (np.array([[0.5, 0.5]]), *[leaf] * 1200))
    row = np.array([[MISSING, *[0, 1] * 600]])
    expected = 600 * np.log(0.9 * 0.1)
    np.testing.assert_allclose(star.log_evidence(row), expected, rtol=1e-9)


def test_samples_of_a_mixture_have_its_distribution() -> None:
    # Chi-square of 36 outcomes at 99.9999 %.
    model = mixture()
    assert chi_square(model.draw(20_000, np.random.default_rng(0)), table(model)) < 92


@pytest.mark.parametrize("evidence", [{}, {1: 1}, {1: 1, 0: 1}, {0: 0}])
def test_conditionals_of_a_mixture_are_those_of_its_table(evidence: dict) -> None:
    # The state alone rules the last evidence out.
    model, whole = mixture(), table(mixture())
    known = tuple(evidence.get(v, slice(None)) for v in range(4))
    kept = [v for v in range(4) if v not in evidence]
    expected = np.einsum(whole[known], kept, [3, 2])
    np.testing.assert_allclose(
        model.distribution([3, 2], evidence), expected / expected.sum(), atol=1e-12
    )


def test_the_weight_is_the_best_of_all() -> None:
    generator = np.random.default_rng(0)
    first, second = generator.normal(-3, 2, size=(2, 50))
    first[0] = -np.inf
    found = best_weight(first, second)
    weights = np.linspace(1e-4, 1 - 1e-4, 9999)[:, None]
    curve = np.mean(np.log((1 - weights) * np.exp(first) + weights * np.exp(second)), axis=1)
    assert abs(found - weights[np.argmax(curve), 0]) < 2e-4
    assert best_weight(second, second - 1) == 0
    assert best_weight(second - 1, second) > 0.999


def clusters(seed: int, count: int) -> np.ndarray:
    prototypes = np.random.default_rng(9).integers(0, 2, size=(3, 8))
    generator = np.random.default_rng(seed)
    X = prototypes[generator.integers(0, 3, count)]
    return X ^ (generator.random(X.shape) < 0.06)


def test_smoothing_helps_where_it_says_so_and_leaves_the_state_alone() -> None:
    train, valid, test = clusters(0, 60), clusters(1, 300), clusters(2, 2000)
    pure = MPSBornMachine(4, order="natural", shrinkage=0, max_sweeps=30, random_state=0)
    plain = clone(pure).set_params(smoothing="none").fit(train, X_valid=valid)
    assert plain.smoothing_ == 0
    assert plain.classical_ is None
    scores = {}
    for name in ("independent", "chow-liu", "auto"):
        model = clone(pure).set_params(smoothing=name).fit(train, X_valid=valid)
        assert 0 < model.smoothing_ < 0.7
        np.testing.assert_array_equal(model.cores_[0], plain.cores_[0])
        assert model.score(valid) > plain.score(valid)
        assert model.score(test) > plain.score(test)
        scores[name] = model.score(valid)
    assert scores["auto"] == max(scores.values())
    joint = model.marginal(range(8))
    assert joint.sum() == pytest.approx(1)
    np.testing.assert_allclose(np.log(joint[tuple(test.T)]), model.score_samples(test))
    copy = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(copy.sample(20, random_state=1), model.sample(20, random_state=1))
    given = np.where(np.arange(8) < 3, test[:50], np.nan)
    np.testing.assert_array_equal(model.inpaint(given, random_state=0)[:, :3], test[:50, :3])


def test_no_mode_is_dropped() -> None:
    bits = np.arange(8)[:, None] >> np.arange(3) & 1
    X = np.unique(np.vstack([np.repeat(bits, 3, axis=1), np.tile(bits, (1, 3))]), axis=0)
    model = MPSBornMachine(
        8, order="natural", learning_rate=0.2, shrinkage=0, smoothing="auto", max_sweeps=10
    ).fit(X, X_valid=X)
    assert -model.score(X) < np.log(len(X)) + 1e-4
    assert model.smoothing_ < 1e-4


def test_smoothing_without_validation_samples_is_refused_where_it_needs_them() -> None:
    X = clusters(0, 20)
    with pytest.raises(InvalidProblemError, match=r"smoothing = 'chow-liu'.*give X_valid"):
        MPSBornMachine(2, smoothing="chow-liu").fit(X)
    assert MPSBornMachine(2, smoothing="auto", max_sweeps=1).fit(X).smoothing_ == 0
    with pytest.raises(UnknownNameError, match="unknown smoothing 'much'; known: auto, chow-liu"):
        MPSBornMachine(2, smoothing="much").fit(X)


def test_too_many_outcomes_are_refused_although_the_state_rules_the_evidence_out() -> None:
    cores = [np.array([[[1.0], [0.0]]])] * 30
    table = np.array([[0.5, 0.5]])
    forest = Forest((-1,) * 30, tuple(range(30)), (table,) * 30)
    model = Mixture(0.1, ChainState(cores, np.arange(30)), forest, Categories((2,) * 30))
    with pytest.raises(TooLargeError, match="variables"):
        model.distribution(range(1, 30), {0: 1})
