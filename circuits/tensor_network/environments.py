"""Overlap of a gate network with a matrix product state, and its derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.matrix_product_state import mps_rows
from circuits.tensor_network.gate_network import GateNetwork
from circuits.tensor_network.windows import applied, joined_in_zero, orders

Matrix = NDArray[Any]


@dataclass(frozen=True)
class Environments:
    """Overlap ``<target|network>``, and what it is made of around each gate.

    Attributes
    ----------
    overlap
        Of norm at most 1.
    before
        For each block, the qubits of its window after 0, 1, ... of its gates, the sites that are
        done contracted with the target; shape ``(2**window, bond of the target)``.
    after
        For each block, the derivative of the overlap by the entries of these.
    """

    overlap: complex
    before: list[list[Matrix]]
    after: list[list[Matrix]]

    def of_gates(self, network: GateNetwork) -> Matrix:
        """Differentiate the overlap by the entries of each gate; shape ``(gates, 4, 4)``."""
        found = [
            _traced(self.after[j][k + 1], self.before[j][k], pair)
            for j, block in enumerate(network.pairs)
            for k, pair in enumerate(block)
        ]
        return np.array(found)

    def of_identity(self, block: int, pair: tuple[int, int]) -> Matrix:
        """Differentiate by an identity after 0, 1, ... gates of a block.

        Shape ``(gates + 1, 4, 4)``.
        """
        found = [
            _traced(after, before, pair)
            for after, before in zip(self.after[block], self.before[block], strict=True)
        ]
        return np.array(found)


def environments(network: GateNetwork, target: Sequence[Matrix]) -> Environments:
    """Contract a network with a target, from the first site to the last and back.

    Parameters
    ----------
    network
        On as many sites as the target has.
    target
        Normalised tensors ``(left bond, 2, right bond)``.

    Returns
    -------
    Environments
        In O(2**w r (g + n r)) operations, for g gates, w qubits of a window and n sites of bond r;
        memory O(2**w r g).

    References
    ----------
    G. Evenbly, G. Vidal, Phys. Rev. B 79, 144108 (2009), section IV, for environments of gates.
    """
    last = network.sites - network.window
    bras = [tensor.conj() for tensor in target[:last]]
    gates = network.gates_of_blocks()
    state = np.eye(2**network.window, 1)
    before = [_steps(state, network.pairs[0], gates[0])]
    for bra, pairs, of_block in zip(bras, network.pairs[1:], gates[1:], strict=True):
        zero, one = np.split(before[-1][-1], 2)
        state = joined_in_zero(zero @ bra[:, 0] + one @ bra[:, 1])
        before.append(_steps(state, pairs, of_block))
    derivative = mps_rows(target[last:]).conj().T
    overlap = complex(np.vdot(derivative.conj(), before[-1][-1]))
    after = [_pulled_back(derivative, network.pairs[-1], gates[-1])]
    for bra, pairs, of_block in zip(
        reversed(bras), network.pairs[-2::-1], gates[-2::-1], strict=True
    ):
        held = after[-1][0][::2]
        derivative = np.concatenate([held @ bra[:, 0].T, held @ bra[:, 1].T])
        after.append(_pulled_back(derivative, pairs, of_block))
    return Environments(overlap, before, after[::-1])


def _steps(state: Matrix, pairs: Sequence[tuple[int, int]], gates: Matrix) -> list[Matrix]:
    """Apply 0, 1, ... gates of a block."""
    steps = [state]
    for pair, gate in zip(pairs, gates, strict=True):
        steps.append(applied(gate, steps[-1], pair))
    return steps


def _pulled_back(
    derivative: Matrix, pairs: Sequence[tuple[int, int]], gates: Matrix
) -> list[Matrix]:
    """Differentiate by what there is after 0, 1, ... gates, given that after the last."""
    transposed = gates[::-1].swapaxes(1, 2)
    return _steps(derivative, pairs[::-1], transposed)[::-1]


def _traced(after: Matrix, before: Matrix, pair: tuple[int, int]) -> Matrix:
    """Differentiate by a gate on a pair, given the qubits before it and what follows."""
    to_front, _ = orders(after.shape[0], pair)
    rows = after.take(to_front, axis=0).reshape(4, -1)
    traced: Matrix = rows @ before.take(to_front, axis=0).reshape(4, -1).T
    return traced
