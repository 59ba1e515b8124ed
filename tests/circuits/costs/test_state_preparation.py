"""Costs of dense states, held against what is counted."""

import numpy as np
import pytest
from cost_checks import check_bound, check_closed_form

from circuits.costs import count_gates
from circuits.costs.state_preparation import (
    index_state_cost,
    product_state_cost,
    state_preparation_cost,
)
from circuits.multiplexed_state import index_state
from circuits.state_preparation import state_preparation


def _amplitudes(qubits, real):
    rng = np.random.default_rng(qubits)
    amplitudes = rng.normal(size=2**qubits)
    return amplitudes if real else amplitudes + 1j * rng.normal(size=amplitudes.size)


@pytest.mark.parametrize("qubits", [0, 1, 2, 4, 9, 10])
def test_real_states_are_exact_where_no_gate_happens_to_be_the_identity(qubits):
    circuit = state_preparation(_amplitudes(qubits, real=True))
    check_closed_form(state_preparation_cost(qubits), circuit)


@pytest.mark.parametrize("qubits", [0, 1, 2, 3, 4, 5, 8, 9, 10])
def test_complex_states_are_exact_where_no_gate_happens_to_be_the_identity(qubits):
    circuit = state_preparation(_amplitudes(qubits, real=False))
    check_closed_form(state_preparation_cost(qubits, real=False), circuit)


@pytest.mark.parametrize(
    ("qubits", "real"),
    [(3, True), (5, True), (6, True), (7, True), (8, True), (6, False), (7, False)],
)
def test_other_small_states_are_bounded_closely(qubits, real):
    circuit = state_preparation(_amplitudes(qubits, real))
    check_bound(state_preparation_cost(qubits, real=real), circuit, within=0.88)


@pytest.mark.parametrize("qubits", [1, 3, 6])
def test_product_states_take_a_rotation_or_two_for_each_qubit(qubits):
    for real in (True, False):
        vector = np.ones(1)
        for qubit in range(qubits):
            pair = _amplitudes(1, real) * np.array([1, 1 + 0.1 * qubit])
            vector = np.kron(vector, pair)
        assert product_state_cost(qubits, real=real) == count_gates(state_preparation(vector))


@pytest.mark.parametrize("qubits", [1, 2, 4, 9])
def test_index_states_are_exact(qubits):
    for real in (True, False):
        amplitudes = _amplitudes(qubits, real)
        for controlled in (False, True):
            circuit = index_state(amplitudes, controlled=controlled)
            cost = index_state_cost(qubits, real=real, controlled=controlled)
            check_closed_form(cost, circuit)


def test_a_hundred_qubits_are_counted_in_whole_numbers():
    assert state_preparation_cost(100).two_qubit_gates == 2**100 - 2
    assert state_preparation_cost(100, real=False).rotations == 2**101 - 2
    assert index_state_cost(100).two_qubit_gates == 2**100 - 101


def test_a_negative_number_of_qubits_is_refused():
    with pytest.raises(ValueError, match="qubits = -1"):
        state_preparation_cost(-1)
