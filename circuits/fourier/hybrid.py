r"""The Fourier transform on a line: high outputs stay above their inputs, low ones pass them.

What makes the circuit of `circuits.fourier.pipelined` deep is the width of its windows, what makes
that of `circuits.fourier.twine` large is that each output passes all others. Here outputs
t >= m are made by the former and the m below by the latter. In between nothing has to be done: when
output m is back, :math:`x_{m-1}` is in the clear and those below are differences with the one
above, as outputs that pass them need them.

The m low outputs meet all inputs at no further cost. The error is then that of the others alone,
and from some m on they can do with a window one narrower.
"""

from __future__ import annotations

from qiskit import QuantumCircuit

from circuits.fourier.approximation import Windows, process_infidelity
from circuits.fourier.pipelined import pipelined_steps, upper_circuit
from circuits.fourier.twine import append_twine


def hybrid_windows(kept: Windows, epsilon: float, passing: int) -> Windows:
    """Leave nothing out of the outputs that pass, and more than before out of the others.

    Parameters
    ----------
    kept
        Windows within epsilon, see `circuits.fourier.approximation.kept_windows`.
    epsilon
        Process infidelity to stay within, 0 <= epsilon < 1.
    passing
        How many outputs pass, 1 <= passing < n: those of the lowest qubits.

    Returns
    -------
    Windows
        For the others those that were kept, the widest made narrower by one if that is within
        epsilon.
    """
    widest = max(kept)
    for limit in (widest - 1, widest):
        windows = (*range(passing), *(min(w, limit) for w in kept[passing:]))
        if process_infidelity(windows) <= epsilon:
            break
    return windows


def hybrid_qft(windows: Windows, passing: int) -> QuantumCircuit:
    """Build the transform for a line in less depth than by keeping all outputs in place.

    Parameters
    ----------
    windows
        How many inputs each output meets, see `circuits.fourier.approximation`.
    passing
        How many outputs pass, 1 <= passing < n: those of the lowest qubits.

    Returns
    -------
    QuantumCircuit
        CX between neighbours only: for m that pass between ``m**2`` and ``m**2 + 2 m`` in about
        ``4 m`` layers, besides those of `circuits.fourier.pipelined.pipelined_qft` for the other
        outputs. The bits of k are left in natural order below and reversed above, see
        `hybrid_order`.

    Notes
    -----
    For n = 64 and a process infidelity of 1e-2: 870 gates in 380 layers with m = 14, when a window
    of 5 is enough above, against 770 in 402 without any that pass and 4,390 in 307 with all.
    """
    circuit = upper_circuit(windows, pipelined_steps(windows, passing), passing)
    append_twine(circuit, windows[:passing], boundary=0, plain_first=0)
    return circuit


def hybrid_order(n: int, passing: int) -> tuple[int, ...]:
    """Which bit of k stands on each qubit."""
    return (*range(n - passing, n), *reversed(range(n - passing)))
