"""Inversion polynomials: the deviation they promise, their degree, and how large they get."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from circuits.inversion import definite_inversion, kernel_filter, kernel_reflection, odd_inversion

KAPPAS = st.floats(1, 300)
EPSILONS = st.floats(1e-6, 0.5)


def chebyshev_points(degree):
    return np.cos(np.linspace(0, np.pi, 50 * (degree + 2)))


@settings(deadline=None, derandomize=True, max_examples=40)
@given(kappa=KAPPAS, epsilon=EPSILONS)
def test_odd_inversion_keeps_its_deviation_and_stays_below_one(kappa, epsilon):
    polynomial = odd_inversion(kappa, epsilon)
    x = np.geomspace(1 / kappa, 1, 2000)
    assert polynomial.deviation <= epsilon
    deviation = np.abs(x * polynomial(x) / polynomial.scale - 1)
    assert np.max(deviation) <= polynomial.deviation + 1e-9
    assert np.max(np.abs(polynomial(chebyshev_points(polynomial.degree)))) < 1
    np.testing.assert_allclose(polynomial(-x), -polynomial(x))


@settings(deadline=None, derandomize=True, max_examples=40)
@given(contrast=st.floats(0.05, 0.999), radius=st.floats(0.1, 1), epsilon=EPSILONS)
def test_definite_inversion_keeps_its_deviation_and_stays_below_one(contrast, radius, epsilon):
    polynomial = definite_inversion(contrast, radius, epsilon)
    x = np.linspace(-radius, radius, 2001)
    inverse = (1 + contrast * x) * polynomial(x)
    deviation = np.abs((1 - contrast * x) * inverse / polynomial.scale - 1)
    assert np.max(deviation) <= polynomial.deviation + 1e-9 <= epsilon + 1e-9
    assert np.max(np.abs(polynomial(chebyshev_points(polynomial.degree)))) < 1


@settings(deadline=None, derandomize=True, max_examples=40)
@given(gap=st.floats(0.01, 0.99), epsilon=EPSILONS)
def test_kernel_filter_and_reflection_are_what_they_say(gap, epsilon):
    x = np.linspace(gap, 1, 2001)
    filtered, reflected = kernel_filter(gap, epsilon), kernel_reflection(gap, epsilon)
    assert filtered.deviation <= epsilon
    assert filtered(0.0) / filtered.scale == pytest.approx(1)
    assert np.max(np.abs(filtered(x))) / filtered.scale <= filtered.deviation + 1e-9
    assert reflected(0.0) / reflected.scale == pytest.approx(1)
    assert np.max(np.abs(reflected(x) / reflected.scale + 1)) <= 2 * filtered.deviation + 1e-9
    for polynomial in (filtered, reflected):
        assert np.max(np.abs(polynomial(chebyshev_points(polynomial.degree)))) < 1


@pytest.mark.parametrize(("kappa", "degree"), [(3.6, 19), (10, 53), (50, 265)])
def test_degrees_are_those_a_linear_programme_found(kappa, degree):
    polynomial = odd_inversion(kappa, 1e-2)
    assert polynomial.degree == degree
    assert 1 / (kappa * polynomial.scale) <= 1.15


@pytest.mark.parametrize("kappa", [2.0, 5.0])
def test_no_odd_polynomial_of_lower_degree_does(kappa):
    polynomial = odd_inversion(kappa, 1e-2)
    x = np.cos(np.linspace(0, np.arccos(1 / kappa), 400))
    odd = np.cos(np.outer(np.arccos(x), np.arange(1, polynomial.degree - 1, 2))) * x[:, None]
    ones = np.ones((x.size, 1))
    best = linprog(
        np.append(np.zeros(odd.shape[1]), 1),
        A_ub=np.block([[odd, -ones], [-odd, -ones]]),
        b_ub=np.concatenate([np.ones(x.size), -np.ones(x.size)]),
        bounds=[(None, None)] * odd.shape[1] + [(0, None)],
    )
    assert best.fun > 1e-2


def test_definite_degree_grows_like_the_square_root_of_kappa():
    degrees = []
    for kappa in (100, 10_000):
        contrast = (kappa - 1) / (kappa + 1)
        degrees.append(definite_inversion(contrast, 1.0, 1e-3).degree)
    assert 8 < degrees[1] / degrees[0] < 12
    assert degrees[0] < 10 * np.log(2 / 1e-3) / 2 * 1.1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: odd_inversion(0.5, 0.1), "kappa = 0.5"),
        (lambda: odd_inversion(np.inf, 0.1), "kappa = inf"),
        (lambda: odd_inversion(2, 0), "epsilon = 0"),
        (lambda: odd_inversion(2, 1), "epsilon = 1"),
        (lambda: definite_inversion(1.2, 1.0, 0.1), "contrast = 1.2"),
        (lambda: definite_inversion(0.5, 1.5, 0.1), "radius = 1.5"),
        (lambda: kernel_filter(0.0, 0.1), "gap = 0"),
        (lambda: kernel_filter(1.0, 0.1), "gap = 1"),
    ],
)
def test_arguments_out_of_range_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
