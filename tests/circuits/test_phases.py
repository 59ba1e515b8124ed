"""Phases of quantum signal processing against the polynomial they stand for."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.inversion import odd_inversion
from circuits.phases import response, signal_processing_phases


def polynomial_values(coefficients, x):
    return np.polynomial.chebyshev.chebval(x, coefficients)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(degree=st.integers(0, 40), seed=st.integers(0, 2**31), largest=st.floats(0.01, 0.999))
def test_real_part_is_the_polynomial(degree, seed, largest):
    coefficients = np.zeros(degree + 1)
    coefficients[degree % 2 :: 2] = np.random.default_rng(seed).normal(size=degree // 2 + 1)
    x = np.cos(np.linspace(0, np.pi, 1000))
    coefficients *= largest / (1.01 * np.max(np.abs(polynomial_values(coefficients, x))))
    phases = signal_processing_phases(coefficients)
    np.testing.assert_allclose(
        response(phases, x).real, polynomial_values(coefficients, x), atol=1e-11
    )
    np.testing.assert_allclose(phases, phases[::-1], atol=1e-11)


def test_response_of_known_phases_is_a_chebyshev_polynomial():
    x = np.linspace(-1, 1, 50)
    np.testing.assert_allclose(response(np.zeros(6), x), np.cos(5 * np.arccos(x)), atol=1e-14)


def test_degree_1000_takes_seconds_and_is_exact_to_1e10():
    polynomial = odd_inversion(190, 1e-2)
    assert polynomial.degree > 1000
    start = time.perf_counter()
    phases = signal_processing_phases(polynomial.coefficients)
    assert time.perf_counter() - start < 10
    x = np.cos(np.linspace(0, np.pi, 4001))
    assert np.max(np.abs(response(phases, x).real - polynomial(x))) < 1e-10


@pytest.mark.parametrize(
    ("coefficients", "message"),
    [
        ([0.1, 0.2], "both odd and even"),
        ([0.0, 1.2], "reaches 1.2"),
        ([0.0, np.nan], "finite numbers"),
        ([], "finite numbers"),
        ([[0.1]], "a vector"),
        ([0.0, 1 - 1e-15], "too close to 1"),
    ],
)
def test_what_no_phases_exist_for_is_refused(coefficients, message):
    with pytest.raises(ValueError, match=message):
        signal_processing_phases(coefficients)
