"""Restricted Boltzmann machines of known parameters: partition function, likelihood, samples.

p(v, h) is proportional to exp(a.v + b.h + h.W.v) for binary v and h.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, logsumexp

MOST_ENUMERATED = 16
"""Units of the smaller layer up to which its states are summed one by one."""
_BLOCK = 2**12
"""States of the smaller layer at a time."""


@dataclass(frozen=True, eq=False)
class BoltzmannMachine:
    """Parameters of a restricted Boltzmann machine.

    Attributes
    ----------
    W
        Shape ``(hidden, visible)``.
    visible
        a, shape ``(visible,)``.
    hidden
        b, shape ``(hidden,)``.
    """

    W: NDArray[np.float64]
    visible: NDArray[np.float64]
    hidden: NDArray[np.float64]

    @property
    def enumerable(self) -> bool:
        """Whether one of the layers is small enough to sum over its states."""
        return min(self.W.shape) <= MOST_ENUMERATED

    @property
    def transposed(self) -> BoltzmannMachine:
        """The same machine with its layers exchanged."""
        return BoltzmannMachine(self.W.T, self.hidden, self.visible)

    def log_weights(self, V: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log of the sum of exp(a.v + b.h + h.W.v) over h, for each row v."""
        found: NDArray[np.float64] = V @ self.visible + _softplus(V @ self.W.T + self.hidden)
        return found


def exact_log_partition(machine: BoltzmannMachine) -> float:
    """Sum over the states of the smaller layer, the larger one in closed form.

    Takes O(2^m * M) for layers of m and M >= m units.
    """
    return float(logsumexp(_smaller_layer(machine)))


def annealed_log_partition(
    machine: BoltzmannMachine,
    marginals: NDArray[np.float64],
    generator: np.random.Generator,
    *,
    runs: int = 100,
    steps: int = 1000,
) -> tuple[float, float]:
    """Estimate the logarithm of the partition function by annealed importance sampling.

    Each run walks from independent visible units with the marginals of the data to the machine,
    the energies being mixed at shares from 0 to 1 in equal steps with one Gibbs step at each, and
    ends with a weight whose mean is the ratio of the partition functions, without bias.

    Parameters
    ----------
    machine
        Whose partition function is wanted.
    marginals
        Shape ``(visible,)``: probabilities of 1, strictly between 0 and 1.
    generator
        Of random numbers.
    runs, steps
        Numbers of runs and of temperatures.

    Returns
    -------
    estimate, standard_error
        The error is the spread of the weights over the square root of their number, relative to
        their mean. Weights far out that no run met are not in it.

    References
    ----------
    R. Salakhutdinov, I. Murray, ICML 2008, section 4.1.2.
    """
    base = logit(marginals)
    start = float(np.sum(np.logaddexp(0, base)) + len(machine.hidden) * np.log(2))
    V = (generator.random((runs, len(base))) < marginals).astype(float)
    logs = np.zeros(runs)
    shares = np.linspace(0, 1, steps + 1)
    for before, share in pairwise(shares):
        logs += _mixed(machine, base, share).log_weights(V)
        logs -= _mixed(machine, base, before).log_weights(V)
        V = gibbs_step(_mixed(machine, base, share), V, generator)
    weights = np.exp(logs - logs.max())
    error = weights.std(ddof=1) / (np.sqrt(runs) * weights.mean())
    return start + float(logs.max() + np.log(weights.mean())), float(error)


def gibbs_step(
    machine: BoltzmannMachine, V: NDArray[np.float64], generator: np.random.Generator
) -> NDArray[np.float64]:
    """Draw the hidden units given each row, then the visible ones given those."""
    H = _given(machine.transposed, V, generator)
    return _given(machine, H, generator)


def exact_draws(
    machine: BoltzmannMachine, n_samples: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Draw independent visible rows: the smaller layer by its probabilities, then the other."""
    logs = _smaller_layer(machine)
    chosen = generator.choice(len(logs), size=n_samples, p=np.exp(logs - logsumexp(logs)))
    states = _states(chosen, min(machine.W.shape))
    if machine.W.shape[1] <= machine.W.shape[0]:
        return states
    return _given(machine, states, generator)


def _given(
    machine: BoltzmannMachine, H: NDArray[np.float64], generator: np.random.Generator
) -> NDArray[np.float64]:
    """Draw the visible units given the hidden ones."""
    p = expit(H @ machine.W + machine.visible)
    return (generator.random(p.shape) < p).astype(float)


def _mixed(machine: BoltzmannMachine, base: NDArray[np.float64], share: float) -> BoltzmannMachine:
    """Machine between independent visible units and the given one."""
    visible = (1 - share) * base + share * machine.visible
    return BoltzmannMachine(share * machine.W, visible, share * machine.hidden)


def _smaller_layer(machine: BoltzmannMachine) -> NDArray[np.float64]:
    """Log-weight of each state of the smaller layer."""
    hidden, visible = machine.W.shape
    small = machine if visible <= hidden else machine.transposed
    units = min(hidden, visible)
    numbers = np.arange(2**units)
    blocks = np.split(numbers, range(_BLOCK, len(numbers), _BLOCK))
    return np.concatenate([small.log_weights(_states(block, units)) for block in blocks])


def _states(numbers: NDArray[np.int64], units: int) -> NDArray[np.float64]:
    return (numbers[:, None] >> np.arange(units) & 1).astype(float)


def _softplus(A: NDArray[np.float64]) -> NDArray[np.float64]:
    # Faster than logaddexp by a multiple; the absolute error is that of rounding all the same.
    found: NDArray[np.float64] = (np.maximum(A, 0) + np.log(1 + np.exp(-np.abs(A)))).sum(axis=1)
    return found
