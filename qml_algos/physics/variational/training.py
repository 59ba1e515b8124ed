"""Angles of least energy, found on a statevector from schedules of annealing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import scipy.optimize
from numpy.typing import NDArray

from qml_algos.physics.threads import one_thread
from qml_algos.physics.variational.evolution import LayeredEvolution

_STEPS = (0.3, 0.6, 1.0)
"""Lengths of a repetition of annealing, in units of the inverse strongest layer."""
_SPREAD = 0.3
"""Of random starts around a schedule, radians."""


@dataclass(frozen=True, eq=False)
class Trained:
    """Where a training ended.

    Attributes
    ----------
    angles
        Radians; shape ``(repetitions * layers,)``.
    energy
        Of the exact state.
    evaluations
        Of energy and gradient, in all starts.
    starts
        How many were made.
    """

    angles: NDArray[np.float64]
    energy: float
    evaluations: int
    starts: int


def train(
    evolution: LayeredEvolution,
    strengths: NDArray[np.float64],
    repetitions: int,
    *,
    starts: int,
    max_iterations: int,
    converged: Callable[[NDArray[np.float64]], bool],
    generator: np.random.Generator,
    progress: Callable[[int, int], None] | None = None,
) -> Trained:
    """Minimise the energy by BFGS from several schedules, until one ends in an eigenstate.

    Parameters
    ----------
    evolution
        Of the state.
    strengths
        Of each layer, as a part of the Hamiltonian; shape ``(layers,)``, the strongest 1. The
        reference state is a ground state of the last layer.
    repetitions
        Of all layers.
    starts
        Most schedules tried: three of annealing, then random ones around the first.
    max_iterations
        Of each.
    converged
        Whether angles are so good that no further start is needed.
    generator
        Of random starts.
    progress
        Told of each start; those that are not needed count as done.

    Returns
    -------
    Trained
        The best of all starts.
    """
    best: scipy.optimize.OptimizeResult | None = None
    evaluations = done = 0
    with one_thread():
        for angles in _schedules(strengths, repetitions, starts, generator):
            found = scipy.optimize.minimize(
                evolution.energy_and_gradient,
                angles,
                jac=True,
                method="BFGS",
                options={"gtol": 1e-8, "maxiter": max_iterations},
            )
            evaluations += int(found.nfev)
            done += 1
            if best is None or found.fun < best.fun:
                best = found
            enough = converged(best.x)
            if progress is not None:
                progress(starts if enough else done, starts)
            if enough:
                break
    assert best is not None, "there is at least one start"
    return Trained(np.asarray(best.x), float(best.fun), evaluations, done)


def _schedules(
    strengths: NDArray[np.float64],
    repetitions: int,
    starts: int,
    generator: np.random.Generator,
) -> Iterator[NDArray[np.float64]]:
    for start in range(starts):
        if start < len(_STEPS):
            yield annealing(strengths, repetitions, _STEPS[start])
        else:
            first = annealing(strengths, repetitions, _STEPS[0])
            yield first + generator.normal(scale=_SPREAD, size=first.shape)


def annealing(strengths: NDArray[np.float64], repetitions: int, step: float) -> NDArray[np.float64]:
    """Angles that go, in equal steps, from the last layer alone to the whole Hamiltonian.

    Parameters
    ----------
    strengths
        Of each layer, the strongest 1.
    repetitions
        Number of steps.
    step
        Their length in time.

    Returns
    -------
    ndarray
        Shape ``(repetitions * layers,)``, the layers of the first step first.
    """
    part = ((np.arange(repetitions) + 0.5) / repetitions)[:, np.newaxis]
    begin = np.zeros(len(strengths))
    begin[-1] = 1.0
    angles: NDArray[np.float64] = step * ((1 - part) * begin + part * strengths)
    return angles.ravel()
