"""The Markov chain of data as a matrix-product state: where training starts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Cores


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


def perturbed(cores: Sequence[NDArray[np.float64]], generator: np.random.Generator) -> Cores:
    """Widen each bond by two and add noise to all entries.

    Where each pair of variables looks independent, as for parity, the Markov chain is a stationary
    point of the likelihood; noise of a tenth leads away from it.
    """
    found = []
    for k, core in enumerate(cores):
        left, categories, right = core.shape
        shape = (left + 2 * (k > 0), categories, right + 2 * (k + 1 < len(cores)))
        noisy = 0.1 / np.sqrt(categories) * generator.normal(size=shape)
        noisy[:left, :, :right] += core
        found.append(noisy)
    return found
