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
    # Within three layers of the best of the boundaries that were tried at n = 8 to 64.
    plain_first, plain_last = n // 4, max(1, n // 5)
    boundary = n - 1
    for t in range(n - 1, 0, -1):
        wanted = n - 1 if t <= plain_last else max(0, plain_first - (n - 1 - t))
        _move(circuit, boundary, wanted)
        _pass(circuit, t, windows[t], wanted)
        boundary = wanted if wanted >= t else max(0, wanted - 1)
    _move(circuit, boundary, n - 1)
    add_phase(circuit, input_phase(n, 0), n - 1)
    circuit.h(n - 1)
    return circuit


def _cx(circuit: QuantumCircuit, control: int, target: int) -> None:
    """CX between sites."""
    last = circuit.num_qubits - 1
    circuit.cx(last - control, last - target)


def _move(circuit: QuantumCircuit, boundary: int, wanted: int) -> None:
    """Make differences down to the boundary wanted, or dissolve them."""
    for site in range(boundary, wanted, -1):
        _cx(circuit, site - 1, site)
    for site in range(boundary, wanted):
        _cx(circuit, site, site + 1)


def _pass(circuit: QuantumCircuit, t: int, window: int, boundary: int) -> None:
    """Turn the input at site 0 into output t and pass it down to site t."""
    n = circuit.num_qubits
    add_phase(circuit, input_phase(n, t), n - 1)
    if boundary:
        circuit.h(n - 1)
        _cx(circuit, 0, 1)
    else:
        hadamard_between_equal(circuit, n - 1, n - 2)
    add_phase(circuit, output_phase(t), n - 1)
    for site in range(1, t + 1):
        if site > 1:
            _cx(circuit, site - 1, site)
        if site <= window:
            circuit.p(parity_phase(site), n - 1 - site)
        _cx(circuit, site, site - 1)
        if site == t < n - 1 and boundary <= t:
            # The output below becomes a difference with this one, so that it waits for its turn.
            _cx(circuit, t, t + 1)
        if site < boundary or site == t <= boundary:
            _cx(circuit, site - 1, site)
