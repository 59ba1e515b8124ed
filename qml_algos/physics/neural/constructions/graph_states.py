"""Graph states, of area law or volume law, as restricted Boltzmann machines."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.neural.units import QUARTER, coupling_weight
from qml_algos.validation import require_count


def graph_state_rbm(edges: Iterable[tuple[int, int]], qubits: int | None = None) -> RBMState:
    """Write the graph state of a graph, controlled-Z on each edge of ``|+...+>``.

    Parameters
    ----------
    edges
        Pairs of different qubits, each once.
    qubits
        Their number; by default the least that holds all edges.

    Returns
    -------
    RBMState
        With a hidden unit for each edge, joined to its two qubits.

    Raises
    ------
    InvalidProblemError
        If an edge is no pair of different qubits or is there twice, or there are too few qubits.

    Notes
    -----
    X. Gao and L.-M. Duan, Nature Communications 8, 662 (2017).
    """
    pairs = [tuple(int(end) for end in edge) for edge in edges]
    if any(len(pair) != 2 or pair[0] == pair[1] or min(pair) < 0 for pair in pairs):
        raise InvalidProblemError("edges: every edge must be a pair of different qubits, from 0 on")
    if len({frozenset(pair) for pair in pairs}) < len(pairs):
        raise InvalidProblemError("edges: an edge is there twice, which would undo it")
    least = 1 + max((max(pair) for pair in pairs), default=0)
    count = least if qubits is None else qubits
    require_count("qubits", count)
    if count < least:
        raise InvalidProblemError(f"qubits = {count}: the edges need at least {least}")
    W = np.zeros((len(pairs), count), dtype=complex)
    a = np.zeros(count, dtype=complex)
    for row, pair in zip(W, pairs, strict=True):
        row[list(pair)] = coupling_weight(QUARTER)
        a[list(pair)] -= QUARTER
    return RBMState(W, a, np.zeros(len(pairs), dtype=complex))


def volume_law_rbm(qubits: int) -> RBMState:
    """Write a state of the largest entropy there is with as many weights as qubits.

    The graph state of the pairs ``(j, j + qubits / 2)``: the first l qubits share l bits of
    entropy with the others, for every ``l <= qubits / 2``. A matrix-product state of it takes a
    bond dimension of ``2**(qubits / 2)``.

    Parameters
    ----------
    qubits
        An even number.

    Raises
    ------
    InvalidProblemError
        If it is none.

    Notes
    -----
    That linearly many weights suffice is of D.-L. Deng, X. Li and S. Das Sarma, Physical Review X
    7, 021021 (2017), arXiv:1701.04844; their machine is another one.
    """
    require_count("qubits", qubits)
    if qubits % 2:
        raise InvalidProblemError(f"qubits = {qubits}: must be even, half of them on each side")
    half = qubits // 2
    return graph_state_rbm([(j, j + half) for j in range(half)])
