"""Circuits that measure the overlap of two states."""

from __future__ import annotations

from qiskit import QuantumCircuit, QuantumRegister


def uncomputed_overlap(state: QuantumCircuit, reference: QuantumCircuit) -> QuantumCircuit:
    r"""Undo the preparation of a reference: what comes back to 0 is the overlap.

    Parameters
    ----------
    state
        Prepares s from 0; may have more qubits than the reference, above it.
    reference
        Prepares r from 0; unitary.

    Returns
    -------
    QuantumCircuit
        The reference's qubits read 0 with probability :math:`|\langle r|s\rangle|^2`. No qubit
        and no gate more than both preparations have.

    Raises
    ------
    ValueError
        If the reference has more qubits than the state.
    """
    _require_room(state, reference)
    circuit = state.copy(name="uncomputed_overlap")
    circuit.compose(reference.inverse(), range(reference.num_qubits), inplace=True)
    return circuit


def swap_test(state: QuantumCircuit, reference: QuantumCircuit) -> QuantumCircuit:
    r"""Measure both states, side by side, in the Bell basis: the destructive swap test.

    Parameters
    ----------
    state
        Prepares s from 0; may have more qubits than the reference, above it.
    reference
        Prepares r from 0 on n qubits.

    Returns
    -------
    QuantumCircuit
        The qubits of ``state``, then a register ``reference`` of n. With u and v the numbers read
        from the lowest n qubits and from the reference, the mean of :math:`(-1)^{|u \wedge v|}` is
        :math:`|\langle r|s\rangle|^2`. n CX beside both preparations, and no controlled swap.

    Raises
    ------
    ValueError
        If the reference has more qubits than the state.

    References
    ----------
    J. C. Garcia-Escartin, P. Chamorro-Posada, Phys. Rev. A 87, 052330 (2013), arXiv:1303.6814.
    """
    _require_room(state, reference)
    n = reference.num_qubits
    circuit = state.copy(name="swap_test")
    copy = QuantumRegister(n, "reference")
    circuit.add_register(copy)
    circuit.compose(reference, copy, inplace=True)
    for qubit in range(n):
        circuit.cx(qubit, copy[qubit])
        circuit.h(qubit)
    return circuit


def hadamard_test(
    state: QuantumCircuit, reference: QuantumCircuit, *, imaginary: bool = False
) -> QuantumCircuit:
    r"""Interfere two preparations, chosen by a test qubit: the overlap with its phase.

    Parameters
    ----------
    state, reference
        Prepare s and r from 0 on as many qubits; unitary.
    imaginary
        Measure the imaginary part instead of the real one.

    Returns
    -------
    QuantumCircuit
        The qubits of both, then a register ``test`` (1). ``P(test = 0) - P(test = 1)`` is the real
        or imaginary part of :math:`\langle r|s\rangle`. Every gate of both preparations gets a
        control, which makes each CX a Toffoli (6 CX) and each rotation two CX.

    Raises
    ------
    ValueError
        If the numbers of qubits differ.

    References
    ----------
    D. Aharonov, V. Jones, Z. Landau, STOC 2006, arXiv:quant-ph/0511096, Sec. 2.
    """
    if state.num_qubits != reference.num_qubits:
        raise ValueError(
            f"reference has {reference.num_qubits} qubits, the state {state.num_qubits}: as many "
            "are needed"
        )
    circuit = QuantumCircuit(*state.qregs, name="hadamard_test")
    test = QuantumRegister(1, "test")
    circuit.add_register(test)
    wires = [*test, *circuit.qubits[: state.num_qubits]]
    circuit.h(test)
    if imaginary:
        circuit.sdg(test)
    circuit.append(state.to_gate().control(1), wires)
    circuit.append(reference.to_gate().control(1, ctrl_state=0), wires)
    circuit.h(test)
    return circuit


def _require_room(state: QuantumCircuit, reference: QuantumCircuit) -> None:
    if reference.num_qubits > state.num_qubits:
        raise ValueError(
            f"reference has {reference.num_qubits} qubits, the state only {state.num_qubits}"
        )
