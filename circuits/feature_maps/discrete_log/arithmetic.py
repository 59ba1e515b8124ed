"""The discrete-logarithm map by modular arithmetic, in polynomially many gates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Gate, ParameterVector, Qubit

from circuits.arithmetic import adder, temporary_and
from circuits.feature_maps.discrete_log.clock import clock_size, rounding_places, start_clock
from circuits.feature_maps.discrete_log.costs import register_sizes
from circuits.feature_maps.discrete_log.modular import modular_product, product_workspace
from circuits.feature_maps.discrete_log.orbit import Orbit
from circuits.feature_maps.discrete_log.residues import ones, powers
from circuits.fourier import qft

Bits = Sequence[Qubit]


def arithmetic_circuit(orbit: Orbit, clock_qubits: int | None = None) -> QuantumCircuit:
    r"""Prepare the feature state without knowing a logarithm.

    .. math:: |0\rangle \mapsto 2^{-k/2} \sum_{i < 2^k} |x g^i \bmod p\rangle

    1. :math:`\sum_i |i\rangle |g^i\rangle`, by multiplication by :math:`g^{2^j}` where bit j of i
       is 1.
    2. i is erased. With c on the clock, the register ``character`` is multiplied by :math:`y^c`,
       where :math:`y = g^i`: products of registers give the squares of y and of its inverse, which
       is :math:`y^{p - 2}`. The character is an eigenstate of all that, so the clock picks up the
       phase :math:`2 \pi c i / (p - 1)`: a Fourier transform and rounding give i, which cancels
       the i that is there. Then all is undone.
    3. Multiplication by x. The bits of x and of its inverse modulo p are the parameters: half turns
       load them into registers. They are all that depends on the data, so one circuit serves all.

    Parameters
    ----------
    orbit
        Prime, generator and length of the arc.
    clock_qubits
        Number m of qubits of the clock, at least n. ``None`` for one that keeps the infidelity
        below 1e-2: n if ``p - 1`` is a power of two, else ``n + 2`` or ``n + 3``.

    Returns
    -------
    QuantumCircuit
        The feature state stands on qubits 0 to ``n - 1`` (register ``element``). ``character`` (n)
        must be in `character_state` and stays in it; all else starts in 0 and returns to it.
        Parameters: see `arithmetic_angles`.

    Raises
    ------
    ValueError
        If the clock is too small.

    Notes
    -----
    *Cost*: `arithmetic_costs`. With n digits of the prime about ``8 m + 2 k + 2 w`` products of
    some ``56 n**2`` CX, w the ones of ``p - 2``; ``O(n**3)`` gates and ``O(n**2)`` qubits.

    *Error*: that of rounding a phase, `erasure_infidelity`; none if ``p - 1`` is a power of two.

    *The character* is a catalyst, needed once. Phase estimation of multiplication by g on
    ``|1>``, which is the sum of all characters, leaves a random one, of number b; if b is prime to
    ``p - 1`` (a share of at least about ``1 / log log p``), the power ``z -> z**b`` turns it into
    this one. That part is not built here.

    References
    ----------
    Y. Liu, S. Arunachalam, K. Temme, Nat. Phys. 17, 1013 (2021), arXiv:2010.02174, for the state.
    P. Shor, SIAM J. Comput. 26, 1484 (1997), and M. Mosca, C. Zalka, arXiv:quant-ph/0301093, for
    logarithms. The construction (a character as catalyst, then x) is ours.
    """
    m = clock_size(orbit, clock_qubits)
    p, k = orbit.prime, orbit.k
    registers = _registers(orbit, m)
    circuit = QuantumCircuit(*registers.values(), name="discrete_log_arithmetic")
    exponent, pair, workspace = (registers[name] for name in ("exponent", "pair", "workspace"))
    # Each multiplication moves the element to the other register; k of them are left.
    held, free = [*registers["element"]], [*registers["spare"]]
    if k % 2:
        held, free = free, held
    circuit.h(exponent)
    _load(circuit, exponent[0], held, orbit.generator)
    for place in range(1, k):
        factor = pow(orbit.generator, 2**place, p)
        with _constants(circuit, exponent[place], pair, [factor, pow(factor, -1, p)]):
            _multiply(circuit, p, held, pair, free, workspace)
        held, free = free, held
    logarithm, answer = _logarithm(orbit, registers, held, free)
    circuit.compose(logarithm, inplace=True)
    for source, target in zip(answer, exponent, strict=True):
        circuit.cx(source, target)
    circuit.compose(logarithm.inverse(), inplace=True)
    # Half turns about x: the second undoes the first up to the sign of the whole state.
    bits = ParameterVector("bit", len(pair))
    for angle, qubit in zip(bits, pair, strict=True):
        circuit.rx(angle, qubit)
    _multiply(circuit, p, held, pair, free, workspace)
    for angle, qubit in zip(bits, pair, strict=True):
        circuit.rx(angle, qubit)
    return circuit


def arithmetic_angles(orbit: Orbit, x: ArrayLike) -> NDArray[np.float64]:
    """Return the values of the parameters of `arithmetic_circuit`: half turns where a bit is 1.

    Parameters
    ----------
    orbit
        Prime, generator and length of the arc.
    x
        Shape ``(N,)``, integers from 1 to ``prime - 1``.

    Returns
    -------
    NDArray[np.float64]
        Shape ``(N, 2 n)``: n bits of x, n bits of its inverse modulo the prime, which Euclid's
        algorithm finds in time polynomial in n.

    Raises
    ------
    ValueError
        If x is anything else.
    """
    residues = orbit.residues(x)
    pairs = np.array([[number, pow(number, -1, orbit.prime)] for number in residues.tolist()])
    bits = pairs.reshape(-1, 2, 1) >> np.arange(orbit.digits) & 1
    return np.where(bits, np.pi, 0.0).reshape(-1, 2 * orbit.digits)


def character_state(orbit: Orbit) -> NDArray[np.complex128]:
    r"""Return :math:`(p - 1)^{-1/2} \sum_j e^{-2 \pi i j / (p - 1)} |g^j\rangle`.

    Multiplication by y multiplies it by :math:`e^{2 \pi i \log_g y / (p - 1)}`. Shape ``(2**n,)``:
    a table, for simulation; see `arithmetic_circuit` for a way without.
    """
    state = np.zeros(2**orbit.digits, dtype=complex)
    turns = np.arange(orbit.order) / orbit.order
    members = powers(orbit.generator, orbit.prime, orbit.order)
    state[members] = np.exp(-2j * np.pi * turns) / np.sqrt(orbit.order)
    return state


def _registers(orbit: Orbit, m: int) -> dict[str, QuantumRegister]:
    return {name: QuantumRegister(size, name) for name, size in register_sizes(orbit, m).items()}


def _logarithm(
    orbit: Orbit, registers: dict[str, QuantumRegister], element: Bits, spare: Bits
) -> tuple[QuantumCircuit, Bits]:
    """Circuit that writes the logarithm of the element's residue, and the k qubits it stands on."""
    circuit = QuantumCircuit(*registers.values())
    clock, pair, workspace = (registers[name] for name in ("clock", "pair", "workspace"))
    held, free = [*registers["character"]], [*spare]
    start_clock(circuit, clock, orbit)
    powers_of_element = _powers(circuit, orbit, registers, element)
    for control, factors in zip(clock, powers_of_element, strict=True):
        with _chosen(circuit, control, factors, pair):
            _multiply(circuit, orbit.prime, held, pair, free, workspace)
        held, free = free, held
    # The transform takes the digits reversed, and leaves them so.
    ticks = clock[::-1]
    circuit.compose(qft(len(clock), swaps=False, inverse=True), ticks, inplace=True)
    return circuit, _round(circuit, orbit, ticks, workspace)


