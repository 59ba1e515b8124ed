"""The posterior distribution of an eigenphase, exact on a grid that follows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qml_algos.phase_estimation.hadamard_data import HadamardData
from qml_algos.phase_estimation.kernel import Array
from qml_algos.phase_estimation.level import require_level

_POINTS = 1024
_NOISY_POINTS = 384
_OUTSIDE = 1e-8
_LEAST_VISIBILITY = 0.6


@dataclass(frozen=True, eq=False)
class Visibilities:
    """Possible decays of the visibility, ``first * exp(-rate * power)``; shape ``(V,)`` each."""

    first: Array
    rates: Array

    @classmethod
    def perfect(cls) -> Visibilities:
        """No noise."""
        return cls(np.ones(1), np.zeros(1))

    @classmethod
    def decaying(cls, longest: int) -> Visibilities:
        """From 1 to 0.6 without evolution, and by up to 1/e**3 in the longest; uniform in both."""
        first, lost = np.meshgrid(np.linspace(_LEAST_VISIBILITY, 1, 13), np.linspace(0, 3, 16) ** 2)
        return cls(first.ravel(), lost.ravel() / 3 / longest)

    def at(self, powers: Array) -> Array:
        """Visibilities of tests; shape ``(V, B)``."""
        return self.first[:, None] * np.exp(-self.rates[:, None] * powers)


@dataclass(frozen=True, eq=False)
class PhasePosterior:
    """Posterior of an eigenphase and of the visibility, uniform before.

    Attributes
    ----------
    data
        All tests.
    visibilities
        Those that are possible.
    centre, width
        The grid's, in radians. The grid ends where less than 1e-8 of the probability is left.
    log_density
        Shape ``(V, points)``, up to a constant.
    """

    data: HadamardData
    visibilities: Visibilities
    centre: float
    width: float
    log_density: Array

    @classmethod
    def uniform(cls, visibilities: Visibilities) -> PhasePosterior:
        """Before any test."""
        points = _POINTS if visibilities.first.size == 1 else _NOISY_POINTS
        nothing = HadamardData.of([], [])
        flat = np.zeros((visibilities.first.size, points))
        return cls(nothing, visibilities, 0.0, 2 * np.pi, flat)

    @cached_property
    def phases(self) -> Array:
        """Phases of the grid, shape ``(points,)``, ascending."""
        points = self.log_density.shape[1]
        return self.centre + self.width * ((np.arange(points) + 0.5) / points - 0.5)

    @cached_property
    def joint(self) -> Array:
        """Probabilities on the grid, shape ``(V, points)``."""
        density = np.exp(self.log_density - np.max(self.log_density))
        found: Array = density / density.sum()
        return found

    @cached_property
    def density(self) -> Array:
        """Probabilities of the phases, shape ``(points,)``."""
        found: Array = self.joint.sum(axis=0)
        return found

    @property
    def mean(self) -> float:
        """Posterior mean on the grid, in radians."""
        return float(self.phases @ self.density)

    @property
    def standard_deviation(self) -> float:
        """In radians."""
        return float(np.sqrt((self.phases - self.mean) ** 2 @ self.density))

    def visibility(self, powers: Array) -> Array:
        """Posterior mean of the visibility of tests; shape ``(B,)``."""
        found: Array = self.joint.sum(axis=1) @ self.visibilities.at(powers)
        return found

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Equal-tailed credible interval, in radians.

        Raises
        ------
        ValueError
            If the level is not between 0 and 1.
        """
        require_level(level)
        step = self.width / self.density.size
        edges = np.append(self.phases - step / 2, self.phases[-1] + step / 2)
        below = np.append(0.0, np.cumsum(self.density))
        low, high = np.interp([(1 - level) / 2, (1 + level) / 2], below, edges)
        return float(low), float(high)

    def updated(self, data: HadamardData) -> PhasePosterior:
        """Take further data in, and let the grid follow."""
        everything = self.data.joined(data)
        gained = _log_likelihood(data, self.visibilities, self.phases)
        grown = PhasePosterior(
            everything, self.visibilities, self.centre, self.width, self.log_density + gained
        )
        return grown._followed()

    def _followed(self) -> PhasePosterior:
        """Centre on the most likely phase, and narrow the grid to where the probability is."""
        if self.width > 6:
            mode = float(self.phases[np.argmax(self.density)])
            turned = self._on(mode, 2 * np.pi)
        else:
            turned = self
        below = np.cumsum(turned.density)
        inside = (below > _OUTSIDE) & (below - turned.density < 1 - _OUTSIDE)
        low, high = turned.phases[inside][[0, -1]]
        extent = 1.2 * (high - low) + 8 * turned.width / turned.density.size
        if extent > 0.6 * turned.width:
            return turned
        return turned._on(float(low + high) / 2, float(extent))._followed()

    def _on(self, centre: float, width: float) -> PhasePosterior:
        """Evaluate the same posterior on another grid, from all the data."""
        empty = PhasePosterior(self.data, self.visibilities, centre, width, self.log_density)
        density = _log_likelihood(self.data, self.visibilities, empty.phases)
        return PhasePosterior(self.data, self.visibilities, centre, width, density)


def _log_likelihood(data: HadamardData, visibilities: Visibilities, phases: Array) -> Array:
    """Shape ``(V, points)``."""
    found = np.zeros((visibilities.first.size, phases.size))
    seen = visibilities.at(data.powers)
    for test in range(data.powers.size):
        cosine = np.cos(data.powers[test] * phases + data.control_phases[test])
        x = np.clip(np.outer(seen[:, test], cosine), -1 + 1e-12, 1 - 1e-12)
        zeros = data.zeros[test]
        found += zeros * np.log1p(x) + (data.shots[test] - zeros) * np.log1p(-x)
    return found
