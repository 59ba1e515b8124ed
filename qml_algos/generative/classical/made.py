"""Masked autoencoder for distribution estimation: an autoregressive network in NumPy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.base import DiscreteDensity
from qml_algos.validation import require_count, require_positive, seed_from

_ROWS = 4096
"""Samples scored at a time."""

Layer = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Weights, shape ``(inputs, outputs)``, and biases."""


class MADE(DiscreteDensity):
    """A neural network that gives p(x_v | x_0 .. x_(v-1)) of all variables in one pass.

    Binary data only; the variables are in the order of the columns.

    Parameters
    ----------
    hidden
        Number of units of each hidden layer (rectified linear).
    learning_rate, batch_size, max_epochs
        Of training by Adam.
    patience
        Epochs without a gain on ``X_valid`` after which training ends; the best epoch is kept.
        Without ``X_valid``, all ``max_epochs`` are run.
    n_categories
        ``None`` or 2.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Attributes
    ----------
    layers_
        Weights and biases of each layer, float32; what the masks forbid is 0.
    history_
        Mean log-likelihood on ``X_valid`` after each epoch; empty without.
    n_iter_
        Epochs that were run.

    Notes
    -----
    A hidden unit of degree m sees variables below m, output v sees units of degrees up to v, so
    that the product of the outputs is a normalised distribution. Degrees are spread evenly.
    An epoch takes O(samples * weights); a sample takes one pass for each variable.

    References
    ----------
    M. Germain, K. Gregor, I. Murray, H. Larochelle, ICML 2015, arXiv:1502.03509.
    D. P. Kingma, J. Ba, ICLR 2015, arXiv:1412.6980.
    """

    _binary_only = True

    def __init__(
        self,
        hidden: Sequence[int] = (500,),
        *,
        learning_rate: float = 1e-3,
        batch_size: int = 100,
        max_epochs: int = 100,
        patience: int = 10,
        n_categories: int | Sequence[int] | None = None,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.hidden = hidden
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.patience = patience
        self.n_categories = n_categories
        self.random_state = random_state

    def _require_parameters(self) -> None:
        if not isinstance(self.hidden, Sequence) or not self.hidden:
            raise InvalidProblemError(
                f"hidden = {self.hidden!r}: numbers of units of one or more layers"
            )
        for units in self.hidden:
            require_count("hidden", units)
        for name in ("batch_size", "max_epochs", "patience"):
            require_count(name, getattr(self, name))
        require_positive("learning_rate", self.learning_rate)

    def _fit(
        self,
        X: NDArray[np.int64],
        weights: NDArray[np.float64],
        valid: NDArray[np.int64] | None,
    ) -> None:
        generator = np.random.default_rng(seed_from(self.random_state))
        masks = _masks(X.shape[1], self.hidden)
        share = (weights @ X + 1) / (weights.sum() + 2)
        training = _Adam(_started(masks, share, generator), masks, self.learning_rate)
        relative = (weights / weights.mean()).astype(np.float32)
        history: list[float] = []
        kept = None
        for epoch in range(1, self.max_epochs + 1):
            for batch in _batches(len(X), self.batch_size, generator):
                training.step(X[batch].astype(np.float32), relative[batch])
            if valid is None:
                continue
            history.append(float(_scored(training.layers, valid).mean()))
            if history[-1] == max(history):
                kept = [(W.copy(), b.copy()) for W, b in training.layers]
            if epoch - 1 - int(np.argmax(history)) >= self.patience:
                break
        self.layers_ = kept or training.layers
        self.history_, self.n_iter_ = np.array(history), epoch

    def _log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        return _scored(self.layers_, X)

    def _draw(self, n_samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
        X = np.zeros((n_samples, self.categories_.variables), dtype=np.float32)
        for v in range(X.shape[1]):
            p = expit(_passed(self.layers_, X)[-1][:, v])
            X[:, v] = generator.random(n_samples) < p
        return X.astype(np.int64)


@dataclass
class _Adam:
    """Layers in training, and the moving averages that Adam keeps of their gradients."""

    layers: list[Layer]
    masks: list[NDArray[np.float32]]
    learning_rate: float
    first: list[NDArray[np.float32]] = field(init=False)
    second: list[NDArray[np.float32]] = field(init=False)
    steps: int = 0

    def __post_init__(self) -> None:
        self.first = [np.zeros_like(array) for layer in self.layers for array in layer]
        self.second = [np.zeros_like(array) for layer in self.layers for array in layer]

    def step(self, X: NDArray[np.float32], weights: NDArray[np.float32]) -> None:
        """Climb the weighted mean log-likelihood of a batch, with the averages of the paper."""
        self.steps += 1
        rate = self.learning_rate * np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
        gradients = _gradient(self.layers, self.masks, X, weights)
        arrays = [array for layer in self.layers for array in layer]
        averages = zip(arrays, gradients, self.first, self.second, strict=True)
        for array, gradient, first, second in averages:
            first += np.float32(0.1) * (gradient - first)
            second += np.float32(0.001) * (gradient**2 - second)
            array += np.float32(rate) * first / (np.sqrt(second) + np.float32(1e-8))


def _masks(variables: int, hidden: Sequence[int]) -> list[NDArray[np.float32]]:
    """Which inputs each unit of each layer sees, shape ``(inputs, outputs)`` each."""
    # From 1 to the last variable: a unit that sees all of them has no output left to serve.
    spread = [1 + np.arange(units) * max(variables - 1, 1) // units for units in hidden]
    degrees = [np.arange(variables), *spread]
    # An input is visible to units of larger degree, a hidden unit to those that see as much.
    masks = [degrees[0][:, None] < degrees[1]]
    masks += [low[:, None] <= high for low, high in pairwise(degrees[1:])]
    masks.append(degrees[-1][:, None] <= degrees[0])
    return [mask.astype(np.float32) for mask in masks]


def _started(
    masks: list[NDArray[np.float32]],
    share: NDArray[np.float64],
    generator: np.random.Generator,
) -> list[Layer]:
    """Random weights (He et al. 2015); biases from which the model starts as an independent one."""
    layers = []
    for mask in masks:
        scale = np.sqrt(2 / np.maximum(mask.sum(axis=0), 1))
        W = generator.normal(size=mask.shape) * scale * mask
        layers.append((W.astype(np.float32), np.zeros(mask.shape[1], dtype=np.float32)))
    last = layers[-1][0] * np.float32(0.1)
    return [*layers[:-1], (last, logit(share).astype(np.float32))]


def _batches(
    samples: int, size: int, generator: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    """Split all samples at random."""
    order = generator.permutation(samples)
    for start in range(0, samples, size):
        yield order[start : start + size]


def _passed(layers: list[Layer], X: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Input, activations of each hidden layer, and log-odds of each variable."""
    values = [X]
    for W, b in layers[:-1]:
        values.append(np.maximum(values[-1] @ W + b, 0))
    W, b = layers[-1]
    return [*values, values[-1] @ W + b]


def _gradient(
    layers: list[Layer],
    masks: list[NDArray[np.float32]],
    X: NDArray[np.float32],
    weights: NDArray[np.float32],
) -> list[NDArray[np.float32]]:
    """Gradient of the weighted mean log-likelihood: weights and biases of each layer in turn."""
    *values, odds = _passed(layers, X)
    error = (X - expit(odds)) * weights[:, None] / np.float32(len(X))
    gradients: list[NDArray[np.float32]] = []
    for (W, _), mask, value in zip(layers[::-1], masks[::-1], values[::-1], strict=True):
        gradients = [value.T @ error * mask, error.sum(axis=0), *gradients]
        error = error @ W.T * (value > 0)
    return gradients


def _scored(layers: list[Layer], X: NDArray[np.int64]) -> NDArray[np.float64]:
    found = []
    for start in range(0, len(X), _ROWS):
        block = X[start : start + _ROWS].astype(np.float32)
        odds = _passed(layers, block)[-1].astype(np.float64)
        found.append(-np.logaddexp(0, np.where(block > 0, -odds, odds)).sum(axis=1))
    return np.concatenate(found)
