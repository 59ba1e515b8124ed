"""Costs of unitaries and isometries, held against what is counted."""

import numpy as np
import pytest
from cost_checks import check_bound, check_closed_form
from scipy.stats import special_ortho_group, unitary_group

from circuits.costs.isometry import isometry_cost, unitary_cost
from circuits.isometry import isometry, unitary


@pytest.mark.parametrize("qubits", [0, 1, 2, 3, 4])
def test_complex_unitaries_and_isometries_are_exact(qubits):
    matrix = (
        unitary_group.rvs(2 ** (qubits + 1), random_state=1)
        if qubits
        else np.array([[0.6], [0.8j]])
    )
    circuit, _ = isometry(matrix[:, : 2**qubits])
    check_closed_form(isometry_cost(qubits), circuit)
    check_closed_form(
        unitary_cost(qubits + 1), unitary(unitary_group.rvs(2 ** (qubits + 1), random_state=2))
    )


@pytest.mark.parametrize("qubits", [1, 2, 3, 4])
def test_real_unitaries_are_exact_up_to_two_qubits_and_bounded_beyond(qubits):
    matrix = special_ortho_group.rvs(2**qubits, random_state=3)
    circuit, cost = unitary(matrix), unitary_cost(qubits, real=True)
    if qubits < 3:
        check_closed_form(cost, circuit)
    check_bound(cost, circuit, within=0.85)


def test_unitaries_take_the_known_number_of_gates():
    counts = [unitary_cost(n).two_qubit_gates for n in range(2, 101)]
    assert counts[:3] == [3, 20, 100]
    assert counts == [(23 * 4**n - 72 * 2**n + 64) // 48 for n in range(2, 101)]
