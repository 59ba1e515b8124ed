"""All classical density estimators: what each must do, whatever its model."""

import itertools
import pickle
import warnings

import numpy as np
import pytest
from scipy.stats import chisquare
from sklearn.base import clone
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.base import DiscreteDensity
from qml_algos.generative.classical import (
    CLASSICAL,
    MADE,
    BernoulliRBMDensity,
    CategoricalMixture,
    ChowLiuMixture,
    ChowLiuTree,
    IndependentModel,
    MarkovChain,
)

NOT_DISCRETE = {
    "check_sample_weight_equivalence_on_dense_data": "its data is no table of categories"
}


class BinaryMADE(MADE):
    """The checks of scikit-learn know of categories, not of binary data."""

    def _table(self, *args, **options):
        return np.minimum(super()._table(*args, **options), 1)


class BinaryRBM(BernoulliRBMDensity):
    def _table(self, *args, **options):
        return np.minimum(super()._table(*args, **options), 1)


COUNTING = [IndependentModel(), ChowLiuTree(), MarkovChain()]
CATEGORICAL = [
    *COUNTING,
    CategoricalMixture(2, max_iterations=10, random_state=0),
    ChowLiuMixture(2, max_iterations=10, random_state=0),
]
BINARY = [
    MADE((12,), max_epochs=5, random_state=0),
    BernoulliRBMDensity(3, max_epochs=3, random_state=0),
]


def name(model: object) -> str:
    return type(model).__name__


def binary(samples: int = 200, variables: int = 5) -> np.ndarray:
    """Noisy copies of a bit, next to each other."""
    generator = np.random.default_rng(3)
    bit = generator.integers(0, 2, size=(samples, 1))
    return bit ^ (generator.random((samples, variables)) < np.linspace(0.05, 0.4, variables))


def categorical(samples: int = 200) -> np.ndarray:
    """Three, two and four categories, dependent."""
    generator = np.random.default_rng(4)
    first = generator.integers(0, 3, size=samples)
    second = (first + generator.integers(0, 2, size=samples) > 1).astype(int)
    return np.stack([first, second, second + generator.integers(0, 3, size=samples)], axis=1)


def states(sizes: tuple[int, ...]) -> np.ndarray:
    return np.array(list(itertools.product(*map(range, sizes))))


def test_the_registry_names_every_estimator() -> None:
    assert set(CLASSICAL.values()) == {type(model) for model in [*CATEGORICAL, *BINARY]}


@pytest.mark.parametrize(
    "model",
    [
        *COUNTING,
        CategoricalMixture(2, max_iterations=3),
        ChowLiuMixture(2, max_iterations=3),
        BinaryMADE((8,), max_epochs=2),
        BinaryRBM(4, max_epochs=2),
    ],
    ids=name,
)
def test_every_check_of_scikit_learn_passes_that_applies(model: DiscreteDensity) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(model, expected_failed_checks=NOT_DISCRETE, on_fail="raise")
    assert {r["check_name"] for r in results if r["status"] == "xfail"} == set(NOT_DISCRETE)


@pytest.mark.parametrize("model", CATEGORICAL, ids=name)
def test_probabilities_of_categorical_data_add_up_to_one(model: DiscreteDensity) -> None:
    fitted = clone(model).fit(categorical())
    total = np.exp(fitted.score_samples(states((3, 2, 4)))).sum()
    assert total == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("model", [*CATEGORICAL, *BINARY], ids=name)
def test_probabilities_of_binary_data_add_up_to_one(model: DiscreteDensity) -> None:
    fitted = clone(model).fit(binary())
    total = np.exp(fitted.score_samples(states((2,) * 5))).sum()
    assert total == pytest.approx(1, abs=1e-6 if isinstance(model, MADE) else 1e-12)


@pytest.mark.parametrize("model", [*CATEGORICAL, *BINARY], ids=name)
def test_samples_follow_the_likelihood(model: DiscreteDensity) -> None:
    """Chi-square at a level of 1e-4 for each model; the seed is fixed."""
    X = binary(variables=4) if model in BINARY else categorical()
    fitted = clone(model).fit(X)
    every = states(fitted.categories_.sizes)
    drawn = fitted.sample(20_000, random_state=11)
    codes = drawn @ np.cumprod([1, *fitted.categories_.sizes[:0:-1]])[::-1]
    observed = np.bincount(codes, minlength=len(every))
    expected = 20_000 * np.exp(fitted.score_samples(every))
    rare = expected < 5
    observed = [*observed[~rare], observed[rare].sum()] if rare.any() else observed
    expected = np.array([*expected[~rare], expected[rare].sum()] if rare.any() else expected)
    assert chisquare(observed, expected / expected.sum() * 20_000).pvalue > 1e-4


