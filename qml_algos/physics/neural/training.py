"""Variational Monte Carlo of a restricted Boltzmann machine, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.physics.neural.local_energies import LocalEnergies
from qml_algos.physics.neural.parametrisation import Parametrisation
from qml_algos.physics.neural.reconfiguration import natural_gradient
from qml_algos.physics.neural.sampler import Chains

_CATCH_UP = 3
"""Times as many moves of the chains after a step that was as long as it may be."""
_OUTLIER = 5.0
"""Standard deviations at which local energies are cut off in gradients."""


@dataclass(frozen=True)
class Schedule:
    """How to descend.

    Attributes
    ----------
    iterations
        Number of steps.
    moves
        Of the chains before each step; three times as many after a longest step.
    rates
        Imaginary time of the first and of the last step, in units of one over the largest coupling;
        it falls geometrically.
    shifts
        Of the matrix S, of the first step and from two thirds of the steps on.
    trust
        Longest step, in radians of the state.
    """

    iterations: int
    moves: int
    rates: tuple[float, float]
    shifts: tuple[float, float] = (1e-2, 1e-4)
    trust: float = 0.1

    def rate(self, step: int) -> float:
        """Imaginary time of a step."""
        first, last = self.rates
        return float(first * (last / first) ** (step / self.iterations))

    def shift(self, step: int) -> float:
        """Shift of a step."""
        first, last = self.shifts
        return float(first * (last / first) ** min(1.0, 1.5 * step / self.iterations))


@dataclass(eq=False)
class Training:
    """A machine, its chains, and what has been seen of its energy.

    Attributes
    ----------
    parametrisation, parameters
        What is fitted.
    chains, local_energies
        Samples, and the Hamiltonian.
    coupling
        The Hamiltonian's largest coefficient.
    energies, errors, variances
        At each step: mean of the samples, its standard error if they were independent, variance.
    """

    parametrisation: Parametrisation
    parameters: NDArray[Any]
    chains: Chains
    local_energies: LocalEnergies
    coupling: float
    energies: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    variances: list[float] = field(default_factory=list)
    _behind: bool = field(default=True, init=False)

    def warm_up(self, moves: int) -> None:
        """Bring the chains to the present machine."""
        self.chains.take(*self.parametrisation.machine(self.parameters))
        self.chains.run(moves)

    def step(self, schedule: Schedule, number: int) -> None:
        """Move the chains, then the parameters, along the natural gradient."""
        self.chains.run(schedule.moves * (_CATCH_UP if self._behind else 1))
        local = self.local_energies(self.chains)
        self._record(local)
        derivatives = self.parametrisation.log_derivatives(self.chains.spins, self.chains.tanh)
        direction, length = natural_gradient(derivatives, _cut_off(local), schedule.shift(number))
        rate = schedule.rate(number) / self.coupling
        self._behind = rate * length > schedule.trust
        if self._behind:
            rate = schedule.trust / length
        self.parameters = self.parameters - rate * direction
        self.chains.take(*self.parametrisation.machine(self.parameters))

    def _record(self, local: NDArray[Any]) -> None:
        variance = float(np.var(local))
        self.energies.append(float(local.mean().real))
        self.variances.append(variance)
        self.errors.append(float(np.sqrt(variance / len(local))))


@dataclass(frozen=True)
class Estimate:
    """Energy of a state, from samples.

    Attributes
    ----------
    energy, error
        Mean and its standard error. Chains are independent of one another, so that the spread of
        their means has all that samples of one chain have in common.
    variance
        Of the Hamiltonian.
    """

    energy: float
    error: float
    variance: float


def estimate(chains: Chains, local_energies: LocalEnergies, samples: int, moves: int) -> Estimate:
    """Average over samples taken every few moves, at least twice from each chain."""
    count = chains.spins.shape[1]
    rounds = []
    for _ in range(max(2, -(-samples // count))):
        chains.run(moves)
        rounds.append(local_energies(chains))
    local = np.array(rounds)
    means = local.real.mean(axis=0)
    error = means.std(ddof=1) / np.sqrt(count)
    return Estimate(float(means.mean()), float(error), float(np.var(local)))


def _cut_off(local: NDArray[Any]) -> NDArray[Any]:
    """Draw outliers in, which a node of the wave function makes of any size."""
    deviations = local - local.mean()
    limit = _OUTLIER * np.std(local)
    moduli = np.maximum(np.abs(deviations), np.finfo(float).tiny)
    return np.asarray(deviations * np.minimum(1.0, limit / moduli))
