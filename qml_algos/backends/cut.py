"""Cut a circuit compiled for a large device to the few qubits it uses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import ControlFlowOp, Instruction, Qubit
from scipy.sparse import coo_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

# These do nothing to a state here: waiting costs nothing in the noise model.
IDLE = frozenset({"barrier", "delay"})


def used_qubits(circuit: QuantumCircuit) -> list[int]:
    """Find the indices of the qubits that anything but barriers and delays acts on, sorted.

    A qubit that a control-flow instruction lists counts only if something in a block acts on it.
    """
    used: set[int] = set()
    for item in circuit.data:
        places = [circuit.find_bit(qubit).index for qubit in item.qubits]
        if isinstance(item.operation, ControlFlowOp):
            for block in item.operation.blocks:
                used.update(places[inner] for inner in used_qubits(block))
        elif item.operation.name not in IDLE:
            used.update(places)
    return sorted(used)


def along_a_chain(circuit: QuantumCircuit, qubits: Sequence[int]) -> list[int]:
    """Order qubits so that those with a common gate are near one another.

    By the reverse Cuthill-McKee algorithm. Matrix product states swap distant qubits to apply a
    gate to them, so their cost depends on the order.
    """
    position = {qubit: index for index, qubit in enumerate(qubits)}
    pairs = {(index, index) for index in range(len(qubits))}
    for places in gates(circuit, range(circuit.num_qubits)):
        inside = [position[place] for place in places if place in position]
        pairs.update((first, second) for first in inside for second in inside)
    rows, columns = np.array(sorted(pairs)).T
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(qubits),) * 2).tocsr()
    return [qubits[index] for index in reverse_cuthill_mckee(graph, symmetric_mode=True)]


def gates(circuit: QuantumCircuit, places: Sequence[int]) -> list[list[int]]:
    """List the qubits, known as ``places``, of each instruction, within control flow too."""
    found = []
    for item in circuit.data:
        qubits = [places[circuit.find_bit(qubit).index] for qubit in item.qubits]
        if isinstance(item.operation, ControlFlowOp):
            for block in item.operation.blocks:
                found += gates(block, qubits)
        elif item.operation.name not in IDLE:
            found.append(qubits)
    return found


def cut_circuit(circuit: QuantumCircuit, qubits: Sequence[int]) -> QuantumCircuit:
    """Keep only some qubits of a circuit, renumbered in their order.

    Barriers and delays are dropped, within control flow too. Classical bits stay, those of
    registers first.

    Parameters
    ----------
    circuit
        Nothing in it may act on other qubits than the given ones.
    qubits
        Indices in ``circuit``; index ``j`` of the result is ``qubits[j]`` here.

    Returns
    -------
    QuantumCircuit
    """
    cut = QuantumCircuit(
        len(qubits),
        name=circuit.name,
        global_phase=circuit.global_phase,
        metadata=circuit.metadata,
    )
    for register in circuit.cregs:
        cut.add_register(register)
    # Samplers tell registers apart by position in all bits: bits without one go to the end.
    known = set(cut.clbits)
    cut.add_bits([bit for bit in circuit.clbits if bit not in known])
    position = {qubit: index for index, qubit in enumerate(qubits)}
    for item in circuit.data:
        operation: Instruction = item.operation
        kept = [
            index
            for index, qubit in enumerate(item.qubits)
            if circuit.find_bit(qubit).index in position
        ]
        if operation.name in IDLE:
            continue
        if isinstance(operation, ControlFlowOp):
            operation = operation.replace_blocks(
                [cut_circuit(block, kept) for block in operation.blocks]
            )
        targets = [position[circuit.find_bit(item.qubits[index]).index] for index in kept]
        cut.append(operation, targets, item.clbits)
    return cut


def measures_last(circuit: QuantumCircuit) -> bool:
    """Whether nothing follows a measurement on its qubit and nothing depends on its outcome."""
    measured: set[Qubit] = set()
    for item in circuit.data:
        if isinstance(item.operation, ControlFlowOp):
            return False
        if item.operation.name in IDLE:
            continue
        if not measured.isdisjoint(item.qubits):
            return False
        if item.clbits:
            measured.update(item.qubits)
    return True
