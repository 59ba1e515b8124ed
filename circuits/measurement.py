"""Measurement of Pauli operators in the computational basis."""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit


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
