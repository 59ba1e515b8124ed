"""How long a device takes to execute a compiled circuit once."""

from __future__ import annotations

from collections import defaultdict

from qiskit import QuantumCircuit
from qiskit.circuit import Bit, ControlFlowOp, Delay, Instruction
from qiskit.transpiler import Target
from qiskit.utils.units import apply_prefix


def circuit_seconds(circuit: QuantumCircuit, target: Target) -> float:
    """Length of the longest path through a compiled circuit.

    Every instruction starts as soon as its qubits and classical bits are free. Control flow takes
    as long as its longest block, on all its qubits; the time that a device's electronics takes to
    decide is not in a target and not counted.

    Parameters
    ----------
    circuit
        Compiled, on all qubits of the device.
    target
        The device, with durations.

    Returns
    -------
    float
        Seconds. For circuits without control flow, the same as Qiskit's `estimate_duration`.
    """
    return _longest_path(circuit, list(range(circuit.num_qubits)), target)


def _longest_path(circuit: QuantumCircuit, places: list[int], target: Target) -> float:
    free: defaultdict[Bit, float] = defaultdict(float)
    for item in circuit.data:
        qubits = [places[circuit.find_bit(qubit).index] for qubit in item.qubits]
        bits = [*item.qubits, *item.clbits]
        start = max((free[bit] for bit in bits), default=0.0)
        free.update(dict.fromkeys(bits, start + _seconds(item.operation, qubits, target)))
    return max(free.values(), default=0.0)


def _seconds(operation: Instruction, places: list[int], target: Target) -> float:
    if isinstance(operation, ControlFlowOp):
        return max(_longest_path(block, places, target) for block in operation.blocks)
    if operation.name == "barrier":
        return 0.0
    if isinstance(operation, Delay):
        if operation.unit == "dt":
            return float(operation.duration * target.dt)
        return float(apply_prefix(operation.duration, operation.unit))
    return float(target[operation.name][tuple(places)].duration)