@pytest.mark.parametrize("model", [*CATEGORICAL, *BINARY], ids=name)
def test_seeds_clones_and_copies_give_the_same(model: DiscreteDensity) -> None:
    X = binary(60)
    one, two = clone(model).fit(X), clone(model).fit(X)
    copy = pickle.loads(pickle.dumps(one))
    np.testing.assert_array_equal(one.score_samples(X), two.score_samples(X))
    np.testing.assert_array_equal(one.score_samples(X), copy.score_samples(X))
    np.testing.assert_array_equal(one.sample(5, random_state=1), copy.sample(5, random_state=1))
    assert one.score(X) == np.mean(one.score_samples(X))


@pytest.mark.parametrize("model", COUNTING, ids=name)
def test_a_weight_is_a_number_of_copies(model: DiscreteDensity) -> None:
    X, weights = categorical(50), np.random.default_rng(0).integers(0, 4, size=50)
    weighted = clone(model).fit(X, sample_weight=weights)
    repeated = clone(model).set_params(n_categories=[3, 2, 4]).fit(np.repeat(X, weights, axis=0))
    np.testing.assert_allclose(weighted.score_samples(X), repeated.score_samples(X), atol=1e-12)


@pytest.mark.parametrize("model", [*CATEGORICAL, *BINARY], ids=name)
def test_samples_without_weight_are_not_there(model: DiscreteDensity) -> None:
    X = binary(100)
    weights = np.repeat([1.0, 0.0], 50)
    weighted = clone(model).fit(X, sample_weight=weights)
    alone = clone(model).fit(X[:50])
    np.testing.assert_allclose(weighted.score_samples(X), alone.score_samples(X), rtol=1e-5)


@pytest.mark.parametrize("model", [*CATEGORICAL, *BINARY], ids=name)
def test_what_is_no_data_of_the_model_is_refused(model: DiscreteDensity) -> None:
    X = binary(50)
    fitted = clone(model).fit(X)
    with pytest.raises(InvalidProblemError, match=r"X\[0, 0\] = 2: variable 0"):
        fitted.score_samples([[2, 0, 0, 0, 0]])
    with pytest.raises(InvalidProblemError, match=r"X_valid\[0, 1\] = 3: variable 1"):
        clone(model).fit(X, X_valid=[[0, 3, 0, 0, 0]])
    with pytest.raises(InvalidProblemError, match="NaN"):
        clone(model).fit(np.where(X, np.nan, 0.0))
    with pytest.raises(ValueError, match="0 sample"):
        clone(model).fit(X[:0])
    with pytest.raises(InvalidProblemError, match="n_samples = 0"):
        fitted.sample(0)


@pytest.mark.parametrize("model", BINARY, ids=name)
def test_models_of_bits_refuse_other_categories(model: DiscreteDensity) -> None:
    with pytest.raises(InvalidProblemError, match="binary data only: variable 0 has 3"):
        clone(model).fit(categorical())


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (IndependentModel(0.0), "smoothing = 0.0"),
        (ChowLiuTree(-1), "smoothing = -1"),
        (MarkovChain([0, 0, 1, 2, 3]), "each of the variables 0 to 4 once"),
        (ChowLiuMixture(0), "n_components = 0"),
        (ChowLiuMixture([]), "n_components is empty"),
        (ChowLiuMixture(51), "only 50 samples"),
        (CategoricalMixture([1, 2]), "X_valid is needed"),
        (CategoricalMixture(max_iterations=0), "max_iterations = 0"),
        (CategoricalMixture(tolerance=0), "tolerance = 0"),
        (MADE(()), r"hidden = \(\)"),
        (MADE((0,)), "hidden = 0"),
        (MADE(learning_rate=np.nan), "learning_rate = nan"),
        (BernoulliRBMDensity(batch_size=0), "batch_size = 0"),
        (BernoulliRBMDensity(annealing_runs=1), "annealing_runs = 1"),
    ],
    ids=lambda value: name(value) if isinstance(value, DiscreteDensity) else "",
)
def test_parameters_out_of_range_are_refused(model: DiscreteDensity, said: str) -> None:
    with pytest.raises(InvalidProblemError, match=said):
        model.fit(binary(50))
