"""Quantum sine and cosine transforms, by Fourier transforms of odd and even extensions."""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

from circuits.arithmetic import temporary_and
from circuits.clean_ladder import conjunction
from circuits.fourier.all_to_all import direct_qft, parity_qft
from circuits.fourier.approximation import Windows, operator_norm_bound
from circuits.fourier.choice import qft


def sine_transform(n: int, *, kind: int = 1, swaps: bool = True) -> QuantumCircuit:
    r"""Discrete sine transform of type I, II, III or IV, orthonormal, with ``N = 2**n``.

    .. math:: \text{I:} \quad & |x\rangle \mapsto \sqrt{2/N} \sum_{k=1}^{N-1}
              \sin(\pi x k / N)\, |k\rangle, \qquad 1 \le x < N \\
              \text{II:} \quad & |x\rangle \mapsto \sum_{k=0}^{N-1} w_k
              \sin(\pi (x + 1/2) (k + 1) / N)\, |k\rangle,
              \qquad w_k = \sqrt{2/N}, \quad w_{N-1} = \sqrt{1/N} \\
              \text{IV:} \quad & |x\rangle \mapsto \sqrt{2/N} \sum_{k=0}^{N-1}
              \sin(\pi (x + 1/2) (k + 1/2) / N)\, |k\rangle

    Type III is the inverse of II; I and IV are their own inverses.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    kind
        1, 2, 3 or 4: the type.
    swaps
        Whether to end with the reversal of the qubits. Without it bit i of k is left on qubit
        ``n - i``, where qubit n is the first of those added; qubit 0 is left in 0. Type III
        expects x so instead, and leaves k in order.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` (n), ``mirror`` (1) and ``workspace`` (``max(0, n - 2)`` for type I,
        else as `cosine_transform`); all beside the system are 0 before, and with ``swaps`` after.
        For type I the amplitude of x = 0 must be 0: what it is mapped to is not defined.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or there is no such type.

    Notes
    -----
    I: the odd extension of a vector has an odd Fourier transform, which is the odd extension of the
    sine transform. II to IV: the cosine transform of the same type, of the vector with the signs
    :math:`(-1)^x`, has the coefficients in reverse order (for III the other way round).

    *Cost* of type I: the Fourier transform on n + 1 qubits and ``2 (8 n - 9)`` CX for two
    controlled negations (12 for n = 2, none for n = 1); swaps cost 3 each. Of the others: that of
    the cosine transform.

    References
    ----------
    A. Klappenecker, M. Roetteler, "Discrete cosine transforms on quantum computers" (2001),
    arXiv:quant-ph/0111038.
    """
    _require_qubits(n)
    match kind:
        case 1:
            return _sine_1(n, swaps)
        case 2 | 4:
            return _reversed_cosine(n, kind, swaps)
        case 3:
            return _reversed_cosine(n, 2, swaps).inverse()
        case _:
            raise ValueError(f"kind = {kind!r}: sine transforms of kinds 1, 2, 3 and 4 exist")


def cosine_transform(n: int, *, kind: int = 2, swaps: bool = True) -> QuantumCircuit:
    r"""Discrete cosine transform of type II, III or IV, orthonormal, with ``N = 2**n``.

    .. math:: \text{II:} \quad & |x\rangle \mapsto \sum_{k=0}^{N-1} w_k
              \cos(\pi (x + 1/2) k / N)\, |k\rangle,
              \qquad w_k = \sqrt{2/N}, \quad w_0 = \sqrt{1/N} \\
              \text{IV:} \quad & |x\rangle \mapsto \sqrt{2/N} \sum_{k=0}^{N-1}
              \cos(\pi (x + 1/2) (k + 1/2) / N)\, |k\rangle

    Type III is the inverse of II; IV is its own inverse. Type I has ``N + 1`` points, which are
    those of no register.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    kind
        2, 3 or 4: the type.
    swaps
        As for `sine_transform`.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` (n), ``mirror`` (1) and ``workspace`` (``n - 1``; none for type IV);
        all beside the system are 0 before, and with ``swaps`` after.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or there is no such type.

    Notes
    -----
    As `sine_transform`, with the even extension about -1/2, which is the complement of the bits.
    For type IV phases before and after shift both indices by 1/2; the result is odd about -1/2 and
    thus folded by a complement as well.

    *Cost*: the Fourier transform on n + 1 qubits, and ``2 n`` CX for type IV; for II and III ``n``
    for the extension, ``8 n - 9`` for a controlled negation (6 for n = 2, none for n = 1) and
    ``6 (n - 1) + 1`` for the constant mode, which alone has no mirror image.

    References
    ----------
    A. Klappenecker, M. Roetteler, as above.
    """
    _require_qubits(n)
    match kind:
        case 2:
            return _cosine_2(n, swaps)
        case 3:
            return _cosine_2(n, swaps).inverse()
        case 4:
            return _cosine_4(n, swaps)
        case _:
            raise ValueError(f"kind = {kind!r}: cosine transforms of kinds 2, 3 and 4 exist")


