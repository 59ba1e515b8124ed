"""Primes, generators, powers and logarithms against brute force."""

import numpy as np
import pytest

from circuits.feature_maps.discrete_log import Orbit
from circuits.feature_maps.discrete_log.residues import (
    logarithms,
    powers,
    prime_factors,
    require_generator,
    require_prime,
    smallest_generator,
)

PRIMES = [number for number in range(5, 300) if all(number % d for d in range(2, number))]


def test_exactly_the_primes_are_accepted():
    for number in range(5, 300):
        if number in PRIMES:
            assert require_prime(np.int64(number)) == number
        else:
            with pytest.raises(ValueError, match=f"prime = {number}: .* divides it"):
                require_prime(number)


@pytest.mark.parametrize("prime", [-7, 2, 3, 2**31 + 11])
def test_primes_out_of_range_are_refused(prime):
    with pytest.raises(ValueError, match="a prime from 5 to"):
        require_prime(prime)


@pytest.mark.parametrize("prime", [7.0, True, "7", None])
def test_what_is_no_integer_is_refused(prime):
    with pytest.raises(TypeError, match=r"prime = .*: an integer is needed"):
        require_prime(prime)


@pytest.mark.parametrize("prime", [5, 7, 13, 31, 251])
def test_exactly_the_elements_of_full_order_are_generators(prime):
    found = []
    for element in range(2, prime):
        orbit = {pow(element, i, prime) for i in range(prime - 1)}
        if len(orbit) == prime - 1:
            found.append(element)
            assert require_generator(element, prime) == element
        else:
            with pytest.raises(ValueError, match=f"generator = {element}: its power"):
                require_generator(element, prime)
    assert smallest_generator(prime) == found[0]


@pytest.mark.parametrize("generator", [1, 0, -2, 31, 34])
def test_generators_out_of_range_are_refused(generator):
    with pytest.raises(ValueError, match="must lie between 2 and 30"):
        require_generator(generator, 31)


def test_prime_factors_are_the_distinct_ones():
    assert prime_factors(2) == [2]
    assert prime_factors(360) == [2, 3, 5]
    assert prime_factors(2 * 1009**2) == [2, 1009]


@pytest.mark.parametrize("prime", [5, 13, 4093, 2147483647])
def test_powers_are_those_of_integers(prime):
    generator = smallest_generator(prime)
    expected = [pow(generator, i, prime) for i in range(37)]
    np.testing.assert_array_equal(powers(generator, prime, 37), expected)


def test_logarithms_invert_powers():
    table = logarithms(6, 251)
    assert table[0] == -1
    for x in range(1, 251):
        assert pow(6, int(table[x]), 251) == x


def test_an_orbit_holds_the_multiples_of_consecutive_powers():
    orbit = Orbit(13, 2, 2)
    np.testing.assert_array_equal(orbit.members(np.array([1, 5])), [[1, 2, 4, 8], [5, 10, 7, 1]])


@pytest.mark.parametrize("k", [0, 4, 5])
def test_arcs_of_other_lengths_are_refused(k):
    with pytest.raises(ValueError, match=r"k = .*: must lie between 1 and 3"):
        Orbit(13, 2, k)


@pytest.mark.parametrize("values", [[0], [13], [1.5], [np.nan], [-1], [1, 2, 40]])
def test_what_is_no_residue_is_refused(values):
    with pytest.raises(ValueError, match="whole numbers from 1 to 12 are needed"):
        Orbit(13, 2, 1).residues(values)


@pytest.mark.parametrize("values", [[[1, 2]], 3, ["4"], [1j]])
def test_what_is_no_vector_of_numbers_is_refused(values):
    with pytest.raises(ValueError, match="a vector of numbers is needed"):
        Orbit(13, 2, 1).residues(values)
