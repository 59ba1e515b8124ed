"""Costs of the discrete-logarithm map by modular arithmetic."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.arithmetic import AND, adder_cost, at_least_cost
from circuits.costs.counts import GateCounts
from circuits.costs.fourier import qft_cost
from circuits.costs.gates import CX, ROTATION, layer
from circuits.feature_maps.discrete_log.clock import clock_size
from circuits.feature_maps.discrete_log.modular import product_workspace, reduction_workspace
from circuits.feature_maps.discrete_log.orbit import Orbit
from circuits.feature_maps.discrete_log.residues import ones


def arithmetic_circuit_cost(orbit: Orbit, clock_qubits: int | None = None) -> GateCounts:
    """Count `circuits.feature_maps.discrete_log.arithmetic_circuit`.

    Parameters
    ----------
    orbit
        Prime, generator and length of the arc.
    clock_qubits
        As for the circuit.

    Returns
    -------
    GateCounts
        As many CX as `circuits.feature_maps.discrete_log.arithmetic_costs`, if each Toffoli gate is
        six; a reduction modulo the prime has one, all other ANDs are CX and T gates. Depths are
        those of one modular product after another.

    Raises
    ------
    ValueError
        If the clock is too small.
    """
    prime, generator = orbit.prime, orbit.generator
    loaded = (generator ^ 1).bit_count()
    for place in range(1, orbit.k):
        factor = pow(generator, 2**place, prime)
        loaded += 2 * ((factor ^ 1).bit_count() + (pow(factor, -1, prime) ^ 1).bit_count())
    clock = clock_size(orbit, clock_qubits)
    return _arithmetic(prime, orbit.k, clock, loaded)


def arithmetic_circuit_bound(prime: int, k: int, clock_qubits: int | None = None) -> GateCounts:
    """Bound `arithmetic_circuit_cost` for any generator, and for primes of any size.

    Parameters
    ----------
    prime
        The prime p, at least 5. It is not tested: any odd number tells what a prime next to it
        with as many ones in p, p - 1 and p - 2 takes.
    k
        Binary logarithm of the number of powers, at least 1 and less than the number n of binary
        digits of p.
    clock_qubits
        Number of qubits of the clock, at least n; None for ``n + 3``.

    Returns
    -------
    GateCounts
        Exact but for the powers of the generator and their inverses, all n bits of which are taken
        for ones: at most ``(4 k - 3) n`` CX too many.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    n = _digits(prime)
    m = n + 3 if clock_qubits is None else clock_qubits
    if not 1 <= k < n:
        raise ValueError(f"k = {k}: must lie between 1 and {n - 1}")
    if m < n:
        raise ValueError(f"clock_qubits = {m}: at least the {n} digits of the prime are needed")
    return _arithmetic(prime, k, m, (4 * k - 3) * n)


def _arithmetic(prime: int, k: int, m: int, loaded: int) -> GateCounts:
    """Count the circuit with a clock of m qubits and so many CX that load powers."""
    product = modular_product_cost(prime)
    ands = CX * (loaded + k) + product * (2 * k) + 2 * _logarithm(prime, k, m)
    # Half turns load the data and its inverse, before and after a multiplication.
    data = 2 * layer(ROTATION, 2 * prime.bit_length())
    return replace(ands + data + 2 * _transforms(prime, m), qubits=_qubits(prime, k, m))


def _qubits(prime: int, k: int, m: int) -> int:
    """Count the qubits of all registers, as `circuits.feature_maps.discrete_log.costs` does."""
    n, chained = prime.bit_length(), (prime - 2).bit_count() - 2
    carries = max(len(places) + m + k - places[0] - 1 for places in _rounding(prime, k, m))
    residues = n * (5 + 2 * m - 1 + chained)
    return residues + k + m + max(product_workspace(prime), m + k + carries)


def modular_product_cost(modulus: int, *, square: bool = False) -> GateCounts:
    """Count `circuits.feature_maps.discrete_log.modular.modular_product`.

    Parameters
    ----------
    modulus
        The odd number M, of n binary digits; at least 5. How many digits are 1 decides as well.
    square
        Whether both factors are the same register.

    Returns
    -------
    GateCounts
        ``n - 1`` reductions, as many of `modular_adder_cost`, and ``(2 n - 1) n`` ANDs.

    Raises
    ------
    ValueError
        If the modulus is even or less than 5.
    """
    n = _digits(modulus)
    masked = AND * (n - int(square)) + CX * int(square)
    step = _reduction(modulus) + CX + 2 * masked + modular_adder_cost(modulus)
    qubits = (2 if square else 3) * n + product_workspace(modulus)
    return replace(masked + step * (n - 1), qubits=qubits)


def modular_adder_cost(modulus: int) -> GateCounts:
    """Count `circuits.feature_maps.discrete_log.modular.modular_adder`.

    Parameters
    ----------
    modulus
        As for `modular_product_cost`.

    Returns
    -------
    GateCounts
        An addition, a reduction, and a comparison by ``2 n`` ANDs.

    Raises
    ------
    ValueError
        If the modulus is even or less than 5.
    """
    n = _digits(modulus)
    comparison = AND * (2 * n) + CX * (6 * (n - 1) + 1)
    cost = adder_cost(n, range(n), carry_out=True) + _reduction(modulus) + comparison
    return replace(cost, qubits=2 * n + 1 + reduction_workspace(modulus))


def _reduction(modulus: int) -> GateCounts:
    """Count the subtraction of the modulus where a number is at least that."""
    size, places = modulus.bit_length() + 1, ones(modulus)
    return at_least_cost(size, modulus) + CX * (2 * len(places)) + adder_cost(size, places)


def _logarithm(prime: int, k: int, m: int) -> GateCounts:
    """Count what writes the logarithm of the element with a clock of m qubits, transforms aside."""
    n, chained = prime.bit_length(), (prime - 2).bit_count() - 1
    square, product = modular_product_cost(prime, square=True), modular_product_cost(prime)
    cost = square * (2 * (m - 1)) + product * (chained + 2 * m)
    # Powers of the element where a digit of the clock is 1: written and cleared.
    cost += AND * (4 * n * m)
    for places in _rounding(prime, k, m):
        cost += adder_cost(m + k, places) + CX * (2 * len(places))
    return cost


def _transforms(prime: int, m: int) -> GateCounts:
    """Count the start of the clock and the transform that it is read by."""
    transform = qft_cost(m, swaps=False)
    # Logarithms are whole numbers of steps of the clock if their number is a power of two.
    if (prime - 1).bit_count() == 1:
        return transform
    return CX * (m - 1) + 2 * transform + layer(ROTATION, m)


def _rounding(prime: int, k: int, m: int) -> list[list[int]]:
    """Digits of the numbers that are added up to round, for each bit of the clock with any."""
    digits = (ones(((prime - 1) << j) % 2 ** (m + k)) for j in range(m))
    return [places for places in digits if places]


def _digits(modulus: int) -> int:
    if modulus < 5 or modulus % 2 == 0:
        raise ValueError(f"modulus = {modulus}: an odd number of at least 5 is needed")
    return modulus.bit_length()
