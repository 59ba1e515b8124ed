"""Sums and products of registers modulo an odd number, with ANDs of three CX."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Gate, Qubit

from circuits.arithmetic import adder, at_least, temporary_and
from circuits.feature_maps.discrete_log.residues import ones


def modular_adder(modulus: int) -> QuantumCircuit:
    r"""Add one residue to another, in place.

    .. math:: |a\rangle |b\rangle \mapsto |a\rangle |a + b \bmod M\rangle,\qquad a, b < M

    The sum, of one bit more, is reduced if it is at least M; that it was is seen from the result,
    which is then less than a.

    Parameters
    ----------
    modulus
        The odd number M, of n binary digits, w of them ones; at least 5.

    Returns
    -------
    QuantumCircuit
        Registers ``addend`` (n), ``register`` (n), ``overflow`` (1) and ``workspace``
        (``n + w + 1``); the last two are 0 before and after.

    Raises
    ------
    ValueError
        If the modulus is even or less than 5.

    Notes
    -----
    *Cost*: ``37 n + 7 w - 18`` CX, of which ``8 n - 2`` ANDs take three each (one takes six).

    References
    ----------
    V. Vedral, A. Barenco, A. Ekert, Phys. Rev. A 54, 147 (1996), arXiv:quant-ph/9511018, Fig. 4;
    the comparisons are carries that are computed alone.
    """
    n = _digits(modulus)
    addend, register = QuantumRegister(n, "addend"), QuantumRegister(n, "register")
    overflow = QuantumRegister(1, "overflow")
    workspace = QuantumRegister(reduction_workspace(modulus), "workspace")
    circuit = QuantumCircuit(addend, register, overflow, workspace, name="modular_adder")
    flag, carries = workspace[0], workspace[-n:]
    plain = adder(n, range(n), carry_out=True).to_gate()
    circuit.append(plain, [*addend, *register, *overflow, *carries[: n - 1]])
    circuit.append(_reduction(modulus), [*register, *overflow, *workspace])
    circuit.append(_exceeds(n), [*addend, *register, flag, *carries])
    return circuit


def modular_product(modulus: int, *, square: bool = False) -> QuantumCircuit:
    r"""Write the product of two residues, or the square of one, into a register in 0.

    .. math:: |a\rangle |b\rangle |0\rangle \mapsto |a\rangle |b\rangle |a b \bmod M\rangle

    From the highest digit of b down: double the product, add a where the digit is 1. A double that
    was reduced is odd.

    Parameters
    ----------
    modulus
        The odd number M, of n binary digits, w of them ones; at least 5.
    square
        Whether b is a itself; it then has no register.

    Returns
    -------
    QuantumCircuit
        Registers ``first`` (n), ``second`` (n, unless a square), ``product`` (n), ``workspace``
        (``2 n + w + 2``).

    Raises
    ------
    ValueError
        If the modulus is even or less than 5.

    Notes
    -----
    *Cost*: ``3 n + (n - 1) (56 n + 14 w - 21)`` CX, with ``n + (n - 1) (14 n - 3)`` ANDs; a square
    takes ``4 n - 2`` CX and ``2 n - 1`` ANDs fewer.

    References
    ----------
    M. Roetteler, M. Naehrig, K. Svore, K. Lauter, ASIACRYPT 2017, arXiv:1706.06752, Fig. 5:
    multiplication by doubling and adding.
    """
    n = _digits(modulus)
    first, second = QuantumRegister(n, "first"), QuantumRegister(n * (not square), "second")
    product = QuantumRegister(n, "product")
    workspace = QuantumRegister(product_workspace(modulus), "workspace")
    circuit = QuantumCircuit(first, second, product, workspace, name="modular_product")
    overflow, *rest = workspace
    addend, scratch = rest[:n], rest[n:]
    digits = first if square else second
    # Doubling moves the top qubit to the bottom. The product starts in 0, so any order will do at
    # the start: the one that ends in the order of the register.
    ordered = [*product, overflow]
    ordered = ordered[n - 1 :] + ordered[: n - 1]
    _masked(circuit, first, digits[n - 1], ordered[:n])
    for digit in reversed(digits[: n - 1]):
        ordered = [ordered[-1], *ordered[:-1]]
        circuit.append(_reduction(modulus), [*ordered, *scratch])
        circuit.cx(ordered[0], scratch[0])
        _masked(circuit, first, digit, addend)
        circuit.append(_modular_adder_gate(modulus), [*addend, *ordered, *scratch])
        _masked(circuit, first, digit, addend)
    return circuit


def modular_product_cx(modulus: int, *, square: bool = False) -> int:
    """Count the CX gates of `modular_product`."""
    n, ones = _digits(modulus), modulus.bit_count()
    return 3 * n + (n - 1) * (56 * n + 14 * ones - 21) - square * (4 * n - 2)


def modular_product_ands(modulus: int, *, square: bool = False) -> int:
    """Count the ANDs of `modular_product`: Toffoli gates, written or cleared."""
    n = _digits(modulus)
    return n + (n - 1) * (14 * n - 3) - square * (2 * n - 1)


def reduction_workspace(modulus: int) -> int:
    """Count the workspace of a reduction: a flag, the digits of the modulus, carries."""
    return 1 + modulus.bit_count() + _digits(modulus)


def product_workspace(modulus: int) -> int:
    """Count the workspace of a product: a reduction's, the masked addend, an overflow."""
    return reduction_workspace(modulus) + _digits(modulus) + 1


