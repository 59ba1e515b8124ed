"""Kernel-target alignment."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.target_alignment import kernel_target_alignment


def gram(seed: int, samples: int = 7) -> np.ndarray:
    features = np.random.default_rng(seed).normal(size=(samples, 3))
    return features @ features.T


def labels(seed: int, samples: int = 7) -> np.ndarray:
    y = np.random.default_rng(seed + 1).integers(0, 2, size=samples)
    y[:2] = 0, 1
    return y


def test_values_that_can_be_computed_by_hand() -> None:
    y = np.array([1, 1, -1, -1, 1])
    assert kernel_target_alignment(np.outer(y, y), y) == pytest.approx(1)
    # <1, y y^T> = N, and the norms are sqrt(N) and N.
    assert kernel_target_alignment(np.eye(5), y, centred=False) == pytest.approx(5**-0.5)
    # The centred identity is a projector of rank N - 1.
    assert kernel_target_alignment(np.eye(5), y) == pytest.approx(0.5)


def test_three_classes_are_corners_of_a_simplex() -> None:
    y = np.array(["a", "b", "c", "a"])
    corners = np.array([[1, 0], [-0.5, 0.75**0.5], [-0.5, -(0.75**0.5)], [1, 0]])
    assert kernel_target_alignment(corners @ corners.T, y) == pytest.approx(1)


@settings(max_examples=15, derandomize=True)
@given(st.integers(0, 1000), st.floats(-5, 5), st.floats(0.1, 10))
def test_centring_forgets_the_origin_and_alignment_the_scale(
    seed: int, shift: float, scale: float
) -> None:
    y = labels(seed)
    features = np.random.default_rng(seed).normal(size=(7, 3))
    moved = scale * (features + shift)
    there = kernel_target_alignment(moved @ moved.T, y)
    assert there == pytest.approx(kernel_target_alignment(features @ features.T, y), abs=1e-9)
    assert 0 <= there <= 1


def test_names_of_classes_do_not_matter_and_regression_takes_values() -> None:
    K, y = gram(0), labels(0)
    assert kernel_target_alignment(K, y) == pytest.approx(kernel_target_alignment(K, 1 - y))
    values = np.linspace(0.1, 0.9, 7)
    assert kernel_target_alignment(np.outer(values, values), values) == pytest.approx(1)


@pytest.mark.parametrize(
    ("K", "y", "message"),
    [
        (np.ones((2, 3)), [0, 1], "square"),
        (np.array([[1, 2], [0, 1]]), [0, 1], "not symmetric"),
        (np.full((2, 2), np.nan), [0, 1], "NaN"),
        (np.eye(2) * 1j, [0, 1], "complex"),
        (np.eye(2), [0, 1, 1], "y has shape"),
        (np.eye(2), [0.5, np.inf], "y contains NaN"),
        (np.ones((2, 2)), [0, 1], "K is constant"),
        (np.eye(2), [1, 1], "y is constant"),
    ],
)
def test_bad_input_is_named(K: np.ndarray, y: list, message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        kernel_target_alignment(K, y)
