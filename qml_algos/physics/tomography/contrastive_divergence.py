"""Persistent contrastive divergence: the modulus of more qubits than can be summed over."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.classical.partition import BoltzmannMachine, annealed_log_partition
from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.tomography.chains import chain_step
from qml_algos.physics.tomography.machines import (
    Vector,
    machine_of,
    parameters_of,
    pulled_back,
    random_machine,
    values_and_slopes,
)

CHAINS = 1000
"""Markov chains side by side."""
MOST_STEPS = 10
"""Steps of each chain between two updates at the end; 1 at the start."""
PENALTY = 1e-5
"""Factor of the squared weights."""
_SPREAD = 0.05
_MOMENTA = 0.9, 0.999
_REPORTED = 10


def fit_by_chains(
    s: NDArray[np.float64],
    shares: NDArray[np.float64],
    *,
    hidden: int,
    updates: int,
    learning_rate: float,
    generator: np.random.Generator,
    report: Callable[[], None],
) -> RBMState:
    """Train a modulus on outcomes in the Z basis by persistent contrastive divergence.

    The gradient is that of the likelihood, its mean over the model taken over chains that go on
    from update to update. Steps between updates rise in number, and the rate of Adam falls
    linearly to 0, so that the noise of the chains averages out.

    Parameters
    ----------
    s
        Different outcomes as spins, shape ``(outcomes, qubits)``.
    shares
        Of the snapshots, shape ``(outcomes,)``.
    hidden
        Hidden units.
    updates, learning_rate
        Number of updates, and the rate of the first.
    generator, report
        Random numbers, and what is told of each of ten parts.

    Notes
    -----
    Cost: ``updates * hidden * qubits * (outcomes + 1000 * 10 / 2 * 4)``, about.

    References
    ----------
    T. Tieleman, ICML 2008. D. P. Kingma and J. Ba, ICLR 2015, arXiv:1412.6980 (Adam).
    """
    qubits = s.shape[1]
    x = parameters_of(random_machine(qubits, hidden, _SPREAD, generator))
    # The amplitudes of independent qubits: the weights are left to learn what is beyond that.
    means = np.clip(shares @ s, -0.99, 0.99)
    x[hidden * qubits : hidden * qubits + qubits] = np.arctanh(means) / 2
    chains = s[generator.choice(len(s), size=CHAINS, p=shares)]
    first, second = np.zeros_like(x), np.zeros_like(x)
    even = np.full(CHAINS, 1 / CHAINS)
    for update in range(updates):
        machine = machine_of(x, qubits)
        for _ in range(1 + MOST_STEPS * update // updates):
            chains = chain_step(machine, chains, generator)
        gradient = 2 * (_mean(machine, s, shares) - _mean(machine, chains, even))
        gradient[: hidden * qubits] -= 2 * PENALTY * x[: hidden * qubits]
        first += (1 - _MOMENTA[0]) * (gradient - first)
        second += (1 - _MOMENTA[1]) * (gradient**2 - second)
        level, size = (
            moment / (1 - decay ** (update + 1))
            for moment, decay in zip((first, second), _MOMENTA, strict=True)
        )
        rate = learning_rate * (1 - update / updates)
        x = x + rate * level / (np.sqrt(size) + 1e-8)
        if (update + 1) * _REPORTED // updates > update * _REPORTED // updates:
            report()
    return machine_of(x, qubits)


def chain_reports(updates: int) -> int:
    """Count the reports of `fit_by_chains`."""
    return min(updates, _REPORTED)


def annealed_log_norm(
    machine: RBMState, means: Vector, generator: np.random.Generator
) -> tuple[float, float]:
    """Estimate the logarithm of the sum of all squared moduli, with its standard error.

    Parameters
    ----------
    machine
        With real parameters.
    means
        Of the spins in the data, shape ``(qubits,)``; annealing starts from such independent spins.
    generator
        Of random numbers.
    """
    # Spins are 1 - 2 v for units v of 0 and 1; both copies of the hidden spins are units.
    W, b = 4 * machine.W, -2 * (machine.b + machine.W.sum(axis=1))
    visible = -4 * (machine.a + machine.W.sum(axis=0))
    units = BoltzmannMachine(np.tile(W, (2, 1)), visible, np.tile(b, 2))
    ones = np.clip((1 - means) / 2, 1e-3, 1 - 1e-3)
    found, error = annealed_log_partition(units, ones, generator)
    constant = 2 * (machine.a.sum() + (machine.b + machine.W.sum(axis=1)).sum())
    return found + float(constant), error


def _mean(machine: RBMState, s: Vector, shares: Vector) -> Vector:
    """Mean derivative of the logarithm of the modulus."""
    return pulled_back(s, values_and_slopes(machine, s)[1], shares)
