r"""The Fourier transform on a line in linear depth, the bits of k in natural order.

Sites 0, 1, ... of the line stand for qubits n-1, n-2, ... Outputs are born at site 0 and pass
down; each takes two CX to pass a site, which moves the input it meets up by one:

.. math:: (y,\ x,\ x \oplus x') \to (y,\ y \oplus x,\ x \oplus x') \to
          (x,\ y \oplus x,\ x \oplus x') \to (x,\ y \oplus x,\ y \oplus x') \to \dots

So inputs below must wait as differences with the site above, and outputs arrive as differences
too. Making the former, from the bottom upwards, and dissolving the latter, from the top
downwards, takes n steps each. Both are done *while* outputs pass: down to a ``boundary`` sites
hold plain bits, which an output passes by three CX, one more to be a plain bit again.
"""

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


def twine_qft(windows: Windows) -> QuantumCircuit:
    """Build the transform with the least depth that is known for a line, outputs passing inputs.

    Parameters
    ----------
    windows
        How many inputs each output meets, see `circuits.fourier.approximation`. An output
        passes the others too; only the rotations are saved.

    Returns
    -------
    QuantumCircuit
        CX between neighbours only. Bits of k stand in natural order: passing all others has
        reversed them. About ``n**2 + 5 n`` CX, a new output every four layers.

    Notes
    -----
    Two-qubit depth 34, 71, 149 and 307 for n = 8, 16, 32 and 64: published are ``5 n - 3``
    [1] (317 for n = 64) and ``6 n - 9`` (375) for swaps and controlled phases together. Some
    depth linear in n is unavoidable on a line [2]; the distance to the best possible is not
    known.

    References
    ----------
    .. [1] B. Klaver et al., arXiv:2408.10907.
    .. [2] D. Maslov, Phys. Rev. A 76, 052310 (2007), arXiv:quant-ph/0703211.
    """
    n = len(windows)
    circuit = QuantumCircuit(n, name="qft", global_phase=global_phase(windows))
    append_twine(circuit, windows, boundary=n - 1, plain_first=n // 4)
    return circuit


def append_twine(
    circuit: QuantumCircuit, windows: Windows, *, boundary: int, plain_first: int
) -> None:
    """Transform the lowest qubits of a circuit, whose outputs above are done.

    Parameters
    ----------
    circuit
        Gates are appended to its lowest ``len(windows)`` qubits.
    windows
        Of these qubits, from qubit 0 on.
    boundary
        Down to which site inputs are plain bits so far. Those below are differences with the
        input above.
    plain_first
        Down to which site they should be when the first output passes; one less for each
        further output.
    """
    m = len(windows)
    # With a quarter at first, within three layers of the best boundaries tried at n = 8 to 64.
    plain_last = max(1, m // 5)
    for t in range(m - 1, 0, -1):
        wanted = m - 1 if t <= plain_last else max(0, plain_first - (m - 1 - t))
        _move(circuit, m, boundary, wanted)
        _pass(circuit, m, t, windows[t], wanted)
        boundary = wanted if wanted >= t else max(0, wanted - 1)
    _move(circuit, m, boundary, m - 1)
    add_phase(circuit, input_phase(circuit.num_qubits, 0), m - 1)
    circuit.h(m - 1)


def _cx(circuit: QuantumCircuit, m: int, control: int, target: int) -> None:
    """CX between sites, the first of which is qubit m - 1."""
    circuit.cx(m - 1 - control, m - 1 - target)


def _move(circuit: QuantumCircuit, m: int, boundary: int, wanted: int) -> None:
    """Make differences down to the boundary wanted, or dissolve them."""
    for site in range(boundary, wanted, -1):
        _cx(circuit, m, site - 1, site)
    for site in range(boundary, wanted):
        _cx(circuit, m, site, site + 1)


def _pass(circuit: QuantumCircuit, m: int, t: int, window: int, boundary: int) -> None:
    """Turn the input at site 0 into output t and pass it down to site t."""
    add_phase(circuit, input_phase(circuit.num_qubits, t), m - 1)
    if boundary:
        circuit.h(m - 1)
        _cx(circuit, m, 0, 1)
    else:
        hadamard_between_equal(circuit, m - 1, m - 2)
    add_phase(circuit, output_phase(t), m - 1)
    for site in range(1, t + 1):
        if site > 1:
            _cx(circuit, m, site - 1, site)
        if site <= window:
            circuit.p(parity_phase(site), m - 1 - site)
        _cx(circuit, m, site, site - 1)
        if site == t < m - 1 and boundary <= t:
            # The output below becomes a difference with this one, so that it waits for its turn.
            _cx(circuit, m, t, t + 1)
        if site < boundary or site == t <= boundary:
            _cx(circuit, m, site - 1, site)
