"""Arithmetic in the Fourier basis: sums modulo a power of two, without carry qubits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister

from circuits.fourier.choice import qft
from circuits.fourier.validation import require_epsilon, require_qubits


def weighted_sum(
    n: int, weights: Sequence[int], *, constant: int = 0, epsilon: float = 0.0
) -> QuantumCircuit:
    r"""Add a constant and weighted bits to a register, in place.

    .. math:: |a\rangle |b\rangle \mapsto
              |a\rangle |b + c + \sum_i w_i a_i \bmod 2^n\rangle

    All the other functions of this module are this one with their own weights; two's complement
    needs no more than a negative weight for the highest bit.

    Parameters
    ----------
    n
        Number of qubits of the register that is added to, at least 1.
    weights
        Integers :math:`w_i`, one a qubit of a; none for a constant only.
    constant
        The integer c.
    epsilon
        Bound on the process infidelity that leaving out the smallest phases may cost; 0 leaves
        out nothing.

    Returns
    -------
    QuantumCircuit
        Registers ``addend`` (one qubit a weight; qubit i is :math:`a_i`) and ``register`` (n).

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or ``epsilon`` is not in [0, 1).
    TypeError
        If a weight or the constant is no integer.

    Notes
    -----
    With the register in the Fourier basis, adding v is a phase :math:`2 \pi v k / 2^n`: one
    controlled phase for each pair of a bit of a and a bit of k whose product is no whole turn. The
    lowest bits of the register, to which nothing is added, stay out of the transform.

    *Cost*, exact: two transforms of ``n - z`` qubits, where ``2**z`` is the largest power of two
    that divides all weights and the constant, and for each weight that is divisible by ``2**y``
    but not by the next power ``2 (n - y) - 1`` CX. A constant takes no two-qubit gate of its own.

    *Error*: a phase of :math:`\theta` that is left out keeps its turns of single qubits, and so
    costs :math:`\theta^2 / 16`, as in `circuits.fourier.approximation`. The roots of the
    infidelities of the two transforms and of the sum add up; each gets the same share.

    References
    ----------
    T. G. Draper (2000), arXiv:quant-ph/0008033. L. Ruiz-Perez, J. C. Garcia-Escartin, Quantum Inf.
    Process. 16, 152 (2017), arXiv:1411.5949, for weighted sums. A. Barenco et al., Phys. Rev. A
    54, 139 (1996), for the truncation.
    """
    require_qubits(n)
    require_epsilon(epsilon)
    numbers = [_integer("constant", constant) % 2**n]
    numbers += [_integer(f"weights[{i}]", weight) % 2**n for i, weight in enumerate(weights)]
    addend, register = QuantumRegister(len(weights), "addend"), QuantumRegister(n, "register")
    circuit = QuantumCircuit(addend, register, name="weighted_sum")
    divisor = math.gcd(2**n, *numbers)
    if divisor == 2**n:
        return circuit
    lowest = divisor.bit_length() - 1
    size = n - lowest
    fixed, *controlled = (number >> lowest for number in numbers)
    share = epsilon / (3 if any(controlled) else 2) ** 2
    # Without swaps bit i of k is on the qubit of bit size - 1 - i of the sum.
    spectrum = register[lowest:][::-1]
    transform = qft(size, epsilon=share, swaps=False)
    circuit.compose(transform, register[lowest:], inplace=True)
    for i, qubit in enumerate(spectrum):
        if turn := _angle(fixed, i, size):
            circuit.p(turn, qubit)
    phases = {
        (place, i): turn
        for place, weight in enumerate(controlled)
        for i in range(size)
        if (turn := _angle(weight, i, size))
    }
    negligible = _negligible(phases, share)
    for (place, i), turn in phases.items():
        pair = [addend[place], spectrum[i]]
        if (place, i) in negligible:
            circuit.p(turn / 2, pair)
        elif turn == np.pi:
            circuit.cz(*pair)
        else:
            circuit.cp(turn, *pair)
    circuit.compose(transform.inverse(), register[lowest:], inplace=True)
    return circuit


def fourier_adder(
    n: int, addend_qubits: int | None = None, *, subtract: bool = False, epsilon: float = 0.0
) -> QuantumCircuit:
    r"""Add one register to another, or subtract it.

    .. math:: |a\rangle |b\rangle \mapsto |a\rangle |b \pm a \bmod 2^n\rangle

    Parameters
    ----------
    n
        Number of qubits of b.
    addend_qubits
        Number of qubits of a, an unsigned number; ``None`` for as many as b has.
    subtract
        Whether to subtract.
    epsilon
        As for `weighted_sum`.

    Returns
    -------
    QuantumCircuit
        Registers ``addend`` and ``register``. *Cost*, exact and with equal sizes: ``n**2`` CX
        beside two transforms, and no workspace. `circuits.arithmetic.adder` takes ``12 n - 15`` CX
        with ``n - 1`` qubits of workspace: fewer CX from n = 4 on.

    Raises
    ------
    ValueError
        As for `weighted_sum`, or if ``addend_qubits`` is less than 1.
    """
    size = n if addend_qubits is None else addend_qubits
    return multiply_accumulate(n, size, -1 if subtract else 1, epsilon=epsilon)


def multiply_accumulate(
    n: int, addend_qubits: int, factor: int, *, epsilon: float = 0.0
) -> QuantumCircuit:
    r"""Add a classical multiple of one register to another.

    .. math:: |a\rangle |b\rangle \mapsto |a\rangle |b + f a \bmod 2^n\rangle

    Parameters
    ----------
    n
        Number of qubits of b.
    addend_qubits
        Number of qubits of a, an unsigned number; at least 1.
    factor
        The integer f.
    epsilon
        As for `weighted_sum`.

    Returns
    -------
    QuantumCircuit
        Registers ``addend`` and ``register``. *Cost*, exact and for an odd factor and equal sizes:
        ``n**2`` CX beside two transforms, whatever the factor is.

    Raises
    ------
    ValueError, TypeError
        As for `weighted_sum`, or if ``addend_qubits`` is less than 1.
    """
    require_qubits(n)
    if addend_qubits < 1:
        raise ValueError(f"addend_qubits = {addend_qubits}: at least 1 is needed")
    multiple = _integer("factor", factor)
    weights = [multiple << place for place in range(addend_qubits)]
    return weighted_sum(n, weights, epsilon=epsilon)


def constant_adder(
    n: int, constant: int, *, controlled: bool = False, epsilon: float = 0.0
) -> QuantumCircuit:
    r"""Add a classical constant to a register, or subtract it if negative.

    .. math:: |b\rangle \mapsto |b + c \bmod 2^n\rangle

    Parameters
    ----------
    n
        Number of qubits of b.
    constant
        The integer c.
    controlled
        Whether to add only where a control is 1: register ``addend`` (1).
    epsilon
        As for `weighted_sum`.

    Returns
    -------
    QuantumCircuit
        *Cost*, exact and for an odd constant: two transforms, and ``2 n - 1`` CX more with a
        control.

    Raises
    ------
    ValueError, TypeError
        As for `weighted_sum`.
    """
    if controlled:
        return weighted_sum(n, [constant], epsilon=epsilon)
    return weighted_sum(n, [], constant=constant, epsilon=epsilon)


def _angle(weight: int, place: int, size: int) -> float:
    """Phase of a weight at bit ``place`` of k, within half a turn of 0."""
    turn = (weight << place) % 2**size
    if turn > 2 ** (size - 1):
        turn -= 2**size
    return 2 * np.pi * (turn / 2**size)


def _negligible(phases: Mapping[tuple[int, int], float], infidelity: float) -> set[tuple[int, int]]:
    """Choose the smallest phases, as long as they cost no more than a process infidelity."""
    smallest = sorted(phases, key=lambda pair: abs(phases[pair]))
    costs = np.cumsum([phases[pair] ** 2 / 16 for pair in smallest])
    return set(smallest[: int(np.searchsorted(costs, infidelity, side="right"))])


def _integer(name: str, given: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int | np.integer):
        raise TypeError(f"{name} = {given!r}: an integer is needed")
    return int(given)
