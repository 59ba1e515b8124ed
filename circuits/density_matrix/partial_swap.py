"""The exponential of the swap of two registers."""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit
from qiskit.circuit.library import RCCXGate

from circuits.isometry import unitary
from circuits.multiplexed import multiplexed_rotation


def partial_swap(qubits: int, angle: float, *, controlled: bool = True) -> QuantumCircuit:
    r"""Build :math:`e^{-i\,\mathrm{angle}\, Z \otimes S}`, S the swap of two registers.

    Parameters
    ----------
    qubits
        n of each register, at least 1.
    angle
        In radians.
    controlled
        Whether there is the qubit that Z acts on. In 0 it leaves :math:`e^{-i\,\mathrm{angle}\,S}`;
        only n = 1 does without it.

    Returns
    -------
    QuantumCircuit
        Registers ``left`` (n), ``right`` (n) and, if controlled, ``control`` (1). ``8 n - 2`` CX;
        3 for n = 1 without control, the fewest possible.

    Raises
    ------
    ValueError
        If there is no qubit, or no control and more than one.

    Notes
    -----
    In the Bell basis of each pair its swap is -1 for the singlet, 11, and 1 for the others, so S is
    :math:`(-1)^p`, p the parity of the number of singlets. Each singlet but the first flips the
    control, by a Toffoli gate whose phases, diagonal in this basis, cancel with its inverse's (3
    CX each); the first one chooses the sign of a rotation of the control (4 CX), which then turns
    by :math:`Z (-1)^p`. No qubit for the parity is needed besides.
    """
    if qubits < 1:
        raise ValueError(f"qubits = {qubits}: at least 1 is needed")
    if not controlled and qubits > 1:
        raise ValueError(f"qubits = {qubits}: more than 1 need controlled = True")
    left, right = QuantumRegister(qubits, "left"), QuantumRegister(qubits, "right")
    if not controlled:
        circuit = QuantumCircuit(left, right, name="partial_swap")
        swap = np.eye(4)[[0, 2, 1, 3]]
        exponential = np.cos(angle) * np.eye(4) - 1j * np.sin(angle) * swap
        return circuit.compose(unitary(exponential))
    control = QuantumRegister(1, "control")
    circuit = QuantumCircuit(left, right, control, name="partial_swap")
    pairs = list(zip(left, right, strict=True))
    for pair in pairs:
        to_bell_basis(circuit, *pair)
    for pair in pairs[1:]:
        circuit.rccx(*pair, control[0])
    signs = multiplexed_rotation([2 * angle, 2 * angle, 2 * angle, -2 * angle], "z")
    circuit.compose(signs, [*pairs[0], control[0]], inplace=True)
    for pair in reversed(pairs[1:]):
        circuit.append(RCCXGate().inverse(), [*pair, control[0]])
    for first, second in pairs:
        circuit.h(first)
        circuit.cx(first, second)
    return circuit


def controlled_swap(qubits: int) -> QuantumCircuit:
    """Swap two registers where a control is 1: registers as above, ``8 n`` CX."""
    left, right = QuantumRegister(qubits, "left"), QuantumRegister(qubits, "right")
    control = QuantumRegister(1, "control")
    circuit = QuantumCircuit(left, right, control, name="controlled_swap")
    for first, second in zip(left, right, strict=True):
        circuit.cx(first, second)
        circuit.ccx(control[0], second, first)
        circuit.cx(first, second)
    return circuit


def to_bell_basis(circuit: QuantumCircuit, first: Qubit, second: Qubit) -> None:
    """Turn the Bell basis of two qubits into the computational one, the singlet into 11."""
    circuit.cx(first, second)
    circuit.h(first)