def _powers(
    circuit: QuantumCircuit, orbit: Orbit, registers: dict[str, QuantumRegister], element: Bits
) -> list[Bits]:
    """Write the powers 1, 2, 4, ... of the element y, and of its inverse y**(p - 2), as pairs."""
    n, p, workspace = orbit.digits, orbit.prime, registers["workspace"]
    squares = [element, *_split(registers["squares"], n)]
    inverses, chain = _split(registers["inverses"], n), _split(registers["chain"], n)
    _square_repeatedly(circuit, p, squares, workspace)
    first, *others = (squares[place] for place in ones(p - 2))
    for factor, target in zip(others, [*chain, inverses[0]], strict=True):
        circuit.append(_product(p), [*first, *factor, *target, *_scratch(workspace, p)])
        first = target
    _square_repeatedly(circuit, p, inverses, workspace)
    return [[*square, *inverse] for square, inverse in zip(squares, inverses, strict=True)]


def _square_repeatedly(
    circuit: QuantumCircuit, prime: int, registers: Sequence[Bits], workspace: Bits
) -> None:
    for source, target in pairwise(registers):
        circuit.append(
            _product(prime, square=True), [*source, *target, *_scratch(workspace, prime)]
        )


def _multiply(
    circuit: QuantumCircuit, prime: int, held: Bits, pair: Bits, free: Bits, workspace: Bits
) -> None:
    """Move a residue from ``held`` to ``free``, times the factor whose inverse is its pair."""
    factor, inverse = _split(pair, len(held))
    scratch = _scratch(workspace, prime)
    circuit.append(_product(prime), [*held, *factor, *free, *scratch])
    circuit.append(_cleared_product(prime), [*free, *inverse, *held, *scratch])


