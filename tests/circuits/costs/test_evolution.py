"""Costs of evolutions and of HHL, held against what is counted of them."""

import numpy as np
import pytest
from cost_checks import check_bound, check_closed_form
from qiskit import QuantumCircuit
from qiskit.circuit.library import UnitaryGate
from scipy.stats import ortho_group, unitary_group

from circuits.costs import count_gates
from circuits.costs.evolution import (
    circuit_evolution_cost,
    dense_gate_cost,
    diagonalised_circuit_cost,
    diagonalised_evolution_cost,
    evolution_hadamard_test_cost,
    matrix_evolution_cost,
    padded_evolution_cost,
)
from circuits.costs.gates import controlled_cost
from circuits.evolution import DiagonalisedEvolution
from circuits.evolution_hadamard_test import evolution_hadamard_test
from circuits.unitary_evolution import PaddedEvolution, UnitaryEvolution


def check_evolution(cost, evolution, time_qubits, time):
    assert cost.system_qubits == evolution.system_qubits
    check_closed_form(cost.enter, evolution.enter())
    check_closed_form(cost.leave, evolution.leave())
    check_closed_form(cost.powers, evolution.controlled_powers(time_qubits, time))


def _diagonalised(qubits):
    values = np.random.default_rng(qubits).normal(size=2**qubits)
    return DiagonalisedEvolution.of_hermitian(
        values, unitary_group.rvs(2**qubits, random_state=qubits)
    )


@pytest.mark.parametrize("qubits", [1, 2, 3, 4])
def test_dense_gates_are_exact(qubits):
    matrix = unitary_group.rvs(2**qubits, random_state=0)
    for controlled in (False, True):
        circuit = QuantumCircuit(qubits + controlled)
        gate = UnitaryGate(matrix)
        circuit.append(gate.control(1) if controlled else gate, circuit.qubits)
        check_closed_form(dense_gate_cost(qubits, controlled=controlled), circuit)


@pytest.mark.parametrize("qubits", [1, 2, 3])
def test_diagonalised_matrices_are_exact(qubits):
    evolution = _diagonalised(qubits)
    for time_qubits in (1, 4):
        cost = diagonalised_evolution_cost(qubits, time_qubits)
        check_evolution(cost, evolution, time_qubits, 0.7)
    check_closed_form(diagonalised_circuit_cost(qubits), evolution.circuit(0.3))


@pytest.mark.parametrize("qubits", [1, 2, 3])
def test_dilated_matrices_are_exact(qubits):
    rng = np.random.default_rng(qubits)
    matrix = rng.normal(size=(2**qubits, 2**qubits)) + 1j * rng.normal(size=(2**qubits, 2**qubits))
    evolution = DiagonalisedEvolution.of_dilation(*np.linalg.svd(matrix))
    check_evolution(diagonalised_evolution_cost(qubits, 3, dilated=True), evolution, 3, 0.7)


@pytest.mark.parametrize("qubits", [2, 3, 4])
def test_real_matrices_are_bounded(qubits):
    values = np.random.default_rng(0).normal(size=2**qubits)
    evolution = DiagonalisedEvolution.of_hermitian(
        values, ortho_group.rvs(2**qubits, random_state=1)
    )
    cost = diagonalised_evolution_cost(qubits, 3)
    check_bound(cost.enter, evolution.enter(), within=0.66)
    check_closed_form(cost.powers, evolution.controlled_powers(3, 0.7))


@pytest.mark.parametrize("qubits", [1, 2, 3])
def test_powers_of_a_matrix_are_exact(qubits):
    evolution = UnitaryEvolution.of_matrix(unitary_group.rvs(2**qubits, random_state=2))
    check_evolution(matrix_evolution_cost(qubits, 3), evolution, 3, 1)


@pytest.mark.parametrize("time_qubits", [1, 2, 4])
def test_powers_of_a_circuit_beside_idle_qubits_are_exact(time_qubits):
    once = QuantumCircuit(2)
    once.h(0)
    once.cx(0, 1)
    once.rz(0.3, 1)
    controlled = controlled_cost({"h": 1, "cx": 1, "rz": 1}, 2)
    for time in (1, -3):
        cost = circuit_evolution_cost(controlled, time, time_qubits)
        check_evolution(cost, UnitaryEvolution(once), time_qubits, time)
        padded = PaddedEvolution(UnitaryEvolution(once), 2)
        check_evolution(padded_evolution_cost(cost, 2), padded, time_qubits, time)


@pytest.mark.parametrize("qubits", [1, 2, 3])
def test_hadamard_tests_of_evolutions_are_exact(qubits):
    preparation = QuantumCircuit(qubits)
    preparation.ry(0.3, 0)
    cost = evolution_hadamard_test_cost(
        count_gates(preparation), diagonalised_evolution_cost(qubits, 1)
    )
    circuit = evolution_hadamard_test(preparation, _diagonalised(qubits), 0.4, 0.2)
    check_closed_form(cost, circuit)


def test_a_hundred_qubits_take_no_time():
    assert diagonalised_evolution_cost(100, 10).powers.rotations == 10 * 2**100
