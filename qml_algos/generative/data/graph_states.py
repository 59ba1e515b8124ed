"""Outcomes of measuring the qubits of a graph state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.data.discrete import DiscreteData, binary_data, require_room
from qml_algos.svm.data.drawing import RandomState, generator_of, require_at_least

Edge = tuple[int, int]

MOST_QUBITS = 20
"""Qubits of a graph state at most: its amplitudes are written down."""


def make_graph_state(
    n_qubits: int,
    edges: Sequence[Edge],
    n_samples: int,
    *,
    bases: Literal["x", "random"] | ArrayLike = "random",
    random_state: RandomState = None,
) -> DiscreteData:
    """Draw outcomes of measuring every qubit of a graph state in a basis of its own.

    Parameters
    ----------
    n_qubits, edges, bases
        As for `graph_state_probabilities`; with ``"random"``, directions drawn uniformly from the
        sphere, before the outcomes.
    n_samples
        How many outcomes are drawn, independent of each other.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Returns
    -------
    DiscreteData
        Column k is the outcome of qubit k.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range.
    TooLargeError
        If there are more than 20 qubits, or the samples would not fit into memory.
    """
    require_at_least("n_samples", n_samples, 1)
    _require_graph(n_qubits, edges)
    require_room(n_samples, n_qubits)
    generator = generator_of(random_state)
    if isinstance(bases, str) and bases == "random":
        bases = random_directions(n_qubits, generator)
    probabilities = graph_state_probabilities(n_qubits, edges, bases)
    numbers = generator.choice(probabilities.size, size=n_samples, p=probabilities)
    X = (numbers[:, np.newaxis] >> np.arange(n_qubits)) & 1
    return binary_data(f"graph-state-{n_qubits}", X.astype(np.int64))


def graph_state_probabilities(
    n_qubits: int, edges: Sequence[Edge], bases: Literal["x"] | ArrayLike = "x"
) -> NDArray[np.float64]:
    r"""Probabilities of the outcomes of measuring every qubit of a graph state.

    The state has a qubit in :math:`|+\rangle` on each vertex and a controlled Z on each edge. All
    measured in the X basis, outcomes are uniform over an affine space: for each set S of vertices
    of which every vertex of the graph has an even number of neighbours, the outcomes of S add up to
    the number of edges within S, modulo 2. In general directions the distribution has no such rule.

    Parameters
    ----------
    n_qubits
        From 1 to 20.
    edges
        Pairs of different qubits, counted from 0, each at most once.
    bases
        ``"x"``, or shape ``(n_qubits, 3)``: directions on the Bloch sphere, of any length but 0;
        outcome 0 is the state along the direction.

    Returns
    -------
    ndarray
        Shape ``(2**n_qubits,)``; bit k of the index is the outcome of qubit k.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range.
    TooLargeError
        If there are more than 20 qubits.

    References
    ----------
    M. Hein, J. Eisert, H. Briegel, arXiv:quant-ph/0307130.
    """
    _require_graph(n_qubits, edges)
    directions = _directions(bases, n_qubits)
    numbers = np.arange(2**n_qubits, dtype=np.int64)
    crossed = np.zeros_like(numbers)
    for one, other in edges:
        crossed += (numbers >> one) & (numbers >> other) & 1
    amplitudes = (1.0 - 2.0 * (crossed % 2)).astype(complex) / np.sqrt(2.0**n_qubits)
    for qubit, direction in enumerate(directions):
        # The qubit's axis in the middle: those above it before, those below it behind.
        state = amplitudes.reshape(-1, 2, 2**qubit)
        amplitudes = np.einsum("ab,ibj->iaj", _rotation(direction), state).reshape(-1)
    probabilities: NDArray[np.float64] = np.abs(amplitudes) ** 2
    return probabilities / probabilities.sum()


def random_directions(count: int, random_state: RandomState = None) -> NDArray[np.float64]:
    """Directions drawn uniformly from the sphere; shape ``(count, 3)``, of length 1."""
    vectors = generator_of(random_state).normal(size=(count, 3))
    directions: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return directions


def _rotation(direction: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return the matrix whose rows are the conjugate states along and against a direction."""
    x, y, z = direction
    half, phase = np.arctan2(np.hypot(x, y), z) / 2, np.exp(1j * np.arctan2(y, x))
    along = [np.cos(half), np.sin(half) * phase.conjugate()]
    against = [np.sin(half), -np.cos(half) * phase.conjugate()]
    return np.array([along, against])


def _directions(bases: Literal["x"] | ArrayLike, n_qubits: int) -> NDArray[np.float64]:
    if isinstance(bases, str):
        if bases != "x":
            raise InvalidProblemError(
                f'bases = {bases!r}: "x", or directions of shape ({n_qubits}, 3)'
            )
        return np.tile([1.0, 0.0, 0.0], (n_qubits, 1))
    directions = np.asarray(bases, dtype=np.float64)
    if directions.shape != (n_qubits, 3):
        raise InvalidProblemError(
            f"bases has shape {directions.shape}: ({n_qubits}, 3) is needed, a direction for each "
            "qubit"
        )
    if not np.all(np.isfinite(directions)) or not np.all(np.any(directions != 0, axis=1)):
        raise InvalidProblemError("bases: directions are finite and not zero")
    return directions


def _require_graph(n_qubits: int, edges: Sequence[Edge]) -> None:
    require_at_least("n_qubits", n_qubits, 1)
    if n_qubits > MOST_QUBITS:
        raise TooLargeError(
            f"n_qubits = {n_qubits}: the amplitudes of {MOST_QUBITS} qubits at most are written "
            "down"
        )
    seen: set[frozenset[int]] = set()
    for edge in edges:
        ends = frozenset(edge)
        if len(edge) != 2 or len(ends) != 2 or not all(end in range(n_qubits) for end in ends):
            raise InvalidProblemError(
                f"edges: {edge!r} does not join two different qubits of 0 to {n_qubits - 1}"
            )
        if ends in seen:
            raise InvalidProblemError(f"edges: {edge!r} occurs twice")
        seen.add(ends)
