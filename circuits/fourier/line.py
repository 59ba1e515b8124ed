"""The Fourier transform on a line of qubits, without swaps."""

from __future__ import annotations

from qiskit import QuantumCircuit

from circuits.fourier.approximation import Windows
from circuits.fourier.parity import (
    add_phase,
    global_phase,
    hadamard_between_equal,
    input_phase,
    output_phase,
    parity_phase,
)


def ladder_qft(windows: Windows) -> QuantumCircuit:
    r"""Build the transform with the fewest gates that are known for a line.

    Qubit c waits as :math:`x_{c+1} \oplus x_c`. A descending ladder of CX from the output t then
    makes :math:`y_t \oplus x_c` of it for one c after the other, and the same CX in the opposite
    order restore what was there. Nothing moves, and a ladder ends where its window does. Bits
    of k are left reversed.

    Parameters
    ----------
    windows
        How many inputs each output meets, see `circuits.fourier.approximation`.

    Returns
    -------
    QuantumCircuit
        CX between neighbours only: two for each rotation and at most ``n - 2`` for the
        differences, so ``n**2 - 2`` for full windows. They follow one another: the two-qubit
        depth is nearly their number.

    Notes
    -----
    Published for a line: ``n**2 - 1`` CX [1], ``n**2 + n - 4`` [2], and between
    ``n**2 - 2 n - 2`` and ``2 n**2 - 2 n - 2`` by the method of [3] for any graph, about
    ``1.5 n**2`` of them for a line. What was saved over [2] is `hadamard_between_equal`. As a
    CX makes one parity, at least ``n (n - 1) / 2`` are needed in this family of circuits: the gap
    is a factor of two.

    References
    ----------
    .. [1] B. Klaver et al., arXiv:2408.10907.
    .. [2] B. Park, D. Ahn, Sci. Rep. 13, 8638 (2023).
    .. [3] K. Khadiev et al., arXiv:2510.09824.
    """
    n = len(windows)
    circuit = QuantumCircuit(n, name="qft", global_phase=global_phase(windows))
    # A window of one meets its input in the clear.
    reach = [t - kept if kept > 1 else t for t, kept in enumerate(windows)]
    waits = [any(reach[t] <= c for t in range(c + 2, n)) for c in range(n)]
    for c in range(n):
        if waits[c]:
            circuit.cx(c + 1, c)
    for t in reversed(range(n)):
        add_phase(circuit, input_phase(n, t), t)
        if windows[t] and waits[t - 1]:
            hadamard_between_equal(circuit, t, t - 1)
        else:
            if t and waits[t - 1]:
                circuit.cx(t, t - 1)
            circuit.h(t)
            if windows[t]:
                circuit.cx(t, t - 1)
        for distance in range(1, windows[t] + 1):
            if distance > 1:
                circuit.cx(t - distance + 1, t - distance)
            circuit.p(parity_phase(distance), t - distance)
        for distance in range(windows[t], 0, -1):
            circuit.cx(t - distance + 1, t - distance)
        add_phase(circuit, output_phase(t), t)
    return circuit
