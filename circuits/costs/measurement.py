"""Costs of changes of basis before a measurement."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, ROTATION, layer


def pauli_basis_change_cost(label: str) -> GateCounts:
    """Count `circuits.measurement.pauli_basis_change`: a rotation for each X of the label.

    Raises
    ------
    ValueError
        If a letter other than I, X, Y and Z occurs.
    """
    if set(label) - set("IXYZ"):
        raise ValueError(f"label = {label!r}: only I, X, Y and Z are Paulis")
    return replace(layer(ROTATION, label.count("X")), qubits=len(label))


def turns_cost(qubits: int) -> GateCounts:
    """Count what `circuits.measurement.append_turns` appends: two rotations of each qubit."""
    return 2 * layer(ROTATION, qubits)


def pair_interference_cost(qubits: int, ones: int, *, imaginary: bool = False) -> GateCounts:
    """Count `circuits.measurement.pair_interference`.

    Parameters
    ----------
    qubits
        Of the register.
    ones
        Number of bits of the mask that are 1, at least 1.
    imaginary
        Whether the imaginary part is measured.

    Returns
    -------
    GateCounts
        Exact, depths included: ``ones - 1`` CX, and a rotation for the real part.

    Raises
    ------
    ValueError
        If there are not so many bits.
    """
    if not 1 <= ones <= qubits:
        raise ValueError(f"ones = {ones}: a number from 1 to {qubits} is needed")
    cost = CX * (ones - 1) + ROTATION * int(not imaginary)
    return replace(cost, qubits=qubits)
