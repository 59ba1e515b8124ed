"""Linear systems over the loopback service: the error beside the noiseless one."""

import numpy as np
import pytest

from qml_algos.linear_systems import HHL, LinearSystem, solve
from qml_algos.linear_systems.hhl import estimate_spectrum
from qml_algos.linear_systems.structures import Toeplitz

EPSILON = 0.1


@pytest.fixture(scope="module")
def device_classes() -> tuple[str, ...]:
    return ("FakeBoston",)


def tridiagonal(size: int) -> LinearSystem:
    vector = np.random.default_rng(size).normal(size=size)
    return LinearSystem(Toeplitz(size, {0: 1.0, 1: -1 / 3, -1: -1 / 3}), vector)


@pytest.mark.parametrize("size", [2, 4, 8])
def test_small_systems_are_solved_over_the_service(world, size: int) -> None:
    """The service simulates without gate noise: 20,000 shots leave 0.01 or less at size 8."""
    problem = tridiagonal(size)
    reference = np.linalg.solve(problem.dense(), problem.b)
    noiseless = solve(problem, HHL(EPSILON), reference=reference)
    device = solve(problem, HHL(EPSILON), world.open(), shots=20_000, reference=reference)
    assert noiseless.error <= EPSILON
    assert abs(device.error - noiseless.error) <= 0.05
    assert world.posts == 1


def test_spectrum_is_estimated_with_feed_forward_over_the_service(world) -> None:
    problem = LinearSystem(np.diag([3.6, 7.2]), [1.0, 1.0])
    found = estimate_spectrum(problem, world.open(), 3, 1000, evolution="diagonalised")
    assert found.weights.sum() == pytest.approx(1)
    assert world.posts == 1
