"""From transformations of a block-encoded matrix to the circuit of a linear solver."""

from __future__ import annotations

from qiskit import QuantumCircuit, QuantumRegister

from circuits.block_encoding import BlockEncoding


def inverse_circuit(
    right_hand_side: QuantumCircuit,
    transformation: QuantumCircuit,
    encoding: BlockEncoding,
    opposite: BlockEncoding | None = None,
) -> QuantumCircuit:
    r"""Prepare b, apply a transformation of the matrix, and where there is one, its opposite.

    Parameters
    ----------
    right_hand_side
        Prepares :math:`|b\rangle` from 0 on the system.
    transformation
        Of the encoding: what `circuits.qsvt.qsvt` or `circuits.chebyshev_lcu.chebyshev_lcu` gives.
    encoding
        Whose system size and frame hold.
    opposite
        Encoding of ``1 + a H`` that follows on the way of definite matrices; its signal qubits
        are its own, its workspace is shared.

    Returns
    -------
    QuantumCircuit
        The system lowest; the solution stands there, unnormalised, where all other qubits are 0.
        Its name is ``inverse``.

    Raises
    ------
    ValueError
        If the right-hand side has another number of qubits than the system.
    """
    n = encoding.system_qubits
    if right_hand_side.num_qubits != n:
        raise ValueError(
            f"right_hand_side acts on {right_hand_side.num_qubits} qubits, the matrix on {n}"
        )
    circuit = QuantumCircuit(*transformation.qregs, name="inverse")
    circuit.metadata = {"classically_diagonalised": False}
    system = circuit.qubits[:n]
    circuit.compose(right_hand_side, system, inplace=True)
    if encoding.frame is not None:
        circuit.compose(encoding.frame, system, inplace=True)
    circuit.compose(transformation, circuit.qubits, inplace=True)
    if opposite is not None:
        signal = QuantumRegister(opposite.signal_qubits, "opposite")
        workspace = _workspace(circuit, opposite.workspace_qubits)
        circuit.add_register(signal)
        circuit.compose(opposite.circuit, [*system, *signal, *workspace], inplace=True)
    if encoding.frame is not None:
        circuit.compose(encoding.frame.inverse(), system, inplace=True)
    return circuit


def _workspace(circuit: QuantumCircuit, wanted: int) -> list[object]:
    """Take qubits of the circuit's workspace, and add what is missing."""
    [register] = [r for r in circuit.qregs if r.name == "workspace"]
    qubits = [*register][:wanted]
    if len(qubits) < wanted:
        more = QuantumRegister(wanted - len(qubits), "more_workspace")
        circuit.add_register(more)
        qubits += [*more]
    return qubits
