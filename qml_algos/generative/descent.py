"""Descent by Adam that keeps the best parameters and ends early."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qml_algos.backends.optimisers import adam

Floats = NDArray[np.float64]
Loss = Callable[[Floats], tuple[float, Floats]]
"""Takes parameters; returns a value, which may be noisy, and its gradient."""

CHECK_EVERY = 10
"""Steps from one look at the monitored loss to the next."""


@dataclass(frozen=True)
class Settings:
    """How to descend.

    Attributes
    ----------
    learning_rate
        Length of the first steps in each parameter, about.
    max_steps
        At most.
    patience
        Looks at the monitored loss without progress after which the descent ends.
    tol
        What counts as progress.
    """

    learning_rate: float
    max_steps: int
    patience: int
    tol: float


@dataclass(frozen=True, eq=False)
class Descended:
    """Where a descent led.

    Attributes
    ----------
    parameters
        Those of the least monitored loss.
    step
        After which they were taken, 0 for the start.
    losses
        Before each step, as it was estimated there.
    monitored
        The monitored loss at the start and after every `CHECK_EVERY` steps.
    """

    parameters: Floats
    step: int
    losses: Floats
    monitored: Floats


def descend(
    loss: Loss,
    monitor: Callable[[Floats], float],
    start: Floats,
    settings: Settings,
    report: Callable[[int, float], None],
) -> Descended:
    """Descend until the monitored loss makes no more progress.

    Parameters
    ----------
    loss
        To descend.
    monitor
        Loss to judge parameters by: of other data, or without noise.
    start
        Parameters to begin with.
    settings
        How.
    report
        Is told the steps done and the monitored loss.
    """
    losses: list[float] = []

    def gradient(parameters: Floats) -> Floats:
        value, slope = loss(parameters)
        losses.append(value)
        return slope

    monitored = [monitor(start)]
    best, at, kept, reference, since = monitored[0], 0, start, monitored[0], 0
    path = adam(gradient, start, settings.learning_rate, settings.max_steps)
    for step, parameters in enumerate(path, 1):
        if step % CHECK_EVERY and step < settings.max_steps:
            continue
        monitored.append(monitor(parameters))
        report(step, monitored[-1])
        if monitored[-1] < best:
            best, at, kept = monitored[-1], step, parameters
        since += 1
        if best < reference - settings.tol:
            reference, since = best, 0
        if since >= settings.patience:
            break
    return Descended(kept, at, np.array(losses), np.array(monitored))
