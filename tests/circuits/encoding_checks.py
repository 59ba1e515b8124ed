"""What every block encoding is tested for."""

import numpy as np
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Statevector


def columns(circuit, qubits):
    """Columns of a circuit's matrix at inputs whose qubits from ``qubits`` on are 0."""
    total = circuit.num_qubits
    # All columns in one run: each input beside a label of its own.
    labelled = np.eye(2**qubits, 2**total).ravel()
    evolved = Statevector(labelled).evolve(circuit, qargs=range(total)).data
    return evolved.reshape(2**qubits, 2**total).T


def block(encoding):
    """Return alpha times the block, having checked that the workspace returns to 0."""
    inner = encoding.system_qubits + encoding.signal_qubits
    matrix = columns(encoding.circuit, encoding.system_qubits)
    np.testing.assert_allclose(matrix[2**inner :], 0, atol=1e-9)
    size = 2**encoding.system_qubits
    return encoding.alpha * matrix[:size]


def check_controlled(encoding):
    """Control in 0: signals in 0 stay so, nothing happens. Control in 1: the same block as U's."""
    circuit = encoding.controlled()
    qubits = encoding.circuit.num_qubits
    assert circuit.num_qubits == qubits + 1
    idle = columns(circuit, encoding.system_qubits)
    expected = np.eye(2 ** (qubits + 1), 2**encoding.system_qubits)
    np.testing.assert_allclose(idle, expected, atol=1e-9)
    switched = QuantumCircuit(qubits + 1)
    switched.x(qubits)
    switched.compose(circuit, inplace=True)
    used = columns(switched, encoding.system_qubits)
    np.testing.assert_allclose(used[: 2**qubits], 0, atol=1e-9)
    inner = encoding.system_qubits + encoding.signal_qubits
    np.testing.assert_allclose(used[2**qubits + 2**inner :], 0, atol=1e-9)
    system = 2**encoding.system_qubits
    found = encoding.alpha * used[2**qubits : 2**qubits + system]
    np.testing.assert_allclose(found, block(encoding), atol=1e-9)


def cx_count(circuit):
    compiled = transpile(
        circuit, basis_gates=["cx", "rz", "sx", "x"], optimization_level=2, seed_transpiler=0
    )
    return compiled.count_ops().get("cx", 0)
