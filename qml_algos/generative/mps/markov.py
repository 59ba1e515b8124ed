"""The Markov chain of data as a matrix-product state: where training starts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Core, Cores

NOISE = 0.14
"""Norm of the noise in a matrix, about; with a tenth of it one-site sweeps get stuck."""
EXTRA = 2
"""By how much bonds grow to leave a stationary point."""
PHASE = 0.3
"""Standard deviation of phases, in radians: small ones learn a little better than uniform ones."""


def pair_table(
    first: NDArray[np.intp],
    second: NDArray[np.intp],
    weights: NDArray[np.float64],
    shape: tuple[int, int],
) -> NDArray[np.float64]:
    """Sum of the weights of the samples with each pair of values."""
    sums = np.bincount(first * shape[1] + second, weights, minlength=shape[0] * shape[1])
    return np.asarray(sums, dtype=np.float64).reshape(shape)


def markov_cores(
    X: NDArray[np.intp], weights: NDArray[np.float64], categories: Sequence[int]
) -> Cores:
    """Cores whose amplitudes are the square roots of the Markov chain of the data.

    The bond holds the value of the variable before, so that it is as large as the number of
    categories, and the probabilities are those of the chain exactly. Each pair of values of
    neighbours is counted once more than it occurs, in all one sample's weight (Laplace's rule
    spread over the table), so that none has probability 0.

    Parameters
    ----------
    X
        Shape ``(N, n)``, variables in the order of the chain.
    weights
        Of the samples, in counts; shape ``(N,)``.
    categories
        Of each variable.

    Returns
    -------
    list of numpy.ndarray
        Not in canonical form.
    """
    first = np.bincount(X[:, 0], weights, minlength=categories[0]) + 1 / categories[0]
    cores = [np.diag(np.sqrt(first / first.sum()))[None]]
    for k in range(1, len(categories)):
        shape = (categories[k - 1], categories[k])
        table = pair_table(X[:, k - 1], X[:, k], weights, shape) + 1 / (shape[0] * shape[1])
        core = np.zeros((*shape, shape[1]))
        values = np.arange(shape[1])
        core[:, values, values] = np.sqrt(table / table.sum(axis=1, keepdims=True))
        cores.append(core)
    cores[-1] = cores[-1].sum(axis=2, keepdims=True)
    return cores


def phased(cores: Sequence[Core], generator: np.random.Generator) -> Cores:
    """Give the amplitudes of a Markov chain random phases, which leave its probabilities.

    They are needed because the gradient at a real state is real. Each amplitude of the chain is a
    single product of entries, so that a phase for each entry is one for each pair of values of
    neighbours.

    Parameters
    ----------
    cores
        From `markov_cores`.
    generator
        Source of the phases, normal.
    """
    return [core * np.exp(1j * generator.normal(scale=PHASE, size=core.shape)) for core in cores]


def perturbed(cores: Sequence[Core], generator: np.random.Generator, extra: int) -> Cores:
    """Widen each bond and add noise to all entries, complex if the cores are.

    Where each pair of variables looks independent, as for parity, the Markov chain is a stationary
    point of the likelihood; noise leads away from it.

    Parameters
    ----------
    cores
        Of a state.
    generator
        Source of the noise, normal.
    extra
        By how much each bond grows.
    """
    found = []
    for k, core in enumerate(cores):
        left, categories, right = core.shape
        shape = (left + extra * (k > 0), categories, right + extra * (k + 1 < len(cores)))
        noisy: Core = generator.normal(size=shape)
        if core.dtype.kind == "c":
            noisy = (noisy + 1j * generator.normal(size=shape)) / np.sqrt(2)
        noisy = noisy * (NOISE / np.sqrt(categories * max(extra, 1)))
        noisy[:left, :, :right] += core
        found.append(noisy)
    return found
