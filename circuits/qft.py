"""The quantum Fourier transform."""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit


def qft(n: int, *, swaps: bool = True, inverse: bool = False) -> QuantumCircuit:
    r"""Quantum Fourier transform on ``n`` qubits, exact, for all-to-all connectivity.

    .. math:: |x\rangle \mapsto 2^{-n/2} \sum_k e^{2\pi i x k / 2^n} |k\rangle

    Parameters
    ----------
    n
        Number of qubits, at least 1. Qubit 0 is the least significant bit of x and of k.
    swaps
        Whether to end with the reversal of the qubits. Without it the circuit is the same
        transform with the bits of k reversed (for the inverse: the bits of k expected reversed),
        which a caller can often absorb by relabelling.
    inverse
        Build the inverse transform.

    Returns
    -------
    QuantumCircuit
        ``n`` Hadamards, ``n (n - 1) / 2`` controlled phases (two CX each) and, with ``swaps``,
        ``n // 2`` swaps (three CX each).

    Raises
    ------
    ValueError
        If ``n`` is less than 1.

    References
    ----------
    D. Coppersmith, "An approximate Fourier transform useful in quantum factoring",
    IBM Research Report RC19642 (1994), arXiv:quant-ph/0201067.
    """
    if n < 1:
        raise ValueError(f"n = {n}: the Fourier transform needs at least 1 qubit")
    circuit = QuantumCircuit(n, name="qft")
    for target in reversed(range(n)):
        circuit.h(target)
        for control in reversed(range(target)):
            circuit.cp(np.pi / 2 ** (target - control), control, target)
    if swaps:
        for low in range(n // 2):
            circuit.swap(low, n - 1 - low)
    return circuit.inverse() if inverse else circuit
