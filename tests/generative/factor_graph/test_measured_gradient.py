"""Gradients from shots: against exact ones, and against each other."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from qml_algos.errors import (
    InvalidProblemError,
    NothingAcceptedError,
    TooLargeError,
    UnknownNameError,
)
from qml_algos.generative.factor_graph.gradient import log_probability_gradient
from qml_algos.generative.factor_graph.gradient_estimate import GradientEstimate, GradientProblem
from qml_algos.generative.factor_graph.measured_gradient import measured_gradient
from qml_algos.generative.factor_graph.measurement import Outcomes, Setting, settings_for
from qml_algos.generative.factor_graph.parametrisation import (
    free_parameters,
    matrices_and_slopes,
    random_parameters,
)
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

X = np.array([[0, 0, 0], [1, 1, 0], [1, 1, 0], [0, 1, 1]])
# Turns that bring the axes X, Y and Z to Z.
HADAMARD = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
AXES = (HADAMARD, HADAMARD @ np.diag([1, -1j]), np.eye(2))


def model(seed: int = 0) -> tuple[QuantumGenerativeState, NDArray[np.complex128]]:
    """Three visible qubits, two hidden, one conditioned, on a graph with loops."""
    free = np.ones_like(free_parameters(6, ()))
    parameters = random_parameters(np.random.default_rng(seed), free, 4.0)
    matrices, slopes = matrices_and_slopes(parameters)
    edges = ((0, 1), (1, 2), (2, 3), (0, 3), (1, 4), (3, 5), (2, 5))
    return QuantumGenerativeState(edges, matrices, (0, 2, 3), (5,)), slopes


def exact_gradient(
    state: QuantumGenerativeState, slopes: NDArray[np.complex128], data: NDArray[np.int64] = X
) -> NDArray[np.float64]:
    _, by_entry = log_probability_gradient(state, data)
    return np.einsum("mba,mpba->mp", by_entry.mean(axis=0).conj(), slopes).real


def distribution(state: QuantumGenerativeState, setting: Setting) -> NDArray[np.float64]:
    """Of all outcomes, from the amplitudes."""
    amplitudes = state.amplitudes().reshape((2,) * state.n_qubits).transpose()
    for qubit in setting.turned:
        turned = np.tensordot(AXES[setting.pauli], amplitudes, axes=(1, qubit))
        amplitudes = np.moveaxis(turned, 0, qubit)
    chances = np.abs(amplitudes.transpose().reshape(-1)) ** 2
    return chances / chances.sum()


def repeated(
    state: QuantumGenerativeState, shots: int, times: int, seed: int = 1
) -> Iterator[list[Outcomes]]:
    """Draw outcomes of all settings again and again."""
    generator = np.random.default_rng(seed)
    expected = outcomes(state, shots)
    for _ in range(times):
        drawn = []
        for found in expected:
            chances = np.append(found.shares, 1 - found.shares.sum()).clip(min=0)
            counts = generator.multinomial(found.shots, chances / chances.sum())[:-1]
            drawn.append(replace(found, shares=counts / found.shots))
        yield drawn


def outcomes(state: QuantumGenerativeState, shots: int) -> list[Outcomes]:
    """Of all settings, just as expected."""
    every = np.arange(2**state.n_qubits)[:, None] >> np.arange(state.n_qubits) & 1
    found = []
    for setting in settings_for(state):
        shares = distribution(state, setting)
        conditions = [qubit for qubit in state.conditioned if qubit not in setting.turned]
        kept = ~every[:, conditions].any(axis=1)
        found.append(Outcomes(setting, every[kept], shares[kept], shots * setting.repetitions))
    return found


def largest_deviation(found: GradientEstimate, exact: NDArray[np.float64]) -> float:
    """In standard errors, of what is not 0 by symmetry."""
    told = found.standard_errors > 1e-12
    np.testing.assert_allclose(found.gradient[~told], exact[~told], atol=1e-10)
    return float(np.max(np.abs(found.gradient - exact)[told] / found.standard_errors[told]))


def test_outcomes_just_as_expected_give_the_exact_gradient() -> None:
    state, slopes = model()
    found = GradientProblem.of(state, X, slopes).estimate(outcomes(state, 10**13))
    np.testing.assert_allclose(found.gradient, exact_gradient(state, slopes), atol=1e-9)
    assert found.log_likelihood.value == pytest.approx(state.log_probability(X).mean(), abs=1e-9)
    assert found.accepted == pytest.approx(state.condition_probability())
    assert found.unseen == 0


def small_model() -> tuple[QuantumGenerativeState, NDArray[np.complex128]]:
    """Two visible qubits, a hidden and a conditioned one."""
    matrices, slopes = matrices_and_slopes(
        random_parameters(np.random.default_rng(3), np.ones((4, 5), dtype=bool), 4.0)
    )
    edges = ((0, 1), (1, 2), (2, 3), (0, 3))
    return QuantumGenerativeState(edges, matrices, (0, 2), (3,)), slopes


def test_standard_errors_are_those_of_repetitions() -> None:
    """Variance of 120 gradients, each parameter at a level of 1e-5; the seed is fixed."""
    state, slopes = small_model()
    problem = GradientProblem.of(state, X[:, :2], slopes)
    found = [problem.estimate(drawn) for drawn in repeated(state, 4000, 120)]
    gradients = np.array([each.gradient for each in found])
    errors = np.array([each.standard_errors for each in found])
    told = errors[0] > 1e-12
    ratios = gradients.var(axis=0, ddof=1)[told] / np.mean(errors**2, axis=0)[told]
    low, high = chi2.ppf([5e-6, 1 - 5e-6], 119) / 119
    assert low < ratios.min()
    assert ratios.max() < high
    likelihoods = np.array([each.log_likelihood.value for each in found])
    assert np.std(likelihoods) == pytest.approx(found[0].log_likelihood.standard_error, rel=0.3)


def test_a_few_shots_for_each_row_leave_no_bias() -> None:
    """Mean of 150 gradients, at a level of 1e-4 for all parameters; the seed is fixed."""
    state, slopes = small_model()
    data = np.array([[0, 0], [1, 1], [1, 0]])
    problem = GradientProblem.of(state, data, slopes)
    gradients = np.array([problem.estimate(drawn).gradient for drawn in repeated(state, 50, 150)])
    errors = gradients.std(axis=0) / np.sqrt(len(gradients))
    told = errors > 1e-12
    bias = (gradients.mean(axis=0) - exact_gradient(state, slopes, data))[told]
    assert np.max(np.abs(bias) / errors[told]) < norm.isf(1e-4 / 2 / told.sum())


@pytest.mark.parametrize("preparation", ["staircase", "filters"])
def test_a_backend_gives_the_exact_gradient_within_shot_noise(preparation: str) -> None:
    """Each of 30 parameters at a level of 1e-4 for all of them."""
    state, slopes = model()
    found = measured_gradient(
        state, X, slopes, shots=20_000, preparation=preparation, random_state=7
    )
    limit = norm.isf(1e-4 / 2 / slopes[..., 0, 0].size)
    assert largest_deviation(found, exact_gradient(state, slopes)) < limit
    # Two for each qubit that is not hidden, their root for all bits, two for hidden qubits.
    assert found.settings == 8 + 3 + 2
    assert found.resources.shots == 20_000 * found.settings


def test_outcomes_just_as_expected_of_a_model_that_fits_have_no_gradient() -> None:
    state, slopes = model()
    values = np.arange(8)[:, None] >> np.arange(3) & 1
    problem = GradientProblem.of(state, values, slopes, state.probabilities())
    found = problem.estimate(outcomes(state, 10**13))
    np.testing.assert_allclose(found.gradient, 0, atol=1e-9)
    assert found.log_likelihood.standard_error == pytest.approx(0, abs=1e-9)


def test_weights_stand_for_repeated_samples() -> None:
    state, slopes = model()
    [measured] = repeated(state, 1000, 1)
    plain = GradientProblem.of(state, X, slopes).estimate(measured)
    weighted = GradientProblem.of(
        state, [[0, 1, 1], [1, 1, 1], [1, 1, 0], [0, 0, 0]], slopes, [2, 0, 4, 2]
    ).estimate(measured)
    np.testing.assert_allclose(weighted.gradient, plain.gradient)
    np.testing.assert_allclose(weighted.standard_errors, plain.standard_errors)


def test_rows_never_seen_are_said_and_leave_the_gradient_finite() -> None:
    state, slopes = model()
    [measured] = repeated(state, 1000, 1)
    for found in measured:
        found.bits[found.bits[:, 3] == 1] = 0
    estimate = GradientProblem.of(state, X, slopes).estimate(measured)
    assert estimate.unseen == 0.25
    assert np.isfinite(estimate.gradient).all()
    assert np.isfinite(estimate.standard_errors).all()


def test_nothing_accepted_is_an_error() -> None:
    state, slopes = model()
    none = [
        Outcomes(setting, np.zeros((0, 6), dtype=int), np.zeros(0), 100)
        for setting in settings_for(state)
    ]
    with pytest.raises(NothingAcceptedError, match="none of 300 shots"):
        GradientProblem.of(state, X, slopes).estimate(none)


def test_bad_input_is_named_before_anything_is_run() -> None:
    state, slopes = model()
    with pytest.raises(InvalidProblemError, match="slopes has shape"):
        measured_gradient(state, X, slopes[:5])
    with pytest.raises(InvalidProblemError, match="X has shape"):
        measured_gradient(state, X[:, :2], slopes)
    with pytest.raises(InvalidProblemError, match="sample_weight"):
        measured_gradient(state, X, slopes, sample_weight=[1.0])
    with pytest.raises(ValueError, match="shots = 0"):
        measured_gradient(state, X, slopes, shots=0)
    with pytest.raises(UnknownNameError, match="magic"):
        measured_gradient(state, X, slopes, preparation="magic")
    with pytest.raises(UnknownNameError, match="nowhere"):
        measured_gradient(state, X, slopes, backend="nowhere")
    wide = QuantumGenerativeState(((0, 1),), np.array([np.eye(2)] * 60), range(60))
    with pytest.raises(TooLargeError, match="60 qubits"):
        measured_gradient(wide, np.zeros((1, 60)), np.zeros((60, 1, 2, 2)))
