"""Stochastic reconfiguration of a restricted Boltzmann machine with all sums done in full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from scipy.special import gammaln

from qml_algos.physics.neural.rbm import log_two_cosh
from qml_algos.physics.nonlocality.machines import Machine

_SHIFT = 1e-10
"""Added to the metric, relative to its diagonal, where parameters do nothing."""
_FIRST_STEP = 0.01
_LONGEST = 0.3
"""Largest step, as a change of the state."""
_SHORTEST = 1e-12
_CONVERGED = 1e-13


@dataclass(frozen=True, eq=False)
class Landscape:
    """The energy of a machine as a function of its parameters.

    Attributes
    ----------
    machine
        With real parameters if its amplitudes are positive, else with complex ones.
    matrix
        Hermitian: the Hamiltonian between the configurations summed over.
    features
        What the visible units show, shape ``(configurations, visible)``: the spins, or their sum if
        all share their parameters.
    log_weights
        Half the logarithm of how many configurations each stands for.
    """

    machine: Machine
    matrix: Any
    features: NDArray[np.float64]
    log_weights: NDArray[np.float64]

    def start(self, generator: np.random.Generator) -> NDArray[Any]:
        """Draw parameters."""
        return self.machine.start(generator, float(np.abs(self.features).max()))

    def amplitudes(self, parameters: NDArray[Any]) -> NDArray[Any]:
        """Return normalised amplitudes, weights included."""
        W, a, b = self.machine.weights(parameters)
        logs = self.log_weights + self.features @ a
        logs = logs + log_two_cosh(self.features @ W.T + b).sum(axis=1)
        if not np.iscomplexobj(parameters):
            logs = logs.real
        found = np.exp(logs - logs.real.max())
        return np.asarray(found / np.linalg.norm(found))

    def energy(self, parameters: NDArray[Any]) -> float:
        """Return the energy."""
        amplitudes = self.amplitudes(parameters)
        return float(np.vdot(amplitudes, self.matrix @ amplitudes).real)

    def natural_gradient(self, parameters: NDArray[Any]) -> tuple[NDArray[Any], float]:
        """Return the direction of imaginary time, and the change of the state along it."""
        amplitudes = self.amplitudes(parameters)
        applied = self.matrix @ amplitudes
        energy = np.vdot(amplitudes, applied).real
        tangents = self.machine.derivatives(parameters, self.features) * amplitudes[:, None]
        tangents -= np.outer(amplitudes, amplitudes.conj() @ tangents)
        metric = tangents.conj().T @ tangents
        force = tangents.conj().T @ (applied - energy * amplitudes)
        if not np.iscomplexobj(parameters):
            metric, force = metric.real, force.real
        diagonal = np.diag(metric).real
        shifted = metric + np.diag(_SHIFT * (diagonal + diagonal.mean() + _SHORTEST))
        direction = scipy.linalg.solve(shifted, force, assume_a="pos")
        return direction, float(np.sqrt(np.vdot(direction, metric @ direction).real))


def log_choices(parties: int) -> NDArray[np.float64]:
    """Half the logarithm of the configurations with k bits 1, for k from 0."""
    ones = np.arange(parties + 1.0)
    found = gammaln(parties + 1) - gammaln(ones + 1) - gammaln(parties - ones + 1)
    return np.asarray(found / 2)


def descend(
    landscape: Landscape,
    parameters: NDArray[Any],
    steps: int,
    report: Callable[[int], None],
) -> tuple[NDArray[Any], float]:
    """Follow the natural gradient; steps that do not lower the energy are taken back and shortened.

    Parameters
    ----------
    landscape
        What to descend on.
    parameters
        Where to start.
    steps
        At most.
    report
        Called with the number of each step.

    Returns
    -------
    parameters, energy
        The lowest found.

    References
    ----------
    S. Sorella, Phys. Rev. Lett. 80, 4558 (1998).
    """
    length, energy = _FIRST_STEP, landscape.energy(parameters)
    for step in range(steps):
        direction, speed = landscape.natural_gradient(parameters)
        length = min(length, _LONGEST / max(speed, _SHORTEST))
        moved = parameters - length * direction
        while (found := landscape.energy(moved)) >= energy:
            length /= 3
            if length * speed < _SHORTEST:
                return parameters, energy
            moved = parameters - length * direction
        gained, energy, parameters = energy - found, found, moved
        length *= 1.6
        report(step + 1)
        if gained < _CONVERGED * abs(energy):
            break
    return parameters, energy
