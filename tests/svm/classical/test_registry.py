"""Classical classifiers by name, and their search within the training data."""

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from qml_algos.errors import UnknownNameError
from qml_algos.svm.classical import CLASSICAL, make_classical, tuned
from qml_algos.svm.data import make_linearly_separable


class Noting(StandardScaler):
    """Notes how many samples it is fitted to."""

    numbers: list = []  # noqa: RUF012

    def fit(self, X, y=None, sample_weight=None):
        Noting.numbers.append(len(X))
        return super().fit(X, y, sample_weight)


@pytest.mark.parametrize("name", CLASSICAL)
def test_each_learns_what_a_plane_separates(name) -> None:
    X, y = make_linearly_separable(60, 2, margin=0.4, random_state=0)
    search = make_classical(name, inner_folds=2).fit(X[:40] * [1, 1000], y[:40])
    # 20 test points at a distance of at least 0.28 of the side 2 from the plane.
    assert search.score(X[40:] * [1, 1000], y[40:]) >= 0.9
    assert {key.split("__", 1)[1] for key in search.best_params_} == set(CLASSICAL[name].grid)
    assert set(np.unique(search.predict(X))) <= {-1, 1}


@pytest.mark.parametrize("name", ["rbf-svc", "polynomial-svc", "ls-svm", "linear-svc"])
def test_kernels_learn_a_parity_that_no_plane_tells(name) -> None:
    rng = np.random.default_rng(1)
    corners = np.tile([[-1, -1], [-1, 1], [1, -1], [1, 1]], (20, 1))
    X = corners + rng.normal(scale=0.2, size=(80, 2))
    y = np.where(X[:, 0] * X[:, 1] > 0, "even", "odd")
    fitted = make_classical(name, inner_folds=2).fit(X[:60], y[:60])
    # A plane has at most three corners of four on the right side.
    assert (fitted.score(X[60:], y[60:]) >= 0.9) == (name != "linear-svc")


def test_searches_repeat_themselves() -> None:
    X, y = make_linearly_separable(30, 4, random_state=2)
    one, two = (
        make_classical("logistic", inner_folds=2, random_state=4).fit(X, y) for _ in range(2)
    )
    assert one.best_params_ == two.best_params_
    np.testing.assert_array_equal(
        one.cv_results_["mean_test_score"], two.cv_results_["mean_test_score"]
    )


def test_scaling_sees_the_inner_training_folds_only() -> None:
    X, y = make_linearly_separable(30, 2, random_state=0)
    Noting.numbers = []
    tuned(SVC(), {"C": [1.0, 10.0]}, scaler=Noting(), inner_folds=3).fit(X, y)
    assert Noting.numbers == [20] * 6 + [30]


def test_an_unknown_classifier_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"known: linear-svc, .*rbf-svc"):
        make_classical("forest")
