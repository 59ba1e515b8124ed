"""Graphs of small cuts as matrix product states, prepared without chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister

from circuits.graph_state.graph import Edges, Matrix, neighbours, require_model
from circuits.matrix_product_state import Tensor, mps_norm, mps_preparation

MOST_FRONTIER = 6
"""Largest frontier that `chain_preparation` takes: an isometry has 7 qubits then."""

_STARTS = 16


def chain_order(edges: Edges, qubits: int) -> tuple[tuple[int, ...], int]:
    """Put qubits in an order with few of them waiting for a neighbour at a time.

    From up to 16 qubits of the lowest degrees, next is always the one that leaves the smallest
    frontier; the best of these orders is taken. A heuristic: the least is NP-hard to find (the
    pathwidth).

    Parameters
    ----------
    edges, qubits
        The graph.

    Returns
    -------
    order
        All qubits.
    frontier
        Most qubits before a cut of the order that have neighbours behind it: the matrix product
        state in this order has bonds of at most ``2**frontier``.

    Notes
    -----
    ``O(m f^2 d^2)`` for m qubits of degree d and a frontier of f.
    """
    near = [set(found) for found in neighbours(edges, qubits)]
    starts = sorted(range(qubits), key=lambda v: len(near[v]))[:_STARTS]
    return min((_greedy(start, near) for start in starts), key=lambda found: found[1])


def _greedy(start: int, near: Sequence[set[int]]) -> tuple[tuple[int, ...], int]:
    order: list[int] = []
    left, frontier, widest = set(range(len(near))), set[int](), 0
    vertex = start
    while True:
        order.append(vertex)
        left.remove(vertex)
        frontier = {v for v in (*frontier, vertex) if near[v] & left}
        widest = max(widest, len(frontier))
        if not left:
            return tuple(order), widest
        # A neighbour of the frontier if there is one: elsewhere it would only grow.
        choices = set().union(*(near[v] for v in frontier)) & left or left
        vertex = min(choices, key=lambda v: (_frontier_after(v, frontier, left, near), v))


def _frontier_after(
    vertex: int, frontier: set[int], left: set[int], near: Sequence[set[int]]
) -> int:
    rest = left - {vertex}
    return sum(bool(near[v] & rest) for v in (*frontier, vertex))


def chain_tensors(
    edges: Edges, matrices: Matrix, order: Sequence[int], *, projected: Sequence[int] = ()
) -> list[Tensor]:
    r"""Write :math:`\Pi \bigotimes_i M_i |G\rangle` as a matrix product state.

    Parameters
    ----------
    edges
        Of the graph.
    matrices
        Shape ``(m, 2, 2)``.
    order
        Of the qubits along the chain.
    projected
        Qubits that are left out, found in 0; not all of them.

    Returns
    -------
    list of arrays
        One for each other qubit in the order, shape ``(left bond, 2, right bond)``; not
        normalised, bonds of ``2**f`` for a frontier of f qubits, not the smallest there are.
    """
    near = neighbours(edges, len(matrices))
    left, frontier = set(order), list[int]()
    tensors: list[Tensor] = []
    carried: Tensor | None = None
    for vertex in order:
        left.remove(vertex)
        after = [v for v in (*frontier, vertex) if left.intersection(near[v])]
        tensor = _site(matrices[vertex], frontier, vertex, after, near[vertex])
        tensor = tensor / np.abs(tensor).max()
        if vertex in projected:
            bond = tensor[:, 0]
            carried = bond if carried is None else carried @ bond
        else:
            tensors.append(tensor if carried is None else np.tensordot(carried, tensor, axes=1))
            carried = None
        frontier = after
    if carried is not None:
        tensors[-1] = tensors[-1] @ carried
    return tensors


def _site(
    matrix: Matrix, before: Sequence[int], vertex: int, after: Sequence[int], near: Sequence[int]
) -> Tensor:
    """Bonds number the values of the frontier, its first qubit the most significant."""
    values = np.arange(2 ** (len(before) + 1))
    bits = values[:, None] >> np.arange(len(before) + 1)[::-1] & 1
    own = bits[:, -1]
    parity = sum((bits[:, k] for k, v in enumerate(before) if v in near), np.zeros_like(own))
    columns = [[*before, vertex].index(v) for v in after]
    right = bits[:, columns] @ (1 << np.arange(len(after))[::-1])
    tensor = np.zeros((2 ** len(before), 2, 2 ** len(after)), dtype=matrix.dtype)
    for value in (0, 1):
        here = own == value
        signed = (-1.0) ** (value * parity[here])[:, None] * matrix[:, value]
        tensor[values[here] >> 1, :, right[here]] += signed
    return tensor


def chain_preparation(
    edges: Edges, matrices: Matrix, *, projected: Sequence[int] = ()
) -> QuantumCircuit:
    r"""Prepare :math:`\Pi \bigotimes_i M_i |G\rangle` with certainty, as a matrix product state.

    For graphs with cycles; `tree_preparation` takes fewer gates where there are none.

    Parameters
    ----------
    edges
        Of a graph of small cuts: a strip of width w has a frontier of w qubits.
    matrices
        Shape ``(m, 2, 2)``; their scale does not matter, and they may be singular.
    projected
        Qubits projected on 0 before the circuit is made: they stay in 0, and no gate acts on them.

    Returns
    -------
    QuantumCircuit
        Register ``system``. Cost as `mps_preparation`: about 11 CX a qubit for a frontier of 2
        and 53 for 3, four times as many for each further qubit.

    Raises
    ------
    ValueError
        If the frontier is above `MOST_FRONTIER`, the graph is none, the matrices or projected
        qubits make no state, or the state is 0.
    """
    require_model(edges, matrices, projected)
    qubits = len(matrices)
    order, frontier = chain_order(edges, qubits)
    if frontier > MOST_FRONTIER:
        raise ValueError(
            f"the graph has a frontier of {frontier} qubits in the order found, bonds of "
            f"2**{frontier}: at most {MOST_FRONTIER} is accepted"
        )
    kept = [vertex for vertex in order if vertex not in set(projected)]
    circuit = QuantumCircuit(QuantumRegister(qubits, "system"), name="chain")
    if not kept:
        return circuit
    tensors = chain_tensors(edges, matrices, order, projected=projected)
    if not mps_norm(tensors) > 0:
        raise ValueError("the state is 0 where the projected qubits are found in 0")
    # The first site is the most significant qubit of what `mps_preparation` makes.
    circuit.compose(mps_preparation(tensors), kept[::-1], inplace=True)
    return circuit
