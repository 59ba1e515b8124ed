"""Classifiers on the same folds, and the test of their differences."""

import joblib
import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

from circuits.feature_maps import ZZMap
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.svm.data import make_ad_hoc, make_linearly_separable
from qml_algos.svm.evaluation import Evaluation, Score, evaluate


class Recording(ClassifierMixin, BaseEstimator):
    """Answers +1, and notes what it was trained on."""

    seen: list = []  # noqa: RUF012

    def __init__(self, random_state=None) -> None:
        self.random_state = random_state

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        Recording.seen.append((X.copy(), self.random_state))
        return self

    def predict(self, X):
        return np.ones(len(X))


class Failing(Recording):
    def predict(self, X):
        raise RuntimeError("no prediction")


def score(name, accuracies, test_share=0.25) -> Score:
    return Score(name, tuple(accuracies), test_share, 0.0, 0.0)


def test_all_classifiers_see_the_same_folds_and_only_their_training_part() -> None:
    X, y = make_linearly_separable(30, 3, random_state=0)
    Recording.seen = []
    found = evaluate({"a": Recording(), "b": Recording()}, X, y, folds=3)
    first, second = Recording.seen[:3], Recording.seen[3:]
    for (data, seed), (other, _) in zip(first, second, strict=True):
        np.testing.assert_array_equal(data, other)
        assert data.shape == (20, 3)
        assert seed is not None
    assert found["a"].accuracies == found["b"].accuracies == (0.5, 0.5, 0.5)
    assert found["a"].test_share == 0.5
    assert len({fitted.random_state for fitted in found["a"].fitted}) == 3


def test_quantum_and_classical_classifiers_are_treated_alike() -> None:
    X, y = make_ad_hoc(40, 2, random_state=5)
    calls = []
    found = evaluate(
        {
            "guess": DummyClassifier(),
            "quantum": SVC(kernel=FidelityKernel(ZZMap()), C=100),
            "linear": LogisticRegression(),
        },
        X,
        y,
        folds=4,
        progress=lambda *call: calls.append(call),
    )
    assert found["quantum"].mean > 0.9
    assert found["linear"].mean < 0.8
    assert [s.name for s in found.scores] == ["guess", "quantum", "linear"]
    assert found.table().index[0] == "quantum"
    assert calls == [("folds", k + 1, 12) for k in range(12)]
    gap = {difference.name: difference for difference in found.differences("quantum")}["guess"]
    assert gap.mean < 0
    assert gap.p_value < gap.adjusted_p_value < 0.05


def test_results_repeat_themselves_in_any_number_of_jobs() -> None:
    X, y = make_linearly_separable(40, 4, random_state=1)
    estimators = {"knn": KNeighborsClassifier(), "random": DummyClassifier(strategy="uniform")}
    alone = evaluate(estimators, X, y, repetitions=2, random_state=3)
    with joblib.parallel_config("threading"):
        together = evaluate(estimators, X, y, repetitions=2, random_state=3, n_jobs=2)
    for name in estimators:
        assert len(alone[name].accuracies) == 10
        assert alone[name].accuracies == together[name].accuracies


def test_the_test_is_that_of_nadeau_and_bengio() -> None:
    """By hand: differences 0.1, 0.2, 0.3 have variance 0.01; (1/3 + 1/2) 0.01 = 0.0913^2."""
    found = Evaluation((score("a", (0.7, 0.9, 0.9), 0.5), score("b", (0.6, 0.7, 0.6), 0.5)))
    (gap,) = found.differences("b")
    assert gap.mean == pytest.approx(0.2)
    assert gap.standard_error == pytest.approx(np.sqrt(5 / 6 * 0.01))
    # t = 2.1909 with two degrees of freedom: p = 1 - t / sqrt(2 + t^2).
    t = 0.2 / np.sqrt(5 / 6 * 0.01)
    assert gap.p_value == pytest.approx(1 - t / np.sqrt(2 + t**2))
    assert found["b"].standard_error == pytest.approx(
        np.sqrt(5 / 6 * np.var([0.6, 0.7, 0.6], ddof=1))
    )


def test_equal_classifiers_do_not_differ_and_constant_differences_do() -> None:
    found = Evaluation((score("a", (0.5, 1)), score("b", (0.5, 1)), score("c", (0, 0.5))))
    same, other = found.differences("b")
    assert (same.mean, same.p_value) == (0, 1)
    assert (other.mean, other.p_value) == (-0.5, 0)


def test_several_comparisons_are_adjusted_by_holm() -> None:
    rng = np.random.default_rng(0)
    scores = [score(name, rng.uniform(size=8) + shift) for shift, name in enumerate("abcd")]
    gaps = sorted(Evaluation(tuple(scores)).differences("a"), key=lambda gap: gap.p_value)
    p = [gap.p_value for gap in gaps]
    expected = np.maximum.accumulate([min(1, 3 * p[0]), min(1, 2 * p[1]), p[2]])
    np.testing.assert_allclose([gap.adjusted_p_value for gap in gaps], expected)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"folds": 1}, "folds = 1: must be from 2 to 5, the number of samples of class -1"),
        ({"folds": 6}, "folds = 6: must be from 2 to 5"),
        ({"folds": 2.0}, "folds = 2.0: must be a positive integer"),
        ({"repetitions": 0}, "repetitions = 0"),
        ({"y": np.ones(10)}, "one class only"),
        ({"estimators": {}}, "estimators is empty"),
    ],
)
def test_bad_arguments_are_named(options, message) -> None:
    X, y = make_linearly_separable(10, 2, random_state=0)
    given = {"estimators": {"a": DummyClassifier()}, "X": X, "y": y} | options
    with pytest.raises(InvalidProblemError, match=message):
        evaluate(**given)


def test_a_failing_classifier_is_named() -> None:
    X, y = make_linearly_separable(10, 2, random_state=0)
    with pytest.raises(RuntimeError, match="no prediction") as caught:
        evaluate({"bad": Failing()}, X, y, folds=2)
    assert caught.value.__notes__ == ["in classifier 'bad', fold 0"]
    with pytest.raises(UnknownNameError, match="known: a"):
        Evaluation((score("a", (1, 1)),)).differences("z")
