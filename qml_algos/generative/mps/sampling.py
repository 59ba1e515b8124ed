"""Independent samples from a matrix-product state, and completions of samples with gaps.

Perfect sampling: A. J. Ferris, G. Vidal, Phys. Rev. B 85, 165146 (2012). All samples are drawn side
by side, one variable after the other, so that each step is one matrix product.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.checks import MISSING
from qml_algos.generative.mps.chain import rows_by_value

CHUNK = 4096
"""Samples that are drawn at a time: their vectors stay in the cache of a core."""
MOST_ENTRIES = 2**23
"""Numbers in the environments of the samples that are completed at a time: 64 MiB."""


def draw(
    cores: Sequence[NDArray[np.float64]], samples: int, generator: np.random.Generator
) -> NDArray[np.int64]:
    """Draw independent samples.

    Parameters
    ----------
    cores
        A state of centre 0.
    samples
        How many.
    generator
        Source of chance.

    Returns
    -------
    numpy.ndarray
        Shape ``(samples, n)``. Cost: ``2 d D^2`` operations for each variable of each.
    """
    found = np.empty((samples, len(cores)), dtype=np.int64)
    for start in range(0, samples, CHUNK):
        part = found[start : start + CHUNK]
        rows = np.arange(len(part))
        vectors = np.ones((len(part), 1))
        for k, core in enumerate(cores):
            left, categories, right = core.shape
            grown = (vectors @ core.reshape(left, -1)).reshape(-1, right)
            # A product with ones is several times as fast as a sum over so short an axis.
            chances = (grown * grown) @ np.ones(right)
            part[:, k] = _chosen(chances.reshape(-1, categories), generator)
            taken = rows * categories + part[:, k]
            vectors = grown.take(taken, axis=0)
            vectors /= np.sqrt(chances.take(taken))[:, None]
    return found


def complete(
    cores: Sequence[NDArray[np.float64]],
    X: NDArray[np.int64],
    generator: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw missing entries from their distribution given those that are known.

    Parameters
    ----------
    cores
        A state.
    X
        Shape ``(N, n)``, `MISSING` where an entry is to be drawn.
    generator
        Source of chance.

    Returns
    -------
    numpy.ndarray
        A copy without gaps. Cost: at most ``4 d D^3`` operations for each entry.

    Raises
    ------
    InvalidProblemError
        If what is known of a sample has probability 0.
    """
    widest = max(core.shape[2] for core in cores)
    chunk = max(MOST_ENTRIES // (len(cores) * widest**2), 1)
    parts = []
    for start in range(0, len(X), chunk):
        rows = X[start : start + chunk].copy()
        environments = _environments(cores, rows, start)
        vectors = np.ones((len(rows), 1))
        for k, core in enumerate(cores):
            vectors = _completed(core, environments[k], vectors, rows[:, k], generator)
        parts.append(rows)
    return np.concatenate(parts)


def _environments(
    cores: Sequence[NDArray[np.float64]], X: NDArray[np.int64], start: int
) -> list[NDArray[np.float64]]:
    """Density matrix to the right of each core, for each sample, with trace 1.

    ``start`` is the number of the first sample, for the message.
    """
    found = [np.ones((len(X), 1, 1))]
    for core, values in zip(reversed(cores), X.T[::-1], strict=True):
        grown = np.zeros((len(X), core.shape[0], core.shape[0]))
        for value in range(core.shape[1]):
            rows = np.flatnonzero((values == value) | (values == MISSING))
            grown[rows] += core[:, value] @ found[-1][rows] @ core[:, value].T
        traces = np.einsum("ijj->i", grown)
        if np.any(traces <= 0):
            raise InvalidProblemError(
                f"X[{start + int(np.argmin(traces))}]: the known entries have probability 0, so "
                "that nothing follows from them"
            )
        found.append(grown / traces[:, None, None])
    return found[-2::-1]


def _completed(
    core: NDArray[np.float64],
    environments: NDArray[np.float64],
    vectors: NDArray[np.float64],
    values: NDArray[np.int64],
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Fill in one column of values in place; return the vectors that go on to the next core."""
    gaps = np.flatnonzero(values == MISSING)
    grown = np.einsum("ia,asb->isb", vectors[gaps], core, optimize=True)
    chances = np.einsum("isb,isb->is", grown @ environments[gaps], grown)
    # Rounding can leave a chance of 0 a little below it.
    values[gaps] = _chosen(np.maximum(chances, 0), generator)
    carried = np.empty((len(vectors), core.shape[2]))
    for value, rows in enumerate(rows_by_value(values, core.shape[1])):
        carried[rows] = vectors[rows] @ core[:, value]
    carried /= np.linalg.norm(carried, axis=1, keepdims=True)
    return carried


def _chosen(chances: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.int64]:
    """Draw a category from each row of chances, which need not add up to 1."""
    points = (chances @ np.ones(chances.shape[1])) * generator.random(len(chances))
    chosen = np.zeros(len(chances), dtype=np.int64)
    level = np.zeros(len(chances))
    for column in chances.T[:-1]:
        level += column
        chosen += level <= points
    return chosen
