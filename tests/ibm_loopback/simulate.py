"""Samples a circuit that was compiled for a whole device, without simulating the whole device.

A compiled circuit has 156 qubits of which few are used, and IBM's client-side Estimator measures
all of them. Qubits that never meet are independent, so each group of qubits that do meet is
simulated by itself, by Aer; qubits that meet no other need no simulator at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import (
    CircuitInstruction,
    ClassicalRegister,
    Clbit,
    ControlFlowOp,
    Measure,
    Parameter,
    ParameterExpression,
    QuantumCircuit,
    QuantumRegister,
    Qubit,
    Reset,
)
from qiskit.circuit.controlflow import condition_resources
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, ReadoutError

# Aer's state vectors of a small circuit are quicker on one thread, and tests run beside the client.
AER_OPTIONS = {"max_parallel_threads": 1, "max_parallel_experiments": 1}
MAX_QUBITS = 20
# Variants a device offers for use inside a circuit, which Aer does not know.
SAME_AS = {"measure_2": Measure(), "reset_2": Reset()}


@dataclass
class Group:
    """Qubits and classical bits that depend on each other, and what is done with them, in order."""

    qubits: set[Qubit] = field(default_factory=set)
    clbits: set[Clbit] = field(default_factory=set)
    instructions: list[CircuitInstruction] = field(default_factory=list)

    @property
    def has_control_flow(self) -> bool:
        return any(isinstance(i.operation, ControlFlowOp) for i in self.instructions)


def sample(
    circuit: QuantumCircuit,
    values: NDArray[np.floating],
    shots: int,
    rng: np.random.Generator,
    readout_error: float = 0.0,
) -> dict[str, NDArray[np.bool_]]:
    """Sample every classical register of a circuit, for every set of parameter values.

    Parameters
    ----------
    values : shape (..., parameters)
        In the order of ``circuit.parameters``.

    Returns
    -------
    dict
        Register name to bits, shape (..., shots, register size); element 0 is bit 0.
    """
    shape = values.shape[:-1]
    flat = np.asarray(values, dtype=float).reshape(prod(shape), circuit.num_parameters)
    bits = {bit: np.zeros((len(flat), shots), dtype=bool) for bit in circuit.clbits}
    for group in independent_groups(circuit):
        if not any(i.clbits for i in group.instructions):
            continue
        found = _lone_qubit(circuit, group, flat, shots, rng, readout_error)
        if found is None:
            found = _simulated(circuit, group, flat, shots, rng, readout_error)
        bits.update(found)
    return {
        register.name: _stacked([bits[bit] for bit in register], (*shape, shots))
        for register in circuit.cregs
    }


def _stacked(columns: list[NDArray[np.bool_]], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    return np.stack(columns, axis=-1).reshape(*shape, len(columns))


def independent_groups(circuit: QuantumCircuit) -> list[Group]:
    """Groups of bits no instruction connects; barriers order operations but connect nothing."""
    root: dict[object, object] = {}

    def find(item: object) -> object:
        while (parent := root.setdefault(item, item)) is not item:
            item = parent
        return item

    kept = [
        instruction.replace(operation=SAME_AS.get(instruction.name, instruction.operation))
        for instruction in circuit.data
        if instruction.name not in ("barrier", "delay", "id")
    ]
    for instruction in kept:
        first, *others = _touched(instruction)
        for other in others:
            root[find(other)] = find(first)
    groups: dict[object, Group] = {}
    for instruction in kept:
        touched = _touched(instruction)
        group = groups.setdefault(find(touched[0]), Group())
        group.instructions.append(instruction)
        group.qubits.update(item for item in touched if isinstance(item, Qubit))
        group.clbits.update(item for item in touched if isinstance(item, Clbit))
    return list(groups.values())


def _touched(instruction: CircuitInstruction) -> list[object]:
    return [*instruction.qubits, *instruction.clbits, *_read(instruction)]


def _read(instruction: CircuitInstruction) -> Iterator[object]:
    """Bits and variables that decide what an instruction does."""
    operation = instruction.operation
    if isinstance(operation, ControlFlowOp):
        decides = getattr(operation, "condition", None) or getattr(operation, "target", None)
    else:
        decides = None
    if decides is not None:
        whole = isinstance(decides, Clbit | ClassicalRegister)
        resources = condition_resources((decides, 0) if whole else decides)
        yield from resources.clbits
        for register in resources.cregs:
            yield from register
    if isinstance(operation, ControlFlowOp) or operation.name == "store":
        # Variables have no bit of their own: whatever may use one belongs together.
        yield "control flow"


def _lone_qubit(
    circuit: QuantumCircuit,
    group: Group,
    values: NDArray[np.float64],
    shots: int,
    rng: np.random.Generator,
    readout_error: float,
) -> dict[Clbit, NDArray[np.bool_]] | None:
    """Sample a qubit that meets no other and is measured once, at the end; else None."""
    *gates, last = group.instructions
    simple = len(group.qubits) == 1 and len(last.clbits) == 1 and last.operation.name == "measure"
    if not simple or any(gate.operation.name not in ("rz", "sx", "x") for gate in gates):
        return None
    column = {parameter: index for index, parameter in enumerate(circuit.parameters)}
    state = np.zeros((len(values), 2), dtype=complex)
    state[:, 0] = 1
    for gate in gates:
        if gate.operation.name == "rz":
            angle = gate.operation.params[0]
            if isinstance(angle, Parameter):
                angle = values[:, column[angle]]
            elif isinstance(angle, ParameterExpression):
                return None
            state[:, 1] *= np.exp(1j * np.asarray(angle, dtype=float))
        else:
            state = state @ gate.operation.to_matrix().T
    one = np.abs(state[:, 1]) ** 2
    observed = one * (1 - readout_error) + (1 - one) * readout_error
    return {last.clbits[0]: rng.random((len(values), shots)) < observed[:, np.newaxis]}


def _simulated(
    circuit: QuantumCircuit,
    group: Group,
    values: NDArray[np.float64],
    shots: int,
    rng: np.random.Generator,
    readout_error: float,
) -> dict[Clbit, NDArray[np.bool_]]:
    cut, clbits = _cut(circuit, group)
    if cut.num_qubits > MAX_QUBITS:
        message = f"{cut.num_qubits} qubits meet in a circuit; the loopback simulates {MAX_QUBITS}"
        raise ValueError(message)
    column = {parameter: index for index, parameter in enumerate(circuit.parameters)}
    own = values[:, [column[parameter] for parameter in cut.parameters]]
    options: dict[str, Any] = {**AER_OPTIONS}
    if readout_error:
        options["noise_model"] = _flips(readout_error)
    if not cut.parameters:
        # Every set of values gives the same circuit: run it once, with all shots.
        circuits, binds, shots_each = [cut], None, shots * len(values)
    elif group.has_control_flow:
        # Aer's own binding fails on these: "Invalid jump destination".
        circuits, binds, shots_each = [cut.assign_parameters(row) for row in own], None, shots
    else:
        options["runtime_parameter_bind_enable"] = True
        binds = [{p: own[:, i].tolist() for i, p in enumerate(cut.parameters)}]
        circuits, shots_each = [cut], shots
    result = (
        AerSimulator(method="statevector", **options)
        .run(
            circuits,
            shots=shots_each,
            memory=True,
            seed_simulator=int(rng.integers(2**31)),
            parameter_binds=binds,
        )
        .result()
    )
    if not result.success:
        raise ValueError(f"Aer: {result.status}")
    memory = [_bits_of(found.data.memory, cut.num_clbits) for found in result.results]
    found = np.stack(memory).reshape(len(values), shots, cut.num_clbits)
    return {bit: found[:, :, index] for index, bit in enumerate(clbits) if bit in group.clbits}


def _bits_of(memory: list[str], size: int) -> NDArray[np.bool_]:
    """Turn Aer's hexadecimal words into bits, shape (shots, size)."""
    width = (size + 7) // 8
    raw = b"".join(int(word, 16).to_bytes(width, "little") for word in memory)
    packed = np.frombuffer(raw, dtype=np.uint8).reshape(len(memory), width)
    return np.unpackbits(packed, axis=1, bitorder="little")[:, :size].astype(bool)


