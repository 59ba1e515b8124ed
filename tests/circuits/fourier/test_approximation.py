"""Bounds on the error of leaving rotations out, against the matrices themselves."""

import numpy as np
import pytest
from fourier_checks import bit_reversal, fourier_matrix, unitary
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.fourier.all_to_all import direct_qft
from circuits.fourier.approximation import (
    full_windows,
    kept_windows,
    operator_norm_bound,
    process_infidelity,
)


@st.composite
def any_windows(draw):
    n = draw(st.integers(2, 7))
    return tuple(draw(st.integers(0, t)) for t in range(n))


def measured(windows):
    """Process infidelity, phase of the trace and operator-norm distance to the transform."""
    n = len(windows)
    made, exact = bit_reversal(n) @ unitary(direct_qft(windows)), fourier_matrix(n)
    trace = np.vdot(exact, made) / 2**n
    return 1 - abs(trace) ** 2, np.angle(trace), np.linalg.norm(made - exact, 2)


@given(any_windows())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_bounds_hold_and_no_global_phase_is_left_for_any_windows(windows):
    infidelity, phase, distance = measured(windows)
    assert infidelity <= process_infidelity(windows) + 1e-12
    assert abs(phase) < 1e-10
    assert distance <= operator_norm_bound(windows) + 1e-10


@pytest.mark.parametrize("epsilon", [1e-1, 1e-2, 1e-3, 1e-4])
@pytest.mark.parametrize("n", [5, 7, 9])
def test_bound_on_the_infidelity_is_tight(n, epsilon):
    windows = kept_windows(n, epsilon)
    infidelity, _, distance = measured(windows)
    assert process_infidelity(windows) <= infidelity * (1 + epsilon)
    assert operator_norm_bound(windows) <= 1.6 * distance


def test_the_trace_is_the_mean_of_products_of_cosines():
    """The formula that the bound starts from, on all signs."""
    windows = (0, 1, 0, 2, 1, 2)
    n = len(windows)
    signs = 1 - 2 * (np.arange(2**n)[:, None] >> np.arange(n) & 1)
    products = np.ones(2**n)
    for t in range(n):
        left_out = range(windows[t] + 1, t + 1)
        products *= np.cos(sum(np.pi / 2 ** (d + 2) * signs[:, t - d] for d in left_out))
    infidelity, _, _ = measured(windows)
    assert 1 - products.mean() ** 2 == pytest.approx(infidelity, rel=1e-10)


@given(st.integers(1, 70), st.floats(0, 0.9))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_what_is_kept_stays_within_epsilon_and_one_rotation_less_does_not(n, epsilon):
    windows = kept_windows(n, epsilon)
    assert process_infidelity(windows) <= epsilon
    largest = max(windows)
    if largest:
        t = windows.index(largest)
        fewer = (*windows[:t], largest - 1, *windows[t + 1 :])
        assert process_infidelity(fewer) > epsilon


def test_no_error_keeps_everything():
    assert kept_windows(9, 0.0) == full_windows(9) == tuple(range(9))
    assert process_infidelity(full_windows(9)) == operator_norm_bound(full_windows(9)) == 0


@pytest.mark.parametrize(
    ("n", "epsilon", "kept"), [(8, 1e-2, 19), (16, 1e-6, 105), (32, 1e-6, 286), (64, 1e-2, 316)]
)
def test_rotations_that_are_kept(n, epsilon, kept):
    assert sum(kept_windows(n, epsilon)) == kept


def test_the_usual_bound_is_four_times_ours():
    """Whole controlled phases of distance d left out cost pi / 2**d each."""
    windows = tuple(min(t, 6) for t in range(20))
    usual = sum((20 - d) * np.pi / 2**d for d in range(7, 20))
    assert operator_norm_bound(windows) == pytest.approx(usual / 4, rel=1e-4)
