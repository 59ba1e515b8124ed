"""Parameters of gates: all rotations are reached, and derivatives are right."""

import numpy as np
import pytest

from circuits.tensor_network.rotations import (
    derivative_by_matrices,
    derivative_by_quaternions,
    quaternions_of,
    rotations_of,
    turned_a_little,
    unitaries_of,
)


def random_gates(complex_entries=False, count=20):
    generator = np.random.default_rng(0)
    gates = generator.normal(size=(count, 4, 4))
    if complex_entries:
        return np.linalg.qr(gates + 1j * generator.normal(size=gates.shape))[0]
    gates = np.linalg.qr(gates)[0]
    gates[:, :, 0] *= np.linalg.det(gates)[:, None]
    return gates


def test_quaternions_make_the_rotations_they_are_found_from_at_any_norm():
    rotations = random_gates()
    parameters = quaternions_of(rotations)
    np.testing.assert_allclose(np.linalg.norm(parameters, axis=2), 1)
    scales = np.random.default_rng(1).uniform(0.5, 2, size=(20, 2, 1))
    np.testing.assert_allclose(rotations_of(scales * parameters), rotations, atol=1e-12)


@pytest.mark.parametrize(
    ("shape", "gates_of", "derivative"),
    [
        ((5, 2, 4), rotations_of, derivative_by_quaternions),
        ((5, 4, 4), unitaries_of, derivative_by_matrices),
    ],
)
def test_derivatives_are_those_of_finite_differences(shape, gates_of, derivative):
    generator = np.random.default_rng(2)
    parameters, direction = generator.normal(size=(2, *shape))
    by_gates = generator.normal(size=(5, 4, 4))
    if gates_of is unitaries_of:
        parameters, by_gates = parameters + 0.3j, by_gates + 0.2j * by_gates[::-1]
    step = 1e-5
    moved = gates_of(parameters + step * direction) - gates_of(parameters - step * direction)
    expected = np.vdot(by_gates, moved).real / (2 * step)
    found = np.vdot(derivative(parameters, by_gates), direction).real
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("complex_entries", [False, True])
def test_gates_turned_a_little_stay_in_their_group(complex_entries):
    gates = random_gates(complex_entries)
    turned = turned_a_little(gates, 0.05)
    assert 0.05 < np.abs(turned - gates).max() < 0.7
    products = turned @ turned.conj().swapaxes(1, 2)
    np.testing.assert_allclose(products, np.broadcast_to(np.eye(4), products.shape), atol=1e-12)
    if not complex_entries:
        np.testing.assert_allclose(np.linalg.det(turned), 1)
    np.testing.assert_array_equal(turned, turned_a_little(gates, 0.05))
