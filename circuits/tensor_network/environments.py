"""Overlap of a gate network with a matrix product state, and its derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.matrix_product_state import mps_rows
from circuits.tensor_network.gate_network import GateNetwork
from circuits.tensor_network.windows import applied, orders

Matrix = NDArray[Any]


@dataclass(frozen=True)
class Environments:
    """Overlap ``<target|network>``, and what it is made of around each gate.

    Attributes
    ----------
    overlap
        Of norm at most 1.
    before
        For each block, the isometry after 0, 1, ... of its gates; shape ``(2**window, bond)``.
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
    """Contract a network with a target, once from each side.

    Parameters
    ----------
    network
        On as many sites as the target has.
    target
        Normalised tensors ``(left bond, 2, right bond)``.

    Returns
    -------
    Environments
        In O(g 4**w + n (2**w r^2 + 4**w r)) operations, for g gates, w qubits of a block and n
        sites of bond r.

    References
    ----------
    G. Evenbly, G. Vidal, Phys. Rev. B 79, 144108 (2009), section IV, for environments of gates.
    """
    before = _isometries(network)
    kets = [steps[-1].reshape(2, 2 ** (network.window - 1), -1) for steps in before]
    bras = [tensor.conj() for tensor in target[: len(kets)]]
    rights = [mps_rows(target[len(kets) :]).conj()]
    for bra, ket in zip(reversed(bras[1:]), reversed(kets[1:]), strict=True):
        joined = np.tensordot(bra, rights[-1], axes=(2, 0))
        rights.append(np.tensordot(joined, ket, axes=([1, 2], [0, 1])))
    left = np.ones((1, 1))
    after = []
    for bra, ket, right, pairs, gates in zip(
        bras, kets, reversed(rights), network.pairs, network.gates_of_blocks(), strict=True
    ):
        joined = np.tensordot(left, bra, axes=(0, 0))
        derivative = np.tensordot(joined, right, axes=(2, 0)).transpose(1, 2, 0)
        overlap = complex(np.vdot(derivative.conj(), ket))
        after.append(_pulled_back(derivative.reshape(2 * ket.shape[1], -1), pairs, gates))
        left = np.tensordot(joined, ket, axes=([0, 1], [2, 0]))
    return Environments(overlap, before, after)


def _isometries(network: GateNetwork) -> list[list[Matrix]]:
    """For each block, what 0, 1, ... of its gates make of the bond, the last qubit joining in 0."""
    identity = np.eye(2**network.window)
    found = []
    for j, (pairs, gates) in enumerate(zip(network.pairs, network.gates_of_blocks(), strict=True)):
        steps = [identity[:, ::2] if j else identity[:, :1]]
        for pair, gate in zip(pairs, gates, strict=True):
            steps.append(applied(gate, steps[-1], pair))
        found.append(steps)
    return found


def _pulled_back(
    derivative: Matrix, pairs: Sequence[tuple[int, int]], gates: Matrix
) -> list[Matrix]:
    """Differentiate by the isometry after 0, 1, ... gates, given that after the last."""
    steps = [derivative]
    for pair, gate in zip(reversed(pairs), gates[::-1], strict=True):
        steps.append(applied(gate.T, steps[-1], pair))
    return steps[::-1]


def _traced(after: Matrix, before: Matrix, pair: tuple[int, int]) -> Matrix:
    """Differentiate by a gate on a pair, given the isometry before it and what follows."""
    to_front, _ = orders(after.shape[0], pair)
    traced: Matrix = after[to_front].reshape(4, -1) @ before[to_front].reshape(4, -1).T
    return traced