def _round(circuit: QuantumCircuit, orbit: Orbit, ticks: Bits, workspace: Bits) -> Bits:
    """Write ``c (p - 1) / 2**m``, rounded down, modulo ``2**k``; return the qubits it stands on."""
    m, size = len(ticks), len(ticks) + orbit.k
    scaled, rest = workspace[:size], workspace[size:]
    # Only high bits of the clock can be without digits.
    for tick, places in zip(ticks, rounding_places(orbit, m), strict=False):
        digits, carries = rest[: len(places)], rest[len(places) :]
        for digit in digits:
            circuit.cx(tick, digit)
        addition = adder(size, places)
        circuit.append(addition.to_gate(), [*digits, *scaled, *carries[: size - places[0] - 1]])
        for digit in digits:
            circuit.cx(tick, digit)
    return scaled[m:]


def _load(circuit: QuantumCircuit, control: Qubit, register: Bits, number: int) -> None:
    """Write into a register in 0 the number where the control is 1, else 1; its own inverse."""
    circuit.x(register[0])
    for place in ones(number ^ 1):
        circuit.cx(control, register[place])


@contextmanager
def _constants(
    circuit: QuantumCircuit, control: Qubit, registers: Bits, numbers: Sequence[int]
) -> Iterator[None]:
    """Have registers hold numbers where the control is 1, else 1."""
    targets = _split(registers, len(registers) // len(numbers))
    for target, number in zip(targets, numbers, strict=True):
        _load(circuit, control, target, number)
    yield
    for target, number in zip(targets, numbers, strict=True):
        _load(circuit, control, target, number)


@contextmanager
def _chosen(
    circuit: QuantumCircuit, control: Qubit, factors: Bits, targets: Bits
) -> Iterator[None]:
    """Have a pair of registers hold the two factors where the control is 1, else 1 and 1."""
    lowest = [0, len(factors) // 2]
    choice = QuantumCircuit(circuit.qubits)
    for place in lowest:
        choice.x(factors[place])
    for factor, target in zip(factors, targets, strict=True):
        temporary_and(choice, control, factor, target)
    for place in lowest:
        choice.x(factors[place])
        choice.x(targets[place])
    circuit.compose(choice, inplace=True)
    yield
    circuit.compose(choice.inverse(), inplace=True)


@lru_cache(maxsize=32)
def _product(prime: int, *, square: bool = False) -> Gate:
    return modular_product(prime, square=square).to_gate()


@lru_cache(maxsize=32)
def _cleared_product(prime: int) -> Gate:
    return _product(prime).inverse()


def _scratch(workspace: Bits, prime: int) -> Bits:
    return workspace[: product_workspace(prime)]


def _split(qubits: Bits, size: int) -> list[Bits]:
    return [qubits[start : start + size] for start in range(0, len(qubits), size)]
