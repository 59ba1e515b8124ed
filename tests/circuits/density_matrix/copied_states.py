"""Mixed states prepared by circuits with resets, and what theory says of them."""

import numpy as np
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import DensityMatrix, partial_trace


def noisy_copy(qubits, strength=0.6):
    """Entangled real state on the lowest qubits, then flips caused by one qubit that is reset."""
    copy = QuantumCircuit(qubits + 1)
    for qubit in range(qubits):
        copy.ry(0.5 + qubit, qubit)
        copy.rz(0.3 + qubit, qubit)
    for qubit in range(qubits - 1):
        copy.cx(qubit, qubit + 1)
    for qubit in range(qubits):
        copy.ry(strength, qubits)
        copy.cy(qubits, qubit)
        copy.reset(qubits)
    return copy


def density_matrix(copy, qubits):
    """State of the lowest qubits."""
    whole = DensityMatrix(copy)
    if qubits == copy.num_qubits:
        return whole.data
    return partial_trace(whole, range(qubits, copy.num_qubits)).data


def joint_probabilities(circuit):
    """Exact probabilities of the classical registers, the first the fastest index.

    Measurements must be the last on their qubits.
    """
    qubits = {}
    for item in circuit.data:
        if item.operation.name == "measure":
            qubits[circuit.find_bit(item.clbits[0]).index] = circuit.find_bit(item.qubits[0]).index
    bare = circuit.copy_empty_like()
    for item in circuit.data:
        if item.operation.name != "measure":
            bare.append(item)
    found = DensityMatrix(bare).probabilities([qubits[bit] for bit in range(circuit.num_clbits)])
    return found.reshape([2**register.size for register in reversed(circuit.cregs)]).T


def cx_count(circuit):
    return transpile(circuit, basis_gates=["cx", "u"], optimization_level=0).num_nonlocal_gates()


def random_state(seed, size):
    generator = np.random.default_rng(seed)
    vector = generator.normal(size=size) + 1j * generator.normal(size=size)
    return vector / np.linalg.norm(vector)
