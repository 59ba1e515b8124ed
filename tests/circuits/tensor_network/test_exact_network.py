"""Exact networks of real states: to rounding, at the gates that counting parameters allows."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from circuits.matrix_product_state import mps_of_vector, mps_vector, truncate
from circuits.tensor_network.environments import environments
from circuits.tensor_network.exact_network import (
    exact_network,
    fewest_two_qubit_gates,
    site_by_site_network,
)
from circuits.tensor_network.real_isometry import real_isometry
from circuits.tensor_network.windows import applied


def random_state(sites, bond, seed=0):
    generator = np.random.default_rng(seed)
    bonds = [1, *[min(bond, 2 ** min(i, sites - i)) for i in range(1, sites)], 1]
    shapes = [(bonds[i], 2, bonds[i + 1]) for i in range(sites)]
    return truncate([generator.normal(size=shape) for shape in shapes], bond)


@pytest.mark.parametrize(("places", "inner", "free"), [(3, 2, True), (4, 3, True), (3, 3, False)])
def test_gates_and_rotation_make_the_isometry(places, inner, free):
    generator = np.random.default_rng(5)
    matrix = np.linalg.qr(generator.normal(size=(2**places, 2**inner)))[0]
    matrix[:, 0] *= np.linalg.det(matrix) if places == inner else 1
    pairs, gates, rotation = real_isometry(matrix, free, generator)
    made = np.eye(2**places)[:, :: 2 ** (places - inner)]
    for pair, gate in zip(pairs, gates, strict=True):
        made = applied(gate, made, pair)
    np.testing.assert_allclose(np.kron(np.eye(2), rotation) @ made, matrix, atol=1e-11)
    np.testing.assert_allclose(np.linalg.det(gates), 1)
    assert all(second - first == 1 for first, second in pairs)
    assert len(pairs) <= {(3, 2): 5, (4, 3): 16, (3, 3): 7}[places, inner]


@pytest.mark.parametrize("sites_bond", [(4, 4), (6, 3), (7, 4), (7, 6)])
def test_state_is_prepared_to_rounding(sites_bond):
    tensors = random_state(*sites_bond)
    circuit = exact_network(tensors).circuit()
    np.testing.assert_allclose(Statevector(circuit).data, mps_vector(tensors), atol=1e-10)


@pytest.mark.parametrize(
    ("sites", "parameters", "most"),
    [(10, 319, 165), pytest.param(16, 703, 360, marks=pytest.mark.slow)],
)
def test_bond_eight_takes_about_as_many_gates_as_half_its_parameters(sites, parameters, most):
    tensors = random_state(sites, 8)
    network = exact_network(tensors)
    assert abs(environments(network, tensors).overlap) == pytest.approx(1, abs=1e-12)
    # Two parameters for each CX, and one for each qubit.
    counted = (parameters - sites) / 2
    assert counted < fewest_two_qubit_gates(sites, 8) <= network.two_qubit_gates() <= most
    assert network.circuit().num_nonlocal_gates() == network.two_qubit_gates()


def test_state_with_a_bond_that_falls_and_rises_is_prepared_to_rounding():
    first, second = (np.random.default_rng(seed).normal(size=16) for seed in (1, 2))
    tensors = truncate(mps_of_vector(np.kron(first, second)), 4)
    circuit = exact_network(tensors).circuit()
    np.testing.assert_allclose(Statevector(circuit).data, mps_vector(tensors), atol=1e-10)


def decaying_state(sites, bond):
    generator = np.random.default_rng(0)
    bonds = [min(bond, 2 ** min(site, sites - site)) for site in range(sites + 1)]
    tensors = [generator.normal(size=(bonds[i], 2, bonds[i + 1])) for i in range(sites)]
    return truncate([t * np.exp(-0.7 * np.arange(t.shape[2])) for t in tensors], bond)


@pytest.mark.parametrize("bond", [4, 7])
def test_nearly_exact_takes_fewer_gates_the_more_may_be_lost(bond):
    tensors = decaying_state(9, bond)
    counts = []
    for lost in (0.001, 0.05):
        network = site_by_site_network(tensors, lost)
        assert abs(environments(network, tensors).overlap) ** 2 > 1 - 2 * lost
        counts.append(network.two_qubit_gates())
    assert counts[1] < counts[0] <= fewest_two_qubit_gates(9, bond) + 1
