"""Costs of measuring copies of a density matrix, held against what is counted."""

import numpy as np
import pytest
from cost_checks import check_closed_form

from circuits.ansatz import hardware_efficient_ansatz
from circuits.costs import count_gates
from circuits.costs.copy_measurements import (
    bell_measurement_cost,
    cyclic_shift_test_cost,
    diagonalisation_circuit_cost,
    distilled_pauli_measurement_cost,
    power_measurement_cost,
    singular_value_circuit_cost,
)
from circuits.density_matrix import (
    bell_measurement,
    cyclic_shift_test,
    diagonalisation_circuit,
    distilled_pauli_measurement,
    power_measurement,
    purified_data,
    singular_value_circuit,
)

QUBITS = [1, 2, 3]


def _ansatz(qubits, layers):
    circuit = hardware_efficient_ansatz(qubits, layers)
    return circuit.assign_parameters(np.arange(circuit.num_parameters))


def _copy(qubits):
    data = np.random.default_rng(qubits).normal(size=(3, 2**qubits))
    return purified_data(data).circuit


@pytest.mark.parametrize("qubits", QUBITS)
def test_measurements_of_pairs_are_exact(qubits):
    copy = _copy(qubits)
    counted = count_gates(copy)
    check_closed_form(bell_measurement_cost(counted, qubits), bell_measurement(copy, qubits))
    label = "XYIZ"[-qubits:].replace("I", "X")
    circuit = distilled_pauli_measurement(copy, qubits, label)
    letters = label.count("X")
    cost = distilled_pauli_measurement_cost(counted, qubits, weight=qubits, x_letters=letters)
    check_closed_form(cost, circuit)


@pytest.mark.parametrize("copies", [2, 3, 4])
@pytest.mark.parametrize("qubits", QUBITS)
def test_shifts_of_several_copies_are_exact(qubits, copies):
    copy = _copy(qubits)
    counted = count_gates(copy)
    circuit = cyclic_shift_test(copy, qubits, copies)
    check_closed_form(cyclic_shift_test_cost(counted, qubits, copies), circuit)
    basis = "XYX"[:qubits]
    circuit = power_measurement(copy, qubits, copies, basis)
    cost = power_measurement_cost(counted, qubits, copies, x_letters=basis.count("X"))
    check_closed_form(cost, circuit)


@pytest.mark.parametrize("qubits", QUBITS)
def test_variational_circuits_are_exact(qubits):
    copy = _copy(qubits)
    counted, left = count_gates(copy), copy.num_qubits - qubits
    ansatz = _ansatz(qubits, 2)
    cost = diagonalisation_circuit_cost(counted, qubits, count_gates(ansatz))
    check_closed_form(cost, diagonalisation_circuit(copy, qubits, ansatz))
    other = _ansatz(left, 1)
    cost = singular_value_circuit_cost(counted, count_gates(other), count_gates(ansatz))
    check_closed_form(cost, singular_value_circuit(copy, other, ansatz))


def test_letters_and_copies_that_do_not_fit_are_refused():
    counted = count_gates(_copy(2))
    with pytest.raises(ValueError, match="weight = 3"):
        distilled_pauli_measurement_cost(counted, 2, weight=3)
    with pytest.raises(ValueError, match="x_letters = 2"):
        distilled_pauli_measurement_cost(counted, 2, weight=1, x_letters=2)
    with pytest.raises(ValueError, match="x_letters = 3"):
        power_measurement_cost(counted, 2, 3, x_letters=3)
    with pytest.raises(ValueError, match="copies = 1"):
        cyclic_shift_test_cost(counted, 2, 1)
