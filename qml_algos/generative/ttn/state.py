"""Tree tensor networks: canonical form and log-likelihoods.

A state on a `Tree` has one core for each inner node, in the order of the nodes, with an axis for
each of its legs: a bond where the leg leads to an inner node, the categories where it leads to a
leaf. The amplitude of a sample is the contraction over all bonds, its probability the square.
"Centred at the top" says that each core but the top one is an isometry from the leg above it to the
two below, and that the top core has norm 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Core
from qml_algos.generative.ttn.groups import upward_sides
from qml_algos.generative.ttn.tree import Edge, Tree

NOISE, EXTRA = 0.1, 2
"""In each entry, as a share of what an isometry has there, and by how much bonds grow, to leave a
stationary point."""
MOST_ENTRIES = 2**22
"""Numbers in the products of the vectors of the samples that are scored at a time: 32 MiB."""


@dataclass(frozen=True, eq=False)
class TreeState:
    """A tree and its cores.

    Attributes
    ----------
    tree
        With n leaves.
    cores
        Of its ``n - 2`` inner nodes, real.
    """

    tree: Tree
    cores: Sequence[Core]

    @property
    def bond_dimensions(self) -> NDArray[np.int64]:
        """Of the ``n - 3`` bonds, each above an inner node but the top, in their order."""
        return np.array([core.shape[2] for core in self.cores[:-1]], dtype=np.int64)


def matricised(core: NDArray[Any], axis: int) -> NDArray[Any]:
    """Return a core as a matrix from the other two legs to that of an axis."""
    moved = np.moveaxis(core, axis, 2)
    return moved.reshape(-1, moved.shape[2])


def tensorised(matrix: NDArray[Any], shape: Sequence[int], axis: int) -> NDArray[Any]:
    """Return what `matricised` has made of a core of a shape; its last axis may have changed."""
    rest = [size for k, size in enumerate(shape) if k != axis]
    return np.ascontiguousarray(np.moveaxis(matrix.reshape(*rest, -1), 2, axis))


def orthonormalised(state: TreeState, bond_dimension: int) -> TreeState:
    """Centre a state at the top, with norm 1 and bonds no larger than given.

    Parameters
    ----------
    state
        Any that is not zero.
    bond_dimension
        The largest bond to keep; what is cut off are the smallest Schmidt values of each bond.

    Notes
    -----
    Cost: O(n D^4) for bonds D. Y.-Y. Shi, L.-M. Duan, G. Vidal, Phys. Rev. A 74, 022320 (2006).
    """
    tree, cores = state.tree, dict(zip(state.tree.inner, state.cores, strict=True))
    for node in tree.inner[:-1]:
        _shift(tree, cores, (node, tree.legs[node][2]), np.inf)
    for edge in tree.tour:
        _shift(tree, cores, edge, bond_dimension)
    cores[tree.top] = cores[tree.top] / np.linalg.norm(cores[tree.top])
    return TreeState(tree, tuple(cores.values()))


def _shift(tree: Tree, cores: dict[int, Core], edge: Edge, bond_dimension: float) -> None:
    """Move the centre along an edge; infinity keeps all Schmidt values."""
    here, there = edge
    own, other = tree.legs[here].index(there), tree.legs[there].index(here)
    matrix = matricised(cores[here], own)
    if bond_dimension == np.inf:
        basis, rest = np.linalg.qr(matrix)
    else:
        basis, values, rows = np.linalg.svd(matrix, full_matrices=False)
        kept = max(min(int(bond_dimension), int(np.sum(values > 1e-14 * values[0]))), 1)
        basis, rest = basis[:, :kept], values[:kept, None] * rows[:kept]
    rest = rest / np.linalg.norm(rest)
    cores[here] = tensorised(basis, cores[here].shape, own)
    cores[there] = tensorised(matricised(cores[there], other) @ rest.T, cores[there].shape, other)


def perturbed(state: TreeState, generator: np.random.Generator) -> TreeState:
    """Widen each bond and add noise to all entries."""
    tree = state.tree
    cores = []
    for node, core in zip(tree.inner, state.cores, strict=True):
        widened = [EXTRA * (leg >= tree.leaves) for leg in tree.legs[node]]
        shape = np.add(core.shape, widened)
        noisy = NOISE / np.sqrt(shape[0] * shape[1]) * generator.normal(size=shape)
        noisy[tuple(map(slice, core.shape))] += core
        cores.append(noisy)
    return TreeState(tree, tuple(cores))


def products(first: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
    """Kronecker product of each pair of columns."""
    return (first[:, None, :] * second[None, :, :]).reshape(-1, first.shape[1])


def log_likelihoods(state: TreeState, X: NDArray[np.intp]) -> NDArray[np.float64]:
    """Logarithm of the probability of each sample, in nats; -inf where it is 0.

    Parameters
    ----------
    state
        Centred at the top.
    X
        Shape ``(N, n)``.

    Notes
    -----
    Cost: at most ``2 N n D^3`` operations; what samples have in common below a node is computed
    once. The vectors are rescaled at each node, so that nothing underflows.
    """
    widest = max(max(core.shape) for core in state.cores)
    chunk = max(MOST_ENTRIES // widest**2, 1)
    return np.concatenate(
        [_log_likelihoods(state, X[start : start + chunk]) for start in range(0, len(X), chunk)]
    )


def _log_likelihoods(state: TreeState, X: NDArray[np.intp]) -> NDArray[np.float64]:
    tree, sides = state.tree, upward_sides(state.tree, X)
    columns = {edge: np.eye(size) for edge, size in leaf_sizes(state).items()}
    logs = {edge: np.zeros(len(eye)) for edge, eye in columns.items()}
    for node, core in zip(tree.inner, state.cores, strict=True):
        edge = node, tree.legs[node][2]
        side, (first, second) = sides[edge], ((leg, node) for leg in tree.others(edge))
        pairs = products(columns[first][:, side.first], columns[second][:, side.second])
        grown = matricised(core, 2).T @ pairs
        lengths = np.linalg.norm(grown, axis=0)
        with np.errstate(divide="ignore"):
            logs[edge] = logs[first][side.first] + logs[second][side.second] + np.log(lengths)
        columns[edge] = grown / np.where(lengths > 0, lengths, 1.0)
    # The last edge leads from the top to its third leg; the other way comes what is below that.
    back = edge[::-1]
    one, two = sides[edge].place, sides[back].place
    amplitudes = np.einsum("ij,ij->j", columns[edge][:, one], columns[back][:, two])
    with np.errstate(divide="ignore"):
        found = np.log(np.abs(amplitudes)) + logs[edge][one] + logs[back][two]
    return np.asarray(2 * found, dtype=np.float64)


def leaf_sizes(state: TreeState) -> dict[Edge, int]:
    """Return the number of categories on each edge from a leaf."""
    tree = state.tree
    return {
        (leg, node): size
        for node, core in zip(tree.inner, state.cores, strict=True)
        for leg, size in zip(tree.legs[node], core.shape, strict=True)
        if leg < tree.leaves
    }
