"""Follows circuits with measurements and conditions; conftest.py makes it importable."""

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import IfElseOp
from qiskit.quantum_info import Statevector

FLIP = np.array([[0, 1], [1, 0]])


def everything_in(circuit):
    """All operations, those under conditions too."""
    for item in circuit.data:
        yield item
        for block in getattr(item.operation, "blocks", ()):
            yield from everything_in(block)


def branches(circuit, state):
    """Distribution of all classical bits, the first lowest, over both results of measurements."""
    distribution = np.zeros(2**circuit.num_clbits)
    for found, after in follow(circuit, state):
        distribution[found] += np.linalg.norm(after) ** 2
    return distribution


def follow(circuit, state, choose=lambda place: (0, 1)):
    """Yield classical bits and the state left, not normalised, for the results that are chosen.

    ``choose`` gives the results to follow of the measurement at a place of the circuit.
    """
    yield from _follow(circuit, 0, Statevector(state), 0, choose)


def _follow(circuit, start, state, known, choose):
    for place, item in enumerate(circuit.data[start:], start):
        qubits = [circuit.find_bit(qubit).index for qubit in item.qubits]
        if item.operation.name in ("measure", "reset"):
            for value in choose(place):
                after = state.evolve(np.diag([1 - value, value]), qubits)
                found = known
                if item.operation.name == "measure":
                    place_of_bit = circuit.find_bit(item.clbits[0]).index
                    found = known & ~(1 << place_of_bit) | value << place_of_bit
                elif value:
                    after = after.evolve(FLIP, qubits)
                if np.linalg.norm(after.data) > 1e-12:
                    yield from _follow(circuit, place + 1, after, found, choose)
            return
        if isinstance(item.operation, IfElseOp):
            bit, wanted = item.operation.condition
            if known >> circuit.find_bit(bit).index & 1 == wanted:
                state = state.evolve(_unitary(item.operation.blocks[0]), qubits)
        else:
            state = state.evolve(item.operation, qubits)
    yield known, state.data


def _unitary(block):
    plain = QuantumCircuit(block.num_qubits)
    for item in block.data:
        plain.append(item.operation, [block.find_bit(qubit).index for qubit in item.qubits])
    return plain
