"""Markov chains over configurations that follow the squared amplitudes of a real machine."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.tomography.machines import Vector, values_and_slopes


def chain_step(machine: RBMState, s: Vector, generator: np.random.Generator) -> Vector:
    """Take a Gibbs step of each chain, then offer to turn all its spins, and to exchange two.

    Gibbs steps alone hardly ever pass between the two orders of a ferromagnet, or move the one
    excitation of a W state: such a chain keeps the weights of the modes as it found them, and what
    is trained on it gets them wrong.

    Parameters
    ----------
    machine
        With real parameters.
    s
        Spins of each chain, shape ``(chains, qubits)``.
    generator
        Of random numbers.
    """
    s = _gibbs_step(machine, s, generator)
    values = values_and_slopes(machine, s)[0]
    s, values = _offered(machine, s, values, -s, generator)
    return _offered(machine, s, values, _exchanged(s, generator), generator)[0]


def _gibbs_step(machine: RBMState, s: Vector, generator: np.random.Generator) -> Vector:
    """Draw hidden spins given the visible ones, then those given the hidden ones."""
    # The square of a sum over hidden spins is a sum over two copies of them.
    up = expit(2 * (s @ machine.W.T + machine.b))
    # Two comparisons are faster by far than drawing from the binomial distribution.
    copies = (generator.random(up.shape) < up).astype(float) + (generator.random(up.shape) < up)
    up = expit(4 * machine.a + 4 * (copies - 1) @ machine.W)
    return np.where(generator.random(s.shape) < up, 1.0, -1.0)


def _offered(
    machine: RBMState, s: Vector, values: Vector, other: Vector, generator: np.random.Generator
) -> tuple[Vector, Vector]:
    """Accept symmetric proposals after Metropolis; also returns the logarithms of amplitudes."""
    offered = values_and_slopes(machine, other)[0]
    taken = np.log(generator.random(len(s))) < 2 * (offered - values)
    return np.where(taken[:, None], other, s), np.where(taken, offered, values)


def _exchanged(s: Vector, generator: np.random.Generator) -> Vector:
    """Exchange a spin that is up with one that is down, each at random; none where all agree."""
    keys = generator.random(s.shape)
    up, down = (np.argmax(np.where(sign * s > 0, keys, -1.0), axis=1) for sign in (1, -1))
    rows, exchanged = np.arange(len(s)), s.copy()
    exchanged[rows, up], exchanged[rows, down] = s[rows, down], s[rows, up]
    return exchanged
