import numpy as np
import pytest
from cost_checks import check_closed_form

from circuits import (
    hadamard_test,
    hardware_efficient_ansatz,
    state_preparation,
    swap_test,
    uncomputed_overlap,
)
from circuits.costs import count_gates
from circuits.costs.gates import controlled_cost
from circuits.costs.overlap import hadamard_test_cost, swap_test_cost, uncomputed_overlap_cost


@pytest.mark.parametrize("qubits", [1, 2, 4])
def test_overlaps_have_the_gates_of_their_parts(qubits):
    state = hardware_efficient_ansatz(qubits + 1, 2, real=False)
    state = state.assign_parameters([0.1] * state.num_parameters)
    reference = state_preparation(np.random.default_rng(3).normal(size=2**qubits))
    costs = count_gates(state), count_gates(reference)
    check_closed_form(uncomputed_overlap_cost(*costs), uncomputed_overlap(state, reference))
    check_closed_form(swap_test_cost(*costs), swap_test(state, reference))


@pytest.mark.parametrize("qubits", [1, 2, 4])
def test_hadamard_test_has_the_gates_of_the_controlled_parts(qubits):
    rng = np.random.default_rng(4)
    states = [state_preparation(rng.normal(size=2**qubits)) for _ in range(2)]
    controlled = [
        controlled_cost(state.count_ops(), qubits, global_phase=bool(state.global_phase))
        for state in states
    ]
    for imaginary in (True, False):
        circuit = hadamard_test(*states, imaginary=imaginary)
        check_closed_form(hadamard_test_cost(*controlled), circuit)
