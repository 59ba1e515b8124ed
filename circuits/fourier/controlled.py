"""The controlled Fourier transform."""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

from circuits.fourier.approximation import kept_windows
from circuits.fourier.parity import global_phase, input_phase, output_phase, parity_phase
from circuits.fourier.validation import require_epsilon, require_qubits


def controlled_qft(
    n: int, epsilon: float = 0.0, *, swaps: bool = True, inverse: bool = False
) -> QuantumCircuit:
    r"""Apply the quantum Fourier transform where a control is 1, for all-to-all connectivity.

    Only phases on parities and Hadamard gates feel the control s:

    .. math:: s\,(x \oplus y) = \tfrac12 \big(s + (x \oplus y) - (s \oplus x \oplus y)\big)

    so each rotation becomes one on :math:`x \oplus y` and one on :math:`s \oplus x \oplus y`, one
    CX from the control apart. Going from one output to the next takes one CX for each input, as in
    `circuits.fourier.all_to_all.parity_qft`, with or without s in the parity.

    Parameters
    ----------
    n
        Number of qubits that are transformed, at least 1.
    epsilon
        Bound on the process infidelity where the control is 1, 0 <= epsilon < 1. Where it is 0
        nothing at all happens to the state.
    swaps
        Whether to end with the reversal, ``n // 2`` controlled swaps, as in
        `circuits.fourier.choice.qft`.
    inverse
        Apply the inverse transform.

    Returns
    -------
    QuantumCircuit
        Register ``control``, one qubit, then ``transformed``. Two CX for each rotation kept and at
        most six for each qubit, so at most ``n (n - 1) + 6 n`` in all, where a control on every
        gate of the textbook's circuit takes at least six for each rotation. A controlled swap
        takes eight more.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or ``epsilon`` is out of range.
    """
    require_qubits(n)
    require_epsilon(epsilon)
    windows = kept_windows(n, epsilon)
    control, register = QuantumRegister(1, "control"), QuantumRegister(n, "transformed")
    circuit = QuantumCircuit(control, register, name="controlled_qft")
    # What would be a global phase is one on the control.
    phase = global_phase(windows) + sum(
        parity_phase(d) / 2 for t in range(n) for d in range(1, windows[t] + 1)
    )
    circuit.p(phase, control[0])
    with_control: dict[int, bool] = {}
    loaded: range = range(n, n)
    for t in reversed(range(n)):
        window = range(t - windows[t], t)
        shared = [c for c in reversed(window) if c in loaded]
        exchange = len(shared) > 2
        for c in loaded:
            if c == t or not (exchange and c in window):
                circuit.cx(register[t + 1], register[c])
        if with_control.get(t):
            circuit.cx(control[0], register[t])
        # The phases on the input, the Hadamard gate and the phases on the output, as one gate.
        circuit.cu(
            np.pi / 2, output_phase(t), np.pi + input_phase(n, t), 0, control[0], register[t]
        )
        if exchange:
            circuit.cx(register[t], register[t + 1])
        for c in reversed(window):
            source = register[t + 1 if exchange and c in shared else t]
            circuit.cx(source, register[c])
            before = with_control.get(c, False)
            _both_parities(circuit, t - c, control[0], register[c], before=before)
            with_control[c] = not before
        if exchange:
            circuit.cx(register[t], register[t + 1])
        loaded = window
    if swaps:
        for low in range(n // 2):
            circuit.cswap(control[0], register[low], register[n - 1 - low])
    return circuit.inverse() if inverse else circuit


def _both_parities(
    circuit: QuantumCircuit, distance: int, control: Qubit, qubit: Qubit, *, before: bool
) -> None:
    """Rotate a parity without and with the control, whichever is there first."""
    angle = parity_phase(distance) / 2
    circuit.p(-angle if before else angle, qubit)
    circuit.cx(control, qubit)
    circuit.p(angle if before else -angle, qubit)
