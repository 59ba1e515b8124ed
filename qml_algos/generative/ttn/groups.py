"""Distinct configurations of the variables on each side of each edge of a tree.

What is contracted on one side of an edge depends on the variables there only. Few nodes above the
leaves these have few configurations, however many samples there are: each is contracted once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.ttn.tree import Edge, Tree

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Side:
    """Distinct configurations of what lies behind the start of an edge.

    Attributes
    ----------
    first, second
        Each configuration is a pair of configurations on the other two edges to the node that the
        edge starts from; their numbers. Empty for a leaf, whose configurations are its categories.
    place
        Number of the configuration that each sample has, shape ``(N,)``.
    """

    first: Indices
    second: Indices
    place: Indices


Sides = dict[Edge, Side]


def upward_sides(tree: Tree, X: Indices) -> Sides:
    """Find the configurations below each node, for its edge upwards or the third leg of the top.

    Parameters
    ----------
    tree
        Of n leaves.
    X
        Shape ``(N, n)``.

    Returns
    -------
    dict
        Edges in an order in which each comes after those that it depends on. Memory: at most
        ``24 N n`` bytes.
    """
    none = np.empty(0, dtype=np.intp)
    sides = {
        (leg, node): Side(none, none, np.ascontiguousarray(X[:, leg]))
        for node in tree.inner
        for leg in tree.legs[node]
        if leg < tree.leaves
    }
    for node in tree.inner:
        _add(sides, tree, (node, tree.legs[node][2]))
    return sides


def all_sides(tree: Tree, X: Indices) -> Sides:
    """Find the configurations on both sides of each edge between inner nodes."""
    sides = upward_sides(tree, X)
    for node in reversed(tree.inner):
        for leg in tree.legs[node][:2]:
            if leg >= tree.leaves:
                _add(sides, tree, (node, leg))
    return sides


def _add(sides: Sides, tree: Tree, edge: Edge) -> None:
    first, second = (sides[leg, edge[0]].place for leg in tree.others(edge))
    width = second.max() + 1
    pairs, place = np.unique(first * width + second, return_inverse=True)
    if len(pairs) == len(first):  # Nothing in common: the samples keep their order.
        sides[edge] = Side(first, second, np.arange(len(first)))
    else:
        sides[edge] = Side(pairs // width, pairs % width, place)
