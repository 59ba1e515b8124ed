"""Degrees and scales of inversion polynomials in closed form, held against those built."""

import math
import time

import numpy as np
import pytest

from circuits.costs.inversion import (
    definite_inversion_degree,
    definite_inversion_scale,
    kernel_reflection_degree,
    odd_inversion_degree,
    odd_inversion_scale,
)
from circuits.inversion import (
    definite_inversion,
    kernel_filter,
    kernel_reflection,
    odd_inversion,
)

EPSILONS = [0.3, 1e-2, 1e-3, 1e-6]


@pytest.mark.parametrize("epsilon", EPSILONS)
@pytest.mark.parametrize("kappa", [1, 1.05, 10, 400])
def test_odd_polynomials_have_the_degree_and_scale_that_are_picked(kappa, epsilon):
    built = odd_inversion(kappa, epsilon)
    assert odd_inversion_degree(kappa, epsilon) == built.degree
    assert 0.994 < odd_inversion_scale(kappa, epsilon) / built.scale < 1 + 1e-6


@pytest.mark.parametrize("epsilon", EPSILONS)
@pytest.mark.parametrize("kappa", [1.05, 10, 1e5])
@pytest.mark.parametrize("contrast", [None, 0.99, 1.0])
def test_definite_polynomials_have_the_degree_and_scale_that_are_picked(kappa, epsilon, contrast):
    product = (kappa - 1) / (kappa + 1)
    a = product if contrast is None else max(product, contrast)
    built = definite_inversion(a, product / a, epsilon)
    assert definite_inversion_degree(kappa, epsilon) == built.degree
    scale = definite_inversion_scale(kappa, epsilon, None if contrast is None else 1 - a)
    assert 0.994 < scale / built.scale < 1 + 1e-6


@pytest.mark.parametrize("epsilon", EPSILONS)
@pytest.mark.parametrize("gap", [0.9, 0.3, 0.01])
def test_filters_and_reflections_have_the_degree_that_is_picked(gap, epsilon):
    degree = kernel_reflection_degree(gap, epsilon)
    assert kernel_filter(gap, epsilon).degree == degree
    assert kernel_reflection(gap, epsilon).degree == degree


def test_degrees_agree_wherever_a_polynomial_can_be_built():
    rng = np.random.default_rng(0)
    for orders, digits in rng.uniform([0, -6], [2, 0], (30, 2)):
        kappa, epsilon = 10**orders, 10**digits
        assert odd_inversion_degree(kappa, epsilon) == odd_inversion(kappa, epsilon).degree


@pytest.mark.parametrize("kappa", [1e8, 1e15, 1e30])
def test_any_condition_number_follows_the_law_at_once(kappa):
    start = time.process_time()
    epsilon, growth = 1e-2, math.acosh(1e2)
    assert odd_inversion_degree(kappa, epsilon) == pytest.approx(kappa * growth, rel=1e-7)
    half = math.sqrt(kappa) * growth / 2
    assert definite_inversion_degree(kappa, epsilon) == pytest.approx(half, rel=1e-3)
    assert kappa * odd_inversion_scale(kappa, epsilon) == pytest.approx(0.8928138, rel=1e-6)
    assert kappa * definite_inversion_scale(kappa, epsilon, 0) == pytest.approx(1.50245, rel=1e-3)
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (odd_inversion_degree, (0.9, 0.1), "kappa"),
        (odd_inversion_scale, (math.inf, 0.1), "kappa"),
        (definite_inversion_degree, (2.0, 1.0), "epsilon"),
        (definite_inversion_scale, (2.0, 0.1, 1.0), "outside"),
        (kernel_reflection_degree, (1.0, 0.1), "gap"),
    ],
)
def test_bad_arguments_are_named(function, arguments, name):
    with pytest.raises(ValueError, match=f"{name} = "):
        function(*arguments)
