"""Which tree: blocks of a picture, halves of a list, clusters by mutual information, or given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.ttn.tree import LEAST_LEAVES, Edge, Tree

Nested = Any
"""A variable, or a pair of these."""


def balanced(variables: int) -> Nested:
    """Halves of a list of variables, halves of these, and so on."""
    return grid((1, variables))


def grid(shape: tuple[int, int]) -> Nested:
    """Blocks of a picture, cut in two across the longer side, of a square from top to bottom.

    For a square with a power of two of pixels on a side these are the trees of Cheng et al., PRB
    99, 155131 (2019), section V: each block is of two neighbouring ones, side by side and one above
    the other in turn.

    Parameters
    ----------
    shape
        Height and width; the pixels are numbered row by row.
    """
    numbers = np.arange(shape[0] * shape[1]).reshape(shape)

    def cut(block: NDArray[np.intp]) -> Nested:
        if block.size == 1:
            return int(block[0, 0])
        axis = int(block.shape[1] >= block.shape[0])
        first, second = np.array_split(block, 2, axis=axis)
        return cut(first), cut(second)

    return cut(numbers)


def clustered(dependence: NDArray[np.float64]) -> Nested:
    """Clusters that merge in the order of their mean mutual information (average linkage).

    Parameters
    ----------
    dependence
        Mutual information of each pair of variables, shape ``(n, n)``.
    """
    nodes: list[Nested] = list(range(len(dependence)))
    if len(nodes) > 1:
        for first, second in linkage(_distances(dependence), "average")[:, :2].astype(int):
            nodes.append((nodes[first], nodes[second]))
    return nodes[-1]


def as_tree(nested: Nested, variables: int, dependence: NDArray[np.float64]) -> Tree:
    """Return a tree with the nodes below each other so turned that neighbours know of each other.

    Parameters
    ----------
    nested
        The tree.
    variables
        Number of variables n. Up to three are joined by leaves of one category, with numbers from n
        on, so that there are four.
    dependence
        Mutual information of each pair of variables, shape ``(n, n)``: of those that are next to
        each other along the leaves, the sum is as large as it can be (Bar-Joseph, Gifford,
        Jaakkola, Bioinformatics 17, S22 (2001)).

    Raises
    ------
    InvalidProblemError
        If ``nested`` is made of anything but pairs, or has not each of the variables once.
    """
    rows = _rows(nested, variables)
    leaves = max(variables, LEAST_LEAVES)
    known = np.zeros((leaves, leaves))
    known[:variables, :variables] = dependence
    counts = [1] * leaves
    for pair in rows:
        counts.append(sum(counts[node] for node in pair))
    heights = range(1, leaves)
    merges = [(*pair, k, counts[leaves + k - 1]) for pair, k in zip(rows, heights, strict=True)]
    turned = optimal_leaf_ordering(np.array(merges, dtype=float), _distances(known))
    return Tree(tuple((int(first), int(second)) for first, second in turned[:, :2]))


def _rows(nested: Nested, variables: int) -> list[Edge]:
    """Pairs of nodes, each after those that it is made of; the numbers are those of `Tree`."""
    for extra in range(variables, LEAST_LEAVES):
        nested = (nested, extra)
    leaves = max(variables, LEAST_LEAVES)
    rows: list[Edge] = []
    seen: list[int] = []
    done: list[int] = []
    waiting = [(nested, False)]
    while waiting:
        part, below_done = waiting.pop()
        if below_done:
            second, first = done.pop(), done.pop()
            done.append(leaves + len(rows))
            rows.append((first, second))
        elif isinstance(part, int | np.integer) and not isinstance(part, bool):
            seen.append(int(part))
            done.append(int(part))
        elif isinstance(part, Sequence) and not isinstance(part, str) and len(part) == 2:
            waiting += [(part, True), (part[1], False), (part[0], False)]
        else:
            raise InvalidProblemError(
                f"tree: {part!r} is neither a variable nor a pair of two parts of the tree"
            )
    # The leaves that were added are the last ones.
    own = sorted(seen[: len(seen) - leaves + variables])
    if own != list(range(variables)):
        shown = f"{own[:20]}" if len(own) <= 20 else f"{own[:20]} and {len(own) - 20} more"
        raise InvalidProblemError(
            f"tree: needs each of the variables 0 to {variables - 1} once; it has {shown}"
        )
    return rows


def _distances(dependence: NDArray[np.float64]) -> NDArray[np.float64]:
    distances = dependence.max() - dependence
    np.fill_diagonal(distances, 0.0)
    found: NDArray[np.float64] = squareform(distances, checks=False)
    return found
