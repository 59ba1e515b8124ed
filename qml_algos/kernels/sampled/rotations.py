"""Parameterised gates written as rotations, whose phase is a number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from qiskit import QuantumCircuit

_Write = Callable[[QuantumCircuit, Sequence[Any], Sequence[int]], object]


def with_rotations_only(circuit: QuantumCircuit) -> QuantumCircuit:
    """Write phase gates, and the general gates of one qubit, by rz, ry and rzz.

    They differ by a phase, which no measurement shows but the compiler keeps: with parameters, as
    a formula that grows with every gate. The ZZ map of four qubits did not compile for a Heron
    processor within ten minutes; like this it takes a second.
    """
    written = QuantumCircuit(*circuit.qregs, *circuit.cregs, name=circuit.name)
    for instruction in circuit.data:
        write = _REWRITTEN.get(instruction.name)
        if write is None:
            written._append(instruction)
        else:
            qubits = [circuit.find_bit(qubit).index for qubit in instruction.qubits]
            write(written, instruction.params, qubits)
    return written


def _controlled_phase(
    circuit: QuantumCircuit, params: Sequence[Any], qubits: Sequence[int]
) -> None:
    half = params[0] / 2
    circuit.rz(half, qubits[0])
    circuit.rz(half, qubits[1])
    circuit.rzz(-half, *qubits)


def _turns(circuit: QuantumCircuit, angles: Sequence[Any], qubit: int) -> None:
    theta, phi, lam = angles
    circuit.rz(lam, qubit)
    circuit.ry(theta, qubit)
    circuit.rz(phi, qubit)


_REWRITTEN: dict[str, _Write] = {
    "p": lambda circuit, params, qubits: circuit.rz(params[0], qubits[0]),
    "u1": lambda circuit, params, qubits: circuit.rz(params[0], qubits[0]),
    "u2": lambda circuit, params, qubits: _turns(circuit, [np.pi / 2, *params], qubits[0]),
    "u3": lambda circuit, params, qubits: _turns(circuit, params, qubits[0]),
    "u": lambda circuit, params, qubits: _turns(circuit, params, qubits[0]),
    "cp": _controlled_phase,
    "cu1": _controlled_phase,
}
