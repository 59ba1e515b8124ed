"""Hardware-efficient ansatz: rotations of every qubit, entanglers between neighbours."""

from __future__ import annotations

from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector


def hardware_efficient_ansatz(qubits: int, layers: int, *, real: bool = True) -> QuantumCircuit:
    r"""Build layers of rotations with CZ gates on a line between them.

    Parameters
    ----------
    qubits
        Number of qubits n.
    layers
        Number of entangling layers L; a layer of rotations stands before each and after the last.
    real
        Whether rotations are about y only, so that all amplitudes are real; else each is followed
        by one about z.

    Returns
    -------
    QuantumCircuit
        On ``n`` qubits, with parameters in the order in which they act: ``n (L + 1)`` if real,
        else twice as many; see `parameter_count`. At most ``L n / 2`` CZ gates in depth L, all
        between neighbours on a line, so that a device whose qubits hold a line needs no SWAP.

    Raises
    ------
    ValueError
        If there is no qubit, or ``layers`` is negative.

    Notes
    -----
    The CZ gates join even pairs of neighbours and odd ones in turn. With all pairs joined in every
    layer, no depth reaches every real state of three or more qubits (found numerically).

    References
    ----------
    A. Kandala et al., Nature 549, 242 (2017), arXiv:1704.05018; the layers of RY and CZ are those
    of C. Bravo-Prieto et al., Quantum 7, 1188 (2023), Fig. 3, arXiv:1909.05820.
    """
    if qubits < 1:
        raise ValueError(f"qubits = {qubits}: at least 1 is needed")
    if layers < 0:
        raise ValueError(f"layers = {layers}: must not be negative")
    angles = iter(ParameterVector("angle", parameter_count(qubits, layers, real=real)))
    circuit = QuantumCircuit(qubits, name="ansatz")
    for layer in range(layers + 1):
        for qubit in range(qubits):
            circuit.ry(next(angles), qubit)
        if not real:
            for qubit in range(qubits):
                circuit.rz(next(angles), qubit)
        if layer < layers:
            for qubit in range(layer % 2 if qubits > 2 else 0, qubits - 1, 2):
                circuit.cz(qubit, qubit + 1)
    return circuit


def parameter_count(qubits: int, layers: int, *, real: bool = True) -> int:
    """Count the parameters of `hardware_efficient_ansatz`."""
    return qubits * (layers + 1) * (1 if real else 2)
