"""Robust and Bayesian estimation on outcomes drawn from exact probabilities."""

import numpy as np
import pytest

from qml_algos.errors import UnsuitableSolverError
from qml_algos.phase_estimation.bayesian import bayesian_phase, best_setting
from qml_algos.phase_estimation.hadamard_data import HadamardData, Setting
from qml_algos.phase_estimation.posterior import PhasePosterior, Visibilities
from qml_algos.phase_estimation.robust import robust_phase, robust_schedule


def wrapped(difference):
    return (difference + np.pi) % (2 * np.pi) - np.pi


def measurer(phase, generator, visibility=lambda power: 1.0, bias=0.0):
    def measure(settings):
        found = []
        for setting in settings:
            cosine = np.cos(setting.power * phase + setting.control_phase)
            p = np.clip((1 + visibility(setting.power) * cosine) / 2 + bias, 0, 1)
            found.append(int(generator.binomial(setting.shots, p)))
        return found

    return measure


def test_bayesian_intervals_cover():
    """20 intervals of 95 %: fewer than 15 cover with probability 4e-4."""
    covered = 0
    for seed in range(20):
        generator = np.random.default_rng(seed)
        phase = generator.uniform(-np.pi, np.pi)
        found = bayesian_phase(64, 300, measurer(phase, generator), noisy=False)
        low, high = found.interval()
        covered += bool(wrapped(low - phase) <= 0 <= wrapped(high - phase))
        assert abs(wrapped(found.mean - phase)) < 0.05
    assert covered >= 15


def test_decay_of_the_visibility_is_inferred():
    generator = np.random.default_rng(0)
    measure = measurer(1.3, generator, lambda power: 0.95 * np.exp(-0.01 * power))
    found = bayesian_phase(128, 2000, measure, noisy=True)
    assert abs(found.mean - 1.3) <= 5 * found.standard_deviation < 0.02
    assert found.visibility(np.array([64.0]))[0] == pytest.approx(0.95 * np.exp(-0.64), abs=0.15)


def test_bayesian_method_stops_at_the_precision():
    measure = measurer(0.4, np.random.default_rng(1))
    found = bayesian_phase(256, 10_000, measure, noisy=False, precision=0.01)
    assert found.standard_deviation < 0.01
    assert found.data.shots.sum() < 10_000


def test_posterior_on_its_moving_grid_is_that_of_bayes_theorem():
    settings = [Setting(1, 0.0, 10), Setting(3, 0.5, 20), Setting(9, 1.0, 40), Setting(30, 2.0, 40)]
    zeros = measurer(-2.9, np.random.default_rng(2))(settings)
    posterior = PhasePosterior.uniform(Visibilities.perfect())
    for setting, zero in zip(settings, zeros, strict=True):
        posterior = posterior.updated(HadamardData.of([setting], [zero]))
    fine = -2.9 + np.linspace(-np.pi, np.pi, 200_001)
    logs = np.zeros(fine.size)
    for setting, zero in zip(settings, zeros, strict=True):
        p = (1 + np.cos(setting.power * fine + setting.control_phase)) / 2
        logs += zero * np.log(p + 1e-300) + (setting.shots - zero) * np.log(1 - p + 1e-300)
    density = np.exp(logs - logs.max())
    mean = fine @ density / density.sum()
    spread = np.sqrt((fine - mean) ** 2 @ density / density.sum())
    assert wrapped(posterior.mean - mean) == pytest.approx(0, abs=0.05 * spread)
    assert posterior.standard_deviation == pytest.approx(spread, rel=0.02)


def test_first_test_is_of_the_lowest_powers():
    posterior = PhasePosterior.uniform(Visibilities.perfect())
    assert best_setting(posterior, 64, 10).power <= 2


def test_robust_schedule_spends_the_shots_and_favours_low_powers():
    settings = robust_schedule(6, 500)
    counts = [setting.shots for setting in settings]
    assert 480 <= sum(counts) <= 500
    assert counts[::2] == sorted(counts[::2], reverse=True)
    assert counts[-1] >= 8
    assert [setting.power for setting in settings[::2]] == [1, 2, 4, 8, 16, 32]


@pytest.mark.parametrize("seed", range(5))
def test_robust_method_bears_a_bias_of_every_probability(seed):
    """A bias of 0.1 turns the last angle by 0.3 at most, of the last power's period."""
    generator = np.random.default_rng(seed)
    phase = generator.uniform(-np.pi, np.pi)
    measure = measurer(phase, generator, lambda power: 0.8, bias=0.05)
    found, _, data = robust_phase(8, 3000, measure, noisy=True)
    assert abs(wrapped(found - phase)) < 0.8 / 128
    assert data.evolution == int(data.powers @ data.shots)


def test_data_of_two_phases_are_refused():
    generator = np.random.default_rng(4)

    def measure(settings):
        found = []
        for setting in settings:
            cosines = np.cos(setting.power * np.array([0.5, 1.7]) + setting.control_phase)
            p = (1 + np.array([0.6, 0.4]) @ cosines) / 2
            found.append(int(generator.binomial(setting.shots, p)))
        return found

    with pytest.raises(UnsuitableSolverError, match="not those of one eigenphase"):
        robust_phase(7, 4000, measure, noisy=False)
    with pytest.raises(UnsuitableSolverError, match="not those of one eigenphase"):
        bayesian_phase(64, 4000, measure, noisy=False)


def test_robust_method_refuses_what_it_does_not_bear():
    measure = measurer(0.9, np.random.default_rng(0), lambda power: np.exp(-0.1 * power))
    with pytest.raises(UnsuitableSolverError, match=r"the robust method bears 0\.35"):
        robust_phase(7, 20_000, measure, noisy=True)
