"""Costs of Chebyshev series as combinations of unitaries, held against what is counted."""

import numpy as np
import pytest
from cost_checks import check_closed_form
from qiskit import QuantumCircuit, QuantumRegister

from circuits.chebyshev_lcu import chebyshev_lcu
from circuits.costs.chebyshev_lcu import chebyshev_lcu_cost, signal_reflection_cost
from circuits.costs.path_encoding import path_block_encoding_cost
from circuits.path_encoding import path_block_encoding
from circuits.qsvt import controlled_signal_reflection, ladder_qubits


@pytest.mark.parametrize("signals", [1, 2, 3, 4, 7])
def test_controlled_reflections_are_exact(signals):
    control, signal = QuantumRegister(1), QuantumRegister(signals)
    workspace = QuantumRegister(ladder_qubits(signals + 1))
    circuit = QuantumCircuit(signal, control, workspace)
    controlled_signal_reflection(circuit, signal, control[0], workspace)
    check_closed_form(signal_reflection_cost(signals), circuit)


@pytest.mark.parametrize("degree", [0, 1, 2, 7])
@pytest.mark.parametrize("qubits", [1, 3, 5])
def test_series_are_exact_up_to_the_state_of_their_index(qubits, degree):
    coefficients = np.random.default_rng(degree).normal(size=degree + 1)
    coefficients[(degree + 1) % 2 :: 2] = 0
    for diagonal in (0.0, 1.0):
        circuit = chebyshev_lcu(path_block_encoding(qubits, diagonal, 1.0), coefficients)
        cost = chebyshev_lcu_cost(path_block_encoding_cost(qubits, diagonal, 1.0), degree)
        check_closed_form(cost, circuit)
