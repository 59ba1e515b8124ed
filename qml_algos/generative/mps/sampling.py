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
from qml_algos.generative.mps.chain import Core, rows_by_value

CHUNK = 4096
"""Samples that are drawn at a time: their vectors stay in the cache of a core."""
MOST_ENTRIES = 2**23
"""Numbers in the environments of the samples that are completed at a time: 64 MiB."""


def draw(cores: Sequence[Core], samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
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
        vectors: Core = np.ones((len(part), 1))
        for k, core in enumerate(cores):
            left, categories, right = core.shape
            grown = (vectors @ core.reshape(left, -1)).reshape(-1, right)
            parts = grown.view(np.float64)  # Real and imaginary.
            # A product with ones is several times as fast as a sum over so short an axis.
            chances = (parts * parts) @ np.ones(parts.shape[1])
            part[:, k] = chosen(chances.reshape(-1, categories), generator)
            taken = rows * categories + part[:, k]
            vectors = grown.take(taken, axis=0)
            vectors /= np.sqrt(chances.take(taken))[:, None]
    return found


def complete(
    cores: Sequence[Core], X: NDArray[np.int64], generator: np.random.Generator
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
    parts = []
    for chunk in _chunks(cores, len(X)):
        rows = X[chunk].copy()
        environments, logs = _environments(cores, rows)
        if np.any(np.isneginf(logs)):
            raise InvalidProblemError(
                f"X[{chunk.start + int(np.argmin(logs))}]: the known entries have probability 0, "
                "so that nothing follows from them"
            )
        vectors: Core = np.ones((len(rows), 1))
        for k, core in enumerate(cores):
            vectors = _completed(core, environments[k], vectors, rows[:, k], generator)
        parts.append(rows)
    return np.concatenate(parts)


def log_evidence(cores: Sequence[Core], X: NDArray[np.int64]) -> NDArray[np.float64]:
    """Logarithm of the probability of the entries that are known, in nats; -inf where it is 0.

    Parameters
    ----------
    cores
        A state of norm 1.
    X
        Shape ``(N, n)``, `MISSING` where an entry is not known.

    Returns
    -------
    numpy.ndarray
        Shape ``(N,)``. Cost: at most ``4 d D^3`` operations for each entry.
    """
    return np.concatenate([_environments(cores, X[chunk])[1] for chunk in _chunks(cores, len(X))])


def _chunks(cores: Sequence[Core], samples: int) -> list[slice]:
    """Divide samples into parts whose environments fit into memory."""
    widest = max(core.shape[2] for core in cores)
    size = max(MOST_ENTRIES // (len(cores) * widest**2), 1)
    return [slice(start, start + size) for start in range(0, samples, size)]


def _environments(
    cores: Sequence[Core], X: NDArray[np.int64]
) -> tuple[list[Core], NDArray[np.float64]]:
    """Density matrix to the right of each core, with trace 1, and the logarithm of all traces.

    Both are of each sample; where what is known has probability 0, the matrices are 0.
    """
    found: list[Core] = [np.ones((len(X), 1, 1))]
    logs = np.zeros(len(X))
    for core, values in zip(reversed(cores), X.T[::-1], strict=True):
        grown: Core = np.zeros((len(X), core.shape[0], core.shape[0]), dtype=core.dtype)
        for value in range(core.shape[1]):
            rows = np.flatnonzero((values == value) | (values == MISSING))
            grown[rows] += core[:, value] @ found[-1][rows] @ core[:, value].conj().T
        traces = np.einsum("ijj->i", grown).real
        with np.errstate(divide="ignore"):
            logs += np.log(np.maximum(traces, 0))
        found.append(grown / np.where(traces > 0, traces, 1.0)[:, None, None])
    return found[-2::-1], logs


def _completed(
    core: Core,
    environments: Core,
    vectors: Core,
    values: NDArray[np.int64],
    generator: np.random.Generator,
) -> Core:
    """Fill in one column of values in place; return the vectors that go on to the next core."""
    gaps = np.flatnonzero(values == MISSING)
    grown = np.einsum("ia,asb->isb", vectors[gaps], core, optimize=True)
    chances = np.einsum("isb,isb->is", grown @ environments[gaps], grown.conj()).real
    # Rounding can leave a chance of 0 a little below it.
    values[gaps] = chosen(np.maximum(chances, 0), generator)
    carried = np.empty((len(vectors), core.shape[2]), dtype=core.dtype)
    for value, rows in enumerate(rows_by_value(values, core.shape[1])):
        carried[rows] = vectors[rows] @ core[:, value]
    carried /= np.linalg.norm(carried, axis=1, keepdims=True)
    return carried


def chosen(chances: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.int64]:
    """Draw a category from each row of chances, which need not add up to 1."""
    points = (chances @ np.ones(chances.shape[1])) * generator.random(len(chances))
    chosen = np.zeros(len(chances), dtype=np.int64)
    level = np.zeros(len(chances))
    for column in chances.T[:-1]:
        level += column
        chosen += level <= points
    return chosen
