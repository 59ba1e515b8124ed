"""Words: the qubits that a generator of a circuit, or a product of Z, acts on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError

Words = NDArray[np.bool_]
"""Shape ``(words, qubits)``: whether a word has a qubit."""

MOST_GENERATORS = 2**20
"""Generators of a circuit at most."""
_ROWS = 4096
"""Samples whose parities are held at a time."""


def local_words(qubits: int, weight: int, graph: Iterable[Sequence[int]] | None) -> Words:
    """List the words of 1 up to ``weight`` qubits that are all neighbours of each other.

    Parameters
    ----------
    qubits
        Number of qubits.
    weight
        Most qubits of a word, at least 1.
    graph
        Edges, pairs of qubits; ``None`` for all pairs.

    Returns
    -------
    ndarray
        By weight, then in the order of `itertools.combinations`.

    Raises
    ------
    InvalidProblemError
        If an edge is no pair of different qubits.
    TooLargeError
        If there are more than `MOST_GENERATORS`.
    """
    adjacent = _adjacency(qubits, graph)
    cliques = np.arange(qubits)[:, None]
    sizes = [cliques]
    for _ in range(weight - 1):
        common = np.arange(qubits) > cliques[:, -1:]
        for column in cliques.T:
            common &= adjacent[column]
        which, further = np.nonzero(common)
        if sum(map(len, sizes)) + len(which) > MOST_GENERATORS:
            raise TooLargeError(
                f"weight = {weight}: more than {MOST_GENERATORS:,} generators on {qubits} qubits; "
                "a smaller weight or a graph of fewer edges has less"
            )
        cliques = np.column_stack([cliques[which], further])
        sizes.append(cliques)
    parts = [np.zeros((len(members), qubits), dtype=bool) for members in sizes]
    for part, members in zip(parts, sizes, strict=True):
        np.put_along_axis(part, members, True, axis=1)
    return np.concatenate(parts)


def given_words(generators: ArrayLike, qubits: int) -> Words:
    """Check words that were given.

    Raises
    ------
    InvalidProblemError
        If they are no table of 0 and 1 of so many columns, or a word is empty or occurs twice.
    """
    table: NDArray[Any] = np.asarray(generators)
    if table.ndim != 2 or table.shape[1] != qubits or not len(table):
        raise InvalidProblemError(
            f"generators has shape {table.shape}: (words, {qubits}) is needed, a row of 0 and 1 "
            "for each word"
        )
    if table.dtype.kind not in "bui" or np.any((table != 0) & (table != 1)):
        raise InvalidProblemError("generators: entries are 0 or 1, for whether a word has a qubit")
    words = table.astype(bool)
    if not words.any(axis=1).all():
        raise InvalidProblemError("generators: a word without qubits is no more than a phase")
    if len(np.unique(words, axis=0)) < len(words):
        raise InvalidProblemError("generators: a word occurs twice")
    return words


def masks_of(words: Words) -> list[int]:
    """Return each word as a number, bit k standing for qubit k."""
    packed = np.packbits(words, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def drawn_words(
    qubits: int, rates: Sequence[float], count: int, generator: np.random.Generator
) -> Words:
    """Draw words: one of the rates for each, and each qubit with that probability.

    Empty words, of which expectation values are 1 whatever the state, are among them.
    """
    chosen = generator.choice(np.asarray(rates), size=(count, 1))
    drawn: Words = generator.random((count, qubits)) < chosen
    return drawn


def mean_parities(X: NDArray[np.int64], weights: NDArray[np.float64], words: Words) -> Any:
    """Mean of (-1)^parity over samples, for each word.

    Parameters
    ----------
    X
        Bits, shape ``(samples, qubits)``.
    weights
        Of the samples; their sum is 1.
    words
        Shape ``(words, qubits)``.

    Notes
    -----
    ``2 * samples * qubits * words`` operations, in single precision, which is exact for counts.
    """
    columns = words.T.astype(np.float32)
    odd = np.zeros(len(words))
    for start in range(0, len(X), _ROWS):
        counts = X[start : start + _ROWS].astype(np.float32) @ columns
        odd += weights[start : start + _ROWS] @ (counts.astype(np.int32) & 1)
    return 1 - 2 * odd


def _adjacency(qubits: int, graph: Iterable[Sequence[int]] | None) -> Words:
    if graph is None:
        return ~np.eye(qubits, dtype=bool)
    adjacent = np.zeros((qubits, qubits), dtype=bool)
    for edge in graph:
        ends = list(edge)
        whole = all(isinstance(end, int | np.integer) and 0 <= end < qubits for end in ends)
        if len(ends) != 2 or not whole or ends[0] == ends[1]:
            raise InvalidProblemError(
                f"graph: {edge!r} is no pair of different variables; they are numbered 0 to "
                f"{qubits - 1}"
            )
        adjacent[ends[0], ends[1]] = adjacent[ends[1], ends[0]] = True
    return adjacent
