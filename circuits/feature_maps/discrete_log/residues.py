"""The multiplicative group modulo a prime: generators, powers and logarithms by table."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_LARGEST = 2**31
"""Products of two residues below it fit into 64 bits."""


def require_prime(prime: int) -> int:
    """Return a prime from 5 to below 2**31 (p - 1 of 3 leaves no choice of an arc).

    Raises
    ------
    TypeError
        If it is no integer.
    ValueError
        If it is out of range or not prime.
    """
    number = require_integer("prime", prime)
    if not 5 <= number < _LARGEST:
        raise ValueError(f"prime = {number}: a prime from 5 to 2**31 is needed")
    smallest = prime_factors(number)[0]
    if smallest != number:
        raise ValueError(f"prime = {number}: {smallest} divides it; a prime is needed")
    return number


def require_generator(generator: int, prime: int) -> int:
    """Return a generator of the multiplicative group: an element of order ``prime - 1``.

    Raises
    ------
    TypeError
        If it is no integer.
    ValueError
        If it is not in 2, ..., prime - 1, or its order is a proper divisor of ``prime - 1``.
    """
    number = require_integer("generator", generator)
    if not 1 < number < prime:
        raise ValueError(f"generator = {number}: must lie between 2 and {prime - 1}")
    for factor in prime_factors(prime - 1):
        if pow(number, (prime - 1) // factor, prime) == 1:
            raise ValueError(
                f"generator = {number}: its power {(prime - 1) // factor} is 1 modulo {prime}, and "
                f"a generator's first such power is {prime - 1}; {smallest_generator(prime)} is one"
            )
    return number


def smallest_generator(prime: int) -> int:
    """Return the least generator of the multiplicative group modulo a prime."""
    exponents = [(prime - 1) // factor for factor in prime_factors(prime - 1)]
    return next(g for g in range(2, prime) if all(pow(g, e, prime) != 1 for e in exponents))


def prime_factors(number: int) -> list[int]:
    """Return the distinct prime factors of a number of at least 2, increasing.

    By trial division: ``sqrt(number)`` steps.
    """
    factors, rest = [], number
    for divisor in range(2, math.isqrt(number) + 1):
        if divisor * divisor > rest:
            break
        if rest % divisor == 0:
            factors.append(divisor)
        while rest % divisor == 0:
            rest //= divisor
    return factors + [rest] * (rest > 1)


def powers(generator: int, prime: int, count: int) -> NDArray[np.int64]:
    """Return ``generator**i`` modulo the prime for i below ``count``, by doubling the list."""
    table = np.ones(1, dtype=np.int64)
    while table.size < count:
        step = pow(generator, table.size, prime)
        table = np.concatenate([table, table * step % prime])
    return table[:count]


def logarithms(generator: int, prime: int) -> NDArray[np.int64]:
    """Return the table of logarithms, shape ``(prime,)``; entry 0 is -1. Exponential in the digits.

    Solving the problem by this table is what no classical computer can do for large primes.
    """
    table = np.full(prime, -1, dtype=np.int64)
    table[powers(generator, prime, prime - 1)] = np.arange(prime - 1)
    return table


def ones(number: int) -> list[int]:
    """Return the places of the binary digits that are 1, increasing."""
    return [place for place in range(number.bit_length()) if number >> place & 1]


def require_integer(name: str, given: int) -> int:
    """Return an integer, or raise a TypeError that names the argument."""
    if isinstance(given, bool) or not isinstance(given, int | np.integer):
        raise TypeError(f"{name} = {given!r}: an integer is needed")
    return int(given)
