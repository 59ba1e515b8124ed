from itertools import combinations

import numpy as np
import pytest
from cost_checks import check_closed_form

from circuits import hardware_efficient_ansatz, iqp_circuit, rotation_network
from circuits.costs import count_gates
from circuits.costs.trained import (
    hardware_efficient_ansatz_cost,
    iqp_circuit_cost,
    rotation_network_cost,
)


@pytest.mark.parametrize("qubits", [1, 2, 3, 6, 9])
def test_ansatz_has_the_gates_and_layers_of_the_closed_form(qubits):
    for layers in (0, 1, 2, 5):
        for real in (True, False):
            cost = hardware_efficient_ansatz_cost(qubits, layers, real=real)
            assert cost == count_gates(hardware_efficient_ansatz(qubits, layers, real=real))


@pytest.mark.parametrize(
    ("pairs", "layers"),
    [
        ([], 0),
        ([(0, 1)], 1),
        ([(0, 1), (2, 3), (2, 1)], 2),
        ([(0, 1), (1, 2), (2, 3), (3, 0)], None),
    ],
)
def test_rotation_network_has_the_gates_of_the_closed_form(pairs, layers):
    circuit, _ = rotation_network(4, [(*pair, np.eye(4)) for pair in pairs])
    check_closed_form(rotation_network_cost(4, len(pairs), layers=layers), circuit)


@pytest.mark.parametrize("qubits", [1, 2, 3, 6])
def test_iqp_circuit_has_the_gates_of_the_closed_form(qubits):
    pairs = [1 << i | 1 << j for i, j in combinations(range(qubits), 2)]
    single = [1 << i for i in range(qubits)]
    for masks in (single, pairs + single, pairs[-1:], [3 << i for i in range(qubits - 1)]):
        for connectivity in ("all", "line"):
            circuit = iqp_circuit(qubits, masks, [0.1] * len(masks), connectivity)
            check_closed_form(iqp_circuit_cost(qubits, masks, connectivity), circuit)
    masks = list(range(1, 2**qubits, 2))
    circuit = iqp_circuit(qubits, masks, [0.1] * len(masks))
    check_closed_form(iqp_circuit_cost(qubits, masks), circuit)


def test_hundred_qubits_are_counted_without_building_a_circuit():
    pairs = [1 << i | 1 << j for i, j in combinations(range(100), 2)]
    assert iqp_circuit_cost(100, pairs).two_qubit_gates == 100 * 99 // 2
    assert hardware_efficient_ansatz_cost(100, 10).two_qubit_gates == 5 * 50 + 5 * 49


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="qubits = 0"):
        hardware_efficient_ansatz_cost(0, 1)
    with pytest.raises(ValueError, match="layers = -1"):
        hardware_efficient_ansatz_cost(2, -1)
    with pytest.raises(ValueError, match="masks: 7 has more than two qubits"):
        iqp_circuit_cost(3, [7], "line")
