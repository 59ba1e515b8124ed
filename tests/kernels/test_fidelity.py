"""The fidelity kernel: values, checks, and life as a kernel of scikit-learn."""

import copy
import pickle

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter, ParameterVector
from qiskit.quantum_info import Statevector
from sklearn.base import clone
from sklearn.cluster import SpectralClustering
from sklearn.decomposition import KernelPCA
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Kernel, WhiteKernel
from sklearn.kernel_ridge import KernelRidge
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC, SVR

import qml_algos
from circuits.feature_maps import AngleMap, CircuitMap, ReuploadingMap, ZZMap
from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.kernels import FidelityKernel, ProjectedKernel
from qml_algos.kernels.state_cache import STATES
from qml_algos.kernels.states import StateProgram


def data(samples: int = 24, features: int = 3, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 2 * np.pi, (samples, features))


def labels(X: np.ndarray) -> np.ndarray:
    return (np.cos(X).sum(axis=1) > 0).astype(int)


def qiskit_states(feature_map: ZZMap, X: np.ndarray) -> np.ndarray:
    circuit = feature_map.circuit(X.shape[1])
    return np.array(
        [Statevector(circuit.assign_parameters(list(a))).data for a in feature_map.angles(X)]
    )


def test_exact_values_are_the_fidelities_of_qiskits_states() -> None:
    X, Y = data(), data(7, seed=1)
    kernel = FidelityKernel(ZZMap(repetitions=3), bandwidth=0.7)
    first, second = (qiskit_states(kernel.feature_map, 0.7 * rows) for rows in (X, Y))
    np.testing.assert_allclose(kernel(X), np.abs(first @ first.conj().T) ** 2, atol=1e-13)
    np.testing.assert_allclose(kernel(Y, X), np.abs(second @ first.conj().T) ** 2, atol=1e-13)


def test_a_gram_matrix_is_exactly_symmetric_with_ones_on_the_diagonal() -> None:
    X = data(40)
    K = FidelityKernel()(X)
    np.testing.assert_array_equal(K, K.T)
    np.testing.assert_array_equal(np.diag(K), FidelityKernel().diag(X))
    np.testing.assert_array_equal(K, FidelityKernel()(X, X.copy()))


def test_single_precision_is_right_to_one_in_a_million() -> None:
    X = data(30, 8)
    error = np.max(np.abs(FidelityKernel(precision="single")(X) - FidelityKernel()(X)))
    assert 0 < error < 1e-6


def test_an_exact_gram_matrix_has_no_errors_and_no_shots() -> None:
    found = FidelityKernel(backend="aer").gram(data(5))
    assert found.standard_errors is None
    assert (found.shots, found.executions, found.projected) == (None, None, False)
    assert found.resources.qubits == 3
    assert found.resources.run_seconds is not None


def test_training_states_are_not_simulated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = []
    original = StateProgram.states

    def counting(self: StateProgram, angles: np.ndarray, dtype: type) -> np.ndarray:
        simulated.append(len(angles))
        return original(self, angles, dtype)

    monkeypatch.setattr(StateProgram, "states", counting)
    STATES.clear()
    X, Y = data(), data(7, seed=1)
    machine = SVC(kernel=FidelityKernel()).fit(X, labels(X))
    machine.predict(Y)
    machine.predict(Y + 1)
    assert simulated == [24, 7, 7]


def test_states_that_are_kept_are_never_those_of_another_question() -> None:
    X, Y = data(), data(7, seed=1)
    kernel = FidelityKernel()
    kernel(X)
    changes = [
        {"feature_map": ZZMap(entanglement="linear")},
        {"feature_map": AngleMap()},
        {"bandwidth": 0.3},
        {"precision": "single"},
    ]
    for change in changes:
        changed = clone(kernel).set_params(**change)
        found = changed(Y, X)
        STATES.clear()
        np.testing.assert_array_equal(found, changed(Y, X))
    moved = X.copy()
    before = kernel(Y, moved)
    moved[0, 0] += 0.1
    after = kernel(Y, moved)
    assert np.all(before[:, 1:] == after[:, 1:])
    assert np.all(before[:, 0] != after[:, 0])


def test_a_circuit_that_changes_later_does_not_change_the_kernel() -> None:
    circuit, x = QuantumCircuit(2), ParameterVector("x", 2)
    circuit.ry(x[0], 0)
    circuit.ry(x[1], 1)
    X, kernel = data(5, 2), FidelityKernel(CircuitMap(circuit))
    before = kernel(X)
    circuit.cx(0, 1)
    circuit.ry(x[0], 1)
    np.testing.assert_array_equal(kernel(X), before)
    assert not np.allclose(FidelityKernel(CircuitMap(circuit))(X), before)


