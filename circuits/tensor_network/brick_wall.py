"""Brick walls: layers of gates on neighbours, of a depth that does not depend on the sites."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.isometry import complete
from circuits.matrix_product_state import truncate
from circuits.tensor_network.environments import environments
from circuits.tensor_network.gate_network import GateNetwork
from circuits.tensor_network.optimisation import optimised
from circuits.tensor_network.rotations import turned_a_little

Matrix = NDArray[Any]

LARGEST_NUMBER_OF_LAYERS = 10
"""Of a wall; the cost of optimisation is as two to this power."""

_FIRST_LAYERS = 2
_ITERATIONS = 300
_SMALL = 0.1


def brick_wall(gates: Matrix) -> GateNetwork:
    """Put gates in layers, on pairs that start at even sites and at odd ones by turns.

    Parameters
    ----------
    gates
        Shape ``(layers, sites - 1, 4, 4)``, with fewer layers than sites: first the layer, in the
        order of time, then the first site of the pair. Of the even layers, 0 the first of them,
        gates on pairs from even sites are taken, of the odd ones the others.

    Returns
    -------
    GateNetwork
        Of a window of one more qubit than there are layers: a block has a gate of each layer, one
        site further back from layer to layer.
    """
    layers, pairs = gates.shape[:2]
    blocks: list[list[tuple[int, int]]] = [[] for _ in range(pairs + 1 - layers)]
    steps, firsts = _places(pairs + 1, layers)
    for step, first in zip(steps, firsts, strict=True):
        block = min(max(0, first + step - layers + 1), len(blocks) - 1)
        blocks[block].append((int(first) - block, int(first) - block + 1))
    return GateNetwork(pairs + 1, layers + 1, tuple(map(tuple, blocks)), gates[steps, firsts])


def grown_wall(
    state: Sequence[Matrix], fidelity: float, max_two_qubit_gates: float
) -> GateNetwork | None:
    """Add layers until the fidelity is reached, the limit is, or hope is lost.

    Parameters
    ----------
    state
        Normalised, on at least 3 sites.
    fidelity
        Below 1.
    max_two_qubit_gates
        Limit.

    Returns
    -------
    GateNetwork
        The wall of the highest fidelity within the limit; real if the state is and that is enough.
        None if none is within it.

    Notes
    -----
    Correlations over m sites take about m layers, so that at a given error for each site the
    infidelity falls exponentially with the layers where correlations do, and the layers that a
    fidelity takes grow like the logarithm of the number of sites. It is given up where the last
    gain, repeated, would not do within `LARGEST_NUMBER_OF_LAYERS`. Layers are added as
    identities; then all gates are optimised, by `optimised`, in about 300 evaluations of
    O(n l 2**l r), for l layers and n sites of bond r.

    Some real states of short correlations, the cluster state among them, are out of reach of real
    gates of determinant 1, of any number of layers. Hence the second attempt.
    """
    loss = -math.log(fidelity)
    found = []
    for complex_gates in (False, True):
        if complex_gates or not any(map(np.iscomplexobj, state)):
            wall, remaining = _grown(state, loss, max_two_qubit_gates, complex_gates)
            if remaining <= loss:
                return wall
            found.append((remaining, wall))
    return min(found, key=lambda pair: pair[0])[1]


def _grown(
    state: Sequence[Matrix], least_loss: float, limit: float, complex_gates: bool
) -> tuple[GateNetwork | None, float]:
    """Grow a wall; returns the negative logarithm of its fidelity too."""
    most = min(LARGEST_NUMBER_OF_LAYERS, len(state) - 1)
    best, loss = None, math.inf
    wall = _product_wall(truncate(state, 1), complex_gates)
    while wall.two_qubit_gates() <= limit:
        best, previous = optimised(wall, state, _ITERATIONS), loss
        loss = -2 * math.log(abs(environments(best, state).overlap))
        remaining = most + 1 - best.window
        if loss <= least_loss or not remaining:
            break
        if loss * (loss / previous) ** remaining > least_loss:
            break
        wall = _with_identities(best)
    return best, loss


def _places(sites: int, layers: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Layer and first site of each gate, diagonal by diagonal, later layers further left."""
    found = [
        (layer, diagonal - layer)
        for diagonal in range(0, sites + layers - 2, 2)
        for layer in range(layers)
        if 0 <= diagonal - layer <= sites - 2
    ]
    places = np.array(found, dtype=np.intp)
    return places[:, 0], places[:, 1]


def _product_wall(product: Sequence[Matrix], complex_gates: bool) -> GateNetwork:
    """Prepare a product state by two layers, but for small turns.

    Without these the state may be a stationary point, as it is of a cluster state.
    """
    sites = len(product)
    gates = _identities(_FIRST_LAYERS, sites, complex_gates)
    turns = [complete(tensor.reshape(2, 1)) for tensor in product]
    for site in range(0, sites - 1, 2):
        gates[0, site] = np.kron(turns[site], turns[site + 1])
    if sites % 2:
        gates[1, -1] = np.kron(np.eye(2), turns[-1])
    return brick_wall(turned_a_little(gates, _SMALL))


def _with_identities(wall: GateNetwork) -> GateNetwork:
    """Add a last layer of identities."""
    layers = wall.window - 1
    gates = _identities(layers + 1, wall.sites, np.iscomplexobj(wall.gates))
    gates[_places(wall.sites, layers)] = wall.gates
    return brick_wall(gates)


def _identities(layers: int, sites: int, complex_gates: bool) -> Matrix:
    dtype = complex if complex_gates else float
    return np.tile(np.eye(4, dtype=dtype), (layers, sites - 1, 1, 1))
