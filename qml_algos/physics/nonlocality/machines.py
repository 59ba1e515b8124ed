"""Restricted Boltzmann machines as functions of a vector of parameters, to be trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Weights = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]
"""W, a, b of an `RBMState`."""

_SPREAD = 0.5
"""Standard deviation of weights at the start, over the largest feature."""
_BIAS = 0.1


class Machine(Protocol):
    """What a descent needs to know of a machine."""

    def start(self, generator: np.random.Generator, largest: float) -> NDArray[Any]:
        """Draw parameters for features of up to a size."""

    def weights(self, parameters: NDArray[Any]) -> Weights:
        """Return W, a, b."""

    def derivatives(self, parameters: NDArray[Any], features: NDArray[np.float64]) -> NDArray[Any]:
        """Logarithmic derivatives of amplitudes; shape ``(configurations, parameters)``."""


@dataclass(frozen=True)
class PositiveMachine:
    """Hidden units in conjugate pairs: each contributes ``|2 cosh(b + W.s)|^2``, never negative.

    Of real weights alone, the logarithm of an amplitude would be a convex function of a sum that
    all spins share, which no antiferromagnet's is; imaginary ones alone put nodes in the way.

    Attributes
    ----------
    visible, pairs
        Numbers of visible units and of pairs.
    """

    visible: int
    pairs: int

    def start(self, generator: np.random.Generator, largest: float) -> NDArray[np.float64]:
        """Draw parameters."""
        W = generator.normal(scale=_SPREAD / largest, size=2 * self.pairs * self.visible)
        a = generator.normal(scale=_BIAS / largest, size=self.visible)
        return np.concatenate([W, a, generator.normal(scale=_BIAS, size=2 * self.pairs)])

    def weights(self, parameters: NDArray[Any]) -> Weights:
        """Return W, a, b."""
        W, a, b = self._halves(parameters)
        return np.concatenate([W, W.conj()]), a, np.concatenate([b, b.conj()])

    def derivatives(self, parameters: NDArray[Any], features: NDArray[np.float64]) -> NDArray[Any]:
        """Logarithmic derivatives."""
        W, _, b = self._halves(parameters)
        tangents = 2 * np.tanh(features @ W.T + b)
        tangents = np.hstack([tangents.real, -tangents.imag])
        products = tangents[:, :, None] * features[:, None, :]
        return np.hstack([products.reshape(len(features), -1), features, tangents])

    def _halves(self, parameters: NDArray[Any]) -> Weights:
        """Real and imaginary parts put together, of one unit of each pair."""
        weights = 2 * self.pairs * self.visible
        W, a, b = np.split(parameters, [weights, weights + self.visible])
        W = W.reshape(2, self.pairs, self.visible)
        return W[0] + 1j * W[1], a, b[: self.pairs] + 1j * b[self.pairs :]


@dataclass(frozen=True)
class ComplexMachine:
    """Complex parameters, all free.

    Attributes
    ----------
    visible, hidden
        Numbers of units.
    """

    visible: int
    hidden: int

    def start(self, generator: np.random.Generator, largest: float) -> NDArray[np.complex128]:
        """Draw parameters."""
        count = self.hidden * (self.visible + 1) + self.visible
        parts = generator.normal(scale=_BIAS / largest, size=(2, count))
        return np.asarray(parts[0] + 1j * parts[1])

    def weights(self, parameters: NDArray[Any]) -> Weights:
        """Return W, a, b."""
        weights = self.hidden * self.visible
        W, a, b = np.split(parameters, [weights, weights + self.visible])
        return W.reshape(self.hidden, self.visible), a, b

    def derivatives(self, parameters: NDArray[Any], features: NDArray[np.float64]) -> NDArray[Any]:
        """Logarithmic derivatives."""
        W, _, b = self.weights(parameters)
        tangents = np.tanh(features @ W.T + b)
        products = tangents[:, :, None] * features[:, None, :]
        return np.hstack([products.reshape(len(features), -1), features, tangents])
