r"""Graph states, and checks of graphs with a matrix on each vertex.

Everywhere here the state is :math:`|Q\rangle = \bigotimes_i M_i |G\rangle`, up to its norm. A
*projected* qubit is found in 0: of its matrix only row 0 matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister

Matrix = NDArray[Any]
Edges = Sequence[tuple[int, int]]


def graph_state(edges: Edges, qubits: int) -> QuantumCircuit:
    r"""Prepare :math:`|G\rangle = \prod_{ij} CZ_{ij} |+\rangle^{\otimes m}`.

    Parameters
    ----------
    edges
        Pairs of qubits.
    qubits
        Their number, m.

    Returns
    -------
    QuantumCircuit
        Register ``system``; one CZ for each edge.

    Raises
    ------
    ValueError
        If an edge is a loop, occurs twice, or has a qubit out of range.
    """
    require_edges(edges, qubits)
    circuit = QuantumCircuit(QuantumRegister(qubits, "system"), name="graph_state")
    circuit.h(circuit.qubits)
    for i, j in edges:
        circuit.cz(i, j)
    return circuit


def neighbours(edges: Edges, qubits: int) -> list[list[int]]:
    """List the neighbours of each vertex, ascending."""
    near: list[list[int]] = [[] for _ in range(qubits)]
    for i, j in edges:
        near[i].append(j)
        near[j].append(i)
    return [sorted(found) for found in near]


def require_edges(edges: Edges, qubits: int) -> None:
    """Refuse what is no simple graph on the qubits.

    Raises
    ------
    ValueError
        As `graph_state`.
    """
    seen: set[frozenset[int]] = set()
    for edge in edges:
        pair = frozenset(edge)
        if len(edge) != 2 or len(pair) != 2 or not pair <= set(range(qubits)):
            raise ValueError(f"edge {edge}: must be two different qubits from 0 to {qubits - 1}")
        if pair in seen:
            raise ValueError(f"edge {edge} occurs twice")
        seen.add(pair)


def require_model(edges: Edges, matrices: Matrix, projected: Sequence[int]) -> None:
    """Refuse a graph, matrices or projected qubits that make no state.

    Raises
    ------
    ValueError
        If the graph is none, matrices are not finite, not of shape ``(m, 2, 2)`` or one is zero, a
        projected qubit is out of range, occurs twice or has a first row of zeros.
    """
    if matrices.ndim != 3 or matrices.shape[1:] != (2, 2) or not len(matrices):
        raise ValueError(f"matrices has shape {matrices.shape}: (m, 2, 2) is needed, m at least 1")
    if not np.all(np.isfinite(matrices)):
        raise ValueError("matrices contains NaN or infinity: all entries must be finite")
    qubits = len(matrices)
    if zero := [i for i in range(qubits) if not np.any(matrices[i])]:
        raise ValueError(f"matrices[{zero[0]}] is zero")
    require_edges(edges, qubits)
    if len(set(projected)) < len(projected) or not set(projected) <= set(range(qubits)):
        raise ValueError(
            f"projected = {list(projected)}: must be different qubits from 0 to {qubits - 1}"
        )
    for qubit in projected:
        if not np.any(matrices[qubit, 0]):
            raise ValueError(f"matrices[{qubit}] has a first row of zeros: it is never found in 0")
