"""Sweeps over the edges of a tree that raise the likelihood of its tensor network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Core
from qml_algos.generative.mps.rows import SHORTEST, bounded, mean_log_likelihood, norm
from qml_algos.generative.mps.truncation import kept
from qml_algos.generative.ttn.crossing import (
    OVERSAMPLING,
    Columns,
    Crossing,
    Merged,
    crossing,
)
from qml_algos.generative.ttn.groups import Indices, all_sides
from qml_algos.generative.ttn.state import (
    TreeState,
    leaf_sizes,
    matricised,
    products,
    tensorised,
)
from qml_algos.generative.ttn.tree import Edge, Tree


class Sweeper:
    """A state in training, and the environments of its samples.

    Environments are in single precision: they only enter the gradient, of which two digits matter.
    Each column has length 1, so that an amplitude is the cosine between a sample and the state, and
    a bound on its inverse has the same meaning at each edge; the logarithms of the lengths are
    kept.

    Parameters
    ----------
    tree
        Of n leaves.
    X
        Shape ``(N, n)``, distinct samples.
    weights
        Of the samples, shape ``(N,)``; their sum is 1.
    bond_dimension
        The largest bond.
    clip
        The most that an inverse amplitude counts in the gradient.
    generator
        Of the directions in which bonds may grow.

    Notes
    -----
    Memory: ``4 N`` bytes times the sum of the bonds for the environments, at most ``4 N n D``,
    ``92 N n`` for groups, lengths and logarithms, and ``8 N D^2`` for the products at one edge.
    Cost of a two-way sweep: at most ``16 N n D^3`` operations for samples and about ``35 n D^4``
    for cores; nodes near the leaves have smaller bonds and fewer configurations than samples.
    """

    def __init__(
        self,
        tree: Tree,
        X: Indices,
        weights: NDArray[np.float64],
        *,
        bond_dimension: int,
        clip: float,
        generator: np.random.Generator,
    ) -> None:
        self._tree, self._bond_dimension = tree, bond_dimension
        self._floor, self._generator = np.float32(1 / clip), generator
        self._sides = all_sides(tree, X)
        self._crossings: dict[Edge, Crossing] = {}
        for edge in tree.tour:
            back = edge[::-1]
            self._crossings[edge] = (
                self._crossings[back].reversed
                if back in self._crossings
                else crossing(self._sides[edge].place, self._sides[back].place, weights)
            )

    @property
    def state(self) -> TreeState:
        """The state, centred at the top between sweeps; its cores are never changed in place."""
        return TreeState(self._tree, list(self._cores.values()))

    def start(self, state: TreeState, shrinkage: float) -> None:
        """Begin with a state.

        Parameters
        ----------
        state
            On the tree, centred at the top.
        shrinkage
            How strongly the Schmidt values are drawn to 0: each step takes ``2 * rate *
            shrinkage`` off them, as in `qml_algos.generative.mps.sweeps`.
        """
        self._cores = dict(zip(self._tree.inner, state.cores, strict=True))
        self._shrinkage = shrinkage
        self._columns: dict[Edge, Columns] = {
            edge: np.eye(size, dtype=np.float32) for edge, size in leaf_sizes(state).items()
        }
        self._lengths: dict[Edge, Columns] = {}
        self._logs = {edge: np.zeros(len(eye)) for edge, eye in self._columns.items()}
        for node in self._tree.inner[:-1]:
            edge = node, self._tree.legs[node][2]
            self._send(edge, self._matrix(edge).T.astype(np.float32) @ self._products(edge))

    def sweep(self, rate: float) -> float:
        """Cross all edges downwards and upwards, with one step at each crossing.

        Parameters
        ----------
        rate
            Length of a step, as a share of the way to the state of the tangent.

        Returns
        -------
        float
            Mean log-likelihood in nats just before the last step.
        """
        for edge in self._tree.tour:
            amplitudes = self._step(edge, rate)
        samples = self._crossings[edge]
        logs = self._product_logs(edge)[samples.here]
        logs += self._product_logs(edge[::-1])[samples.there]
        return mean_log_likelihood(samples.weights, amplitudes, logs)

    def merged(self, edge: Edge, step: float) -> tuple[Merged, Columns, Columns]:
        """Merge two cores and take a step.

        Parameters
        ----------
        edge
            From the centre to the node that becomes it.
        step
            Share of the way to the gradient of the mean of the logarithms of the amplitudes.

        Returns
        -------
        tuple
            The merged tensor after the step; ``isometry.T @ other``; and the amplitudes that the
            samples had, up to a factor for each.
        """
        back = edge[::-1]
        centre, own, samples = self._matrix(edge), self._products(edge), self._crossings[edge]
        projected = self._columns[back] * self._lengths[back]
        amplitudes = samples.amplitudes(centre.T.astype(np.float32) @ own, projected)
        samples.weigh(samples.weights / bounded(amplitudes, self._floor))
        moved = Merged(centre, self._matrix(back), own, self._products(back), samples, step)
        return moved, projected, amplitudes

    def _step(self, edge: Edge, rate: float) -> Columns:
        """Move the two cores at an edge; return the amplitudes that the samples had."""
        merged, projected, amplitudes = self.merged(edge, 2 * rate)
        basis, rest, columns = merged.reduced(
            projected, self._bond_dimension + OVERSAMPLING, self._generator
        )
        rest /= norm(rest)
        taken = 2 * rate * self._shrinkage
        vectors, factors = kept(rest @ rest.T, self._bond_dimension, taken)
        centre = (rest.T @ vectors) * factors
        self._put(edge, basis @ vectors)
        self._put(edge[::-1], centre / norm(centre))
        self._send(edge, vectors.T.astype(np.float32) @ columns)
        # What comes the other way has changed, and is computed anew before it is needed.
        for kept_of_edges in (self._columns, self._lengths, self._logs):
            del kept_of_edges[edge[::-1]]
        return amplitudes

    def _matrix(self, edge: Edge) -> Core:
        """Core at the start of an edge, as a matrix from its other two legs."""
        return matricised(self._cores[edge[0]], self._tree.legs[edge[0]].index(edge[1]))

    def _put(self, edge: Edge, matrix: Core) -> None:
        node, axis = edge[0], self._tree.legs[edge[0]].index(edge[1])
        self._cores[node] = tensorised(matrix, self._cores[node].shape, axis)

    def _products(self, edge: Edge) -> Columns:
        """Products of the environments that arrive at the start of an edge."""
        first, second = ((leg, edge[0]) for leg in self._tree.others(edge))
        side = self._sides[edge]
        return products(
            self._columns[first].take(side.first, axis=1),
            self._columns[second].take(side.second, axis=1),
        )

    def _product_logs(self, edge: Edge) -> NDArray[np.float64]:
        first, second = ((leg, edge[0]) for leg in self._tree.others(edge))
        side = self._sides[edge]
        return self._logs[first].take(side.first) + self._logs[second].take(side.second)

    def _send(self, edge: Edge, columns: Columns) -> None:
        """Keep the environment that an edge carries, with columns of length 1."""
        lengths = np.sqrt(np.einsum("ij,ij->j", columns, columns))
        # A column that vanished has no direction; it stays 0, and its samples have no say.
        np.maximum(lengths, SHORTEST, out=lengths)
        self._columns[edge], self._lengths[edge] = columns / lengths, lengths
        self._logs[edge] = self._product_logs(edge) + np.log(lengths)
