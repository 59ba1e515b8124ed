"""Trees from chains: a matrix product state along the leaves is a tree tensor network."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import orthonormalised
from qml_algos.generative.mps.markov import markov_cores
from qml_algos.generative.ttn.state import TreeState
from qml_algos.generative.ttn.tree import Tree


def tree_from_chain(tree: Tree, chain: Sequence[NDArray[np.float64]]) -> TreeState:
    """Return the tree tensor network that has the amplitudes of a matrix product state.

    The leaves below a node follow each other in ``tree.order``, so that all they share with the
    others are the two bonds at their ends: the bond above the node is no larger than the product of
    these.

    Parameters
    ----------
    tree
        With a leaf for each site.
    chain
        Cores of shape ``(left, categories, right)``, in the order of ``tree.order``.

    Returns
    -------
    TreeState
        Centred at the top. Cost: O(n D^6) for bonds D of the chain, at most.
    """
    parts = {
        int(leaf): core.transpose(1, 0, 2) for leaf, core in zip(tree.order, chain, strict=True)
    }
    cores = []
    for node, (first, second) in zip(tree.inner, tree.children[:-1], strict=True):
        joint = np.tensordot(parts[first], parts[second], (2, 1)).transpose(0, 2, 1, 3)
        a, b, left, right = joint.shape
        basis, rest = np.linalg.qr(joint.reshape(a * b, left * right))
        cores.append(basis.reshape(a, b, -1))
        parts[node] = (rest / np.linalg.norm(rest)).reshape(-1, left, right)
    first, second = tree.children[-1]
    centre = np.tensordot(parts[first], parts[second], (2, 1))[:, 0, :, 0]
    top = np.tensordot(cores[-1], centre if first == tree.top else centre.T, 1)
    cores[-1] = top / np.linalg.norm(top)
    return TreeState(tree, tuple(cores))


def markov_tree(
    tree: Tree,
    X: NDArray[np.intp],
    weights: NDArray[np.float64],
    categories: Sequence[int],
    bond_dimension: int,
) -> TreeState:
    """Return the Markov chain of the data along the leaves of a tree.

    It is exact if the bond dimension is at least the square of the number of categories; if not,
    the bonds of the chain are cut off at the root of the bond dimension.

    Parameters
    ----------
    tree
        With a leaf for each variable.
    X
        Shape ``(N, n)``.
    weights
        Of the samples, in counts; shape ``(N,)``.
    categories
        Of each variable.
    bond_dimension
        The largest bond of the result.
    """
    order = tree.order
    chain = markov_cores(X[:, order], weights, [categories[leaf] for leaf in order])
    return tree_from_chain(tree, orthonormalised(chain, math.isqrt(bond_dimension)))
