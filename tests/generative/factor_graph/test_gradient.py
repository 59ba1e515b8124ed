"""Derivatives of the log-likelihood."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.factor_graph.gradient import log_probability_gradient
from qml_algos.generative.factor_graph.parametrisation import (
    free_parameters,
    matrices_and_slopes,
    random_parameters,
)
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

EDGES = ((0, 1), (1, 2), (2, 3), (3, 4), (0, 3))
VISIBLE, CONDITIONED = (4, 0, 1), (3,)
X = np.array([[0, 1, 1], [1, 1, 0], [0, 0, 0]])
STEP = 1e-5


def state(matrices: np.ndarray) -> QuantumGenerativeState:
    return QuantumGenerativeState(EDGES, matrices, VISIBLE, CONDITIONED)


def random_matrices() -> np.ndarray:
    generator = np.random.default_rng(4)
    return generator.normal(size=(5, 2, 2)) + 1j * generator.normal(size=(5, 2, 2))


@pytest.mark.parametrize("method", ["statevector", "contraction"])
def test_the_gradient_is_that_of_finite_differences_for_every_entry(method: str) -> None:
    matrices = random_matrices()
    logs, gradient = log_probability_gradient(state(matrices), X, method)
    np.testing.assert_allclose(logs, state(matrices).log_probability(X), atol=1e-12)
    for place in np.ndindex(matrices.shape):
        for unit in (1.0, 1.0j):
            moved = np.zeros_like(matrices)
            moved[place] = unit * STEP
            upper = state(matrices + moved).log_probability(X)
            lower = state(matrices - moved).log_probability(X)
            slope = (gradient[(slice(None), *place)].conj() * unit).real
            np.testing.assert_allclose(slope, (upper - lower) / (2 * STEP), atol=1e-8)


def test_both_ways_give_the_same_gradient() -> None:
    dense = log_probability_gradient(state(random_matrices()), X, "statevector")
    contracted = log_probability_gradient(state(random_matrices()), X, "contraction")
    np.testing.assert_allclose(contracted[1], dense[1], atol=1e-12)


def test_it_is_the_published_ratio_of_expectation_values() -> None:
    """With O = (dM) inverse(M), on the statevector, for one direction of each matrix."""
    model = state(random_matrices())
    _, gradient = log_probability_gradient(model, X)
    amplitudes = model.amplitudes().reshape((2,) * 5).T
    for qubit in range(5):
        change = np.random.default_rng(qubit).normal(size=(2, 2)) * (1 + 0.5j)
        operator = change @ np.linalg.inv(model.matrices[qubit])
        lifted = np.moveaxis(np.tensordot(operator, amplitudes, (1, qubit)), 0, qubit)
        for x, slope in zip(X, gradient, strict=True):
            outcome = (x[1], x[2], slice(None), 0, x[0])
            conditioned = (slice(None), slice(None), slice(None), 0, slice(None))
            ratios = [
                np.vdot(amplitudes[at], lifted[at]) / np.vdot(amplitudes[at], amplitudes[at])
                for at in (outcome, conditioned)
            ]
            expected = 2 * (ratios[0] - ratios[1]).real
            assert np.vdot(slope[qubit], change).real == pytest.approx(expected, abs=1e-12)


def test_the_mean_score_over_the_model_itself_is_zero() -> None:
    model = state(random_matrices())
    every = np.arange(8)[:, None] >> np.arange(3) & 1
    logs, gradient = log_probability_gradient(model, every)
    np.testing.assert_allclose(np.einsum("n,nmba->mba", np.exp(logs), gradient), 0, atol=1e-12)


@pytest.mark.parametrize("method", ["statevector", "contraction"])
def test_impossible_data_has_no_gradient(method: str) -> None:
    # Qubit 0 is a graph state's, turned back to 0.
    certain = QuantumGenerativeState((), [[[1, 1], [1, -1]]], (0,))
    with pytest.raises(InvalidProblemError, match=r"X\[1\] has probability 0"):
        log_probability_gradient(certain, [[0], [1]], method)


def test_angles_give_their_condition_number_and_their_derivatives() -> None:
    free = free_parameters(4, {2})
    assert not free[2, :2].any()
    assert free.sum() == 18
    parameters = random_parameters(np.random.default_rng(0), free, 6.0)
    matrices, slopes = matrices_and_slopes(parameters)
    np.testing.assert_allclose(np.linalg.cond(matrices), np.exp(2 * np.abs(parameters[:, 2])))
    for k in range(5):
        step = np.zeros_like(parameters)
        step[:, k] = STEP
        upper, lower = (
            matrices_and_slopes(parameters + step)[0],
            matrices_and_slopes(parameters - step)[0],
        )
        np.testing.assert_allclose(slopes[:, k], (upper - lower) / (2 * STEP), atol=1e-8)


def test_angles_reach_every_matrix_up_to_scale_and_row_phases() -> None:
    """Five derivatives, one scale and two row phases span all eight real directions."""
    parameters = random_parameters(np.random.default_rng(1), free_parameters(1, ()), 4.0)
    matrices, slopes = matrices_and_slopes(parameters)
    phases = [np.diag([1j, 0]) @ matrices[0], np.diag([0, 1j]) @ matrices[0]]
    directions = np.array([*slopes[0], matrices[0], *phases]).reshape(8, 4)
    spanned = np.linalg.svd(np.hstack([directions.real, directions.imag]), compute_uv=False)
    assert spanned[-1] > 1e-3
