"""The IQP Born machine: what it learns, draws and refuses, and what it is to scikit-learn."""

import pickle
import warnings

import numpy as np
import pytest
from scipy.stats import chisquare
from sklearn.base import clone
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.generative.data import all_configurations
from qml_algos.generative.iqp_born_machine import IQPBornMachine
from qml_algos.generative.metrics import mmd_squared_exact


def tree(samples: int = 500, variables: int = 6, seed: int = 0) -> np.ndarray:
    """Noisy copies of a rare bit."""
    generator = np.random.default_rng(seed)
    bit = generator.random((samples, 1)) < 0.3
    return (bit ^ (generator.random((samples, variables)) < 0.15)).astype(int)


@pytest.fixture(scope="module")
def fitted() -> IQPBornMachine:
    model = IQPBornMachine(random_state=0, max_steps=80)
    return model.fit(tree(), X_valid=tree(seed=1))


def independent_score(train: np.ndarray, test: np.ndarray) -> float:
    share = train.mean(axis=0)
    return float(np.mean(np.sum(np.log(np.where(test, share, 1 - share)), axis=1)))


def shares(X: np.ndarray) -> np.ndarray:
    numbers = X @ (1 << np.arange(X.shape[1]))
    return np.bincount(numbers, minlength=2 ** X.shape[1]) / len(X)


def test_probabilities_add_up_and_scores_are_their_logarithms(fitted: IQPBornMachine) -> None:
    chances = fitted.probabilities()
    assert chances.sum() == pytest.approx(1, abs=1e-12)
    every = all_configurations([2] * 6)
    np.testing.assert_allclose(np.exp(fitted.score_samples(every)), chances, rtol=1e-9)


@pytest.mark.parametrize("options", [{}, {"weight": 3}, {"loss": "likelihood"}])
def test_it_generalises_better_than_independent_variables(options: dict) -> None:
    train, test = tree(), tree(seed=2)
    model = IQPBornMachine(random_state=0, max_steps=60, **options).fit(train)
    assert model.method_ == "exact"
    assert model.score(test) > independent_score(train, test) + 0.4


def test_the_exact_loss_is_the_metric(fitted: IQPBornMachine) -> None:
    found = [
        mmd_squared_exact(fitted.probabilities(), shares(tree(seed=1)), [2] * 6, width)
        for width in fitted.bandwidths_
    ]
    assert fitted.monitored_losses_.min() == pytest.approx(np.mean(found), rel=1e-9)
    assert fitted.bandwidths_[0] == 2 * fitted.bandwidths_[1]


@pytest.mark.parametrize("weight", [2, 3])
def test_sampled_training_comes_as_far_as_the_exact_one(weight: int) -> None:
    X = tree()
    model = IQPBornMachine(weight, random_state=0, max_steps=60, n_words=64, n_draws=256)
    exact, sampled = model.fit(X), clone(model).set_params(method="sampled").fit(X)
    assert sampled.method_ == "sampled"
    distances = [
        mmd_squared_exact(each.probabilities(), shares(X), [2] * 6, exact.bandwidths_[0])
        for each in (exact, sampled)
    ]
    assert distances[1] < 2 * distances[0] + 1e-3


def test_a_hundred_and_fifty_qubits_are_trained_and_judged() -> None:
    train, test = tree(300, 150), tree(300, 150, seed=3)
    ring = [(k, (k + 1) % 150) for k in range(150)]
    model = IQPBornMachine(graph=ring, random_state=0, max_steps=10, n_words=64).fit(train)
    assert len(model.angles_) == 300
    estimate = model.mmd(test, n_words=500)
    assert 0 < estimate.standard_error < estimate.value < 0.1
    for call in (lambda: model.score(test), lambda: model.sample(1), model.probabilities):
        with pytest.raises(TooLargeError, match=r"150 qubits .* use `mmd`, and `sample` on a back"):
            call()


def test_discrepancies_are_estimated_within_their_errors(fitted: IQPBornMachine) -> None:
    """Five standard errors: wrongly refused once in 1.7 million seeds."""
    test = tree(seed=4)
    # The estimate is of the distribution behind the samples: theirs has this much on top.
    q = shares(test)
    found = [
        (mmd_squared_exact(fitted.probabilities(), q, [2] * 6, width), width)
        for width in fitted.bandwidths_
    ]
    kernel = [mmd_squared_exact(q, np.zeros(64), [2] * 6, width) for _, width in found]
    excess = (1 - np.mean(kernel)) / (len(test) - 1)
    estimate = fitted.mmd(test, random_state=5)
    exact = np.mean([value for value, _ in found]) - excess
    assert abs(estimate.value - exact) < 5 * estimate.standard_error


