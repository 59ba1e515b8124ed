"""Steps of evolution on statevectors: few gates on several qubits each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circuits.graph_state.parent import ParentTerm

Array = NDArray[np.complex128]

_MOST_QUBITS = 6
"""Terms are multiplied up to here: moving amplitudes takes longer than larger matrices do."""


@dataclass(frozen=True, eq=False)
class LocalGate:
    """A matrix on some qubits, the first of them the most significant bit of its rows."""

    qubits: tuple[int, ...]
    matrix: Array


def step_gates(terms: Sequence[ParentTerm], time: float) -> tuple[LocalGate, ...]:
    r"""Return :math:`\prod_i e^{-i \tau h_i}`, the first term to be applied first.

    Parameters
    ----------
    terms
        Projectors.
    time
        :math:`\tau`.

    Returns
    -------
    tuple
        Products of terms that follow each other and have at most six qubits together.
    """
    turn = np.exp(-1j * time) - 1
    gates: list[LocalGate] = []
    for term in terms:
        gate = LocalGate(term.qubits, np.eye(len(term.projector)) + turn * term.projector)
        together = tuple(sorted({*term.qubits, *gates[-1].qubits})) if gates else ()
        if gates and len(together) <= _MOST_QUBITS:
            # Both act on the identity of all their qubits, numbered anew.
            places = {qubit: place for place, qubit in enumerate(together)}
            parts = [
                LocalGate(tuple(places[qubit] for qubit in part.qubits), part.matrix)
                for part in (gates.pop(), gate)
            ]
            identity = np.eye(2 ** len(together), dtype=complex)
            gate = LocalGate(together, apply_gates(parts, len(together), identity))
        gates.append(gate)
    return tuple(gates)


def inverse_gates(gates: Sequence[LocalGate]) -> tuple[LocalGate, ...]:
    """Return the gates that undo unitary ones."""
    return tuple(LocalGate(gate.qubits, gate.matrix.conj().T) for gate in reversed(gates))


def apply_gates(gates: Sequence[LocalGate], qubits: int, vectors: Array) -> Array:
    """Apply gates, the first one first, to the columns of ``vectors``, shape ``(2**qubits, N)``.

    Qubit 0 is the most significant bit of a row.
    """
    tensor = vectors.reshape((2,) * qubits + (-1,))
    for gate in gates:
        tensor = applied(gate, tensor)
    return tensor.reshape(vectors.shape)


def applied(gate: LocalGate, tensor: Array) -> Array:
    """Apply a gate to a tensor whose axis i is qubit i; further axes stay."""
    k = len(gate.qubits)
    matrix = gate.matrix.reshape((2,) * (2 * k))
    moved = np.tensordot(matrix, tensor, axes=(range(k, 2 * k), gate.qubits))
    return np.moveaxis(moved, range(k), gate.qubits)
