"""Costs of networks of two-qubit gates, held against what is counted."""

from dataclasses import replace

import numpy as np
import pytest
from cost_checks import check_bound, check_closed_form
from scipy.stats import special_ortho_group, unitary_group

from circuits.costs import count_gates
from circuits.costs.matrix_product_state import mps_preparation_cost
from circuits.costs.tensor_network import (
    brick_wall_cost,
    exact_network_bound,
    gate_network_cost,
    prepare_mps_bound,
    staircase_cost,
)
from circuits.matrix_product_state import truncate
from circuits.tensor_network.brick_wall import brick_wall
from circuits.tensor_network.exact_network import exact_network, fewest_two_qubit_gates
from circuits.tensor_network.gate_network import GateNetwork, staircase
from circuits.tensor_network.preparation import prepare_mps


def _state(sites, bond, real=True):
    rng = np.random.default_rng(sites)
    shape = (bond, 2, bond)
    tensors = [
        rng.normal(size=shape) + (0 if real else 1j * rng.normal(size=shape)) for _ in range(sites)
    ]
    tensors[0], tensors[-1] = tensors[0][:1], tensors[-1][..., :1]
    return truncate(tensors, bond)


def _gates(number, real):
    group = special_ortho_group if real else unitary_group
    return np.reshape(group.rvs(4, size=number, random_state=0), (number, 4, 4))


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize("sites", [2, 3, 7])
def test_staircases_are_exact_but_for_a_gate_that_may_be_the_identity(sites, real):
    circuit = staircase(_state(sites, 2, real), min(3, sites)).circuit()
    cost = staircase_cost(sites, real=real)
    left_out = cost.rotations - count_gates(circuit).rotations
    assert left_out in (0, 3)
    check_closed_form(replace(cost, rotations=cost.rotations - left_out), circuit)


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize(("sites", "layers"), [(2, 1), (3, 2), (6, 1), (6, 2), (7, 3), (9, 6)])
def test_walls_are_exact(sites, layers, real):
    gates = _gates(layers * (sites - 1), real).reshape(layers, sites - 1, 4, 4)
    circuit = brick_wall(gates).circuit()
    cost = brick_wall_cost(sites, layers, real=real)
    check_closed_form(cost, circuit)
    assert cost.two_qubit_depth == (2 if real else 3) * (layers - 1) + 1


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize("number", [1, 4, 9])
def test_any_network_is_exact_depths_included(number, real):
    rng = np.random.default_rng(number)
    pairs = tuple(tuple(sorted(rng.permutation(4)[:2].tolist())) for _ in range(number))
    network = GateNetwork(4, 4, (pairs,), _gates(number, real))
    assert gate_network_cost(4, pairs, real=real) == count_gates(network.circuit())


@pytest.mark.parametrize("sites", [4, 5, 6])
def test_exact_networks_lie_between_their_bounds(sites):
    circuit = exact_network(_state(sites, 4)).circuit()
    check_bound(exact_network_bound(sites, 4), circuit, within=0.25)
    assert count_gates(circuit).two_qubit_gates >= fewest_two_qubit_gates(sites, 4)


@pytest.mark.parametrize(("sites", "bond", "real"), [(4, 1, True), (6, 2, False), (5, 4, True)])
def test_prepared_states_are_bounded(sites, bond, real):
    circuit = prepare_mps(_state(sites, bond, real)).circuit
    check_bound(prepare_mps_bound(sites, bond, real=real), circuit, within=0.5)


def test_a_hundred_sites_are_counted_in_whole_numbers():
    assert staircase_cost(100).two_qubit_gates == 197
    assert brick_wall_cost(100, 4).two_qubit_gates == 50 + 2 * (50 + 2 * 49)
    assert exact_network_bound(100, 16).two_qubit_gates > fewest_two_qubit_gates(100, 16)
    direct, bound = mps_preparation_cost(100, 16), prepare_mps_bound(100, 16)
    assert bound.two_qubit_gates == direct.two_qubit_gates


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="layers = 3: from 1 to sites - 1 = 2"):
        brick_wall_cost(3, 3)
    with pytest.raises(ValueError, match="sites = 2: at least 3"):
        exact_network_bound(2, 4)
