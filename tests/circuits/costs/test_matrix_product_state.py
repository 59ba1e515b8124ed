"""Costs of matrix product states, held against what is counted."""

from dataclasses import replace

import numpy as np
import pytest
from cost_checks import check_bound, check_closed_form

from circuits.costs import count_gates
from circuits.costs.matrix_product_state import mps_preparation_bound, mps_preparation_cost
from circuits.matrix_product_state import mps_preparation


def _tensors(bonds, real, seed=0):
    rng = np.random.default_rng(seed)
    shapes = [(left, 2, right) for left, right in zip([1, *bonds], [*bonds, 1], strict=True)]
    return [
        rng.normal(size=shape) + (0 if real else 1j * rng.normal(size=shape)) for shape in shapes
    ]


def _bonds(sites, bond):
    return [min(bond, 2**k, 2 ** (sites - k)) for k in range(1, sites)]


SIZES = [(1, 1), (4, 1), (3, 2), (6, 2), (9, 2), (4, 3), (5, 4), (8, 4), (6, 8), (8, 8)]


@pytest.mark.parametrize(("sites", "bond"), [*SIZES, (10, 16)])
def test_complex_tensors_are_exact_but_for_a_gate_that_may_be_the_identity(sites, bond):
    circuit = mps_preparation(_tensors(_bonds(sites, bond), real=False))
    cost = mps_preparation_cost(sites, bond, real=False)
    left_out = cost.rotations - count_gates(circuit).rotations
    assert left_out in (0, 3)
    check_closed_form(replace(cost, rotations=cost.rotations - left_out), circuit)


@pytest.mark.parametrize(("sites", "bond"), SIZES)
def test_real_tensors_are_bounded_closely(sites, bond):
    circuit = mps_preparation(_tensors(_bonds(sites, bond), real=True))
    check_bound(mps_preparation_cost(sites, bond), circuit, within=0.8)


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize("bonds", [[], [1, 1, 2, 2, 1], [2, 2, 4, 2, 2, 2], [2, 3, 5, 3, 2]])
def test_tensors_of_any_bonds_are_bounded(bonds, real):
    circuit = mps_preparation(_tensors(bonds, real))
    check_bound(mps_preparation_bound(bonds, real=real), circuit, within=0.75)


def test_a_hundred_sites_take_eleven_gates_each_at_a_bond_of_four():
    longer, shorter = mps_preparation_cost(100, 4), mps_preparation_cost(99, 4)
    assert longer.two_qubit_gates - shorter.two_qubit_gates == 11
    assert mps_preparation_cost(100, 2**40).two_qubit_gates > 2**80


def test_sites_and_bonds_that_are_none_are_refused():
    with pytest.raises(ValueError, match="sites = 0"):
        mps_preparation_cost(0, 2)
    with pytest.raises(ValueError, match="bonds = 0"):
        mps_preparation_bound([2, 0])
