"""The Fourier transform where any two qubits may meet.

Both circuits leave the bits of k reversed.
"""

from __future__ import annotations

from qiskit import QuantumCircuit

from circuits.fourier.approximation import Windows, controlled_phase
from circuits.fourier.parity import (
    add_phase,
    global_phase,
    hadamard_between_opposite,
    input_phase,
    output_phase,
    parity_phase,
)


def direct_qft(windows: Windows) -> QuantumCircuit:
    """Build the transform of the textbook, from Hadamard gates and controlled phases.

    Parameters
    ----------
    windows
        How many inputs each output meets, see `circuits.fourier.approximation`.

    Returns
    -------
    QuantumCircuit
        One controlled phase, two CX, for each rotation kept. Two-qubit depth ``4 n - 6`` in CX
        for full windows.

    References
    ----------
    D. Coppersmith, "An approximate Fourier transform useful in quantum factoring",
    IBM Research Report RC19642 (1994), arXiv:quant-ph/0201067.
    """
    n = len(windows)
    circuit = QuantumCircuit(n, name="qft", global_phase=global_phase(windows))
    for t in reversed(range(n)):
        circuit.h(t)
        for c in reversed(range(t)):
            angle = controlled_phase(t - c)
            if t - c <= windows[t]:
                circuit.cp(angle, c, t)
            else:
                circuit.p(angle / 2, [c, t])
    return circuit


def parity_qft(windows: Windows) -> QuantumCircuit:
    r"""Build the transform with one CX, instead of two, for most rotations.

    An output is added to the inputs of its window, which then hold :math:`y_t \oplus x_c`.
    Instead of taking it out again before the next output is added, the qubit of :math:`y_t`
    takes up :math:`y_{t-1}`, and one CX from it makes :math:`y_{t-1} \oplus x_c` of each. The
    outputs themselves are restored at the end, from the lowest upwards.

    Parameters
    ----------
    windows
        How many inputs each output meets, see `circuits.fourier.approximation`.

    Returns
    -------
    QuantumCircuit
        ``n (n - 1) / 2 + 2 n - 3`` CX for full windows and n >= 2; never more than one for each
        rotation and two for each qubit.

    Notes
    -----
    Every CX makes one new parity, and all of the rotations are on different ones: no circuit of
    CX, H and phases whose outputs meet the inputs in this order takes less than one CX for each
    rotation. The gap is ``2 n - 3``.
    """
    n = len(windows)
    circuit = QuantumCircuit(n, name="qft", global_phase=global_phase(windows))
    for c in range(n):
        add_phase(circuit, input_phase(n, c), c)
    loaded: range = range(n, n)
    mixed = []
    for t in reversed(range(n)):
        above, window = t + 1, range(t - windows[t], t)
        shared = [c for c in reversed(window) if c in loaded]
        # Taking out and adding costs less for one shared input.
        exchange = len(shared) > 1
        for c in loaded:
            if c < t and not (exchange and c in window):
                circuit.cx(above, c)
        if exchange:
            hadamard_between_opposite(circuit, t, above)
            mixed.append(above)
        else:
            if t in loaded:
                circuit.cx(above, t)
            circuit.h(t)
        add_phase(circuit, output_phase(t), t)
        for c in reversed(window):
            circuit.cx(above if exchange and c in shared else t, c)
            circuit.p(parity_phase(t - c), c)
        loaded = window
    for above in reversed(mixed):
        circuit.cx(above - 1, above)
    return circuit
