"""QuantumPCA as a transformer of scikit-learn."""

import copy
import warnings

import numpy as np
import pytest
from qiskit import QuantumCircuit
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.pca import (
    DATASETS,
    METHODS,
    QuantumPCA,
    make_data,
    make_estimator,
    subspace_angle,
)
from qml_algos.pca.classical import CLASSICAL


def data(features: int = 4) -> np.ndarray:
    generator = np.random.default_rng(5)
    return generator.normal(size=(60, features)) * 2.0 ** -np.arange(features) + 3.0


def test_every_check_of_scikit_learn_passes() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_estimator(QuantumPCA())


@pytest.mark.parametrize(("name", "components"), [("wine", 3), ("breast-cancer", 3), ("digits", 8)])
def test_the_exact_components_are_those_of_classical_pca(name: str, components: int) -> None:
    X = DATASETS[name]()
    found, reference = QuantumPCA(components).fit(X), PCA(components).fit(X)
    assert subspace_angle(found.components_, reference.components_) < 1e-6
    share = reference.explained_variance_ratio_
    np.testing.assert_allclose(found.explained_variance_ratio_, share, atol=1e-3)
    np.testing.assert_allclose(found.explained_variance_, reference.explained_variance_, rtol=1e-2)
    np.testing.assert_allclose(found.singular_values_, reference.singular_values_, rtol=1e-2)


def test_projection_and_reconstruction_are_those_of_classical_pca() -> None:
    X = data()
    found, reference = QuantumPCA(2).fit(X), PCA(2).fit(X)
    signs = np.sign(np.sum(found.components_ * reference.components_, axis=1))
    np.testing.assert_allclose(found.transform(X) * signs, reference.transform(X), atol=1e-8)
    np.testing.assert_allclose(
        found.inverse_transform(found.transform(X)),
        reference.inverse_transform(reference.transform(X)),
        atol=1e-8,
    )
    assert list(found.get_feature_names_out()) == ["quantumpca0", "quantumpca1"]


def test_scaling_and_centring_are_the_callers_choice() -> None:
    X = data() * [100.0, 1.0, 1.0, 1.0]
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    found = QuantumPCA(2, scale=True).fit(X)
    assert subspace_angle(found.components_, PCA(2).fit(scaled).components_) < 1e-6
    raw = QuantumPCA(1, centre=False).fit(X)
    assert subspace_angle(raw.components_, np.linalg.svd(X)[2][:1]) < 1e-6


def test_the_largest_entry_of_each_component_is_positive() -> None:
    components = QuantumPCA(3).fit(data()).components_
    assert np.all(np.max(components, axis=1) == np.max(np.abs(components), axis=1))


def test_fits_repeat_themselves_and_copies_of_the_estimator_are_independent() -> None:
    estimator = QuantumPCA(2, shots=500, random_state=3, clock_qubits=5)
    first = clone(estimator).fit(data()).components_
    np.testing.assert_array_equal(first, copy.deepcopy(estimator).fit(data()).components_)
    assert not hasattr(estimator, "components_")


def test_equal_eigenvalues_are_read_as_one_space() -> None:
    found = QuantumPCA(3).fit_density_matrix(np.diag([0.4, 0.4, 0.1, 0.1]))
    np.testing.assert_allclose(found.explained_variance_, [0.4, 0.4, 0.1], atol=1e-6)
    assert np.max(np.abs(found.components_[:2, 2:])) < 1e-6


def test_a_density_matrix_may_be_complex() -> None:
    vector = np.array([1, 1j]) / np.sqrt(2)
    rho = 0.8 * np.outer(vector, vector.conj()) + 0.1 * np.eye(2)
    found = QuantumPCA(1).fit_density_matrix(rho)
    assert abs(found.explained_variance_[0] - 0.9) < 1e-6
    assert abs(abs(np.vdot(found.components_[0], vector)) - 1) < 1e-9


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_components": 0}, "n_components = 0"),
        ({"n_components": 1.5}, "n_components = 1.5"),
        ({"n_components": 5}, "rank 4"),
        ({"epsilon": 0}, "epsilon"),
        ({"shots": 0}, "shots = 0"),
        ({"clock_qubits": 40}, "clock_qubits = 40: must be an integer from 1 to 12"),
        ({"copies": -1}, "copies = -1"),
        ({"method": "magic"}, "known: .*phase-estimation"),
        ({"evolution": "magic"}, "known: .*walk"),
        ({"method": "two-copy", "n_components": 2}, "principal component only"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        QuantumPCA(**parameters).fit(data())


def test_bad_data_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="rank 0"):
        QuantumPCA().fit(np.ones((5, 3)) * 0.1)
    with pytest.raises(ValueError, match="NaN"):
        QuantumPCA().fit([[1.0, np.nan], [1.0, 2.0]])
    with pytest.raises(InvalidProblemError, match="not Hermitian"):
        QuantumPCA().fit_density_matrix([[1.0, 1.0], [0.0, 1.0]])
    with pytest.raises(TooLargeError, match="256 circuits"):
        QuantumPCA(1, shots=10).fit(np.random.default_rng(0).normal(size=(9, 200)))


def test_a_circuit_that_is_no_preparation_is_refused() -> None:
    measuring = QuantumCircuit(1, 1)
    measuring.measure(0, 0)
    with pytest.raises(InvalidProblemError, match="not measure it"):
        QuantumPCA().fit_circuit(measuring)
    with pytest.raises(InvalidProblemError, match="system_qubits = 3"):
        QuantumPCA().fit_circuit(QuantumCircuit(2), 3)
    with pytest.raises(InvalidProblemError, match="QuantumCircuit is needed"):
        QuantumPCA().fit_circuit([[1.0]])


def test_all_methods_have_one_interface() -> None:
    X = make_data("low-rank", 4, np.random.default_rng(0))
    reference = PCA(2).fit(X)
    for name in ("phase-estimation", *CLASSICAL):
        estimator = make_estimator(name, 2, random_state=0).fit(X)
        assert subspace_angle(estimator.components_, reference.components_) < 0.1, name
    assert {make_estimator(name, 1).method for name in METHODS} == set(METHODS)
    with pytest.raises(UnknownNameError, match="covariance"):
        make_estimator("magic", 2)
