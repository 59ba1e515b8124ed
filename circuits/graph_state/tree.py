"""Forests of matrices on vertices, prepared without chance by isometries on two qubits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister

from circuits.graph_state.graph import Edges, Matrix, neighbours, require_model
from circuits.isometry import isometry, unitary

_EDGE: Matrix = np.array([[1.0, 1.0], [1.0, -1.0]])


@dataclass(frozen=True, eq=False)
class _Split:
    """An isometry, shape ``(4, 2)``, from one wire to that and a new one, the lower bit."""

    wire: int
    new: int
    matrix: Matrix


@dataclass(frozen=True, eq=False)
class _Part:
    """A part of the state with an index of two values left open.

    Attributes
    ----------
    rest
        Shape ``(2, 2)``, from the open index to the wire that the part is unfolded from; or
        ``(1, 2)`` if all its qubits are projected.
    wire
        The wire, if there is one.
    splits
        That unfold it, the last one first.
    """

    rest: Matrix
    wire: int | None
    splits: list[_Split] = field(default_factory=list)


def is_forest(edges: Edges, qubits: int) -> bool:
    """Whether a graph has no cycle."""
    orders = _breadth_first(neighbours(edges, qubits))
    return len(edges) == qubits - len(orders)


def tree_preparation(
    edges: Edges, matrices: Matrix, *, projected: Sequence[int] = ()
) -> QuantumCircuit:
    r"""Prepare :math:`\Pi \bigotimes_i M_i |G\rangle` on a forest, with certainty.

    A vertex copies its value to its matrix and to each edge: all bonds are of two values, whatever
    its degree. From the leaves up to the middle of each tree, parts are made isometries from one
    qubit each; from the middle out, the circuit unfolds them.

    Parameters
    ----------
    edges
        Of a graph without cycles.
    matrices
        Shape ``(m, 2, 2)``; their scale does not matter, and they may be singular.
    projected
        Qubits projected on 0 before the circuit is made: they stay in 0, and no gate acts on them.

    Returns
    -------
    QuantumCircuit
        Register ``system``. An isometry of 2 CX for each qubit but one a tree: at most
        ``2 (m - 1)`` CX. Those of a chain are in about half as many layers as it has qubits.

    Raises
    ------
    ValueError
        If the graph has a cycle, is none, the matrices or projected qubits make no state, or the
        state is 0.

    References
    ----------
    C. Schon, E. Solano, F. Verstraete, J. Cirac, M. Wolf, Phys. Rev. Lett. 95, 110503 (2005), for
    chains. Y. Shi, L. Duan, G. Vidal, Phys. Rev. A 74, 022320 (2006), for trees.
    """
    require_model(edges, matrices, projected)
    qubits = len(matrices)
    near = neighbours(edges, qubits)
    orders = _breadth_first(near)
    if len(edges) != qubits - len(orders):
        raise ValueError(f"a graph of {qubits} qubits and {len(edges)} edges has cycles: no forest")
    circuit = QuantumCircuit(QuantumRegister(qubits, "system"), name="tree")
    for order in orders:
        _unfold(circuit, _folded(_middle(near, order), near, matrices, frozenset(projected)))
    return circuit


def _unfold(circuit: QuantumCircuit, whole: _Part) -> None:
    vector = whole.rest.sum(axis=1)
    norm = np.linalg.norm(vector)
    if not norm > 0:
        raise ValueError("the state is 0 where the projected qubits are found in 0")
    if whole.wire is None:
        return
    first, second = vector / norm
    turn = np.array([[first, -np.conj(second)], [second, np.conj(first)]])
    circuit.compose(unitary(turn), [whole.wire], inplace=True)
    for split in reversed(whole.splits):
        part, _ = isometry(split.matrix)
        # The new qubit of the isometry starts in 0 and is its higher one.
        circuit.compose(part, [split.wire, split.new], inplace=True)


def _folded(
    root: int, near: Sequence[Sequence[int]], matrices: Matrix, projected: frozenset[int]
) -> _Part:
    """Fold a tree, children before parents; the open index is the value of the root."""
    parents: dict[int, int] = {root: root}
    order = [root]
    for vertex in order:
        for child in near[vertex]:
            if child not in parents:
                parents[child] = vertex
                order.append(child)
    parts = {
        vertex: _Part(matrices[vertex, :1], None)
        if vertex in projected
        else _Part(matrices[vertex], vertex)
        for vertex in order
    }
    for vertex in reversed(order[1:]):
        folded = parts.pop(vertex)
        upwards = _Part(folded.rest @ _EDGE, folded.wire, folded.splits)
        parts[parents[vertex]] = _joined(parts[parents[vertex]], upwards)
    return parts[root]


def _joined(first: _Part, second: _Part) -> _Part:
    """Put two parts together that share the value of their open index."""
    if first.wire is None or second.wire is None:
        wire = second.wire if first.wire is None else first.wire
        return _normalised(first.rest * second.rest, wire, [*first.splits, *second.splits])
    both = (second.rest[:, None] * first.rest[None]).reshape(4, 2)
    matrix, rest = np.linalg.qr(both)
    split = _Split(first.wire, second.wire, matrix)
    return _normalised(rest, first.wire, [*first.splits, *second.splits, split])


def _normalised(rest: Matrix, wire: int | None, splits: list[_Split]) -> _Part:
    # Products over many vertices would run out of the range of doubles.
    return _Part(rest / (np.abs(rest).max() or 1.0), wire, splits)


def _breadth_first(near: Sequence[Sequence[int]]) -> list[list[int]]:
    """Vertices of each component, from its lowest one outwards."""
    left, orders = set(range(len(near))), []
    while left:
        order = [min(left)]
        left.remove(order[0])
        for vertex in order:
            found = left.intersection(near[vertex])
            left -= found
            order += sorted(found)
        orders.append(order)
    return orders


def _middle(near: Sequence[Sequence[int]], component: Sequence[int]) -> int:
    """Strip leaves until one vertex or two are left: the isometries are in fewest layers there."""
    degrees = {vertex: len(near[vertex]) for vertex in component}
    while len(degrees) > 2:
        leaves = [vertex for vertex, degree in degrees.items() if degree <= 1]
        for leaf in leaves:
            del degrees[leaf]
            for vertex in near[leaf]:
                if vertex in degrees:
                    degrees[vertex] -= 1
    return min(degrees)
