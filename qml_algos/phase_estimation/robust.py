r"""Robust phase estimation: Hadamard tests of the powers 1, 2, 4, ..., not adaptive.

Each power :math:`2^j` is measured in the X and the Y basis, :math:`M_j` times each, which gives
:math:`2^j \phi` modulo :math:`2 \pi`; of the :math:`2^j` candidates for :math:`\phi` the one
closest to the estimate from the power before is kept. An error enters only if :math:`2^j \phi` is
missed by more than :math:`\pi / 3`, so that probabilities may deviate by up to
:math:`1 / \sqrt 8 = 0.35` from whatever cause. With :math:`M_j = \alpha (K - j) + \beta` the error
falls as the inverse of the evolution time: Heisenberg scaling.

References
----------
S. Kimmel, G. Low, T. Yoder, Phys. Rev. A 92, 062315 (2015), arXiv:1502.02677, Sec. IV and
eq. 4.13 for the schedule; B. Higgins et al., New J. Phys. 11, 073023 (2009).
"""

from __future__ import annotations

import numpy as np

from qml_algos.errors import UnsuitableSolverError
from qml_algos.phase_estimation.hadamard_data import HadamardData, Measure, Setting
from qml_algos.phase_estimation.kernel import Array

_ALPHA = 2.5
_LEAST = 8
_BORNE = 1 / np.sqrt(8)
# What shot noise may add to a deviation.
_SIGMAS = 4


def robust_schedule(stages: int, shots: int) -> list[Setting]:
    r"""Distribute shots over powers: X and Y basis of 1, then of 2, up to ``2**(stages - 1)``.

    Repetitions fall linearly with the exponent, by 5/2 from stage to stage (less if the shots do
    not suffice), as in the schedule of the reference; the last power gets at least 8 in each basis.

    Raises
    ------
    ValueError
        If there are fewer shots than 16 for each power.
    """
    if shots < 2 * _LEAST * stages:
        raise ValueError(
            f"shots = {shots}: the robust method needs at least {2 * _LEAST * stages} for "
            f"{stages} powers"
        )
    behind = np.arange(stages)[::-1]
    each = shots / (2 * stages)
    slope = 0.0 if stages == 1 else min(_ALPHA, 2 * (each - _LEAST) / (stages - 1))
    last = each - slope * (stages - 1) / 2
    repetitions = np.floor(slope * behind + last).astype(int)
    return [
        Setting(1 << stage, control, int(count))
        for stage, count in enumerate(repetitions)
        for control in (0.0, -np.pi / 2)
    ]


def robust_phase(
    stages: int, shots: int, measure: Measure, *, noisy: bool
) -> tuple[float, float, HadamardData]:
    r"""Estimate an eigenphase by the robust schedule, all in one job.

    Parameters
    ----------
    stages
        Number of powers.
    shots
        In all, distributed by `robust_schedule`.
    measure
        Runs the settings.
    noisy
        Whether probabilities may deviate from those of one eigenphase by what the method bears. A
        further eigenphase with up to a third of the weight passes then, too; its share in the error
        falls with the last power.

    Returns
    -------
    tuple
        Phase in (-pi, pi], its standard error, and the data. The error is that of the last
        power, :math:`\sqrt{\mathrm{Var}(x) \sin^2 + \mathrm{Var}(y) \cos^2} / (r\, 2^{K})`.

    Raises
    ------
    UnsuitableSolverError
        If the data are not those of one eigenphase, or deviate by more than the method bears.
    """
    settings = robust_schedule(stages, shots)
    data = HadamardData.of(settings, measure(settings))
    quadratures = (2 * data.zeros / data.shots - 1).reshape(-1, 2)
    phase = _unwrapped(quadratures)
    if noisy:
        _require_borne(data, phase)
    else:
        data.require_one_phase(phase, np.ones(data.powers.size), 1)
    error = _angle_error(quadratures[-1], data.shots[-2:]) / 2 ** (stages - 1)
    return float(np.pi - (np.pi - phase) % (2 * np.pi)), error, data


def _require_borne(data: HadamardData, phase: float) -> None:
    ideal = (1 + np.cos(data.powers * phase + data.control_phases)) / 2
    deviation = np.abs(data.zeros / data.shots - ideal)
    worst = int(np.argmax(deviation - _SIGMAS / (2 * np.sqrt(data.shots))))
    if deviation[worst] - _SIGMAS / (2 * np.sqrt(data.shots[worst])) > _BORNE:
        raise UnsuitableSolverError(
            f"the probability for power {data.powers[worst]:.0f} deviates by "
            f"{deviation[worst]:.2f} from that of one eigenphase, the robust method bears "
            f"{_BORNE:.2f}: use fewer clock qubits, or method 'bayesian', which infers the decay"
        )


def _unwrapped(quadratures: Array) -> float:
    """Follow the phase from power to power; see the module."""
    phase = 0.0
    for stage, (x, y) in enumerate(quadratures):
        angle = float(np.arctan2(y, x))
        turns = np.round((phase * 2**stage - angle) / (2 * np.pi))
        phase = (angle + 2 * np.pi * float(turns)) / 2**stage
    return phase


def _angle_error(quadrature: Array, shots: Array) -> float:
    """Compute the standard error of the angle of ``x + i y``, found in so many shots."""
    # One more of each outcome keeps a quadrature that was always read alike from having no error.
    share = ((quadrature + 1) / 2 * shots + 1) / (shots + 2)
    variances = 4 * share * (1 - share) / (shots + 2)
    radius = max(float(np.linalg.norm(quadrature)), float(np.sqrt(variances.sum())))
    direction = quadrature / max(float(np.linalg.norm(quadrature)), 1e-12)
    return float(np.sqrt(variances[0] * direction[1] ** 2 + variances[1] * direction[0] ** 2)) / (
        radius
    )
