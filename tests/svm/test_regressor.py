"""QuantumKernelSVR as a regressor of scikit-learn."""

import pickle
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process.kernels import RBF
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.svm import SVR
from sklearn.utils.estimator_checks import check_estimator

from circuits.feature_maps import AngleMap
from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.svm.regressor import QuantumKernelSVR

THIRTY_QUBITS = {
    "check_sample_weight_equivalence_on_dense_data": "30 features are 30 qubits of the ZZ map, too "
    "many for exact states",
}
INDEFINITE = {
    "check_positive_only_tag_during_fit": "its Gram matrix is shifted and therefore indefinite",
    "check_estimators_dtypes": "its Gram matrix is cut to integers and therefore indefinite",
}
"""Such matrices are refused on purpose."""


def wave(samples: int = 40) -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(2).uniform(-1, 1, size=(samples, 2))
    return X, np.sin(2 * X[:, 0]) + X[:, 1] ** 2


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        (QuantumKernelSVR(), THIRTY_QUBITS),
        (QuantumKernelSVR(RBF(), tol=1e-11), {}),
        pytest.param(
            QuantumKernelSVR("precomputed", tol=1e-11), INDEFINITE, marks=pytest.mark.slow
        ),
    ],
    ids=["default", "RBF", "precomputed"],
)
def test_every_check_of_scikit_learn_passes_that_applies(
    estimator: QuantumKernelSVR, expected: dict[str, str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, expected_failed_checks=expected, on_fail="raise")
    assert {r["check_name"] for r in results if r["status"] == "xfail"} == set(expected)


def test_it_is_scikit_learns_machine_on_the_gram_matrix() -> None:
    X, y = wave()
    kernel = FidelityKernel(AngleMap())
    ours = QuantumKernelSVR(kernel, C=10.0, epsilon=0.05).fit(X[::2], y[::2])
    theirs = SVR(kernel="precomputed", C=10.0, epsilon=0.05).fit(kernel(X[::2]), y[::2])
    np.testing.assert_allclose(ours.predict(X), theirs.predict(kernel(X, X[::2])), atol=1e-9)
    np.testing.assert_array_equal(ours.support_vectors_, X[::2][theirs.support_])
    np.testing.assert_allclose(ours.dual_coef_, theirs.dual_coef_)
    assert ours.score(X, y) > 0.9


def test_points_of_weight_zero_count_as_not_there() -> None:
    X, y = wave()
    weights = np.where(np.arange(40) % 4 == 0, 0.0, 2.0)
    weighted = QuantumKernelSVR(RBF()).fit(X, y, sample_weight=weights)
    fewer = QuantumKernelSVR(RBF(), C=2.0).fit(X[weights > 0], y[weights > 0])
    np.testing.assert_allclose(weighted.predict(X), fewer.predict(X))
    np.testing.assert_array_equal(weighted.support_vectors_, X[weighted.support_])


def test_a_tube_around_all_points_leaves_no_support_vector() -> None:
    X, y = wave()
    fitted = QuantumKernelSVR(epsilon=10.0).fit(X, y)
    assert fitted.support_vectors_.shape == (0, 2)
    np.testing.assert_array_equal(fitted.predict(X), np.full(40, fitted.intercept_[0]))


def test_searches_copies_and_pickles_work() -> None:
    X, y = wave()
    grid = {"kernel__bandwidth": [0.1, 0.3], "epsilon": [0.01, 0.1]}
    search = GridSearchCV(QuantumKernelSVR(FidelityKernel()), grid, cv=3).fit(X, y)
    fitted = search.best_estimator_
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict(X), fitted.predict(X))
    assert not hasattr(clone(fitted), "support_")


def test_cross_validation_splits_both_axes_of_a_precomputed_gram_matrix() -> None:
    X, y = wave()
    whole = cross_val_score(QuantumKernelSVR(RBF()), X, y, cv=4)
    given = cross_val_score(QuantumKernelSVR("precomputed"), RBF()(X), y, cv=4)
    np.testing.assert_allclose(given, whole)


def test_a_seed_repeats_a_sampled_fit_and_its_predictions() -> None:
    X, y = wave(12)
    estimator = QuantumKernelSVR(FidelityKernel(bandwidth=0.3, shots=50), random_state=3)
    first, again = (clone(estimator).fit(X, y) for _ in range(2))
    np.testing.assert_array_equal(first.predict(X), again.predict(X))
    assert first.gram_.standard_errors is not None


def test_too_few_iterations_are_told() -> None:
    with pytest.warns(ConvergenceWarning, match="max_iter = 2 iterations"):
        QuantumKernelSVR(RBF(), max_iter=2).fit(*wave())


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"C": -1}, "C = -1"),
        ({"epsilon": -0.1}, r"epsilon = -0\.1: must be a finite number at least 0"),
        ({"tol": 0}, "tol = 0"),
        ({"max_iter": 1.5}, r"max_iter = 1\.5"),
        ({"kernel": 3}, "kernel = 3"),
        ({"kernel": "precomputed"}, "a square matrix is needed"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        QuantumKernelSVR(**parameters).fit(*wave())


def test_bad_data_is_refused() -> None:
    X, y = wave()
    with pytest.raises(ValueError, match="NaN"):
        QuantumKernelSVR().fit(X, np.where(y > 0, np.nan, y))
    with pytest.raises(InvalidProblemError, match="zero for all samples"):
        QuantumKernelSVR().fit(X, y, sample_weight=np.zeros(40))