def test_weights_are_those_of_the_feature_map() -> None:
    feature_map, X = ReuploadingMap(2), data(5, 2)
    weights = np.linspace(0, 1, feature_map.weights(2))
    kernel = FidelityKernel(feature_map, weights=weights)
    np.testing.assert_array_equal(kernel.angles(X), feature_map.angles(X, weights))
    assert not np.allclose(kernel(X), clone(kernel).set_params(weights=weights[::-1])(X))
    with pytest.raises(InvalidProblemError, match=f"has {len(weights)} trainable weights"):
        FidelityKernel(feature_map)(X)
    with pytest.raises(InvalidProblemError, match="weights of shape"):
        FidelityKernel(feature_map, weights=weights[1:])(X)
    with pytest.raises(InvalidProblemError, match="weights contains NaN"):
        FidelityKernel(feature_map, weights=weights * np.nan)(X)


def test_what_a_map_does_not_take_is_named() -> None:
    circuit = QuantumCircuit(1)
    circuit.ry(Parameter("x"), 0)
    with pytest.raises(InvalidProblemError, match="features = 3"):
        FidelityKernel(CircuitMap(circuit))(data(4))


KERNELS = [FidelityKernel(), ProjectedKernel()]


@pytest.mark.parametrize("kernel", KERNELS, ids=["fidelity", "projected"])
def test_every_kernel_method_of_scikit_learn_takes_it(kernel: Kernel) -> None:
    X, Y = data(), data(7, seed=1)
    y = labels(X)
    assert SVC(kernel=kernel, C=100).fit(X, y).score(X, y) > 0.9
    assert SVR(kernel=kernel, C=100).fit(X, y).score(X, y) > 0.5
    assert KernelPCA(2, kernel=kernel).fit(X).transform(Y).shape == (7, 2)
    assert KernelRidge(kernel=kernel, alpha=1e-3).fit(X, y).score(X, y) > 0.9
    found = SpectralClustering(2, affinity=kernel, random_state=0).fit_predict(X)
    assert set(found) == {0, 1}
    classifier = GaussianProcessClassifier(kernel, random_state=0).fit(X, y)
    assert classifier.score(X, y) > 0.9


# Whether the best weight of a part is 0 is not the question.
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("kernel", KERNELS, ids=["fidelity", "projected"])
def test_gaussian_processes_fit_what_is_added_to_it(kernel: Kernel) -> None:
    X, Y = data(), data(7, seed=1)
    together = ConstantKernel(2.0) * kernel + 0.1 * RBF() + WhiteKernel(0.1)
    machine = GaussianProcessRegressor(together).fit(X, np.cos(X[:, 0]))
    assert machine.score(X, np.cos(X[:, 0])) > 0.9
    assert machine.kernel_.theta.shape == (4,)
    mean, deviation = machine.predict(Y, return_std=True)
    assert mean.shape == deviation.shape == (7,)
    alone = GaussianProcessRegressor(kernel, alpha=0.1).fit(X, X[:, 0])
    assert np.all(np.isfinite(alone.predict(Y)))


def test_there_are_no_hyperparameters_and_so_no_derivatives() -> None:
    kernel, X = FidelityKernel(), data(5)
    assert kernel.theta.shape == (0,)
    assert kernel.bounds.size == 0
    assert not kernel.is_stationary()
    K, gradient = kernel(X, eval_gradient=True)
    assert K.shape == (5, 5)
    assert gradient.shape == (5, 5, 0)
    with pytest.raises(ValueError, match="eval_gradient"):
        kernel(X, X, eval_gradient=True)


def test_a_search_reaches_the_parameters_of_the_feature_map() -> None:
    X = data()
    grid = {"kernel__feature_map__repetitions": [1, 2], "kernel__bandwidth": [0.5, 1.0]}
    search = GridSearchCV(SVC(kernel=FidelityKernel()), grid, cv=2).fit(X, labels(X))
    assert search.best_params_.keys() == grid.keys()
    assert search.best_estimator_.kernel.feature_map == ZZMap(
        search.best_params_["kernel__feature_map__repetitions"]
    )


@pytest.mark.parametrize(
    "kernel",
    [
        FidelityKernel(),
        FidelityKernel(AngleMap(), weights=np.array([]), shots=10, random_state=3),
        FidelityKernel(backend=qml_algos.backend("aer"), shots=5),
        ProjectedKernel(outer=RBF(2.0), locality=2),
    ],
    ids=repr,
)
def test_copies_are_equal_and_do_not_share_parameters(kernel: Kernel) -> None:
    for made in (clone(kernel), copy.deepcopy(kernel), pickle.loads(pickle.dumps(kernel))):
        assert made == kernel
        assert repr(made) == repr(kernel)
        made.set_params(bandwidth=0.5)
        assert made != kernel
        assert kernel.bandwidth == 1.0
    assert kernel != RBF()
    assert clone(kernel).backend is kernel.backend


def test_the_representation_shows_what_is_not_the_default() -> None:
    kernel = FidelityKernel(AngleMap(), bandwidth=0.5, shots=100)
    assert repr(kernel) == f"FidelityKernel(feature_map={AngleMap()!r}, bandwidth=0.5, shots=100)"
    assert repr(2 * kernel) == f"1.41**2 * {kernel!r}"


