"""Confidence intervals of eigenphases by the profile of the likelihood."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import chdtri

from qml_algos.phase_estimation.mixture import Data, Mixture, maximise, mirror

_BISECTIONS = 12


def mirror_ambiguity(data: Data, mixture: Mixture, value: float, component: int) -> float:
    """Mean square distance that a phase's mirror image adds to its error, in radians squared.

    The image about the nearest outcome counts with the likelihood it has beside the maximum.
    """
    spacing = 2 * np.pi / data.kernel.outcomes
    phase = mixture.phases[component]
    image = mirror(phase, spacing)
    trial, reached = maximise(data, mixture.moved(component, image), tolerance=1e-3)
    distance = float(trial.phases[component] - phase)
    if abs(distance) > spacing:
        return 0.0
    odds = float(np.exp(min(reached - value, 0.0)))
    return odds / (1 + odds) * distance**2


def profile_interval(
    data: Data, mixture: Mixture, value: float, component: int, level: float
) -> tuple[float, float]:
    """Smallest interval around the phases whose profile likelihood passes a chi-square test.

    Other parameters are fitted anew for each phase that is tried. Includes the mirror image of the
    phase about the nearest outcome where that passes too.
    """
    threshold = float(chdtri(1, 1 - level)) / 2
    spacing = 2 * np.pi / data.kernel.outcomes
    phase = float(mixture.phases[component])

    def passes(trial: float) -> bool:
        moved = mixture.moved(component, trial)
        return value - maximise(data, moved, component, 1e-3)[1] < threshold

    image = mirror(phase, spacing)
    modes = [phase, image] if passes(image) else [phase]
    return _edge(passes, min(modes), -spacing), _edge(passes, max(modes), spacing)


def _edge(passes: Callable[[float], bool], inside: float, spacing: float) -> float:
    """Find where a test that is passed inside fails first, on the side of the spacing's sign."""
    step = spacing / 64
    while abs(step) < np.pi and passes(inside + step):
        inside, step = inside + step, 2 * step
    outside = inside + step
    for _ in range(_BISECTIONS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if passes(middle) else (inside, middle)
    return outside
