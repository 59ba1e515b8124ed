"""Bounds on the cost of sparse states, held against what is counted."""

import numpy as np
import pytest
from cost_checks import check_bound

from circuits.costs.sparse_state import sparse_state_preparation_bound
from circuits.sparse_state import sparse_state_preparation


def _entries(qubits, number, real, seed):
    rng = np.random.default_rng(seed)
    places = rng.choice(2**qubits, number, replace=False)
    values = rng.normal(size=number) + (0 if real else 1j * rng.normal(size=number))
    return dict(zip(places.tolist(), values.tolist(), strict=True))


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize(("qubits", "number"), [(1, 2), (5, 1), (6, 3), (10, 2), (9, 8)])
def test_no_random_sparse_state_exceeds_its_bound(qubits, number, real):
    bound = sparse_state_preparation_bound(qubits, number, real=real)
    for seed in range(3):
        circuit = sparse_state_preparation(qubits, _entries(qubits, number, real, seed))
        check_bound(bound, circuit, within=0.0)


def test_more_amplitudes_than_multiplexed_rotations_serve_are_bounded_too():
    circuit = sparse_state_preparation(11, _entries(11, 66, real=True, seed=0))
    check_bound(sparse_state_preparation_bound(11, 66), circuit, within=0.05)


def test_states_of_few_amplitudes_take_less_than_a_gate_for_each_qubit_and_amplitude():
    cost = sparse_state_preparation_bound(100, 4)
    assert cost.two_qubit_gates == 3 * 99 + 2 * 2
    assert sparse_state_preparation_bound(100, 2**60).rotations > 2**60


def test_more_amplitudes_than_basis_states_are_refused():
    with pytest.raises(ValueError, match="entries = 5: 2 qubits have 4"):
        sparse_state_preparation_bound(2, 5)
