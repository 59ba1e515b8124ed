"""The estimate of a simulation's length: monotone, and not below what it bounds."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from qml_algos.backends.noise_cost import (
    branching_seconds,
    density_matrix_seconds,
    matrix_product_state_seconds,
)


def brickwork(qubits: int, layers: int, unused: int = 0) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits + unused)
    for layer in range(layers):
        for low in range(layer % 2, qubits - 1, 2):
            circuit.cz(low, low + 1)
    return circuit


def test_idle_qubits_of_the_device_cost_nothing() -> None:
    assert density_matrix_seconds(brickwork(4, 2, 100), 1) == density_matrix_seconds(
        brickwork(4, 2), 1
    )


def test_cost_grows_as_it_says() -> None:
    small, large = brickwork(5, 4), brickwork(6, 4)
    ratio = large.size() / small.size()
    assert density_matrix_seconds(large, 1) / density_matrix_seconds(small, 1) == pytest.approx(
        4 * ratio
    )
    assert branching_seconds(large, 1, 10) / branching_seconds(small, 1, 10) == pytest.approx(
        2 * ratio
    )
    for cost in (branching_seconds, matrix_product_state_seconds):
        assert cost(small, 3, 10) == pytest.approx(3 * cost(small, 1, 10))
        assert cost(small, 1, 100) == pytest.approx(10 * cost(small, 1, 10))


def test_bonds_double_with_each_gate_up_to_what_the_qubits_allow() -> None:
    costs = [matrix_product_state_seconds(brickwork(12, layers), 1, 1) for layers in range(1, 60)]
    steps = np.diff(costs)
    assert np.all(steps > 0)
    # Once every bond is as large as it can be, two more layers cost the same again.
    assert steps[-1] + steps[-2] == pytest.approx(steps[-3] + steps[-4])
    assert costs[-1] > 100 * costs[0]


def test_a_circuit_without_two_qubit_gates_is_cheap() -> None:
    circuit = QuantumCircuit(1)
    circuit.x(0)
    assert 0 < matrix_product_state_seconds(circuit, 1, 1) < 1e-3