def _cut(circuit: QuantumCircuit, group: Group) -> tuple[QuantumCircuit, list[Clbit]]:
    """The circuit of one group, and the original bit each of its classical bits stands for."""
    qubits = sorted(group.qubits, key=lambda qubit: circuit.find_bit(qubit).index)
    wires = dict(zip(qubits, QuantumRegister(len(qubits), "q"), strict=True))
    if group.has_control_flow:
        # Conditions name registers and bits, so these stay as they are.
        clbits = circuit.clbits
        cut = QuantumCircuit(list(wires.values()), clbits, *circuit.cregs)
        for variable in circuit.iter_declared_vars():
            cut.add_uninitialized_var(variable)
        stands_for = {bit: bit for bit in clbits}
    else:
        clbits = sorted(group.clbits, key=lambda bit: circuit.find_bit(bit).index)
        register = ClassicalRegister(len(clbits), "c")
        cut = QuantumCircuit(list(wires.values()), register)
        stands_for = dict(zip(clbits, register, strict=True))
    for instruction in group.instructions:
        cut.append(
            instruction.operation,
            [wires[qubit] for qubit in instruction.qubits],
            [stands_for[bit] for bit in instruction.clbits],
        )
    return cut, list(clbits)


def _flips(probability: float) -> NoiseModel:
    model = NoiseModel()
    stay = 1 - probability
    model.add_all_qubit_readout_error(ReadoutError([[stay, probability], [probability, stay]]))
    return model
