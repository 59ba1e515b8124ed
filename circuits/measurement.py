"""Measurement of Pauli operators in the computational basis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterExpression

PAULI_TURNS = np.array([[0.0, -np.pi / 2], [-np.pi / 2, -np.pi / 2], [0.0, 0.0]])
"""Turns about z and then about y, in radians, that take the axes of X, Y and Z to z."""


def pauli_basis_change(label: str) -> QuantumCircuit:
    r"""Rotate each qubit so that a measurement in the computational basis measures a Pauli.

    Parameters
    ----------
    label
        One of I, X, Y, Z for each qubit, qubit 0 rightmost (Qiskit's order).

    Returns
    -------
    QuantumCircuit
        Of rz and sx only, which every IBM device has: one of each for X, one sx for Y.

    Raises
    ------
    ValueError
        If another letter occurs.
    """
    if set(label) - set("IXYZ"):
        raise ValueError(f"label = {label!r}: only I, X, Y and Z are Paulis")
    circuit = QuantumCircuit(len(label), name="basis_change")
    for qubit, pauli in enumerate(reversed(label)):
        if pauli == "X":
            circuit.rz(np.pi / 2, qubit)
        if pauli in "XY":
            circuit.sx(qubit)
    return circuit


def append_turns(circuit: QuantumCircuit, angles: Sequence[ParameterExpression]) -> None:
    """Turn the lowest qubits by parameters, so that one circuit measures any Paulis.

    Parameters
    ----------
    circuit
        Extended in place.
    angles
        Two for each qubit: about z, then about y. Those of a Pauli are a row of `PAULI_TURNS`.
    """
    for qubit in range(len(angles) // 2):
        circuit.rz(angles[2 * qubit], qubit)
        circuit.ry(angles[2 * qubit + 1], qubit)


def pair_interference(qubits: int, mask: int, *, imaginary: bool = False) -> QuantumCircuit:
    r"""Let the amplitudes of ``i`` and ``i XOR mask`` interfere, for all i at once.

    Parameters
    ----------
    qubits
        Of the register.
    mask
        In what bits the two differ; its lowest 1 is the pivot.
    imaginary
        Whether the second amplitude is turned by -i first.

    Returns
    -------
    QuantumCircuit
        To be measured in the computational basis. Where the pivot of i is 0, outcome i has the
        probability :math:`|a_i + a_j|^2 / 2` and i with the pivot in 1
        :math:`|a_i - a_j|^2 / 2`, j being ``i XOR mask``: they differ by
        :math:`2 \mathrm{Re}(a_i^* a_j)`, or, with :math:`-i a_j` in place of :math:`a_j`, by
        :math:`2 \mathrm{Im}(a_i^* a_j)`. As many CX as the mask has ones, less one.

    Raises
    ------
    ValueError
        If the mask is 0 or does not fit the register.
    """
    if not 0 < mask < 2**qubits:
        raise ValueError(f"mask = {mask}: must be between 1 and {2**qubits - 1}")
    pivot = (mask & -mask).bit_length() - 1
    circuit = QuantumCircuit(qubits, name="pair_interference")
    for qubit in range(pivot + 1, qubits):
        if mask >> qubit & 1:
            circuit.cx(pivot, qubit)
    change = pauli_basis_change("Y" if imaginary else "X")
    return circuit.compose(change, [pivot])
