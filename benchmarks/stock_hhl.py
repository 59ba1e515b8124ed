"""Textbook HHL put together from the circuit library of Qiskit: the baseline of the benchmark."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit.library import QFTGate, StatePreparation, UCRYGate, UnitaryGate
from scipy.linalg import expm

__all__ = ["stock_hhl"]


def stock_hhl(
    a: NDArray[np.float64], b: NDArray[np.float64], clock_qubits: int = 5
) -> QuantumCircuit:
    """Build the textbook HHL circuit of a positive definite system.

    The circuit is given the exact extreme eigenvalues: the evolution time puts the smallest one,
    which weighs most in the solution, exactly on the grid of the clock, with the largest one as
    near below the top of the grid as that allows.

    Parameters
    ----------
    a
        Dense Hermitian positive definite matrix with a power of two of rows.
    b
        Right-hand side.
    clock_qubits
        Number of qubits of the phase estimation.

    Returns
    -------
    qiskit.QuantumCircuit
        Circuit on the registers ``system``, ``clock`` and ``flag``, in this order. The solution is
        in ``system`` where ``clock`` is 0 and ``flag`` is 1.
    """
    eigenvalues = np.linalg.eigvalsh(a)
    low, high = float(eigenvalues[0]), float(eigenvalues[-1])
    if low <= 0:
        raise ValueError("the stock circuit needs a positive definite matrix")
    grid = 2**clock_qubits
    low_index = max(1, int((grid - 1) * low / high + 1e-9))
    time = 2 * np.pi * low_index / (grid * low)

    system = QuantumRegister(len(b).bit_length() - 1, "system")
    clock = QuantumRegister(clock_qubits, "clock")
    flag = QuantumRegister(1, "flag")
    circuit = QuantumCircuit(system, clock, flag)

    circuit.append(StatePreparation(b / np.linalg.norm(b)), system)
    estimation = _phase_estimation(a, time, system, clock)
    circuit.compose(estimation, [*system, *clock], inplace=True)
    circuit.append(UCRYGate(_reciprocal_angles(grid, low_index)), [*flag, *clock])
    circuit.compose(estimation.inverse(), [*system, *clock], inplace=True)
    return circuit


def _phase_estimation(
    a: NDArray[np.float64], time: float, system: QuantumRegister, clock: QuantumRegister
) -> QuantumCircuit:
    """Phase estimation of exp(i a time) with the result in ``clock``, lowest bit first."""
    circuit = QuantumCircuit(system, clock)
    circuit.h(clock)
    for k, qubit in enumerate(clock):
        power = UnitaryGate(expm(1j * a * time * 2**k))
        circuit.append(power.control(), [qubit, *system])
    circuit.append(QFTGate(len(clock)).inverse(), clock)
    return circuit


def _reciprocal_angles(grid: int, low_index: int) -> list[float]:
    """Angles of the rotations that put low_index / j on the flag for every clock value j."""
    ratio = low_index / np.maximum(np.arange(grid), low_index)
    # A clock value below the smallest eigenvalue is only leakage: nothing is to be amplified.
    ratio[:low_index] = 0.0
    return [float(angle) for angle in 2 * np.arcsin(ratio)]
