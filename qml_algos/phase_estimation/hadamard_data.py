"""What Hadamard tests of powers of an evolution have shown, and how well one phase explains it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, xlogy

from qml_algos.errors import UnsuitableSolverError
from qml_algos.phase_estimation.kernel import Array

INCONSISTENT = 1e-4
"""Data that one eigenphase gives with a smaller probability are refused."""


@dataclass(frozen=True)
class Setting:
    """One circuit: the power of the evolution, the control phase in radians, and repetitions."""

    power: int
    control_phase: float
    shots: int


Measure = Callable[[Sequence[Setting]], list[int]]
"""Runs settings as one job and says how often each clock was read as 0."""


@dataclass(frozen=True, eq=False)
class HadamardData:
    """Settings and outcomes, shape ``(B,)`` each."""

    powers: Array
    control_phases: Array
    zeros: Array
    shots: Array

    @classmethod
    def of(cls, settings: Sequence[Setting], zeros: Sequence[int]) -> HadamardData:
        """Put settings and the counts of 0 together."""
        return cls(
            np.array([setting.power for setting in settings], dtype=float),
            np.array([setting.control_phase for setting in settings], dtype=float),
            np.array(zeros, dtype=float),
            np.array([setting.shots for setting in settings], dtype=float),
        )

    def joined(self, other: HadamardData) -> HadamardData:
        """Append further data."""
        return HadamardData(
            np.append(self.powers, other.powers),
            np.append(self.control_phases, other.control_phases),
            np.append(self.zeros, other.zeros),
            np.append(self.shots, other.shots),
        )

    @property
    def evolution(self) -> int:
        """Number of evolutions by one unit of time in all shots together."""
        return int(self.powers @ self.shots)

    def require_one_phase(self, phase: float, visibilities: Array, parameters: int) -> None:
        r"""Test what was found against ``P(0) = (1 + v cos(power phase + control_phase)) / 2``.

        By the likelihood ratio to probabilities that are free, which for many shots follows a
        chi-square law.

        Raises
        ------
        UnsuitableSolverError
            If one phase gives such data with a probability below `INCONSISTENT`.
        """
        cosine = np.cos(self.powers * phase + self.control_phases)
        # Half a count of either outcome stands for the error of the phase, without which a certain
        # outcome that fails once would rule out any phase.
        p = ((1 + visibilities * cosine) / 2 * self.shots + 0.5) / (self.shots + 1)
        share = self.zeros / self.shots
        excess = xlogy(share, share / p) + xlogy(1 - share, (1 - share) / (1 - p))
        deviance = 2 * float(self.shots @ excess)
        p_value = float(chdtrc(max(self.powers.size - parameters, 1), deviance))
        if p_value < INCONSISTENT:
            raise UnsuitableSolverError(
                f"the data are not those of one eigenphase (p = {p_value:.1e}): the state is a "
                "superposition or a mixture of several, or the device's noise is no decay of the "
                "visibility; method 'standard', 'semiclassical' or 'iterative' tells several apart"
            )
