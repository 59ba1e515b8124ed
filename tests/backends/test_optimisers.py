"""Optimisers for gradients that carry noise."""

import numpy as np
import pytest

from qml_algos.backends.optimisers import adam


def test_the_first_step_is_the_learning_rate_along_the_signs() -> None:
    [moved] = adam(lambda point: np.array([3.0, -0.2]), [1.0, 1.0], 0.1, 1)
    np.testing.assert_allclose(moved, [0.9, 1.1], atol=1e-6)


def test_a_noisy_parabola_is_descended_to_within_half_the_noise_of_a_gradient() -> None:
    generator = np.random.default_rng(0)
    minimum = np.array([1.0, -2.0, 0.5])

    def gradient(point: np.ndarray) -> np.ndarray:
        return point - minimum + generator.normal(size=3)

    points = list(adam(gradient, np.zeros(3), 0.1, 400))
    assert len(points) == 400
    np.testing.assert_allclose(points[-1], minimum, atol=0.5)


def test_points_stay_where_they_are_allowed() -> None:
    points = list(adam(lambda point: point - 5.0, [0.0], 0.5, 30, lambda p: np.clip(p, -1, 1)))
    assert max(point[0] for point in points) == pytest.approx(1.0)


def test_the_beginning_is_left_as_it_is() -> None:
    start = np.array([1.0])
    list(adam(lambda point: point, start, 0.1, 3))
    assert start == 1.0
