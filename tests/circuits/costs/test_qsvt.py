"""Costs of singular value transformations and of what is made of them."""

import numpy as np
import pytest
from cost_checks import check_closed_form
from qiskit import QuantumCircuit, QuantumRegister

from circuits.costs import count_gates
from circuits.costs.inversion import definite_inversion_degree, odd_inversion_degree
from circuits.costs.path_encoding import path_block_encoding_cost
from circuits.costs.qsvt import inverse_circuit_cost, qsvt_cost, signal_phase_cost
from circuits.inverse import inverse_circuit
from circuits.inversion import definite_inversion, odd_inversion
from circuits.path_encoding import path_block_encoding
from circuits.phases import signal_processing_phases
from circuits.qsvt import ladder_qubits, qsvt, signal_phase
from circuits.state_preparation import state_preparation


@pytest.mark.parametrize("signals", [0, 1, 2, 4, 5, 9])
def test_phases_on_signals_are_exact(signals):
    phase, signal = QuantumRegister(1), QuantumRegister(signals)
    workspace = QuantumRegister(ladder_qubits(signals))
    circuit = QuantumCircuit(signal, phase, workspace)
    signal_phase(circuit, 0.3, signal, phase[0], workspace)
    check_closed_form(signal_phase_cost(signals), circuit)


@pytest.mark.parametrize("qubits", [1, 3, 6])
@pytest.mark.parametrize("degree", [0, 1, 2, 7])
def test_transformations_are_exact(qubits, degree):
    phases = np.random.default_rng(degree).normal(size=degree + 1)
    for diagonal in (0.0, 2.0):
        circuit = qsvt(path_block_encoding(qubits, diagonal, 1.0), phases)
        cost = qsvt_cost(path_block_encoding_cost(qubits, diagonal, 1.0), degree)
        check_closed_form(cost, circuit)


@pytest.mark.parametrize("qubits", [2, 4, 10])
def test_a_general_linear_solver_is_exact(qubits):
    kappa, epsilon = 4.0, 1e-2
    encoding = path_block_encoding(qubits, 0.3, 1.0)
    phases = signal_processing_phases(odd_inversion(kappa, epsilon).coefficients)
    prepared = state_preparation(np.random.default_rng(1).normal(size=2**qubits))
    circuit = inverse_circuit(prepared, qsvt(encoding, phases), encoding)

    cost = path_block_encoding_cost(qubits, 0.3, 1.0)
    transformed = qsvt_cost(cost, odd_inversion_degree(kappa, epsilon))
    check_closed_form(inverse_circuit_cost(count_gates(prepared), transformed, cost), circuit)


@pytest.mark.parametrize("qubits", [2, 4, 6])
def test_a_definite_linear_solver_is_exact(qubits):
    contrast, epsilon = 2 / 3, 1e-2
    centred, opposite = (path_block_encoding(qubits, k, 1 / 3) for k in (0.0, 1.0))
    phases = signal_processing_phases(definite_inversion(contrast, 1.0, epsilon).coefficients)
    prepared = QuantumCircuit(qubits)
    circuit = inverse_circuit(prepared, qsvt(centred, phases), centred, opposite)

    costs = [path_block_encoding_cost(qubits, k, 1 / 3) for k in (0.0, 1.0)]
    transformed = qsvt_cost(costs[0], definite_inversion_degree(5.0, epsilon))
    cost = inverse_circuit_cost(count_gates(prepared), transformed, *costs)
    check_closed_form(cost, circuit)
