"""The cheapest of the circuits that prepare a vector which is written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.matrix_product_state import Tensor, compress, mps_of_vector, mps_preparation
from circuits.sparse_state import sparse_state_preparation
from circuits.state_preparation import state_preparation
from qml_algos.linear_systems.right_hand_side.base import Preparation

_DENSE_AT_LEAST = 10
"""Up to so many qubits a dense state is always tried: it is cheap to build."""

_WIDEST = 8
"""Bonds beyond this cost more than they are worth: 53 CX a site at 8, over 200 at 16."""


def prepare_vector(amplitudes: NDArray[Any], epsilon: float) -> Preparation:
    """Prepare amplitudes by the circuit with fewest two-qubit gates of those that apply.

    Dense (multiplexed rotations or Schmidt decomposition) and sparse ones are exact; a matrix
    product state may use up the error allowed.

    Parameters
    ----------
    amplitudes
        Shape ``(2**n,)``, not zero.
    epsilon
        Largest distance from the normalised amplitudes.
    """
    return min(_candidates(amplitudes, epsilon), key=lambda found: two_qubit_gates(found.circuit))


def prepare_tensors(tensors: Sequence[Tensor], epsilon: float) -> Preparation:
    """Prepare a matrix product state with the smallest bonds that the error allows."""
    compressed, error = compress(tensors, epsilon)
    return Preparation(mps_preparation(compressed), error)


def two_qubit_gates(circuit: QuantumCircuit) -> int:
    """Count gates on more than one qubit; one with c controls counts 16 c."""
    sizes = [len(instruction.qubits) for instruction in circuit.data]
    return sum(1 if size == 2 else 16 * (size - 1) for size in sizes if size > 1)


def _candidates(amplitudes: NDArray[Any], epsilon: float) -> Iterator[Preparation]:
    qubits = int(amplitudes.size).bit_length() - 1
    entries = np.flatnonzero(amplitudes)
    others = False
    if entries.size * qubits < amplitudes.size:
        few = dict(zip(entries.tolist(), amplitudes[entries].tolist(), strict=True))
        yield Preparation(sparse_state_preparation(qubits, few), 0.0)
        others = True
    if qubits > 2:
        tensors, error = compress(mps_of_vector(amplitudes), epsilon)
        if max(tensor.shape[2] for tensor in tensors) <= _WIDEST:
            yield Preparation(mps_preparation(tensors), error)
            others = True
    if not others or qubits <= _DENSE_AT_LEAST:
        yield Preparation(state_preparation(amplitudes), 0.0)
