"""Local filters by ancillas: the state in the branch of zeros, and that branch's weight."""

import numpy as np
import pytest
from graph_models import RING, amplitudes, normalised, random_matrices, same_up_to_phase
from qiskit.quantum_info import Statevector

from circuits.graph_state.filters import filter_weight, filtered_graph_state


def branch_of_zeros(circuit, qubits):
    """Amplitudes of the system where every measured qubit is 0, in a circuit of late measurements.

    Projected qubits are measured themselves, so their 1 is left out.
    """
    measured = [
        circuit.find_bit(item.qubits[0]).index
        for item in circuit.data
        if item.operation.name == "measure"
    ]
    state = Statevector(circuit.remove_final_measurements(inplace=False)).data
    indices = np.arange(2**qubits)
    kept = np.all([indices >> bit & 1 == 0 for bit in measured if bit < qubits] or [True], axis=0)
    return np.where(kept, state[: 2**qubits], 0)


@pytest.mark.parametrize("projected", [(), (1,), (4, 0)])
def test_zeros_leave_the_state_and_have_the_predicted_probability(projected):
    matrices = 2.7 * random_matrices(5)
    circuit = filtered_graph_state(RING, matrices, projected=projected)
    found, expected = branch_of_zeros(circuit, 5), amplitudes(RING, matrices, projected)
    assert same_up_to_phase(normalised(found), normalised(expected))
    predicted = np.linalg.norm(expected) ** 2 / np.exp(filter_weight(matrices, projected))
    assert np.linalg.norm(found) ** 2 == pytest.approx(predicted)
    assert circuit.num_nonlocal_gates() == 5 + 5 - len(projected)


def test_unitary_matrices_take_no_ancilla_and_succeed_always():
    circuit = filtered_graph_state(RING, 3 * random_matrices(5, 1.0))
    assert circuit.num_qubits == 5
    assert not circuit.cregs
    assert filter_weight(random_matrices(5, 1.0)) == pytest.approx(0)


def test_one_ancilla_is_reset_between_filters():
    circuit = filtered_graph_state(RING, random_matrices(5), reuse=True)
    assert circuit.num_qubits == 6
    assert circuit.count_ops()["reset"] == 4
    assert [register.size for register in circuit.cregs] == [5]


def test_measuring_a_projected_qubit_succeeds_oftener_than_filtering_it_first():
    matrices = random_matrices(5, 4.0)
    assert filter_weight(matrices, (2,)) < filter_weight(matrices)
