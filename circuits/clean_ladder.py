"""The conjunction of many qubits, in clean workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from qiskit import QuantumCircuit
from qiskit.circuit import Qubit
from qiskit.circuit.library import RCCXGate


@contextmanager
def conjunction(
    circuit: QuantumCircuit, qubits: list[Qubit], workspace: list[Qubit]
) -> Iterator[Qubit]:
    """Offer, inside the ``with``, a qubit that is 1 where all of ``qubits`` are.

    It may be used as a control only. Takes ``len(qubits) - 1`` qubits of the workspace, which are 0
    before and after, and ``6 (len(qubits) - 1)`` CX: the relative phases of the three-CX Toffoli
    gates cancel with those of their inverses.
    """
    ladder = [qubits[0], *workspace[: len(qubits) - 1]]
    if len(ladder) < len(qubits):
        raise ValueError(
            f"workspace has {len(workspace)} qubits: {len(qubits) - 1} are needed for a "
            f"conjunction of {len(qubits)}"
        )
    steps = list(zip(pairwise(ladder), qubits[1:], strict=True))
    for (above, below), bit in steps:
        circuit.rccx(above, bit, below)
    yield ladder[-1]
    for (above, below), bit in reversed(steps):
        circuit.append(RCCXGate().inverse(), [above, bit, below])
