"""Phases fitted to counts: precision, number of phases, intervals, refusals.

Counts are drawn from the exact distribution with fixed seeds.
"""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

from circuits import DiagonalisedEvolution, phase_estimation
from qml_algos.errors import InvalidProblemError
from qml_algos.phase_estimation import PhaseKernel, fit_phases

EIGENVALUES = np.array([0.65, 0.25, 0.06, 0.04])


def drawn(phases, weights, clock_qubits, shots, seed, guard_qubits=0, background=0.0):
    p = np.asarray(weights) @ PhaseKernel(clock_qubits, guard_qubits).values(np.asarray(phases))
    p = (1 - background) * p + background / p.size
    return np.random.default_rng(seed).multinomial(shots, p / p.sum())


def wrapped(difference):
    return (difference + np.pi) % (2 * np.pi) - np.pi


@pytest.mark.parametrize("guard_qubits", [0, 1])
@pytest.mark.parametrize("phase", [0.7, -1.9, 2 * np.pi / 16 * 3])
def test_kernel_is_the_distribution_of_the_circuits_clock(phase, guard_qubits):
    evolution = DiagonalisedEvolution.of_hermitian(np.array([phase, 0.0]), np.eye(2))
    circuit = QuantumCircuit(5)
    circuit.compose(phase_estimation(evolution, 4, 1.0, guard_qubits=guard_qubits), inplace=True)
    found = np.sum(np.abs(Statevector(circuit).data.reshape(16, 2)) ** 2, axis=1)
    np.testing.assert_allclose(
        PhaseKernel(4, guard_qubits).values(np.array([phase]))[0], found, atol=1e-12
    )


def test_derivatives_of_the_kernel_are_those_of_differences():
    kernel, step = PhaseKernel(4, 1), 1e-5
    phases = np.array([0.3, 2 * np.pi / 16 * 3, -1.2])
    _, first, second = kernel.derivatives(phases)
    above, below = kernel.derivatives(phases + step), kernel.derivatives(phases - step)
    np.testing.assert_allclose(first, (above[0] - below[0]) / (2 * step), atol=1e-7)
    np.testing.assert_allclose(second, (above[1] - below[1]) / (2 * step), atol=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_four_eigenvalues_are_found_within_a_thousandth_and_no_fifth(seed):
    found = fit_phases(drawn(2 * np.pi * EIGENVALUES, EIGENVALUES, 8, 100_000, seed), 8)
    assert found.phases.size == 4
    np.testing.assert_allclose(found.phases % (2 * np.pi) / (2 * np.pi), EIGENVALUES, atol=1e-3)
    assert np.all(np.abs(found.weights - EIGENVALUES) <= 5 * found.weight_standard_errors)
    assert np.all(found.phase_standard_errors < 1e-3)


def test_uniform_background_is_no_phase():
    counts = drawn([1.0, -2.0], [0.7, 0.3], 6, 20_000, 1, background=0.3)
    found = fit_phases(counts, 6, background=True)
    np.testing.assert_allclose(found.phases, [1.0, -2.0], atol=0.02)
    assert found.background == pytest.approx(0.3, abs=0.03)
    assert found.background + found.weights.sum() == pytest.approx(1)
    assert fit_phases(np.full(64, 100), 6, background=True).phases.size == 0


def test_one_phase_gets_no_company_at_few_shots():
    """In 30 runs at a significance of 1e-3: one or more by chance with probability 0.03."""
    for seed in range(30):
        phase = np.random.default_rng(seed).uniform(-np.pi, np.pi)
        assert fit_phases(drawn([phase], [1.0], 5, 100, seed), 5).phases.size == 1


def test_phases_closer_than_a_cell_are_told_apart_when_the_counts_suffice():
    cell = 2 * np.pi / 64
    phases = np.array([1.01, 1.01 + 0.6 * cell])
    found = fit_phases(drawn(phases, [0.5, 0.5], 6, 100_000, 3), 6)
    np.testing.assert_allclose(np.sort(found.phases), phases, atol=0.1 * cell)


def test_intervals_cover_and_enclose():
    """20 intervals of 95 %: fewer than 15 cover with probability 4e-4."""
    covered = 0
    for seed in range(20):
        phase = np.random.default_rng([seed, 7]).uniform(-np.pi, np.pi)
        found = fit_phases(drawn([phase], [1.0], 5, 200, seed), 5, max_components=1)
        [[low, high]] = found.interval()
        assert low <= found.phases[0] <= high
        covered += bool(wrapped(low - phase) <= 0 <= wrapped(high - phase))
    assert covered >= 15


def test_a_phase_too_many_is_as_rare_as_the_significance_says():
    """Of 40 fits at a significance of 0.05, 8 or more with one too many: probability 1e-3."""
    sizes = [
        fit_phases(drawn([0.8], [1.0], 5, 2000, seed), 5, max_components=2, significance=0.05)
        for seed in range(40)
    ]
    assert sum(found.phases.size > 1 for found in sizes) < 8


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (np.ones(7), r"counts have shape \(7,\): \(8,\)"),
        (np.zeros(8), "counts are all 0"),
        (np.full(8, -1), "none below 0"),
        (np.full(8, 0.5), "whole numbers"),
        (np.full(8, np.nan), "counts contains NaN"),
    ],
)
def test_counts_that_are_none_are_refused(counts, message):
    with pytest.raises(InvalidProblemError, match=message):
        fit_phases(counts, 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"clock_qubits": 0}, "clock_qubits = 0"),
        ({"clock_qubits": 3, "guard_qubits": 3}, "guard_qubits = 3"),
        ({"clock_qubits": 3, "max_components": 0}, "max_components = 0"),
        ({"clock_qubits": 3, "significance": 1.5}, "significance = 1.5"),
    ],
)
def test_options_out_of_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        fit_phases(np.ones(8), **arguments)


def test_level_out_of_range_is_refused():
    with pytest.raises(ValueError, match="level = 1"):
        fit_phases(drawn([1.0], [1.0], 3, 100, 0), 3).interval(1)
