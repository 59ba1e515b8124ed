"""QuantumKernelSVC as a classifier of scikit-learn."""

import copy
import pickle
import warnings
from typing import Any

import numpy as np
import pytest
from joblib import parallel_config
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_blobs
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process.kernels import RBF, ConstantKernel
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.svm import SVC
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import check_estimator

from circuits.feature_maps import ReuploadingMap
from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.svm.classifier import QuantumKernelSVC

THIRTY_QUBITS = {
    "check_sample_weight_equivalence_on_dense_data": "30 features are 30 qubits of the ZZ map, too "
    "many for exact states",
}
INDEFINITE = {
    "check_positive_only_tag_during_fit": "its Gram matrix is shifted and therefore indefinite",
    "check_estimators_dtypes": "its Gram matrix is cut to integers and therefore indefinite",
}
"""Such matrices are refused on purpose."""


def blobs(classes: int = 3, samples: int = 60) -> tuple[np.ndarray, np.ndarray]:
    X, y = make_blobs(samples, centers=classes, cluster_std=2.0, random_state=1)
    return X / 5, y


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        (QuantumKernelSVC(), THIRTY_QUBITS),
        pytest.param(
            QuantumKernelSVC(FidelityKernel(bandwidth=0.3)), THIRTY_QUBITS, marks=pytest.mark.slow
        ),
        # Repeated and weighted points agree to the 1e-7 wanted if libsvm is as exact.
        (QuantumKernelSVC(RBF(), tol=1e-11), {}),
        (QuantumKernelSVC("precomputed", tol=1e-11), INDEFINITE),
    ],
    ids=["default", "bandwidth", "RBF", "precomputed"],
)
def test_every_check_of_scikit_learn_passes_that_applies(
    estimator: QuantumKernelSVC, expected: dict[str, str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, expected_failed_checks=expected, on_fail="raise")
    assert {r["check_name"] for r in results if r["status"] == "xfail"} == set(expected)


@pytest.mark.parametrize("classes", [2, 3, 4])
@pytest.mark.parametrize("shape", ["ovr", "ovo"])
def test_it_is_scikit_learns_machine_on_the_gram_matrix(classes: int, shape: str) -> None:
    X, y = blobs(classes)
    kernel = FidelityKernel(bandwidth=0.3)
    ours = QuantumKernelSVC(kernel, C=3.0, decision_function_shape=shape).fit(X[::2], y[::2])
    K = kernel(X[::2])
    theirs = SVC(kernel="precomputed", C=3.0, decision_function_shape=shape).fit(K, y[::2])
    expected = theirs.decision_function(kernel(X, X[::2]))
    np.testing.assert_allclose(ours.decision_function(X), expected, atol=1e-9)
    np.testing.assert_array_equal(ours.support_, theirs.support_)
    np.testing.assert_array_equal(ours.support_vectors_, X[::2][theirs.support_])
    np.testing.assert_allclose(ours.dual_coef_, theirs.dual_coef_)
    np.testing.assert_allclose(ours.gram_.values, K, atol=1e-12)
    if shape == "ovr" and classes > 2:
        np.testing.assert_array_equal(ours.predict(X), ours.classes_[np.argmax(expected, axis=1)])


def test_labels_may_be_words() -> None:
    X, y = blobs(2)
    words = np.array(["left", "right"])[y]
    fitted = QuantumKernelSVC(RBF()).fit(X, words)
    np.testing.assert_array_equal(
        fitted.predict(X), np.array(["left", "right"])[QuantumKernelSVC(RBF()).fit(X, y).predict(X)]
    )


class Counting:
    """A kernel that notes what it was asked for."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, int]] = []

    def __deepcopy__(self, memo: Any) -> "Counting":
        return self

    def __call__(self, X: np.ndarray, Y: np.ndarray) -> np.ndarray:
        self.shapes.append((len(X), len(Y)))
        return RBF()(X, Y)


def test_new_points_are_compared_with_support_vectors_only() -> None:
    X, y = blobs(2)
    kernel = Counting()
    fitted = QuantumKernelSVC(kernel).fit(X, y)
    fitted.predict(X[:7])
    assert kernel.shapes == [(60, 60), (7, len(fitted.support_))]
    assert len(fitted.support_) < 40


def test_points_of_weight_zero_cost_nothing_and_count_as_not_there() -> None:
    X, y = blobs(3)
    weights = np.where(np.arange(60) % 3 == 0, 0.0, 1.5)
    kernel = Counting()
    weighted = QuantumKernelSVC(kernel).fit(X, y, sample_weight=weights)
    assert kernel.shapes == [(40, 40)]
    kept = weights > 0
    fewer = QuantumKernelSVC(RBF(), C=1.5).fit(X[kept], y[kept])
    np.testing.assert_array_equal(weighted.support_, np.flatnonzero(kept)[fewer.support_])
    np.testing.assert_allclose(weighted.decision_function(X), fewer.decision_function(X))
    precomputed = QuantumKernelSVC("precomputed").fit(RBF()(X), y, sample_weight=weights)
    np.testing.assert_allclose(precomputed.decision_function(RBF()(X)), fewer.decision_function(X))


def test_class_weights_are_those_of_weighted_points() -> None:
    X, y = blobs(2)
    X, y = X[:40], y[:40]
    by_class = QuantumKernelSVC(RBF(), class_weight={0: 5.0, 1: 0.5}).fit(X, y)
    by_point = QuantumKernelSVC(RBF()).fit(X, y, sample_weight=np.where(y == 0, 5.0, 0.5))
    np.testing.assert_allclose(by_class.decision_function(X), by_point.decision_function(X))
    balanced = QuantumKernelSVC(RBF(), class_weight="balanced").fit(X, y)
    np.testing.assert_allclose(balanced.class_weight_, len(y) / (2 * np.bincount(y)))


def test_copies_are_independent_and_pickles_predict_the_same() -> None:
    X, y = blobs()
    estimator = QuantumKernelSVC(FidelityKernel(bandwidth=0.3))
    fitted = copy.deepcopy(estimator).fit(X, y)
    assert not hasattr(clone(fitted), "support_")
    assert not hasattr(estimator, "support_")
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.decision_function(X), fitted.decision_function(X))


@pytest.mark.parametrize(
    "where",
    ["threading", "loky"],
    ids=["threads", "processes"],
)
def test_a_search_by_two_jobs_reaches_the_parameters_of_the_feature_map(where: str) -> None:
    X, y = blobs(2)
    grid = {
        "kernel__feature_map__repetitions": [1, 2],
        "kernel__bandwidth": [0.3, 1.0],
        "C": [1.0, 10.0],
    }
    with parallel_config(where):
        search = GridSearchCV(QuantumKernelSVC(FidelityKernel()), grid, cv=3, n_jobs=2).fit(X, y)
    best = search.best_estimator_.kernel_
    assert best.bandwidth == search.best_params_["kernel__bandwidth"]
    assert best.feature_map.repetitions == search.best_params_["kernel__feature_map__repetitions"]
    alone = cross_val_score(search.best_estimator_, X, y, cv=3)
    assert np.mean(alone) == pytest.approx(search.best_score_)


def test_cross_validation_splits_both_axes_of_a_precomputed_gram_matrix() -> None:
    X, y = blobs()
    kernel = FidelityKernel(bandwidth=0.3)
    whole = cross_val_score(QuantumKernelSVC(kernel), X, y, cv=4)
    np.testing.assert_array_equal(
        cross_val_score(QuantumKernelSVC("precomputed"), kernel(X), y, cv=4), whole
    )


def test_sums_and_products_of_kernels_work() -> None:
    X, y = blobs(2)
    kernel = ConstantKernel(0.5) * FidelityKernel(bandwidth=0.3) + RBF() * RBF(2.0)
    fitted = QuantumKernelSVC(kernel).fit(X, y)
    np.testing.assert_allclose(fitted.gram_.values, kernel(X), atol=1e-12)
    assert fitted.score(X, y) > 0.8


def test_progress_is_shown_by_the_kernel() -> None:
    kernel = RBF() + FidelityKernel()
    fitted = QuantumKernelSVC(kernel, verbose=True).fit(*blobs(2))
    assert fitted.kernel_.k2.verbose
    assert not kernel.k2.verbose


def sampled(**parameters: Any) -> QuantumKernelSVC:
    return QuantumKernelSVC(FidelityKernel(bandwidth=0.3, shots=50), **parameters)


def test_a_seed_repeats_a_sampled_fit_and_its_predictions() -> None:
    X, y = blobs(2, 16)
    first, again = (sampled(random_state=3).fit(X, y) for _ in range(2))
    np.testing.assert_array_equal(first.gram_.values, again.gram_.values)
    np.testing.assert_array_equal(first.decision_function(X), again.decision_function(X))
    other = sampled(random_state=4).fit(X, y)
    assert not np.array_equal(first.gram_.values, other.gram_.values)
    assert first.kernel.random_state is None


def test_a_sampled_gram_matrix_is_projected_and_tells_its_errors_and_costs() -> None:
    X, y = blobs(2, 16)
    fitted = sampled(random_state=0).fit(X, y)
    gram = fitted.gram_
    assert gram.projected
    assert gram.least_eigenvalue < 0
    assert np.linalg.eigvalsh(gram.values)[0] > -1e-12
    assert gram.standard_errors.shape == (16, 16)
    assert fitted.resources_.shots == 50 * 16 * 15 // 2
    raw = FidelityKernel(bandwidth=0.3, shots=50, positive_semidefinite=False)
    unprojected = QuantumKernelSVC(raw, random_state=0).fit(X, y)
    np.testing.assert_allclose(unprojected.gram_.values, gram.values, atol=1e-9)
    assert unprojected.gram_.projected


def test_only_sampled_kernels_are_said_to_vary() -> None:
    assert get_tags(sampled()).non_deterministic
    for kernel in (FidelityKernel(backend="aer_shots"), RBF() + FidelityKernel(shots=5)):
        assert get_tags(QuantumKernelSVC(kernel)).non_deterministic
    for kernel in (None, RBF(), FidelityKernel(backend="aer"), "precomputed", np.dot):
        assert not get_tags(QuantumKernelSVC(kernel)).non_deterministic


def test_training_the_kernel_raises_its_alignment_and_needs_no_weights() -> None:
    X, y = blobs(2, 20)
    kernel = FidelityKernel(ReuploadingMap(layers=2))
    fitted = QuantumKernelSVC(kernel, train_kernel=True, random_state=0).fit(X, y)
    assert fitted.kernel.weights is None
    assert fitted.kernel_.weights is not None
    assert fitted.alignment_.history[-1] > fitted.alignment_.history[0]
    assert fitted.score(X, y) > 0.9


def test_an_indefinite_gram_matrix_of_192_points_ends_in_time() -> None:
    """libsvm alone was seen to take nine minutes on such a matrix."""
    generator = np.random.default_rng(0)
    X, y = generator.normal(size=(192, 2)), generator.integers(2, size=192)
    noise = generator.normal(size=(192, 192))
    fitted = QuantumKernelSVC(lambda A, B: np.eye(192) + noise, C=100.0).fit(X, y)
    assert fitted.gram_.projected
    assert fitted.gram_.least_eigenvalue < -10
    assert np.max(fitted.n_iter_) < 100_000


def test_too_few_iterations_are_told() -> None:
    X, y = blobs(2)
    with pytest.warns(ConvergenceWarning, match=r"max_iter = 3 iterations, before tol = 0\.001"):
        fitted = QuantumKernelSVC(RBF(), max_iter=3).fit(X, y)
    assert fitted.n_iter_.max() == 3


def test_probabilities_come_from_calibration() -> None:
    X, y = blobs(2)
    calibrated = CalibratedClassifierCV(QuantumKernelSVC(RBF()), ensemble=False, cv=3).fit(X, y)
    assert calibrated.predict_proba(X).shape == (60, 2)
    assert not hasattr(QuantumKernelSVC(), "predict_proba")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"C": 0}, "C = 0: must be a finite number above 0"),
        ({"C": np.inf}, "C = inf"),
        ({"tol": -1.0}, r"tol = -1\.0"),
        ({"max_iter": -1}, "max_iter = -1: must be a positive integer"),
        ({"decision_function_shape": "all"}, "known: ovo, ovr"),
        ({"class_weight": "magic"}, "class_weight"),
        ({"class_weight": {0: -1.0}}, "class_weight"),
        ({"random_state": "now"}, "random_state"),
        ({"kernel": "rbf"}, "kernel = 'rbf': must be a kernel object"),
        ({"kernel": RBF}, "must be a kernel object"),
        ({"kernel": lambda A, B: A}, r"shape \(60, 2\) .* shape \(60, 60\) is needed"),
        ({"kernel": "precomputed"}, r"X has shape \(60, 2\): a square matrix"),
        ({"kernel": "precomputed", "train_kernel": True}, "has no weights to train"),
        ({"kernel": FidelityKernel(bandwidth=-1)}, "bandwidth"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises((ValueError, UnknownNameError), match=message):
        QuantumKernelSVC(**parameters).fit(*blobs(2))


def test_bad_data_is_refused() -> None:
    X, y = blobs(2)
    with pytest.raises(ValueError, match="NaN"):
        QuantumKernelSVC().fit(np.where(X > 1, np.nan, X), y)
    with pytest.raises(InvalidProblemError, match="one class only"):
        QuantumKernelSVC().fit(X, np.zeros(60))
    with pytest.raises(InvalidProblemError, match="one class only"):
        QuantumKernelSVC().fit(X, y, sample_weight=y)
    with pytest.raises(InvalidProblemError, match=r"sample_weight has shape \(3,\)"):
        QuantumKernelSVC().fit(X, y, sample_weight=[1, 2, 3])
    with pytest.raises(InvalidProblemError, match="negative"):
        QuantumKernelSVC().fit(X, y, sample_weight=-np.ones(60))
    with pytest.raises(TooLargeError, match="40 qubits"):
        QuantumKernelSVC().fit(np.ones((60, 40)), y)


def test_a_precomputed_matrix_that_is_no_gram_matrix_is_refused() -> None:
    X, y = blobs(2)
    K = RBF()(X)
    with pytest.raises(InvalidProblemError, match="not symmetric"):
        QuantumKernelSVC("precomputed").fit(K + np.triu(K, 1), y)
    with pytest.raises(InvalidProblemError, match=r"eigenvalue -0\.5.*nearest_positive_semi"):
        QuantumKernelSVC("precomputed").fit(np.diag([*np.ones(59), -0.5]), y)
    with pytest.raises(ValueError, match="60 features"):
        QuantumKernelSVC("precomputed").fit(K, y).predict(K[:, :10])