def _sine_1(n: int, swaps: bool) -> QuantumCircuit:
    circuit, ring, workspace = _ring(n, "sine_transform", max(0, n - 2))
    extension = odd_extension(n)
    circuit.compose(extension, [*ring, *workspace], inplace=True)
    transformed = _transform(circuit, ring, swaps)
    circuit.compose(extension.inverse(), [*transformed, *workspace], inplace=True)
    circuit.global_phase -= np.pi / 2
    return circuit


def _cosine_2(n: int, swaps: bool) -> QuantumCircuit:
    circuit, ring, workspace = _ring(n, "cosine_transform", n - 1)
    circuit.compose(even_extension(n), ring, inplace=True)
    transformed = _transform(circuit, ring, swaps)
    _shift(circuit, transformed)
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


def _cosine_4(n: int, swaps: bool) -> QuantumCircuit:
    circuit, ring, _ = _ring(n, "cosine_transform", 0)
    circuit.compose(even_extension(n), ring, inplace=True)
    # Shifted by 1/2 the functions change their sign around the ring: the upper half is negative.
    _shift(circuit, ring)
    circuit.z(ring[-1])
    transformed = _transform(circuit, ring, swaps)
    _shift(circuit, transformed)
    circuit.global_phase += np.pi / 2 ** (n + 2)
    *low, sign = transformed
    circuit.cx(sign, low)
    # Now the sign is in |-> for all k.
    circuit.h(sign)
    circuit.x(sign)
    return circuit


def _reversed_cosine(n: int, kind: int, swaps: bool) -> QuantumCircuit:
    """Sine transform of type II or IV, by the cosine transform of the same type."""
    cosine = cosine_transform(n, kind=kind, swaps=swaps)
    circuit = QuantumCircuit(*cosine.qregs, name="sine_transform")
    circuit.z(0)
    circuit.compose(cosine, inplace=True)
    ring = circuit.qubits[: n + 1]
    circuit.x(ring[:-1] if swaps else ring[:0:-1])
    return circuit


def _transform(circuit: QuantumCircuit, ring: list[Qubit], swaps: bool) -> list[Qubit]:
    """Fourier transform of the ring; returns its qubits in the order of the bits of k."""
    circuit.compose(qft(len(ring), swaps=swaps), ring, inplace=True)
    return ring if swaps else ring[::-1]


def _shift(circuit: QuantumCircuit, ring: list[Qubit]) -> None:
    """Shift the transformed index by 1/2: a phase of half a step of the ring for each step."""
    for place, qubit in enumerate(ring):
        circuit.p(np.pi * 2**place / 2 ** len(ring), qubit)


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
        The exact one takes at most ``n (n - 1) / 2 + 2 n - 3`` CX. For fixed tolerance about
        ``n log2(n / tolerance)`` of them remain.

    Notes
    -----
    Of a controlled phase of angle t that is left out, the turns of single qubits are kept. What
    remains is ``exp(i t Z Z / 4)``, at a distance of ``2 sin(t / 8)`` from 1 with the best global
    phase; distances add up to at most the tolerance (`circuits.fourier.approximation`).

    References
    ----------
    A. Barenco, A. Ekert, K. Suominen, P. Torma, Phys. Rev. A 54, 139 (1996), for the truncation.
    """
    windows = _windows(n, tolerance)
    parity, direct = parity_qft(windows), direct_qft(windows)
    fewer = parity.num_nonlocal_gates() < 2 * direct.num_nonlocal_gates()
    transform = parity if fewer else direct
    circuit = QuantumCircuit(n, name="truncated_qft")
    if conjugate:
        # But for the order of its bits the transform is symmetric: its conjugate is its inverse
        # with the register read from the other end.
        circuit.compose(transform.inverse(), range(n)[::-1], inplace=True)
    else:
        circuit.compose(transform, inplace=True)
    return circuit


def truncation_error(n: int, tolerance: float) -> float:
    """Bound on the error of `truncated_qft`: as much of the tolerance as is used."""
    return operator_norm_bound(_windows(n, tolerance))


def _windows(n: int, tolerance: float) -> Windows:
    """Leave out phases, all of one size or none, as long as the tolerance allows."""
    candidates = (tuple(min(t, reach) for t in range(n)) for reach in range(n))
    return next(windows for windows in candidates if operator_norm_bound(windows) <= tolerance)


def _ring(
    n: int, name: str, workspace_qubits: int
) -> tuple[QuantumCircuit, list[Qubit], list[Qubit]]:
    system, mirror = QuantumRegister(n, "system"), QuantumRegister(1, "mirror")
    workspace = QuantumRegister(workspace_qubits, "workspace")
    circuit = QuantumCircuit(system, mirror, workspace, name=name)
    return circuit, [*system, *mirror], list(workspace)


def _require_qubits(n: int) -> None:
    if n < 1:
        raise ValueError(f"n = {n}: the transform needs at least 1 qubit")