def test_nested_parameters_are_set_after_what_holds_them() -> None:
    kernel = FidelityKernel(AngleMap())
    kernel.set_params(feature_map__repetitions=5, feature_map=ZZMap())
    assert kernel.feature_map == ZZMap(5)
    assert kernel.get_params()["feature_map__repetitions"] == 5
    assert "feature_map__repetitions" not in kernel.get_params(deep=False)


@pytest.mark.parametrize("name", ["bandwith", "feature_map__bandwidth", "map__repetitions"])
def test_an_unknown_parameter_is_refused_and_nothing_is_set(name: str) -> None:
    kernel = FidelityKernel()
    with pytest.raises(UnknownNameError, match=name.rsplit("__", maxsplit=1)[-1][:3]):
        kernel.set_params(shots=10, **{name: 1})
    assert kernel.shots is None


def test_sampled_values_are_within_their_errors_of_the_exact_ones() -> None:
    """Chance of failing by bad luck, were the seed not fixed: below 1e-4 (chi-squared, 66)."""
    X = data(12)
    found = FidelityKernel(shots=2000, random_state=1, positive_semidefinite=False).gram(X)
    upper = np.triu_indices(12, 1)
    assert found.standard_errors is not None
    deviations = (found.values - FidelityKernel()(X))[upper] / found.standard_errors[upper]
    assert 28 < np.sum(deviations**2) < 120
    assert found.shots == 2000
    assert found.executions == 66 * 2000 == found.resources.shots
    assert found.least_eigenvalue == pytest.approx(np.linalg.eigvalsh(found.values)[0])


def test_a_sampled_gram_matrix_is_projected_and_says_so() -> None:
    X = data(12, 2)
    raw = FidelityKernel(shots=50, random_state=1, positive_semidefinite=False).gram(X)
    found = FidelityKernel(shots=50, random_state=1).gram(X)
    assert raw.least_eigenvalue == found.least_eigenvalue
    assert raw.least_eigenvalue is not None
    assert raw.least_eigenvalue < -0.01
    assert (raw.projected, found.projected) == (False, True)
    assert np.linalg.eigvalsh(found.values)[0] > -1e-12
    between = FidelityKernel(shots=50, random_state=1).gram(X[:3], X[3:])
    assert (between.projected, between.least_eigenvalue) == (False, None)
    assert between.values.shape == (3, 9)


def test_a_seed_makes_samples_repeat_themselves() -> None:
    X = data(5, 2)
    sampled = [FidelityKernel(shots=20, random_state=s)(X) for s in (1, 1, 2)]
    assert np.array_equal(sampled[0], sampled[1])
    assert not np.array_equal(sampled[0], sampled[2])


GOOD = data(4)


@pytest.mark.parametrize(
    ("X", "Y", "match"),
    [
        ([1.0, 2.0], None, "X has shape"),
        (np.zeros((0, 2)), None, "X has shape"),
        ([[1.0, np.nan]], None, "X contains NaN"),
        ([[1.0, 2.0], [1.0]], None, "X is ragged"),
        ([["a", "b"]], None, "X has entries"),
        ([[1j, 2.0]], None, "X is complex"),
        (GOOD, np.ones((2, 2)), "Y has 2 features, but X has 3"),
        (GOOD, [[np.inf, 0, 0]], "Y contains NaN or infinity"),
    ],
)
def test_bad_data_is_named(X: object, Y: object, match: str) -> None:
    for kernel in (FidelityKernel(), ProjectedKernel()):
        with pytest.raises(InvalidProblemError, match=match):
            kernel(X, Y)


@pytest.mark.parametrize(
    ("parameters", "error", "match"),
    [
        ({"feature_map": "zz"}, InvalidProblemError, "feature_map = 'zz'"),
        ({"bandwidth": 0}, InvalidProblemError, "bandwidth = 0"),
        ({"bandwidth": np.nan}, InvalidProblemError, "bandwidth = nan"),
        ({"weights": [1.0]}, InvalidProblemError, "weights of shape"),
        ({"precision": "half"}, UnknownNameError, "precision 'half'"),
        ({"correction": "magic"}, UnknownNameError, "correction 'magic'"),
        ({"backend": "nowhere"}, UnknownNameError, "nowhere"),
        ({"shots": 0}, ValueError, "shots = 0"),
        ({"shots": 10**12}, TooLargeError, "shots"),
        ({"max_bytes": 0}, InvalidProblemError, "max_bytes"),
        ({"max_bytes": 200}, TooLargeError, "two states of 3 qubits"),
        ({"random_state": "x", "shots": 5}, ValueError, "random_state"),
    ],
)
def test_bad_parameters_are_named(parameters: dict, error: type, match: str) -> None:
    with pytest.raises(error, match=match):
        FidelityKernel(**parameters)(GOOD)


def test_what_a_backend_or_a_machine_cannot_hold_is_refused_before_work() -> None:
    wide = np.ones((2, 40))
    with pytest.raises(TooLargeError, match="two states of 40 qubits"):
        FidelityKernel(AngleMap())(wide)
    with pytest.raises(TooLargeError, match="needs 40 qubits"):
        FidelityKernel(AngleMap(), shots=10)(wide)
