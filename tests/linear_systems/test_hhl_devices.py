"""HHL and phase estimation under the noise of a device, errors beside the noiseless ones.

Seeds are fixed. The bounds on noisy errors are twice what the model's error rates gave when the
tests were written; the noiseless errors are promised.
"""

import numpy as np
import pytest

import qml_algos
from qml_algos.linear_systems import HHL, LinearSystem, solve
from qml_algos.linear_systems.hhl import estimate_spectrum
from qml_algos.linear_systems.structures import Toeplitz

EPSILON = {2: 0.1, 4: 0.1, 8: 0.2}


def tridiagonal(size):
    vector = np.random.default_rng(size).normal(size=size)
    return LinearSystem(Toeplitz(size, {0: 1.0, 1: -1 / 3, -1: -1 / 3}), vector)


@pytest.mark.parametrize("size", [2, 4, 8])
def test_small_systems_are_solved_under_the_noise_of_a_heron(size):
    problem, epsilon = tridiagonal(size), EPSILON[size]
    reference = np.linalg.solve(problem.dense(), problem.b)
    noiseless = solve(problem, HHL(epsilon), reference=reference)
    noisy = solve(
        problem, HHL(epsilon), "heron_r3", shots=4000, random_state=1, reference=reference
    )
    assert noiseless.error <= epsilon
    assert noiseless.error < noisy.error <= 0.2
    assert not noisy.resources.classically_diagonalised
    assert noisy.success_probability == pytest.approx(noiseless.success_probability, rel=0.3)


def with_eigenvalues(values, weights, seed=0):
    """A system whose right-hand side has given shares in the eigenvectors."""
    size = len(values)
    basis, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(size, size)))
    return LinearSystem(basis @ np.diag(values) @ basis.T, basis @ np.sqrt(weights))


@pytest.mark.parametrize(("backend", "least"), [("aer_shots", 0.999), ("heron_r3", 0.75)])
def test_eigenvalues_on_the_grid_are_found_with_their_weights(backend, least):
    """Sizes 0.9 * 8 * {1/7.2, 4/7.2, 1}; the last is no cell, and has no weight."""
    values = np.array([1 / 7.2, 4 / 7.2, 1.0, 1.0])
    problem = with_eigenvalues(values, [0.3, 0.7, 0.0, 0.0])
    found = estimate_spectrum(problem, qml_algos.backend(backend), 3, 4000, seed=2)
    cells = [1, 4]
    np.testing.assert_allclose(found.eigenvalues[cells], values[:2], rtol=1e-9)
    assert np.sum(found.weights[cells]) > least
    deviation = np.abs(found.weights[cells] - [0.3, 0.7])
    assert np.all(deviation <= 5 * found.standard_errors[cells] + 1 - least)
    assert found.effective_condition_number(0.5 if backend == "heron_r3" else 0.01) == (
        pytest.approx(4)
    )
    assert found.circuit.num_qubits == 3 or backend == "heron_r3"


def test_spectrum_of_an_indefinite_matrix_has_both_signs():
    problem = with_eigenvalues(np.array([-0.6, 1.0]), [0.4, 0.6])
    found = estimate_spectrum(problem, qml_algos.backend("aer_shots"), 6, 20_000, seed=3)
    assert np.all(np.diff(found.eigenvalues) > 0)
    near = [np.abs(found.eigenvalues - value) <= 1.5 * found.resolution for value in (-0.6, 1.0)]
    for chosen, weight in zip(near, (0.4, 0.6), strict=True):
        assert np.sum(found.weights[chosen]) == pytest.approx(weight, abs=0.1)


def test_spectrum_of_a_negative_matrix_is_negative():
    problem = with_eigenvalues(np.array([-7.2, -3.6]), [0.5, 0.5])
    found = estimate_spectrum(problem, qml_algos.backend("aer_shots"), 3, 4000, seed=4)
    assert np.all(found.eigenvalues <= 0)
    assert found.weights[found.eigenvalues <= -2].sum() > 0.9


def test_spectrum_through_a_product_formula_needs_no_eigenvectors():
    problem = tridiagonal(8)
    values, vectors = np.linalg.eigh(problem.dense())
    weights = (vectors.T @ (problem.b / np.linalg.norm(problem.b))) ** 2
    found = estimate_spectrum(problem, qml_algos.backend("aer_shots"), 5, 10_000, seed=5)
    assert np.sum(found.weights * found.eigenvalues) == pytest.approx(values @ weights, abs=0.1)
    assert found.circuit.metadata["classically_diagonalised"] is False


def test_arguments_out_of_range_are_refused():
    problem, device = tridiagonal(2), qml_algos.backend("aer_shots")
    with pytest.raises(ValueError, match="bits = 13"):
        estimate_spectrum(problem, device, 13)
    found = estimate_spectrum(problem, device, 2, 100, seed=0)
    with pytest.raises(ValueError, match="neglected"):
        found.effective_condition_number(1.0)
