"""Costs of data in amplitudes, held against what is counted."""

import numpy as np
import pytest
from cost_checks import check_bound, check_closed_form

from circuits.costs.purification import (
    diagonalised_data_bound,
    purified_data_cost,
    purified_density_matrix_cost,
)
from circuits.density_matrix import purified_data, purified_density_matrix

SHAPES = [(1, 4, 1), (5, 2, 2), (3, 3, 3), (20, 6, 6), (20, 8, 3), (3, 16, 3), (30, 16, 16)]


def _data(samples, features, rank, real):
    rng = np.random.default_rng(features)

    def factor(*shape):
        entries = rng.normal(size=shape)
        return entries if real else entries + 1j * rng.normal(size=shape)

    return factor(samples, rank) @ factor(rank, features)


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize(("samples", "features", "rank"), SHAPES)
def test_general_data_of_any_shape_and_rank_are_exact(samples, features, rank, real):
    data = _data(samples, features, rank, real)
    cost = purified_data_cost(samples, features, rank=rank, real=real)
    check_closed_form(cost, purified_data(data).circuit)
    cost = purified_density_matrix_cost(features, rank=rank, real=real)
    check_closed_form(cost, purified_density_matrix(data.conj().T @ data).circuit)


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize(("samples", "features", "rank"), SHAPES)
def test_singular_values_are_loaded_within_their_bound(samples, features, rank, real):
    circuit = purified_data(_data(samples, features, rank, real), method="svd").circuit
    check_bound(diagonalised_data_bound(features, rank, real=real), circuit, within=0.1)


def test_the_rank_is_full_unless_it_is_given():
    assert purified_data_cost(20, 6) == purified_data_cost(20, 6, rank=6)


def test_data_that_no_memory_holds_are_counted_in_whole_numbers():
    assert purified_data_cost(10**30, 2**20).two_qubit_gates == 2**40 - 41
    assert purified_data_cost(10**30, 10**30, rank=8).two_qubit_gates == 2**103 - 104


def test_shapes_and_ranks_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="features = 1"):
        purified_data_cost(3, 1)
    with pytest.raises(ValueError, match="rank = 4: from 1 to the smaller side, 3"):
        purified_data_cost(3, 8, rank=4)
