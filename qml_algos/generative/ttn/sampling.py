"""Independent samples from a tree tensor network, and completions of samples with gaps.

All samples are drawn side by side, leaf after leaf from left to right (S. Cheng et al., PRB 99,
155131 (2019), section IV). What has been drawn below a node is a vector on the leg above it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.checks import MISSING
from qml_algos.generative.mps.chain import Core
from qml_algos.generative.mps.sampling import chosen
from qml_algos.generative.ttn.marginals import lifted
from qml_algos.generative.ttn.state import TreeState, leaf_sizes, matricised
from qml_algos.generative.ttn.tree import Tree

CHUNK = 1024
"""Samples that are drawn at a time at most: their products stay in the cache of a core."""
MOST_ENTRIES = 2**23
"""Numbers in the tensors of the samples that are drawn at a time: 64 MiB."""


def draw(state: TreeState, samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Draw independent samples.

    A branch is in a mixed state as long as the others are not drawn. Its density matrix, with
    O(D^4) operations a node, is not needed: one of the pure states that it is a mixture of is drawn
    and, when the branch has been drawn from that, forgotten. What remains is conditioned on
    the samples alone, so that these have exactly the distribution of the state.

    Parameters
    ----------
    state
        Centred at the top.
    samples
        How many.
    generator
        Source of chance.

    Returns
    -------
    numpy.ndarray
        Shape ``(samples, n)``. Cost: about ``6 D^3`` operations for each node and sample.
    """
    widest = max(max(core.shape) for core in state.cores)
    chunk = min(CHUNK, max(MOST_ENTRIES // (widest * max(state.tree.leaves, widest)), 1))
    found = np.empty((samples, state.tree.leaves), dtype=np.int64)
    for start in range(0, samples, chunk):
        _draw_into(found[start : start + chunk], state, generator)
    return found


def _draw_into(X: NDArray[np.int64], state: TreeState, generator: np.random.Generator) -> None:
    tree = state.tree
    cores = dict(zip(tree.inner, state.cores, strict=True))
    third = tree.legs[tree.top][2]
    pure: dict[int, Core] = {}
    drawn: dict[int, Core] = {}
    mixture = matricised(cores[tree.top], 2)
    chances = np.tile(np.sum(mixture**2, axis=1), (len(X), 1))
    pure[third] = mixture[chosen(chances, generator)]
    for node, stage in (*visits(tree, third), *visits(tree, tree.top)):
        if node < tree.leaves:
            states = pure.pop(node)
            X[:, node] = chosen(states**2, generator)
            drawn[node] = np.eye(states.shape[1])[X[:, node]]
            continue
        first, second, above = tree.legs[node]
        core = cores[node]
        a, b, c = core.shape
        states = drawn[above] if node == tree.top else pure[node]
        if stage == 0:
            joint = (states @ core.reshape(-1, c).T).reshape(-1, a, b)
            which = chosen(np.einsum("nab,nab->nb", joint, joint), generator)
            pure[first] = joint[np.arange(len(X)), :, which]
        elif stage == 1:
            pure[second] = _unit(_pairs(drawn[first], states) @ core.swapaxes(1, 2).reshape(-1, b))
        else:
            pairs = _pairs(drawn.pop(first), drawn.pop(second))
            drawn[node] = _unit(pairs @ core.reshape(-1, c))


def complete(
    state: TreeState, X: NDArray[np.int64], generator: np.random.Generator
) -> NDArray[np.int64]:
    """Draw missing entries from their distribution given those that are known.

    Parameters
    ----------
    state
        Centred at the top.
    X
        Shape ``(N, n)``, `MISSING` where an entry is to be drawn.
    generator
        Source of chance.

    Returns
    -------
    numpy.ndarray
        A copy without gaps. Cost: at most ``24 D^4`` operations for each node and sample.

    Raises
    ------
    InvalidProblemError
        If what is known of a sample has probability 0.
    """
    widest = max(max(core.shape) for core in state.cores)
    chunk = max(MOST_ENTRIES // (widest**2 * max(state.tree.leaves, widest)), 1)
    found = X.copy()
    for start in range(0, len(X), chunk):
        rows = found[start : start + chunk]
        known = _known(state, rows)
        third = state.tree.legs[state.tree.top][2]
        totals = np.einsum("nab,nab->n", known[state.tree.top], known[third])
        if np.any(totals <= 0):
            raise InvalidProblemError(
                f"X[{start + int(np.argmin(totals))}]: the known entries have probability 0, so "
                "that nothing follows from them"
            )
        _complete(rows, state, known, generator)
    return found


def _known(state: TreeState, X: NDArray[np.int64]) -> dict[int, Core]:
    """Matrix of what is known below each node, on the leg above it; of the top, on its third."""
    tree = state.tree
    known = {}
    for (leaf, _), size in leaf_sizes(state).items():
        values = X[:, leaf, None]
        allowed = (values == np.arange(size)) | (values == MISSING)
        known[leaf] = allowed[:, :, None] * np.eye(size)
    for node, core in zip(tree.inner, state.cores, strict=True):
        first, second, _ = tree.legs[node]
        known[node] = _of_trace_one(lifted(core, known[first], known[second]))
    return known


def _complete(
    X: NDArray[np.int64],
    state: TreeState,
    known: dict[int, Core],
    generator: np.random.Generator,
) -> None:
    """Fill in gaps in place; ``known`` is what is known or drawn, ``outside`` what of the rest."""
    tree = state.tree
    cores = dict(zip(tree.inner, state.cores, strict=True))
    third = tree.legs[tree.top][2]
    outside = {third: known[tree.top]}
    for node, stage in (*visits(tree, third), *visits(tree, tree.top)):
        if node < tree.leaves:
            # Rounding can leave a chance of 0 a little below it.
            chances = np.einsum("naa,naa->na", outside.pop(node), known[node])
            X[:, node] = chosen(np.maximum(chances, 0), generator)
            size = known[node].shape[1]
            known[node] = np.eye(size)[X[:, node], :, None] * np.eye(size)[X[:, node], None, :]
            continue
        first, second, above = tree.legs[node]
        rest = known[above] if node == tree.top else outside[node]
        if stage == 0:
            core = cores[node].transpose(1, 2, 0)
            outside[first] = _of_trace_one(lifted(core, known[second], rest))
        elif stage == 1:
            core = cores[node].transpose(0, 2, 1)
            outside[second] = _of_trace_one(lifted(core, known[first], rest))
        else:
            outside.pop(node, None)
            known[node] = _of_trace_one(lifted(cores[node], known[first], known[second]))


def visits(tree: Tree, start: int) -> Iterator[tuple[int, int]]:
    """Go through what is below a node from left to right.

    Yields
    ------
    tuple
        Node and stage: 0 before its first branch, 1 before its second, 2 after that. Leaves have
        stage 0 only.
    """
    waiting = [(start, 0)]
    while waiting:
        node, stage = waiting.pop()
        yield node, stage
        if node >= tree.leaves and stage < 2:
            waiting += [(node, stage + 1), (tree.legs[node][stage], 0)]


def _pairs(first: Core, second: Core) -> Core:
    """Kronecker product of each pair of rows."""
    return (first[:, :, None] * second[:, None, :]).reshape(len(first), -1)


def _unit(rows: Core) -> Core:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _of_trace_one(matrices: Core) -> Core:
    traces = np.einsum("naa->n", matrices)
    return matrices / np.where(traces > 0, traces, 1.0)[:, None, None]
