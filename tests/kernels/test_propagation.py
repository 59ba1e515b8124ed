"""Errors of measured vectors, carried over to kernels of them."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import linear_kernel, rbf_kernel

from qml_algos.kernels.propagation import standard_errors

RNG = np.random.default_rng(0)
FIRST, SECOND = RNG.normal(size=(4, 3)), RNG.normal(size=(5, 3))
FIRST_ERRORS, SECOND_ERRORS = RNG.uniform(0.01, 0.02, (4, 3)), RNG.uniform(0.01, 0.02, (5, 3))


def test_errors_of_scalar_products_follow_the_product_rule() -> None:
    found = standard_errors(linear_kernel, FIRST, FIRST_ERRORS, SECOND, SECOND_ERRORS)
    expected = FIRST_ERRORS**2 @ (SECOND**2).T + FIRST**2 @ (SECOND_ERRORS**2).T
    np.testing.assert_allclose(found, np.sqrt(expected), rtol=1e-8)


def test_a_vector_that_meets_itself_counts_twice() -> None:
    found = standard_errors(linear_kernel, FIRST, FIRST_ERRORS)
    squares = np.sqrt(np.sum((2 * FIRST * FIRST_ERRORS) ** 2, axis=1))
    np.testing.assert_allclose(np.diag(found), squares, rtol=1e-8)
    apart = standard_errors(linear_kernel, FIRST, FIRST_ERRORS, FIRST.copy(), FIRST_ERRORS)
    off = ~np.eye(4, dtype=bool)
    np.testing.assert_allclose(found[off], apart[off], rtol=1e-8)


def test_errors_are_the_spread_of_repeated_measurements() -> None:
    """1,000 repetitions: the spread is known to 2.2 %, and compared within 10 %."""
    draws = RNG.normal(FIRST, FIRST_ERRORS, (1000, 4, 3))
    distances = np.sum((draws[:, :, None] - draws[:, None]) ** 2, axis=-1)
    spread = np.std(np.exp(-0.3 * distances), axis=0)
    found = standard_errors(lambda v, w: rbf_kernel(v, w, gamma=0.3), FIRST, FIRST_ERRORS)
    off = ~np.eye(4, dtype=bool)
    np.testing.assert_allclose(found[off], spread[off], rtol=0.1)
    assert np.diag(found) == pytest.approx(0, abs=1e-9)
