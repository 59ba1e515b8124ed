"""Reduced states of purifications against the matrices they were made from."""

import numpy as np
import pytest
from copied_states import cx_count, density_matrix
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.density_matrix.purification import purified_data, purified_density_matrix

CASES = {
    "tall": np.random.default_rng(0).normal(size=(40, 4)),
    "wide": np.random.default_rng(1).normal(size=(2, 7)),
    "rank 2": np.random.default_rng(2).normal(size=(9, 2)) @ np.arange(10).reshape(2, 5),
    "one sample": np.array([[1.0, -2.0, 0.0]]),
    "one feature": np.array([[1.0], [-2.0]]),
    "tiny": 1e-200 * np.random.default_rng(3).normal(size=(5, 3)),
    "complex": np.random.default_rng(4).normal(size=(6, 3, 2)) @ [1, 1j],
}
SAMPLE_QUBITS = {"tall": 2, "wide": 1, "rank 2": 1, "one sample": 0, "one feature": 0, "tiny": 2}


def reduced(purification, size):
    found = density_matrix(purification.circuit, purification.system_qubits)
    padding = found.copy()
    padding[:size, :size] = 0
    assert np.max(np.abs(padding)) < 1e-12
    return found[:size, :size]


@pytest.mark.parametrize("method", ["qr", "svd"])
@pytest.mark.parametrize("name", CASES)
def test_features_are_left_in_the_normalised_gram_matrix_of_the_data(name, method):
    X = CASES[name] / np.max(np.abs(CASES[name]))
    found = reduced(purified_data(CASES[name], method=method), X.shape[1])
    assert found == pytest.approx(X.T @ X.conj() / np.linalg.norm(X) ** 2, abs=1e-12)


@settings(deadline=None, max_examples=15, derandomize=True)
@given(st.integers(2, 5), st.integers(1, 5), st.booleans(), st.integers(0, 1000))
def test_system_is_left_in_the_density_matrix(size, rank, real, seed):
    generator = np.random.default_rng(seed)
    factor = generator.normal(size=(size, rank)) + 1j * generator.normal(size=(size, rank))
    factor = factor.real if real else factor
    rho = factor @ factor.conj().T
    purification = purified_density_matrix(rho)
    assert reduced(purification, size) == pytest.approx(rho / np.trace(rho), abs=1e-10)
    most = purification.system_qubits + (min(size, rank) - 1).bit_length()
    assert purification.circuit.num_qubits == most


@pytest.mark.parametrize("name", SAMPLE_QUBITS)
def test_samples_take_no_more_qubits_than_the_rank_does(name):
    purification = purified_data(CASES[name])
    sizes = {register.name: register.size for register in purification.circuit.qregs}
    assert sizes["features"] == purification.system_qubits
    assert sizes.get("samples", 0) == SAMPLE_QUBITS[name]


@pytest.mark.parametrize("features", [2, 4, 8, 16])
def test_loading_costs_what_is_stated(features):
    generator = np.random.default_rng(features)
    X = generator.normal(size=(50, features))
    total = 2 * (features.bit_length() - 1)
    assert cx_count(purified_data(X).circuit) == 2**total - total - 1
    complex_cost = cx_count(purified_data(X + 1j * generator.normal(size=X.shape)).circuit)
    assert complex_cost <= 2 * 2**total - total - 3


def test_diagonalisation_is_owned_up_to_and_saves_gates():
    X = np.random.default_rng(5).normal(size=(30, 8))
    direct, diagonalised = purified_data(X), purified_data(X, method="svd")
    assert not direct.classically_diagonalised
    assert diagonalised.classically_diagonalised
    assert not purified_density_matrix(X.T @ X).classically_diagonalised
    assert 2 * cx_count(diagonalised.circuit) <= cx_count(direct.circuit)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([1.0, 2.0], r"X has shape \(2,\)"),
        (np.zeros((3, 2)), "X is zero"),
        ([[1.0, np.nan]], "X contains NaN"),
        (np.zeros((0, 2)), r"X has shape \(0, 2\)"),
    ],
)
def test_data_that_cannot_be_encoded_is_refused(X, message):
    with pytest.raises(ValueError, match=message):
        purified_data(X)


@pytest.mark.parametrize(
    ("rho", "message"),
    [
        (np.ones((2, 3)), "a square matrix is needed"),
        ([[1, 1], [0, 1]], "rho is not Hermitian"),
        (np.diag([1.0, -0.1]), "rho is not positive semidefinite"),
        ([[0.5, 0.6], [0.6, 0.5]], "rho is not positive semidefinite"),
        (np.zeros((2, 2)), "rho has trace 0"),
        (np.diag([np.inf, 1]), "rho contains NaN or infinity"),
    ],
)
def test_what_is_no_density_matrix_is_refused(rho, message):
    with pytest.raises(ValueError, match=message):
        purified_density_matrix(rho)


def test_unknown_method_is_refused():
    with pytest.raises(ValueError, match="method = 'lu'"):
        purified_data(np.eye(2), method="lu")
