"""Costs of the path encoding, held against what is counted of it."""

import time

import pytest
from encoding_costs import check_encoding

from circuits.costs import count_gates
from circuits.costs.path_encoding import path_block_encoding_cost
from circuits.path_encoding import path_block_encoding


@pytest.mark.parametrize("qubits", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("entries", [(0.0, 1.0), (0.0, -0.5), (2.0, 0.3), (-2.0, -0.3), (2.0, -1)])
def test_paths_are_exact(qubits, entries):
    check_encoding(
        path_block_encoding_cost(qubits, *entries), path_block_encoding(qubits, *entries)
    )


@pytest.mark.parametrize("entries", [(0.0, 1.0), (2.0, -1)])
def test_depths_are_exact_from_three_qubits_on(entries):
    for qubits in (3, 4, 8):
        cost, encoding = (
            path_block_encoding_cost(qubits, *entries),
            path_block_encoding(qubits, *entries),
        )
        assert cost.circuit == count_gates(encoding.circuit)
        assert cost.controlled == count_gates(encoding.controlled())


def test_a_hundred_qubits_take_no_time():
    start = time.process_time()
    cost = path_block_encoding_cost(100, 2.0, -1.0)
    assert time.process_time() - start < 0.1
    assert cost.circuit.two_qubit_gates == 796
    assert cost.circuit.t_gates == 792


@pytest.mark.parametrize("arguments", [(0, 1.0, 1.0), (2, 1.0, 0.0), (2, float("inf"), 1.0)])
def test_bad_arguments_are_refused(arguments):
    with pytest.raises(ValueError, match=r"system_qubits = 0|neighbour = "):
        path_block_encoding_cost(*arguments)
