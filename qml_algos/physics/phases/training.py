"""Networks of one hidden layer, many of them trained side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float32]
_DECAYS = np.float32(0.9), np.float32(0.999)
"""Of Adam's means of gradients and of their squares."""


@dataclass(frozen=True, eq=False)
class Networks:
    """Independent networks with one hidden layer of tanh units and one logistic output each.

    Attributes
    ----------
    inner, inner_bias
        Shapes ``(features, networks * hidden)`` and ``(networks * hidden,)``.
    outer, outer_bias
        Shapes ``(networks, hidden)`` and ``(networks,)``.
    """

    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats

    @property
    def arrays(self) -> tuple[Floats, ...]:
        """All that is trained."""
        return self.inner, self.inner_bias, self.outer, self.outer_bias

    def hidden(self, X: Floats) -> Floats:
        """Return activations; shape ``(samples, networks, hidden)``."""
        found: Floats = np.tanh(X @ self.inner + self.inner_bias)
        return found.reshape(len(X), *self.outer.shape)

    def logits(self, X: Floats) -> Floats:
        """Return outputs before the logistic function; shape ``(samples, networks)``."""
        found: Floats = np.einsum("snh,nh->sn", self.hidden(X), self.outer) + self.outer_bias
        return found

    def of(self, chosen: slice) -> Networks:
        """Return some of the networks."""
        hidden = self.outer.shape[1]
        columns = slice(chosen.start * hidden, chosen.stop * hidden)
        return Networks(
            self.inner[:, columns],
            self.inner_bias[columns],
            self.outer[chosen],
            self.outer_bias[chosen],
        )


@dataclass(frozen=True)
class Schedule:
    """How networks are trained: Adam, its rate falling to 0 as a cosine.

    Attributes
    ----------
    epochs, batch_size, rate
        Of the training.
    penalty
        Of half the squared weights, biases excepted.
    """

    epochs: int
    batch_size: int
    rate: float
    penalty: float


def fresh(features: int, networks: int, hidden: int, generator: np.random.Generator) -> Networks:
    """Draw networks whose hidden units are of order one for features of order one."""
    shape = (features, networks * hidden)
    return Networks(
        (generator.standard_normal(shape) / np.sqrt(features)).astype(np.float32),
        np.zeros(networks * hidden, dtype=np.float32),
        (generator.standard_normal((networks, hidden)) / np.sqrt(hidden)).astype(np.float32),
        np.zeros(networks, dtype=np.float32),
    )


def train(
    networks: Networks,
    X: NDArray[Any],
    targets: Floats,
    schedule: Schedule,
    generator: np.random.Generator,
    augment: Callable[[NDArray[Any]], NDArray[Any]],
    epoch_done: Callable[[int], None],
) -> None:
    """Minimise the mean log-loss of each network, in place.

    Parameters
    ----------
    networks
        Start; changed.
    X
        Shape ``(samples, features)``.
    targets
        0 or 1 for each network; shape ``(samples, networks)``.
    schedule
        Of the training.
    generator
        Of the order of samples.
    augment
        Applied to the samples of each batch.
    epoch_done
        Told the number of epochs done.

    Notes
    -----
    O(epochs * samples * features * networks * hidden). All networks see the same batches, so that
    one product of matrices does for all of them; their gradients do not mix.
    """
    adam = _Adam(networks.arrays)
    steps = schedule.epochs * -(-len(X) // schedule.batch_size)
    for epoch in range(schedule.epochs):
        order = generator.permutation(len(X))
        for start in range(0, len(X), schedule.batch_size):
            chosen = order[start : start + schedule.batch_size]
            batch = augment(X[chosen]).astype(np.float32)
            rate = schedule.rate * 0.5 * (1 + np.cos(np.pi * adam.steps / steps))
            adam.step(_gradients(networks, batch, targets[chosen], schedule.penalty), rate)
        epoch_done(epoch + 1)


def _gradients(
    networks: Networks, X: Floats, targets: Floats, penalty: float
) -> tuple[Floats, ...]:
    hidden = networks.hidden(X)
    outputs = np.einsum("snh,nh->sn", hidden, networks.outer) + networks.outer_bias
    errors = (expit(outputs) - targets) / np.float32(len(X))
    outer = np.einsum("snh,sn->nh", hidden, errors)
    back = (1 - hidden**2) * errors[:, :, None] * networks.outer
    back = back.reshape(len(X), -1)
    weight = np.float32(penalty)
    return (
        X.T @ back + weight * networks.inner,
        back.sum(axis=0),
        outer + weight * networks.outer,
        errors.sum(axis=0),
    )


class _Adam:
    """D. P. Kingma, J. Ba, arXiv:1412.6980, algorithm 1."""

    def __init__(self, arrays: tuple[Floats, ...]) -> None:
        self.steps = 0
        self._arrays = arrays
        self._means = [np.zeros_like(array) for array in arrays]
        self._squares = [np.zeros_like(array) for array in arrays]
        # Steps of all weights of a unit add up over its inputs, which agree in an ordered phase.
        self._scales = [1 / np.sqrt(len(arrays[0])), 1.0, 1.0, 1.0]

    def step(self, gradients: tuple[Floats, ...], rate: float) -> None:
        self.steps += 1
        first, second = (1 - decay**self.steps for decay in _DECAYS)
        for k, gradient in enumerate(gradients):
            mean, square = self._means[k], self._squares[k]
            mean += (1 - _DECAYS[0]) * (gradient - mean)
            square += (1 - _DECAYS[1]) * (gradient**2 - square)
            size = np.float32(rate * self._scales[k] / first)
            self._arrays[k][...] -= size * mean / (np.sqrt(square / second) + np.float32(1e-8))
