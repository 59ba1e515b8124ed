r"""Phases on parities: what the circuits of the Fourier transform are made of.

.. math:: x y = \tfrac12 \big(x + y - (x \oplus y)\big)

so that a controlled phase of angle t is a phase of t/2 on each of its qubits and one of -t/2 on
whatever qubit holds their parity. The phases on single bits are merged: those on :math:`x_c`
come before its Hadamard gate, those on :math:`y_t` after it.
"""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit

from circuits.fourier.approximation import Windows, controlled_phase


def parity_phase(distance: int) -> float:
    """Angle on the parity of an output and of an input that many qubits below."""
    return -controlled_phase(distance) / 2


def input_phase(n: int, qubit: int) -> float:
    r"""Angle on an input for all outputs above: the sum of :math:`\pi / 2^{d+1}`."""
    return np.pi / 2 * (1 - 2.0 ** -(n - 1 - qubit))


def output_phase(qubit: int) -> float:
    r"""Angle on an output for all inputs below: the sum of :math:`\pi / 2^{d+1}`."""
    return np.pi / 2 * (1 - 2.0**-qubit)


def add_phase(circuit: QuantumCircuit, angle: float, qubit: int) -> None:
    """Add a phase gate unless there is nothing to add: the first input and the last output."""
    if angle:
        circuit.p(angle, qubit)


def global_phase(windows: Windows) -> float:
    """Phase that belongs to rotations left out: with it the error has no phase of its own."""
    return -sum(
        controlled_phase(distance) / 4
        for t, kept in enumerate(windows)
        for distance in range(kept + 1, t + 1)
    )


def hadamard_between_equal(circuit: QuantumCircuit, qubit: int, other: int) -> None:
    r"""CX from a qubit to another, H on the qubit, the same CX again: by one CX.

    The three commute with :math:`X` of the other. Where that is +1 they are H, where it is -1
    they are :math:`Z H Z = H X Z = -i H Y`: a controlled Y, then H, then the phase.
    """
    circuit.sxdg(other)
    circuit.h(other)
    circuit.cy(other, qubit)
    circuit.h(other)
    circuit.h(qubit)


def hadamard_between_opposite(circuit: QuantumCircuit, qubit: int, other: int) -> None:
    r"""CX from another qubit to a qubit, H on the qubit, CX back to the other: by one CX.

    The last two are H and a CX controlled by :math:`X` of the qubit, with which the first
    commutes; where it is -1 the two CX make :math:`X Z = -i Y` on the other.
    """
    circuit.h(qubit)
    circuit.cy(qubit, other)
    circuit.sdg(qubit)
