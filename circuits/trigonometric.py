"""Quantum sine and cosine transforms, by Fourier transforms of odd and even extensions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

from circuits.arithmetic import temporary_and
from circuits.clean_ladder import conjunction
from circuits.qft import qft


def sine_transform(n: int, *, swaps: bool = True) -> QuantumCircuit:
    r"""Discrete sine transform of type I on the numbers 1 to N - 1, with ``N = 2**n``.

    .. math:: |x\rangle \mapsto \sqrt{2/N} \sum_{k=1}^{N-1} \sin(\pi x k / N)\, |k\rangle,
              \qquad 1 \le x < N

    It is real, symmetric and its own inverse.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    swaps
        Whether to end with the reversal of the qubits. Without it bit i of k is left on qubit
        ``n - i``, where qubit n is the first of those added; qubit 0 is left in 0.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` (n), ``mirror`` (1) and ``workspace`` (``max(0, n - 2)``); all
        beside the system are 0 before, and with ``swaps`` after. The amplitude of x = 0 must be
        0: what it is mapped to is not defined.

    Raises
    ------
    ValueError
        If ``n`` is less than 1.

    Notes
    -----
    The odd extension of a vector has an odd Fourier transform, which is the odd extension of the
    sine transform. *Cost*: ``n (n + 1)`` CX for the Fourier transform on n + 1 qubits and
    ``2 (8 n - 9)`` for two controlled negations (12 for n = 2, none for n = 1); swaps cost 3 each.

    References
    ----------
    A. Klappenecker, M. Roetteler, "Discrete cosine transforms on quantum computers" (2001),
    arXiv:quant-ph/0111038.
    """
    circuit, ring, workspace = _ring(n, "sine_transform")
    extension = odd_extension(n)
    circuit.compose(extension, [*ring, *workspace], inplace=True)
    circuit.compose(qft(n + 1, swaps=swaps), ring, inplace=True)
    transformed = ring if swaps else ring[::-1]
    circuit.compose(extension.inverse(), [*transformed, *workspace], inplace=True)
    circuit.global_phase -= np.pi / 2
    return circuit


def cosine_transform(n: int, *, swaps: bool = True) -> QuantumCircuit:
    r"""Discrete cosine transform of type II, with ``N = 2**n``.

    .. math:: |x\rangle \mapsto \sum_{k=0}^{N-1} w_k \cos(\pi (x + 1/2) k / N)\, |k\rangle,
              \qquad w_0 = \sqrt{1/N}, \quad w_k = \sqrt{2/N}

    Its inverse is the transform of type III.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    swaps
        As for `sine_transform`.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` (n), ``mirror`` (1) and ``workspace`` (``n - 1``); all beside the
        system are 0 before, and with ``swaps`` after.

    Raises
    ------
    ValueError
        If ``n`` is less than 1.

    Notes
    -----
    As `sine_transform`, with the even extension about -1/2, which is the complement of the bits.
    *Cost*: ``n (n + 1)`` CX for the Fourier transform, ``n`` for the extension, ``8 n - 9`` for
    a controlled negation (6 for n = 2, none for n = 1) and ``6 (n - 1) + 1`` for the constant
    mode, which alone has no mirror image.

    References
    ----------
    A. Klappenecker, M. Roetteler, as above.
    """
    circuit, ring, workspace = _ring(n, "cosine_transform", extra=n > 1)
    circuit.compose(even_extension(n), ring, inplace=True)
    circuit.compose(qft(n + 1, swaps=swaps), ring, inplace=True)
    transformed = ring if swaps else ring[::-1]
    for place, qubit in enumerate(transformed):
        circuit.p(np.pi * 2**place / 2 ** (n + 1), qubit)
    *low, sign = transformed
    circuit.compose(controlled_negation(n), [*low, sign, *workspace[: n - 2]], inplace=True)
    # Now the sign is in |-> for k > 0, but in |0> for k = 0.
    circuit.h(sign)
    circuit.x(sign)
    circuit.x(low)
    with conjunction(circuit, low, workspace) as constant:
        circuit.ch(constant, sign)
    circuit.x(low)
    return circuit


def odd_extension(n: int) -> QuantumCircuit:
    r"""Extend a vector on n qubits to an odd one modulo ``2**(n + 1)``.

    .. math:: |x\rangle|0\rangle \mapsto (|x\rangle - |-x \bmod 2^{n+1}\rangle) / \sqrt 2,
              \qquad 1 \le x < 2^n

    Returns
    -------
    QuantumCircuit
        n qubits, the one above them and ``max(0, n - 2)`` of workspace; the CX of one
        `controlled_negation`.
    """
    negation = controlled_negation(n)
    circuit = QuantumCircuit(negation.num_qubits, name="odd_extension")
    circuit.x(n)
    circuit.h(n)
    return circuit.compose(negation)


def even_extension(n: int) -> QuantumCircuit:
    r"""Extend a vector on n qubits to one modulo ``2**(n + 1)`` that is even about -1/2.

    .. math:: |x\rangle|0\rangle \mapsto (|x\rangle + |-1-x \bmod 2^{n+1}\rangle) / \sqrt 2

    Returns
    -------
    QuantumCircuit
        n qubits and the one above them; n CX.
    """
    circuit = QuantumCircuit(n + 1, name="even_extension")
    circuit.h(n)
    circuit.cx([n] * n, range(n))
    return circuit


def controlled_negation(n: int) -> QuantumCircuit:
    r"""Negate a number modulo ``2**n`` if a control is 1.

    Returns
    -------
    QuantumCircuit
        n qubits, the control and ``max(0, n - 2)`` of workspace. ``8 n - 9`` CX; 6 for n = 2, none
        for n = 1.

    Notes
    -----
    All bits above the lowest one that is 1 are flipped: a chain of ANDs tells whether the bits
    below are all 0.
    """
    register, control = QuantumRegister(n, "register"), QuantumRegister(1, "control")
    workspace = QuantumRegister(max(0, n - 2), "workspace")
    circuit = QuantumCircuit(register, control, workspace, name="controlled_negation")
    if n == 2:
        circuit.ccx(control[0], register[0], register[1])
    if n <= 2:
        return circuit
    # chain[i]: the control is 1 and all bits below bit i are 0.
    chain = [*control, *workspace]
    circuit.x(register[:-1])
    for i in range(n - 2):
        temporary_and(circuit, chain[i], register[i], chain[i + 1])
    circuit.ccx(chain[n - 2], register[n - 2], register[n - 1])
    circuit.cx(control[0], register[n - 1])
    for i in reversed(range(1, n - 1)):
        circuit.cx(control[0], register[i])
        circuit.cx(chain[i], register[i])
        temporary_and(circuit, chain[i - 1], register[i - 1], chain[i])
    circuit.x(register[:-1])
    return circuit


def negation_up_to_phases(n: int, *, tell_zero: bool = False) -> QuantumCircuit:
    r"""Negate a number modulo ``2**n`` if a control is 1, up to phases of basis states.

    For use around what is diagonal in the number, with the inverse after it: phases and what is
    left in the workspace then vanish.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    tell_zero
        Whether the last qubit of the workspace is to tell that the control is 1 and the number 0.

    Returns
    -------
    QuantumCircuit
        n qubits, the control and workspace: ``max(0, n - 2)``, or ``n`` with ``tell_zero``.
        ``5 n - 6`` CX, ``5 n - 2`` with ``tell_zero``, for n of 2 and more.
    """
    register, control = QuantumRegister(n, "register"), QuantumRegister(1, "control")
    workspace = QuantumRegister(n if tell_zero else max(0, n - 2), "workspace")
    circuit = QuantumCircuit(register, control, workspace, name="negation_up_to_phases")
    chain = [*control, *workspace]
    circuit.x(register)
    for i in range(len(workspace)):
        temporary_and(circuit, chain[i], register[i], chain[i + 1])
    if n > 1 and not tell_zero:
        temporary_and(circuit, chain[n - 2], register[n - 2], register[n - 1])
        circuit.cx(control[0], register[n - 1])
    for i in range(1, n if tell_zero else n - 1):
        circuit.cx(control[0], register[i])
        circuit.cx(chain[i], register[i])
    circuit.x(register)
    return circuit


def truncated_qft(n: int, tolerance: float, *, conjugate: bool = False) -> QuantumCircuit:
    r"""Quantum Fourier transform, bits of k reversed, within an operator-norm distance.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    tolerance
        Bound on the spectral norm of the difference to ``qft(n, swaps=False)``, global phase
        aside; with 0 nothing is left out.
    conjugate
        Whether to build the complex conjugate: coefficients of modes ``exp(2 pi i k x / 2**n)``.

    Returns
    -------
    QuantumCircuit
        The same circuit without the smallest controlled phases, two CX each.

    Notes
    -----
    A controlled phase of angle t is ``exp(i t (1 - Z)(1 - Z) / 4)``. Its parts on single qubits
    are kept, so that what is left out is ``exp(i t Z Z / 4)``, at a distance of
    ``2 sin(t / 8)`` from 1 with the best global phase; distances add up to at most the
    tolerance. For fixed tolerance about ``2 n log2(n / tolerance)`` CX remain.

    References
    ----------
    A. Barenco, A. Ekert, K. Suominen, P. Torma, Phys. Rev. A 54, 139 (1996), for the truncation.
    """
    kept = _kept_phases(n, tolerance)
    smallest = kept[0] if kept.size else np.inf
    sign = -1 if conjugate else 1
    circuit = QuantumCircuit(n, name="truncated_qft")
    for gate, *qubits in _gates(qft(n, swaps=False)):
        if gate.name != "cp":
            circuit.append(gate, qubits)
        elif gate.params[0] < smallest:
            circuit.p(sign * gate.params[0] / 2, qubits)
        else:
            circuit.cp(sign * gate.params[0], *qubits)
    return circuit


def truncation_error(n: int, tolerance: float) -> float:
    """Bound on the error of `truncated_qft`: as much of the tolerance as is used."""
    phases = _phases(n)
    left_out = phases[: phases.size - _kept_phases(n, tolerance).size]
    return float(np.sum(2 * np.sin(left_out / 8)))


def _phases(n: int) -> NDArray[np.float64]:
    """All controlled phases of the transform, smallest first."""
    return np.sort([gate.params[0] for gate, *_ in _gates(qft(n)) if gate.name == "cp"])


def _kept_phases(n: int, tolerance: float) -> NDArray[np.float64]:
    phases = _phases(n)
    kept = phases[np.cumsum(2 * np.sin(phases / 8)) > tolerance]
    # Equal ones are kept or left out together.
    return phases[phases >= kept[0]] if kept.size else kept


def _gates(circuit: QuantumCircuit) -> list[tuple[Any, ...]]:
    """Operations with the places of their qubits."""
    return [
        (item.operation, *(circuit.find_bit(qubit).index for qubit in item.qubits))
        for item in circuit.data
    ]


def _ring(
    n: int, name: str, *, extra: bool = False
) -> tuple[QuantumCircuit, list[Qubit], list[Qubit]]:
    if n < 1:
        raise ValueError(f"n = {n}: the transform needs at least 1 qubit")
    system, mirror = QuantumRegister(n, "system"), QuantumRegister(1, "mirror")
    workspace = QuantumRegister(max(0, n - 2) + extra, "workspace")
    circuit = QuantumCircuit(system, mirror, workspace, name=name)
    return circuit, [*system, *mirror], list(workspace)
