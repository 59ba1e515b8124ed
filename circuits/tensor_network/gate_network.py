"""Networks of two-qubit gates that prepare a state block by block, in windows that move on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.isometry import complete, isometry, unitary
from circuits.matrix_product_state import ROUNDING
from circuits.state_preparation import state_preparation
from circuits.tensor_network.windows import applied, joined_in_zero

Matrix = NDArray[Any]


@dataclass(frozen=True)
class GateNetwork:
    """Two-qubit gates on ``|0...0>``, in blocks: block j acts on sites j to j + window - 1.

    A site is done once its block is, so that the state is a matrix product state of bond
    ``2**(window - 1)`` whatever the gates.

    Attributes
    ----------
    sites
        Number of qubits, at least the window. Site 0 is the most significant qubit.
    window
        Qubits of a block, at least 2.
    pairs
        For each of the ``sites - window + 1`` blocks, the places in the window that its gates act
        on, in the order of time; the first of a pair is the more significant one.
    gates
        Shape ``(total number of pairs, 4, 4)``: unitary, real of determinant 1 or complex.
    """

    sites: int
    window: int
    pairs: tuple[tuple[tuple[int, int], ...], ...]
    gates: Matrix

    def with_gates(self, gates: Matrix) -> GateNetwork:
        """Put other gates in the same places."""
        return replace(self, gates=gates)

    def with_identities(self, places: Sequence[tuple[int, int, tuple[int, int]]]) -> GateNetwork:
        """Insert identities: ``(block, gates of the block before it, pair)``, one in a block."""
        pairs = [list(block) for block in self.pairs]
        starts = np.cumsum([0, *[len(block) for block in self.pairs]])
        for block, before, pair in places:
            pairs[block].insert(before, pair)
        at = [int(starts[block]) + before for block, before, _ in places]
        gates = np.insert(self.gates, at, np.eye(4), axis=0)
        return replace(self, pairs=tuple(tuple(block) for block in pairs), gates=gates)

    def gates_of_blocks(self) -> list[Matrix]:
        """Gates of each block, of shape ``(gates, 4, 4)``."""
        ends = np.cumsum([len(block) for block in self.pairs])
        return np.split(self.gates, ends[:-1])

    def sequence(self) -> list[tuple[int, int, Matrix]]:
        """Sites and matrix of each gate, in the order of time."""
        places = [(j + a, j + b) for j, block in enumerate(self.pairs) for a, b in block]
        return [(a, b, gate) for (a, b), gate in zip(places, self.gates, strict=True)]

    def two_qubit_gates(self) -> int:
        """Count the CX of the circuit, at most: 2 for each real gate, 3 for a complex one.

        A gate on two qubits that are still in 0 takes 1, one on a single such qubit 2.
        """
        touched: set[int] = set()
        count = 0
        for first, second, gate in self.sequence():
            fresh = 2 - len(touched & {first, second})
            count += 1 if fresh == 2 else 2 if fresh == 1 or not np.iscomplexobj(gate) else 3
            touched |= {first, second}
        return count

    def tensors(self) -> list[Matrix]:
        """Matrix product state that the network prepares, exact up to rounding.

        All but the last tensor are orthonormal from the left. What acts after a site is done
        leaves the Schmidt values of the cut behind it as they are, so that zeros among them are
        dropped at once. Cost O(4**w r) for each site, for Schmidt rank r and w qubits of a window.
        """
        found = []
        window = np.eye(2**self.window, 1)
        for block, (pairs, gates) in enumerate(
            zip(self.pairs, self.gates_of_blocks(), strict=True)
        ):
            if block:
                bond, window = _first_site(window)
                found.append(bond)
                window = joined_in_zero(window)
            for pair, gate in zip(pairs, gates, strict=True):
                window = applied(gate, window, pair)
        for _ in range(self.window - 1):
            bond, window = _first_site(window)
            found.append(bond)
        return [*found, window.T.reshape(-1, 2, 1)]

    def circuit(self) -> QuantumCircuit:
        """Write the network as CX and gates of one qubit."""
        circuit = QuantumCircuit(self.sites, name="gate_network")
        touched: set[int] = set()
        for first, second, gate in self.sequence():
            qubits = [self.sites - 1 - second, self.sites - 1 - first]
            part = _synthesised(gate, [site in touched for site in (first, second)])
            circuit.compose(part, qubits, inplace=True)
            touched |= {first, second}
        return circuit


def staircase(tensors: Sequence[Matrix], window: int) -> GateNetwork:
    """Prepare the state truncated to bond 2 exactly, by one gate on each pair of neighbours.

    Parameters
    ----------
    tensors
        Normalised, of bonds at most 2, all but the first orthonormal from the right.
    window
        Qubits of a block, from 2 to the number of tensors.

    References
    ----------
    S.-J. Ran, Phys. Rev. A 101, 032310 (2020), arXiv:1908.07958, Eqs. 6 to 9.
    """
    sites = len(tensors)
    joined = [*tensors[:-2], np.tensordot(tensors[-2], tensors[-1], axes=1)]
    gates = [_gate_of_site(tensor) for tensor in joined]
    last = sites - window
    blocks: list[list[tuple[int, int]]] = [[] for _ in range(last + 1)]
    for site in range(sites - 1):
        block = min(site, last)
        blocks[block].append((site - block, site - block + 1))
    return GateNetwork(sites, window, tuple(tuple(block) for block in blocks), np.array(gates))


def _first_site(window: Matrix) -> tuple[Matrix, Matrix]:
    """Split ``(qubits, bond)`` into the tensor of the first qubit, and the others with a bond."""
    left = window.shape[1]
    rows = window.reshape(2, -1, left).transpose(2, 0, 1).reshape(2 * left, -1)
    vectors, values, others = np.linalg.svd(rows, full_matrices=False)
    rank = max(1, int(np.sum(values > ROUNDING * values[0])))
    return vectors[:, :rank].reshape(left, 2, rank), (values[:rank, None] * others[:rank]).T


def _gate_of_site(tensor: Matrix) -> Matrix:
    """Gate that takes the bond on its first qubit, and 0 on its second, to site and next bond."""
    bond = tensor.shape[0]
    images = np.moveaxis(tensor, 0, -1).reshape(2, -1, bond)
    padded = np.pad(images, [(0, 0), (0, 2 - images.shape[1]), (0, 0)])
    gate = complete(padded.reshape(4, bond))[:, [0, 2, 1, 3] if bond == 2 else [0, 1, 2, 3]]
    if not np.iscomplexobj(gate) and np.linalg.det(gate) < 0:
        gate[:, 1] *= -1
    return gate


def _synthesised(gate: Matrix, touched: list[bool]) -> QuantumCircuit:
    """Circuit of a gate on the less and the more significant qubit; qubits not touched are in 0."""
    circuit = QuantumCircuit(2)
    if not any(touched):
        circuit.compose(state_preparation(gate[:, 0]), inplace=True)
    elif all(touched) or not np.iscomplexobj(gate):
        circuit.compose(unitary(gate), inplace=True)
    else:
        # The qubit that joins in 0 is the last one of an isometry.
        swap = [0, 2, 1, 3]
        joins_last = not touched[0]
        ordered = gate if joins_last else gate[swap][:, swap]
        part, residual = isometry(ordered[:, :2])
        part.compose(unitary(residual), [0], inplace=True)
        circuit.compose(part, [0, 1] if joins_last else [1, 0], inplace=True)
    return circuit
