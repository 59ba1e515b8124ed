"""The least-squares machine: its system, any solver of it, scikit-learn's rules."""

import pickle
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import make_blobs, make_moons
from sklearn.gaussian_process.kernels import RBF
from sklearn.model_selection import GridSearchCV
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import (
    InvalidProblemError,
    SingularMatrixError,
    UnknownNameError,
    UnsuitableSolverError,
)
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.linear_systems import (
    HHL,
    ConjugateGradient,
    KernelReflection,
    LinearSystem,
    VariationalLinearSolver,
    solve,
)
from qml_algos.svm.centred_system import centred_system
from qml_algos.svm.least_squares import QuantumLeastSquaresSVC

THIRTY_QUBITS = {
    "check_sample_weight_equivalence_on_dense_data": "30 features are 30 qubits of the ZZ map, too "
    "many for exact states",
}
INDEFINITE = {
    "check_positive_only_tag_during_fit": "its Gram matrix is shifted and therefore indefinite",
    "check_estimators_dtypes": "its Gram matrix is cut to integers and therefore indefinite",
}
"""Such matrices are refused on purpose."""


def moons(samples: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    return make_moons(samples, noise=0.1, random_state=seed)


def blobs(samples: int = 24) -> tuple[np.ndarray, np.ndarray]:
    X, y = make_blobs(samples, centers=3, cluster_std=3.0, random_state=1)
    return X / 5, y


def published(K: np.ndarray, y: np.ndarray, ridge: np.ndarray) -> tuple[np.ndarray, float]:
    """Coefficients and bias from the bordered system of Suykens and Vandewalle."""
    ones = np.ones((len(K), 1))
    F = np.block([[np.zeros((1, 1)), ones.T], [ones, K + np.diag(ridge)]])
    solution = np.linalg.solve(F, np.append(0.0, y))
    return solution[1:], float(solution[0])


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        (QuantumLeastSquaresSVC(), THIRTY_QUBITS),
        (QuantumLeastSquaresSVC(RBF()), {}),
        (QuantumLeastSquaresSVC("precomputed"), INDEFINITE),
    ],
    ids=["default", "RBF", "precomputed"],
)
def test_every_check_of_scikit_learn_passes_that_applies(
    estimator: QuantumLeastSquaresSVC, expected: dict[str, str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, expected_failed_checks=expected, on_fail="raise")
    assert {r["check_name"] for r in results if r["status"] == "xfail"} == set(expected)


def test_the_centred_system_has_the_published_solution() -> None:
    X, y = moons(16)
    K, weights = RBF(0.5)(X), np.random.default_rng(0).random(16) + 0.1
    found = QuantumLeastSquaresSVC(RBF(0.5), gamma=3.0).fit(X, y, sample_weight=weights)
    dual, bias = published(K, 2.0 * y - 1, 1 / (3.0 * weights))
    np.testing.assert_allclose(found.dual_coef_[0], dual, atol=1e-12)
    assert found.intercept_[0] == pytest.approx(bias, abs=1e-12)


def test_several_classes_are_told_from_the_rest() -> None:
    X, y = blobs()
    found = QuantumLeastSquaresSVC(RBF(), class_weight={0: 1.0, 1: 2.0, 2: 0.5}).fit(X, y)
    ridge = 1 / np.array([1.0, 2.0, 0.5])[y]
    for row in range(3):
        dual, bias = published(RBF()(X), np.where(y == row, 1.0, -1.0), ridge)
        np.testing.assert_allclose(found.dual_coef_[row], dual, atol=1e-12)
        assert found.intercept_[row] == pytest.approx(bias, abs=1e-12)
    decisions = RBF()(X, X) @ found.dual_coef_.T + found.intercept_
    np.testing.assert_allclose(found.decision_function(X), decisions)
    np.testing.assert_array_equal(found.predict(X), decisions.argmax(axis=1))


def test_the_condition_number_is_bounded_by_the_ridge_and_not_worse_than_the_published_one() -> (
    None
):
    X, _ = moons(16)
    K, gamma = RBF(0.5)(X), 10.0
    system = centred_system(K, np.ones(16), gamma)
    values = np.linalg.eigvalsh(system.matrix.array)
    centred = K - K.mean(axis=0) - K.mean(axis=1)[:, None] + K.mean()
    assert values[0] >= 1 / gamma - 1e-12
    assert values[-1] / values[0] <= 1 + gamma * np.linalg.eigvalsh(centred)[-1]
    assert values[-1] / values[0] <= system.condition_bound
    bordered = np.block(
        [[np.zeros((1, 1)), np.ones((1, 16))], [np.ones((16, 1)), K + np.eye(16) / gamma]]
    )
    assert np.linalg.cond(system.matrix.array) < np.linalg.cond(bordered) / 1.5


def test_hhl_on_sixteen_points_gives_the_labels_of_the_direct_solution() -> None:
    X, y = moons(16)
    new, _ = moons(50, seed=1)
    direct = QuantumLeastSquaresSVC(RBF(0.5)).fit(X, y)
    found = QuantumLeastSquaresSVC(RBF(0.5), solver="hhl").fit(X, y)
    np.testing.assert_array_equal(found.predict(new), direct.predict(new))
    assert np.all(found.labels_certain(new))
    [solution] = found.solutions_
    assert found.resources_.two_qubit_gates == solution.resources.two_qubit_gates <= 400
    assert found.resources_.qubits <= 9
    assert solution.success_probability > 0.15


def solvers() -> list[Any]:
    names = ("hhl", "qsvt", "chebyshev", "cg", "minres", "gmres", "direct")
    return [*names, HHL(0.05), ConjugateGradient(1e-6)]


@pytest.mark.parametrize("solver", solvers(), ids=str)
def test_decisions_err_by_no_more_than_their_bounds(solver: Any) -> None:
    X, y = moons(4)
    new, _ = moons(20, seed=1)
    exact = QuantumLeastSquaresSVC(RBF(0.5)).fit(X, y).decision_function(new)
    found = QuantumLeastSquaresSVC(RBF(0.5), solver=solver, random_state=0).fit(X, y)
    errors = np.abs(found.decision_function(new) - exact)
    assert np.all(errors <= found.decision_errors(new) + 1e-13)
    certain = found.labels_certain(new)
    assert certain.mean() > 0.8
    np.testing.assert_array_equal((found.decision_function(new) > 0)[certain], (exact > 0)[certain])


@pytest.mark.slow
@pytest.mark.parametrize("solver", [KernelReflection(0.05), VariationalLinearSolver()], ids=str)
def test_adaptive_solvers_err_by_no_more_than_their_bounds(solver: Any) -> None:
    test_decisions_err_by_no_more_than_their_bounds(solver)


def test_from_shots_the_residual_bounds_the_error() -> None:
    X, y = moons(4)
    new, _ = moons(20, seed=1)
    exact = QuantumLeastSquaresSVC(RBF(0.5)).fit(X, y).decision_function(new)
    estimator = QuantumLeastSquaresSVC(
        RBF(0.5), solver="hhl", backend="aer_shots", shots=4000, random_state=0
    )
    found, again = clone(estimator).fit(X, y), clone(estimator).fit(X, y)
    np.testing.assert_array_equal(found.dual_coef_, again.dual_coef_)
    errors = np.abs(found.decision_function(new) - exact)
    assert np.all(errors <= found.decision_errors(new))
    assert found.resources_.shots == 3 * 4000


def test_of_three_classes_uncertain_labels_are_those_within_the_bounds() -> None:
    X, y = blobs(16)
    exact = QuantumLeastSquaresSVC(RBF()).fit(X, y)
    found = QuantumLeastSquaresSVC(RBF(), solver="cg", epsilon=0.4).fit(X, y)
    assert len(found.solutions_) == 3
    assert np.all(
        np.abs(found.decision_function(X) - exact.decision_function(X)) <= found.decision_errors(X)
    )
    certain = found.labels_certain(X)
    assert 0 < certain.sum() < len(X)
    np.testing.assert_array_equal(found.predict(X)[certain], exact.predict(X)[certain])


def test_a_hadamard_test_classifies_with_the_shots_that_are_named() -> None:
    X, y = moons(4)
    new = moons(6, seed=1)[0][3:4]
    found = QuantumLeastSquaresSVC(RBF(0.5), solver="hhl").fit(X, y)
    system = centred_system(RBF(0.5)(X), np.ones(4), 1.0)
    [query] = system.centring.query_vectors(RBF(0.5)(new, X))
    problem = LinearSystem(system.matrix, system.right_hand_side(2.0 * y - 1))
    shots = int(np.ceil(found.classification_shots(new, confidence=0.999)[0]))
    measured = solve(
        problem,
        HHL(),
        "aer_shots",
        shots=shots,
        overlaps={"query": query},
        overlap_method="hadamard",
        random_state=0,
    ).overlaps["query"]
    decision = found.decision_function(new)[0]
    # Balanced labels have the mean 0. Wrong with probability 0.001, but seeded.
    assert np.sign(measured.value) == np.sign(decision)
    # z standard errors, and z is 3.09; a shot's variance is at most 1.
    assert measured.standard_error <= abs(decision) / 3.09 * 1.01
    assert measured.standard_error >= abs(decision) / 3.09 * 0.5


def test_shots_grow_as_margins_shrink() -> None:
    X, y = blobs()
    found = QuantumLeastSquaresSVC(RBF(), solver="direct").fit(X, y)
    margins, shots = np.abs(found.decision_function(X)), found.classification_shots(X)
    assert shots.shape == margins.shape == (24, 3)
    assert shots[np.unravel_index(margins.argmin(), margins.shape)] > np.median(shots)


def test_points_without_weight_are_left_out() -> None:
    X, y = moons(12)
    weights = np.r_[np.ones(8), np.zeros(4)]
    found = QuantumLeastSquaresSVC(RBF()).fit(X, y, sample_weight=weights)
    fewer = QuantumLeastSquaresSVC(RBF()).fit(X[:8], y[:8])
    np.testing.assert_array_equal(found.support_, np.arange(8))
    np.testing.assert_allclose(found.decision_function(X), fewer.decision_function(X))


def test_a_precomputed_gram_matrix_gives_the_same() -> None:
    X, y = moons(12)
    kernel = FidelityKernel()
    direct = QuantumLeastSquaresSVC(kernel).fit(X, y)
    precomputed = QuantumLeastSquaresSVC("precomputed").fit(kernel(X), y)
    np.testing.assert_allclose(
        precomputed.decision_function(kernel(X)), direct.decision_function(X)
    )


def test_fits_are_pickled_cloned_and_searched() -> None:
    X, y = moons(24)
    fitted = QuantumLeastSquaresSVC(FidelityKernel(), solver="cg").fit(X, y)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(fitted)).predict(X), fitted.predict(X))
    assert not hasattr(clone(fitted), "dual_coef_")
    grid = {"gamma": [0.1, 10.0], "kernel__bandwidth": [0.3, 1.0]}
    search = GridSearchCV(QuantumLeastSquaresSVC(FidelityKernel()), grid, cv=2).fit(X, y)
    assert set(search.best_params_) == set(grid)


