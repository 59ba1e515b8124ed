"""Does a circuit consist of what a backend can run? Asked before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction
from qiskit.transpiler import Target

from qml_algos.errors import NotCompiledError

_Supported = Callable[[CircuitInstruction, tuple[int, ...]], bool]


def require_isa(circuit: QuantumCircuit, target: Target, backend: str) -> None:
    """Refuse a circuit with an instruction that a device does not have at that place.

    Parameters
    ----------
    circuit
        Compiled, on all qubits of the device.
    target
        The device.
    backend
        Its name, for the message.

    Raises
    ------
    NotCompiledError
        Naming the first such instruction and its qubits.
    """
    if circuit.num_qubits > target.num_qubits:
        raise NotCompiledError(
            f"circuit {circuit.name!r} has {circuit.num_qubits} qubits; backend {backend!r} has "
            f"{target.num_qubits}: compile it with backend.compile([...]) first"
        )

    def supported(instruction: CircuitInstruction, places: tuple[int, ...]) -> bool:
        if instruction.is_control_flow():
            return bool(target.instruction_supported(instruction.name))
        return bool(
            target.instruction_supported(instruction.name, places, parameters=instruction.params)
        )

    _require(circuit, range(circuit.num_qubits), supported, backend)


def require_gates(circuit: QuantumCircuit, names: Collection[str], backend: str) -> None:
    """Refuse a circuit with an instruction of another name, wherever it acts.

    Raises
    ------
    NotCompiledError
        Naming the first such instruction and its qubits.
    """
    if circuit.has_control_flow_op() or not {*circuit.count_ops()} <= {*names, "barrier"}:
        _require(circuit, range(circuit.num_qubits), lambda i, _: i.name in names, backend)


def _require(
    circuit: QuantumCircuit, places: Sequence[int], supported: _Supported, backend: str
) -> None:
    """Check instructions, those within control flow included, on qubits known as ``places``."""
    for instruction in circuit.data:
        qubits = tuple(places[circuit.find_bit(qubit).index] for qubit in instruction.qubits)
        if instruction.name != "barrier" and not supported(instruction, qubits):
            raise NotCompiledError(
                f"circuit {circuit.name!r}: backend {backend!r} has no {instruction.name!r} on "
                f"qubits {qubits}; compile circuits with backend.compile([...]) first"
            )
        if instruction.is_control_flow():
            for block in instruction.operation.blocks:
                _require(block, qubits, supported, backend)
