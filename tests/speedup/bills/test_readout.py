"""Shots and uses of amplitude estimation: as many as the error and the confidence take."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from qml_algos.errors import InvalidProblemError
from qml_algos.speedup.bills.estimation import iterative_estimation_uses, window_parameter
from qml_algos.speedup.bills.readout import (
    entry_readout,
    observable_readout,
    overlap_readout,
    probability_readout,
    vector_readout,
)

CONFIDENCE = 0.95


def coverage(shots: int, probability: float, error: float) -> float:
    """Probability that the frequency is within an error of the probability."""
    low, high = shots * (probability - error), shots * (probability + error)
    return float(binom.cdf(high, shots, probability) - binom.cdf(low - 1e-9, shots, probability))


def estimated(theta: float, steps: int, window: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Angles that amplitude estimation gives, and their probabilities, from the walk itself."""
    reflection = np.diag([1.0, -1.0])
    about_start = np.array(
        [[np.cos(2 * theta), np.sin(2 * theta)], [np.sin(2 * theta), -np.cos(2 * theta)]]
    )
    start = np.array([np.cos(theta), np.sin(theta)])
    states = []
    for forward in range(steps + 1):
        state = start
        for step in range(steps):
            # The reflection that costs nothing goes before the other one, or behind it.
            first = reflection if step < forward else np.eye(2)
            last = np.eye(2) if step < forward else reflection
            state = last @ about_start @ first @ state
        states.append(state)
    points = 64 * (steps + 1)
    spectrum = np.fft.fft(window[:, None] * np.array(states), points, axis=0) / np.sqrt(points)
    probabilities = np.sum(np.abs(spectrum) ** 2, axis=1)
    return np.arange(points) * 2 * np.pi / points / 4, probabilities


@pytest.mark.parametrize("probability", [1e-3, 0.1, 0.5, 0.97])
def test_hoeffding_shots_keep_to_the_error_whatever_the_probability(probability: float) -> None:
    readout = probability_readout(0.02, CONFIDENCE)
    assert readout.shots == pytest.approx(math.log(40) / (2 * 0.02**2))
    assert coverage(math.ceil(readout.shots), probability, 0.02) >= CONFIDENCE


@pytest.mark.parametrize("amplitude", [0.0, 0.01, 0.1, 0.5, 0.9])
def test_shots_of_an_entry_keep_to_the_error_whatever_the_entry(amplitude: float) -> None:
    epsilon = 0.03
    shots = math.ceil(entry_readout(epsilon, CONFIDENCE).shots)
    counts = np.arange(shots + 1)
    within = np.abs(np.sqrt(counts / shots) - amplitude) <= epsilon
    assert np.sum(binom.pmf(counts, shots, amplitude**2)[within]) >= CONFIDENCE


@pytest.mark.parametrize("probability", [0.003, 0.11, 0.37])
def test_amplitude_estimation_keeps_to_the_error_in_a_simulated_walk(probability: float) -> None:
    from scipy.signal.windows import dpss

    epsilon = 0.05
    uses = probability_readout(epsilon, CONFIDENCE).estimation_uses
    # Two uses a step, and as many terms of the window as there are powers.
    steps = math.ceil(uses / 2)
    window = dpss(steps + 1, window_parameter(CONFIDENCE) / np.pi)
    window = window / np.linalg.norm(window)
    theta = math.asin(math.sqrt(probability))
    angles, weights = estimated(theta, steps, window)
    assert np.sum(weights) == pytest.approx(1)
    found = np.sin(angles) ** 2
    # What a few runs decide: between the probability and its complement.
    error = np.minimum(abs(found - probability), abs(1 - found - probability))
    assert np.sum(weights[error <= epsilon]) >= CONFIDENCE - 2e-3


def test_a_prolate_window_has_the_known_concentrations() -> None:
    # Slepian and Pollak's eigenvalues of order 0 for c = 1, 2 and 4.
    for c, eigenvalue in ((1.0, 0.57258), (2.0, 0.88056), (4.0, 0.99589)):
        assert window_parameter(eigenvalue) == pytest.approx(c, rel=1e-3)


def test_estimation_takes_uses_in_proportion_to_the_inverse_root_of_the_success() -> None:
    rare, rarer = (observable_readout(0.01, CONFIDENCE, p) for p in (1e-10, 1e-30))
    assert rarer.shots == rare.shots
    assert rarer.estimation_uses == pytest.approx(1e10 * rare.estimation_uses, rel=1e-6)
    constant = 2 * window_parameter(CONFIDENCE)
    assert rare.estimation_uses == pytest.approx(constant / (0.01 * 1e-5), rel=1e-2)


def test_estimation_error_is_that_of_the_worst_value_of_the_observable() -> None:
    epsilon, success = 0.02, 0.3
    uses = observable_readout(epsilon, CONFIDENCE, success).estimation_uses
    angle = window_parameter(CONFIDENCE) / uses
    theta = np.arcsin(np.sqrt(success * np.linspace(0, 1, 101)))
    errors = np.abs(np.sin(theta + angle) ** 2 - np.sin(theta) ** 2) / success
    assert np.max(errors) == pytest.approx(epsilon, rel=1e-9)


def test_a_pauli_string_takes_four_times_the_shots_of_a_projector() -> None:
    string = observable_readout(0.01, CONFIDENCE, spread=2)
    projector = observable_readout(0.01, CONFIDENCE)
    assert string.shots == pytest.approx(4 * projector.shots)
    assert overlap_readout(0.01, CONFIDENCE).shots == pytest.approx(string.shots)


def test_the_whole_vector_takes_shots_in_proportion_to_its_length() -> None:
    short, long = (vector_readout(size, 0.01, CONFIDENCE) for size in (2.0**40, 2.0**80))
    assert long.shots / short.shots == pytest.approx(2.0**40 * 81 / 41, rel=1e-3)
    assert long.estimation_uses / short.estimation_uses == pytest.approx(2.0**40)
    assert math.isfinite(vector_readout(1e30, 1e-6, 0.999, 1e-12).shots)


def test_estimation_beats_the_iterative_algorithm_and_sampling_beats_neither() -> None:
    uses = probability_readout(1e-3, CONFIDENCE).estimation_uses
    assert uses < iterative_estimation_uses(1e-3, CONFIDENCE)
    assert iterative_estimation_uses(1e-3, CONFIDENCE) < probability_readout(1e-3, 0.95).shots


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((0.0, 0.95), "epsilon"),
        ((0.01, 1.0), "confidence"),
        ((0.01, 0.95, 0.0), "success_probability"),
        ((0.01, 0.95, 1.5), "success_probability"),
    ],
)
def test_arguments_out_of_range_are_named(arguments: tuple[float, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        observable_readout(*arguments)


def test_a_confidence_that_double_precision_does_not_tell_from_1_is_refused() -> None:
    with pytest.raises(ValueError, match="confidence"):
        probability_readout(0.01, 1 - 1e-14)


def test_a_spread_or_size_that_is_not_positive_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="spread"):
        observable_readout(0.01, 0.95, spread=0)
    with pytest.raises(InvalidProblemError, match="size"):
        vector_readout(0, 0.01, 0.95)