@lru_cache(maxsize=32)
def _modular_adder_gate(modulus: int) -> Gate:
    return modular_adder(modulus).to_gate()


@lru_cache(maxsize=32)
def _reduction(modulus: int) -> Gate:
    """Flip a flag in 0 if a number of n + 1 bits is at least M, and then subtract M from it."""
    n = _digits(modulus)
    places = ones(modulus)
    number, flag = QuantumRegister(n + 1, "number"), QuantumRegister(1, "flag")
    digits, carries = QuantumRegister(len(places), "digits"), QuantumRegister(n, "carries")
    circuit = QuantumCircuit(number, flag, digits, carries, name="modular_reduction")
    circuit.append(at_least(n + 1, modulus).to_gate(), [*number, *flag, *carries[: n - 1]])
    for digit in digits:
        circuit.cx(flag[0], digit)
    circuit.append(adder(n + 1, places).inverse().to_gate(), [*digits, *number, *carries])
    for digit in digits:
        circuit.cx(flag[0], digit)
    return circuit.to_gate()


@lru_cache(maxsize=32)
def _exceeds(n: int) -> Gate:
    """Flip a flag if a > b: there is a carry out of a plus the complement of b."""
    a, b = QuantumRegister(n, "a"), QuantumRegister(n, "b")
    flag, carries = QuantumRegister(1, "flag"), QuantumRegister(n, "carries")
    chain = QuantumCircuit(a, b, flag, carries)
    chain.x(b)
    temporary_and(chain, a[0], b[0], carries[0])
    for place in range(1, n):
        carry = carries[place - 1]
        chain.cx(carry, a[place])
        chain.cx(carry, b[place])
        temporary_and(chain, a[place], b[place], carries[place])
        chain.cx(carry, carries[place])
    circuit = QuantumCircuit(a, b, flag, carries, name="exceeds")
    circuit.compose(chain, inplace=True)
    circuit.cx(carries[n - 1], flag[0])
    circuit.compose(chain.inverse(), inplace=True)
    return circuit.to_gate()


def _masked(
    circuit: QuantumCircuit, bits: Sequence[Qubit], control: Qubit, targets: Sequence[Qubit]
) -> None:
    """Write bits where a control is 1 into targets in 0, or return them to 0."""
    for bit, target in zip(bits, targets, strict=True):
        if bit == control:
            circuit.cx(control, target)
        else:
            temporary_and(circuit, control, bit, target)


def _digits(modulus: int) -> int:
    if modulus < 5 or modulus % 2 == 0:
        raise ValueError(f"modulus = {modulus}: an odd number of at least 5 is needed")
    return modulus.bit_length()