def test_a_fitted_circuit_is_pickled_too() -> None:
    X, y = moons(4)
    fitted = QuantumLeastSquaresSVC(RBF(), solver="hhl", epsilon=0.1).fit(X, y)
    again = pickle.loads(pickle.dumps(fitted))
    assert again.solutions_[0].circuit == fitted.solutions_[0].circuit


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"gamma": 0.0}, InvalidProblemError, "gamma = 0.0"),
        ({"gamma": np.nan}, InvalidProblemError, "gamma = nan"),
        ({"gamma": 1e17}, InvalidProblemError, "gamma = 1e\\+17: the ridge"),
        ({"epsilon": 0}, ValueError, "epsilon = 0"),
        ({"solver": "magic"}, UnknownNameError, "unknown solver 'magic'"),
        ({"solver": HHL}, InvalidProblemError, "solver = "),
        ({"solver": "spectral"}, UnsuitableSolverError, "no transform"),
        ({"solver": "hhl", "backend": "magic"}, UnknownNameError, "magic"),
        ({"kernel": "magic"}, InvalidProblemError, "kernel = 'magic'"),
        ({"class_weight": {0: 0.0, 1: 1.0}}, InvalidProblemError, "class_weight"),
    ],
)
def test_bad_parameters_are_named(arguments: dict, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        QuantumLeastSquaresSVC(**{"kernel": RBF(), **arguments}).fit(*moons(6))


def test_bad_data_is_named() -> None:
    X, y = moons(6)
    machine = QuantumLeastSquaresSVC(RBF())
    with pytest.raises(InvalidProblemError, match="one class only"):
        machine.fit(X, np.zeros(6))
    with pytest.raises(ValueError, match="NaN"):
        machine.fit(np.where(X > 0, X, np.nan), y)
    with pytest.raises(InvalidProblemError, match="eigenvalue -1"):
        QuantumLeastSquaresSVC("precomputed").fit([[1.0, 2.0], [2.0, 1.0]], [0, 1])
    with pytest.raises(InvalidProblemError, match="confidence = 1"):
        machine.fit(X, y).classification_shots(X, confidence=1)
    slightly = np.eye(4) - 0.9e-7 * 4 * np.outer([1, -1, 0, 0], [1, -1, 0, 0])
    slightly[:2, :2] = [[1, 1 + 3e-7], [1 + 3e-7, 1]]
    with pytest.raises(SingularMatrixError, match="a smaller gamma"):
        QuantumLeastSquaresSVC("precomputed", gamma=1e8).fit(slightly, [0, 1, 0, 1])