@pytest.mark.parametrize("backend", [None, "aer"])
def test_samples_follow_the_probabilities(fitted: IQPBornMachine, backend: str | None) -> None:
    """Chi-square at a level of 1e-4 for each."""
    drawn = fitted.sample(5000, random_state=1, backend=backend)
    expected = 5000 * fitted.probabilities()
    observed = 5000 * shares(drawn)
    assert expected.min() > 3
    assert chisquare(observed, expected).pvalue > 1e-4


def test_variable_k_is_qubit_k() -> None:
    X = np.zeros((40, 3), dtype=int)
    X[:, 2] = 1
    model = IQPBornMachine(max_steps=1, random_state=0).fit(X)
    for backend in (None, "aer"):
        assert model.sample(50, backend=backend).mean(axis=0)[2] > 0.95


def test_sets_of_qubits_may_be_given() -> None:
    table = np.array([[1, 0, 0], [0, 1, 1], [1, 1, 1]])
    model = IQPBornMachine(generators=table, max_steps=5, random_state=0).fit(tree(variables=3))
    np.testing.assert_array_equal(model.generators_, table)
    assert model.to_circuit().num_qubits == 3


def test_neighbours_on_a_line_are_prepared_on_a_line() -> None:
    ring = [(k, k + 1) for k in range(5)]
    model = IQPBornMachine(graph=ring, max_steps=5, random_state=0).fit(tree())
    assert model.to_circuit("line").count_ops()["cx"] == 5


def test_a_weight_is_a_number_of_copies() -> None:
    X, weights = tree(60), np.random.default_rng(0).integers(0, 4, 60)
    model = IQPBornMachine(random_state=0, max_steps=20, bandwidth=1.0)
    weighted = clone(model).fit(X, sample_weight=weights)
    repeated = clone(model).fit(np.repeat(X, weights, axis=0))
    np.testing.assert_allclose(weighted.angles_, repeated.angles_, atol=1e-9)


def test_copies_and_seeds_give_the_same(fitted: IQPBornMachine) -> None:
    X = tree(20)
    again = clone(fitted).fit(tree(), X_valid=tree(seed=1))
    for other in (again, pickle.loads(pickle.dumps(fitted))):
        np.testing.assert_array_equal(other.score_samples(X), fitted.score_samples(X))
        np.testing.assert_array_equal(other.sample(9), fitted.sample(9))


class BinaryIQP(IQPBornMachine):
    """The checks of scikit-learn know of categories, not of binary data."""

    def _table(self, *args, **options):
        return np.minimum(super()._table(*args, **options), 1)


def test_every_check_of_scikit_learn_passes_that_applies() -> None:
    not_discrete = {
        "check_sample_weight_equivalence_on_dense_data": "its data is no table of categories"
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(
            BinaryIQP(max_steps=2, random_state=0),
            expected_failed_checks=not_discrete,
            on_fail="raise",
        )
    assert {r["check_name"] for r in results if r["status"] == "xfail"} == set(not_discrete)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"weight": 0}, "weight = 0: must be a positive integer"),
        ({"learning_rate": 0}, "learning_rate = 0"),
        ({"max_steps": 1.5}, "max_steps = 1.5"),
        ({"n_words": 0}, "n_words = 0"),
        ({"n_draws": 1}, "n_draws = 1: must be at least 2"),
        ({"patience": -1}, "patience = -1"),
        ({"tol": -1}, "tol = -1"),
        ({"bandwidth": 0}, "bandwidth = 0"),
        ({"bandwidth": ()}, "bandwidth is empty"),
        ({"bandwidth": (1, np.nan)}, "bandwidth = nan"),
        ({"graph": [(0, 9)]}, r"graph: \(0, 9\) is no pair"),
        ({"generators": [[0, 1]]}, r"generators has shape \(1, 2\)"),
        ({"loss": "likelihood", "method": "sampled"}, "needs exact probabilities"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict, message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        IQPBornMachine(**parameters).fit([[0, 1, 0], [1, 0, 1]])


@pytest.mark.parametrize("name", ["loss", "method", "bandwidth"])
def test_an_unknown_name_is_named(name: str) -> None:
    with pytest.raises(UnknownNameError, match=f"unknown {name} 'best'"):
        IQPBornMachine(**{name: "best"}).fit([[0, 1], [1, 0]])


def test_data_that_does_not_fit_is_refused(fitted: IQPBornMachine) -> None:
    with pytest.raises(InvalidProblemError, match="binary data only: variable 1 has 3"):
        IQPBornMachine().fit([[0, 2], [1, 1]])
    with pytest.raises(TooLargeError, match="21 columns: exact probabilities"):
        IQPBornMachine(loss="likelihood").fit(np.eye(21, dtype=int))
    with pytest.raises(InvalidProblemError, match="X has 1 rows"):
        fitted.mmd(tree(1))
    with pytest.raises(TooLargeError, match="at most"):
        fitted.sample(10**9, backend="aer")
