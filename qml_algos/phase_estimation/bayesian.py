r"""Bayesian phase estimation: each Hadamard test chosen by the information expected of it.

References
----------
N. Wiebe, C. Granade, Phys. Rev. Lett. 117, 010503 (2016), arXiv:1508.00869, which keeps a Gaussian
instead of the exact posterior and sets the power to 1.25 over its width; for the expected
information K. Chaloner, I. Verdinelli, Stat. Sci. 10, 273 (1995), Sec. 2.
"""

from __future__ import annotations

import numpy as np
from scipy.special import entr

from qml_algos.phase_estimation.hadamard_data import HadamardData, Measure, Setting
from qml_algos.phase_estimation.kernel import Array
from qml_algos.phase_estimation.posterior import PhasePosterior, Visibilities

ROUNDS = 48
"""Shots are spent in so many jobs, each one test."""

_LEAST = 4
_TESTED = 10

_ANGLES = 8
# A choice needs no more than every fourth point of the grid.
_COARSER = 4


def bayesian_phase(
    longest: int, shots: int, measure: Measure, *, noisy: bool, precision: float = 0.0
) -> PhasePosterior:
    """Estimate an eigenphase by adaptive tests.

    Parameters
    ----------
    longest
        Largest power.
    shots
        At most, in `ROUNDS` jobs; a tenth of them in a last one, of the powers of 2, which tests
        whether there is one eigenphase.
    measure
        Runs the settings.
    noisy
        Whether a visibility that decays with the power is inferred with the phase.
    precision
        Standard deviation, in radians, at which to stop.

    Raises
    ------
    ValueError
        If there are fewer shots than 4 for each power of 2.
    UnsuitableSolverError
        If the data are not those of one eigenphase.
    """
    visibilities = Visibilities.decaying(longest) if noisy else Visibilities.perfect()
    posterior = PhasePosterior.uniform(visibilities)
    powers = [1 << exponent for exponent in range(longest.bit_length())]
    if shots < _LEAST * len(powers):
        raise ValueError(
            f"shots = {shots}: the Bayesian method needs at least {_LEAST * len(powers)} for "
            f"powers up to {longest}"
        )
    each = max(1, shots // (_TESTED * len(powers)))
    shots -= each * len(powers)
    rounds = min(ROUNDS, shots)
    for job in range(rounds):
        repetitions = shots // rounds + (job < shots % rounds)
        setting = best_setting(posterior, longest, repetitions)
        posterior = posterior.updated(HadamardData.of([setting], measure([setting])))
        if posterior.standard_deviation < precision:
            break
    # Steep slopes, which the choice favours, do not show a visibility that is too low: the tops do.
    tops = [Setting(power, -power * posterior.mean, each) for power in powers]
    data = HadamardData.of(tops, measure(tops))
    posterior = posterior.updated(data)
    expected = posterior.visibility(data.powers)
    data.require_one_phase(posterior.mean, expected, 2 if noisy else 0)
    return posterior


def best_setting(posterior: PhasePosterior, longest: int, shots: int) -> Setting:
    """Choose power and control phase by the mutual information of one outcome and the phase.

    Among powers half an octave apart, from a quarter of the inverse of the phase's standard
    deviation to four times that: shorter ones tell less, longer ones not more.
    """
    sharpness = 1 / posterior.standard_deviation
    powers: Array = np.round(sharpness * 2 ** (np.arange(-4, 5) / 2))
    powers = np.unique(np.clip(powers, 1, longest)).astype(float)
    controls: Array = np.pi / _ANGLES * np.arange(_ANGLES, dtype=float)
    information = expected_information(posterior, powers, controls)
    power, control = np.unravel_index(np.argmax(information), information.shape)
    return Setting(int(powers[power]), float(controls[control]), shots)


def expected_information(posterior: PhasePosterior, powers: Array, controls: Array) -> Array:
    """Mutual information in nats, at the mean visibility; shape ``(powers, controls)``."""
    density = posterior.density.reshape(-1, _COARSER).sum(axis=1)
    phases = posterior.phases.reshape(-1, _COARSER).mean(axis=1)
    turned = np.exp(1j * np.outer(powers, phases))
    waves = np.exp(1j * controls)[None, :, None] * turned[:, None, :]
    p = (1 + posterior.visibility(powers)[:, None, None] * waves.real) / 2
    p = np.clip(p, 0.0, 1.0)
    mean = p @ density
    spread: Array = (entr(p) + entr(1 - p)) @ density
    return entr(mean) + entr(np.maximum(1 - mean, 0)) - spread
