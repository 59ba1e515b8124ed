"""Reversible addition and comparison, with ANDs of three CX."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit


def temporary_and(circuit: QuantumCircuit, first: Qubit, second: Qubit, target: Qubit) -> None:
    r"""Write the AND of two qubits into a target in 0, or clear it; three CX and four T.

    Its own inverse. Other targets (in 1 while the AND is 0) pick up signs, which is what a full
    Toffoli pays three more CX for.

    References
    ----------
    A. Barenco et al., Phys. Rev. A 52, 3457 (1995), Sec. VI.B, arXiv:quant-ph/9503016.
    """
    # Turns of pi / 4 about y as T gates in a frame that commutes with the CX gates.
    circuit.sx(target)
    circuit.t(target)
    circuit.cx(first, target)
    circuit.t(target)
    circuit.cx(second, target)
    circuit.tdg(target)
    circuit.cx(first, target)
    circuit.tdg(target)
    circuit.sxdg(target)


def adder(size: int, places: Sequence[int] = (0,), *, carry_out: bool = False) -> QuantumCircuit:
    r"""Add a number of few binary digits to a register, in place.

    .. math:: |a\rangle |x\rangle |0\rangle \mapsto
              |a\rangle |x + \sum_k a_k 2^{p_k} \bmod 2^n\rangle |\mathrm{carry}\rangle

    One digit at place 0 makes a controlled increment.

    Parameters
    ----------
    size
        Number n of qubits of the register that is added to.
    places
        Places :math:`p_k` of the digits that the number a has, increasing; its other digits are 0
        and have no qubits.
    carry_out
        Whether to write the carry out of the register into a qubit of its own, which starts in 0.

    Returns
    -------
    QuantumCircuit
        Qubits: the digits of a, the register, the carry if asked for, workspace.

    Raises
    ------
    ValueError
        If ``places`` is not an increasing sequence of places of the register.

    Notes
    -----
    *Cost* with the lowest place p and b digits: ``7 (n - p) + 5 (b - 1) - 3`` CX with carry, 3
    fewer without; ``n - p - 1`` workspace qubits. (With a digit at the top place, 1 CX fewer with
    carry, 4 fewer without.)

    References
    ----------
    Carries by temporary ANDs: C. Gidney, Quantum 2, 74 (2018), arXiv:1709.06648, Fig. 1; here they
    are undone by gates instead of measurements.
    """
    digits = list(places)
    if not digits or digits != sorted(set(digits)) or digits[0] < 0 or digits[-1] >= size:
        raise ValueError(
            f"places = {tuple(digits)}: an increasing sequence of places from 0 to {size - 1} is "
            "needed"
        )
    addend = QuantumRegister(len(digits), "addend")
    register = QuantumRegister(size, "register")
    carry = QuantumRegister(int(carry_out), "carry")
    lowest = digits[0]
    workspace = QuantumRegister(size - lowest - 1, "workspace")
    circuit = QuantumCircuit(addend, register, carry, workspace, name="adder")
    bits = register[lowest:]
    digit = {place - lowest: qubit for place, qubit in zip(digits, addend, strict=True)}
    # carries[i] goes into bit i; the digit at place 0 plays the part of the first.
    carries = [digit[0], *workspace, *carry]
    for i in range(len(carries) - 1):
        if i and i in digit:
            circuit.cx(carries[i], digit[i])
            circuit.cx(carries[i], bits[i])
            temporary_and(circuit, digit[i], bits[i], carries[i + 1])
            circuit.cx(carries[i], carries[i + 1])
        else:
            temporary_and(circuit, carries[i], bits[i], carries[i + 1])
    for i in reversed(range(len(bits))):
        full = i > 0 and i in digit
        if i < len(bits) - 1:
            if full:
                circuit.cx(carries[i], carries[i + 1])
            temporary_and(circuit, digit[i] if full else carries[i], bits[i], carries[i + 1])
        if full and i < len(carries) - 1:
            # Digit and bit still have the carry added to them from the way up.
            circuit.cx(carries[i], digit[i])
            circuit.cx(digit[i], bits[i])
        elif full:
            circuit.cx(carries[i], bits[i])
            circuit.cx(digit[i], bits[i])
        else:
            circuit.cx(carries[i], bits[i])
    return circuit


def at_least(size: int, threshold: int) -> QuantumCircuit:
    r"""Flip a flag if a register holds a number of at least ``threshold``.

    Parameters
    ----------
    size
        Number n of qubits of the register.
    threshold
        From 1 to ``2**n - 1``.

    Returns
    -------
    QuantumCircuit
        Qubits: the register, the flag, workspace.

    Raises
    ------
    ValueError
        If the threshold is out of range.

    Notes
    -----
    *Cost*: with ``2**t`` the largest power of two that divides the threshold, ``6 (n - 1 - t)`` CX
    and ``n - 2 - t`` workspace qubits; one CX and none if ``t = n - 1``. The carry out of adding
    ``2**n - threshold``, whose digits turn each AND of a carry chain into an AND or an OR.
    """
    if not 1 <= threshold < 2**size:
        raise ValueError(f"threshold = {threshold}: a number from 1 to {2**size - 1} is needed")
    complement = 2**size - threshold
    first = (complement & -complement).bit_length() - 1
    register = QuantumRegister(size, "register")
    flag = QuantumRegister(1, "flag")
    workspace = QuantumRegister(max(0, size - 2 - first), "workspace")
    circuit = QuantumCircuit(register, flag, workspace, name="at_least")
    if first == size - 1:
        circuit.cx(register[first], flag[0])
        return circuit
    chain = QuantumCircuit(register, flag, workspace)
    carries = [register[first], *workspace]
    pairs = itertools.pairwise(carries)
    for place, (carry, following) in enumerate(pairs, start=first + 1):
        _and_or(chain, carry, register[place], following, complement >> place & 1)
    circuit.compose(chain, inplace=True)
    # The flag may be in 1 already: here the full Toffoli is needed. The top digit of the
    # complement is 1 where the threshold is at most half the range.
    top = complement >> (size - 1) & 1
    controls = [carries[-1], register[size - 1]]
    if top:
        circuit.x([*controls, flag[0]])
    circuit.ccx(*controls, flag[0])
    if top:
        circuit.x(controls)
    circuit.compose(chain.inverse(), inplace=True)
    return circuit


def _and_or(circuit: QuantumCircuit, carry: Qubit, bit: Qubit, target: Qubit, either: int) -> None:
    if either:
        circuit.x([carry, bit])
    temporary_and(circuit, carry, bit, target)
    if either:
        circuit.x([carry, bit, target])
