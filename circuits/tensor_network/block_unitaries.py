"""Overlap of a network with a state and its derivative by all gates, many blocks at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.matrix_product_state import mps_rows
from circuits.tensor_network.environments import environments
from circuits.tensor_network.gate_network import GateNetwork
from circuits.tensor_network.windows import orders

Matrix = NDArray[Any]
Overlap = Callable[[Matrix], tuple[complex, Matrix]]

_LARGEST_WINDOW = 6
"""Of blocks whose unitaries are written down."""


def overlap_of_gates(network: GateNetwork, target: Sequence[Matrix]) -> Overlap:
    """Prepare to evaluate the overlap ``<target|network>`` for other gates in the same places.

    Parameters
    ----------
    network
        On as many sites as the target has.
    target
        Normalised tensors ``(left bond, 2, right bond)``.

    Returns
    -------
    function
        From gates of shape ``(gates, 4, 4)`` to the overlap, and its derivative by their entries.
        What `circuits.tensor_network.environments.environments` finds gate by gate; here the k-th
        gates of all blocks are taken at once, in O(n g (4**w + 2**w r)) for at most g gates in
        each of n blocks, of windows of w qubits, and bonds r. Windows of more than 6 qubits are
        left to the other.
    """
    if network.window > _LARGEST_WINDOW:

        def gate_by_gate(gates: Matrix) -> tuple[complex, Matrix]:
            trial = network.with_gates(gates)
            around = environments(trial, target)
            return around.overlap, around.of_gates(trial)

        return gate_by_gate
    steps = _steps(network)
    last = network.sites - network.window
    bras = [tensor.conj() for tensor in target[:last]]
    rest = mps_rows(target[last:]).conj().T

    def block_by_block(gates: Matrix) -> tuple[complex, Matrix]:
        padded = steps.padded(gates)
        unitaries = steps.unitaries(padded)
        before, overlap = _forward(unitaries, bras, rest)
        after = _backward(unitaries, bras, rest)
        return overlap, steps.derivative(padded, before, after)

    return block_by_block


@dataclass(frozen=True)
class _Steps:
    """Where the k-th gates of all blocks are.

    Attributes
    ----------
    at
        Step and block of each gate.
    size
        Rows of a window.
    first, last
        Shape ``(rows of all windows,)``: what brings the qubits of the first gates to the front,
        and those of the last gates back.
    onward, backward
        Shape ``(steps - 1, rows of all windows)``: from the front of one gate to that of the next,
        and the other way.
    """

    at: tuple[NDArray[np.intp], ...]
    size: int
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    onward: NDArray[np.intp]
    backward: NDArray[np.intp]

    def padded(self, gates: Matrix) -> Matrix:
        """Fill up blocks of fewer gates with identities; shape ``(steps, blocks, 4, 4)``."""
        shape = (len(self.onward) + 1, self.first.size // self.size, 4, 4)
        padded = np.empty(shape, dtype=gates.dtype)
        padded[:] = np.eye(4)
        padded[self.at] = gates
        return padded

    def unitaries(self, padded: Matrix) -> Matrix:
        """Multiply the gates of each block; columns with the last qubit in 0."""
        zeros = np.eye(self.size)[:, ::2]
        blocks = padded.shape[1]
        final = padded[-1] @ self._inputs(padded, np.tile(zeros, (blocks, 1)))[-1]
        return _taken(final, self.last).reshape(blocks, self.size, -1)

    def derivative(self, padded: Matrix, before: Matrix, after: Matrix) -> Matrix:
        """Differentiate by the gates, given what is before each block and what follows it."""
        found = np.empty(padded.shape, dtype=np.result_type(padded, before, after))
        inputs = self._inputs(padded, before)
        blocks = padded.shape[1]
        # Back from behind the last gates to their front.
        following = after.reshape(self.first.size, -1)[np.argsort(self.last)].reshape(blocks, 4, -1)
        for k in range(len(padded) - 1, -1, -1):
            found[k] = following @ inputs[k].swapaxes(1, 2)
            if k:
                earlier = padded[k].swapaxes(1, 2) @ following
                following = _taken(earlier, self.backward[k - 1])
        derivative: Matrix = found[self.at]
        return derivative

    def _inputs(self, padded: Matrix, columns: Matrix) -> list[Matrix]:
        """Apply 0, 1, ... gates of each block; the qubits of the next gate in front."""
        taken = columns.reshape(self.first.size, -1).take(self.first, axis=0)
        inputs = [taken.reshape(padded.shape[1], 4, -1)]
        for gates, order in zip(padded[:-1], self.onward, strict=True):
            inputs.append(_taken(gates @ inputs[-1], order))
        return inputs


def _steps(network: GateNetwork) -> _Steps:
    blocks, size = len(network.pairs), 2**network.window
    count = max(1, *(len(block) for block in network.pairs))
    places = [(k, j) for j, block in enumerate(network.pairs) for k in range(len(block))]
    padded = [[*block, *[(0, 1)] * (count - len(block))] for block in network.pairs]
    found = np.array([[orders(size, block[k]) for block in padded] for k in range(count)])
    to_front, back = (found + size * np.arange(blocks)[:, None, None]).transpose(2, 0, 1, 3)
    to_front, back = to_front.reshape(count, -1), back.reshape(count, -1)
    onward = np.take_along_axis(back[:-1], to_front[1:], axis=1)
    backward = np.take_along_axis(back[1:], to_front[:-1], axis=1)
    at = tuple(np.array(places, dtype=np.intp).reshape(-1, 2).T)
    return _Steps(at, size, to_front[0], back[-1], onward, backward)


def _taken(columns: Matrix, order: NDArray[np.intp]) -> Matrix:
    """Order the rows of all windows."""
    rows = columns.reshape(order.size, -1).take(order, axis=0)
    taken: Matrix = rows.reshape(columns.shape)
    return taken


def _forward(unitaries: Matrix, bras: Sequence[Matrix], rest: Matrix) -> tuple[Matrix, complex]:
    """Contract from the left; what is before each block, bonds filled up, and the overlap."""
    blocks, size, half = unitaries.shape
    bond = max([1, *(bra.shape[2] for bra in bras)])
    before = np.zeros((blocks, size, bond), dtype=np.result_type(unitaries, rest))
    state = np.eye(half, 1)
    for block, unitary in enumerate(unitaries):
        before[block, ::2, : state.shape[1]] = state
        window = unitary @ state
        if block < blocks - 1:
            bra = bras[block]
            state = window[:half] @ bra[:, 0] + window[half:] @ bra[:, 1]
    return before, complex(np.sum(rest * window))


def _backward(unitaries: Matrix, bras: Sequence[Matrix], rest: Matrix) -> Matrix:
    """Differentiate by what follows each block, bonds filled up."""
    blocks, size, half = unitaries.shape
    bond = max([1, *(bra.shape[2] for bra in bras)])
    after = np.zeros((blocks, size, bond), dtype=np.result_type(unitaries, rest))
    derivative = rest
    for block in range(blocks - 1, -1, -1):
        after[block, :, : derivative.shape[1]] = derivative
        if block:
            held = unitaries[block].T @ derivative
            bra = bras[block - 1]
            after[block - 1, :half, : bra.shape[0]] = held @ bra[:, 0].T
            after[block - 1, half:, : bra.shape[0]] = held @ bra[:, 1].T
            derivative = after[block - 1, :, : bra.shape[0]]
    return after
