"""Copies of a density matrix: circuits that leave their lowest qubits in it."""

from __future__ import annotations

from collections.abc import Sequence

from qiskit import QuantumCircuit
from qiskit.circuit import Qubit


def require_copy(copy: QuantumCircuit, system_qubits: int) -> None:
    """Refuse a circuit that cannot prepare a copy of a state of ``system_qubits`` qubits.

    Raises
    ------
    ValueError
        If it has fewer qubits, or classical bits, or parameters without a value.
    """
    if system_qubits < 1:
        raise ValueError(f"system_qubits = {system_qubits}: at least 1 is needed")
    if copy.num_qubits < system_qubits:
        raise ValueError(
            f"copy has {copy.num_qubits} qubits: at least system_qubits = {system_qubits} are "
            "needed, the state on the lowest of them"
        )
    if copy.num_clbits:
        raise ValueError(
            f"copy has {copy.num_clbits} classical bits: none is allowed (a reset forgets a qubit "
            "without them)"
        )
    if copy.parameters:
        names = ", ".join(parameter.name for parameter in copy.parameters)
        raise ValueError(f"copy has parameters without a value: {names}")


def append_copy(
    circuit: QuantumCircuit,
    copy: QuantumCircuit,
    system: Sequence[Qubit | int],
    workspace: Sequence[Qubit | int],
) -> None:
    """Prepare a copy on system qubits that are in 0, and forget what purifies it.

    ``workspace`` are as many qubits in 0 as the copy has beside the system; they are 0 afterwards.
    """
    circuit.compose(copy, [*system, *workspace], inplace=True)
    if workspace:
        circuit.reset(workspace)
