"""Distributions of a few variables of a tree tensor network, given others or not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.mps.chain import Core
from qml_algos.generative.ttn.state import TreeState, leaf_sizes

MOST_ENTRIES = 2**25
"""Numbers in the tensors of all outcomes at a time: 256 MiB."""


def lifted(core: Core, first: Core, second: Core) -> Core:
    """Take matrices on the two lower legs of a core to the one above.

    Parameters
    ----------
    core
        Shape ``(a, b, c)``.
    first, second
        Shape ``(K, a, a)`` and ``(K, b, b)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(K, c, c)``; cost: at most ``6 K D^4`` operations.
    """
    a, b, c = core.shape
    half = (first @ core.reshape(a, b * c)).reshape(-1, a, b, c)
    whole = (second[:, None] @ half).reshape(-1, a * b, c)
    found: Core = core.reshape(a * b, c).T @ whole
    return found


def distribution(
    state: TreeState, variables: Sequence[int], known: Mapping[int, int]
) -> NDArray[np.float64]:
    """Return the joint distribution of some variables given the values of others.

    Parameters
    ----------
    state
        Centred at the top.
    variables
        Distinct leaves.
    known
        Value of each variable that is known, none of them one of the others.

    Returns
    -------
    numpy.ndarray
        One axis for each of the variables, in their order. Cost: at most ``6 D^4`` operations for
        each outcome and node, for nodes above a variable that is asked for or known; those of the
        others are isometries, which leave the trace alone.

    Raises
    ------
    InvalidProblemError
        If what is known has probability 0.
    TooLargeError
        If the outcomes need more than 2^25 numbers on the way.
    """
    tree = state.tree
    sizes = {leaf: size for (leaf, _), size in leaf_sizes(state).items()}
    _require_room(state, [sizes[leaf] for leaf in variables])
    matrices = {leaf: _outcomes(sizes[leaf], known.get(leaf)) for leaf in (*variables, *known)}
    asked = {leaf: [leaf] if leaf in variables else [] for leaf in sizes}
    for node, core in zip(tree.inner, state.cores, strict=True):
        first, second, third = tree.legs[node]
        asked[node] = asked[first] + asked[second]
        if node == tree.top or first in matrices or second in matrices:
            one = matrices.pop(first, np.eye(core.shape[0])[None])
            two = matrices.pop(second, np.eye(core.shape[1])[None])
            pairs = lifted(core, np.repeat(one, len(two), axis=0), np.tile(two, (len(one), 1, 1)))
            matrices[node] = _scaled(pairs, np.einsum("ijj->", pairs))
    three = matrices.get(third, np.eye(core.shape[2])[None])
    table = np.einsum("kab,lab->kl", matrices[tree.top], three)
    order = asked[tree.top] + asked[third]
    joint = _scaled(table, table.sum()).reshape([sizes[leaf] for leaf in order])
    return joint.transpose([order.index(leaf) for leaf in variables])


def _require_room(state: TreeState, sizes: Sequence[int]) -> None:
    entries = math.prod(sizes) * max(core.size for core in state.cores)
    if entries > MOST_ENTRIES:
        raise TooLargeError(
            f"variables: the distribution of {len(sizes)} of them has {math.prod(sizes):,} "
            f"outcomes, and {entries:,} numbers on the way; at most {MOST_ENTRIES:,}"
        )


def _outcomes(size: int, known: int | None) -> Core:
    """Projectors on the categories of a variable, or on the one that it is known to have."""
    categories = np.arange(size) if known is None else np.array([known])
    vectors = np.eye(size)[categories]
    return vectors[:, :, None] * vectors[:, None, :]


def _scaled(array: Core, total: float) -> Core:
    if total <= 0:
        raise InvalidProblemError("evidence: it has probability 0, so that nothing follows from it")
    return array / total
