"""Costs of encodings of sparse matrices, held against what is counted of them."""

import numpy as np
import pytest
from encoding_costs import check_encoding
from qiskit import QuantumCircuit

from circuits.costs import count_gates
from circuits.costs.gates import controlled_cost
from circuits.costs.sparse_encoding import (
    fable_block_encoding_cost,
    sparse_block_encoding_cost,
    xor_block_encoding_cost,
)
from circuits.sparse_encoding import sparse_block_encoding, xor_block_encoding


@pytest.mark.parametrize("qubits", [3, 4, 5])
@pytest.mark.parametrize("patterns", [[1], [1, 2, 3], [2, 5]])
@pytest.mark.parametrize("real", [True, False])
def test_few_patterns_are_exact(qubits, patterns, real):
    rng = np.random.default_rng(qubits)
    matrix = np.zeros((2**qubits, 2**qubits), dtype=float if real else complex)
    columns = np.arange(2**qubits)
    for pattern in patterns:
        parts = rng.normal(size=(2, columns.size))
        matrix[columns ^ pattern, columns] = parts[0] if real else parts[0] + 1j * parts[1]
    cost = xor_block_encoding_cost(qubits, patterns, real=real)
    check_encoding(cost, xor_block_encoding(matrix))


@pytest.mark.parametrize("sparsity", [2, 3, 4])
@pytest.mark.parametrize("qubits", [3, 4])
def test_oracles_are_exact(qubits, sparsity):
    index = (sparsity - 1).bit_length()
    location = QuantumCircuit(qubits + index + 1)
    value = QuantumCircuit(qubits + index + 1)
    for k in range(index):
        location.cx(qubits + k, k)
    location.cx(0, 1)
    value.rz(0.3, qubits + index)
    value.cx(0, qubits + index)
    controlled = controlled_cost({"cx": index + 2, "rz": 1}, qubits + index + 2)
    cost = sparse_block_encoding_cost(
        count_gates(location), count_gates(value), qubits, sparsity, controlled
    )
    check_encoding(cost, sparse_block_encoding(location, value, qubits, sparsity))


def test_a_hundred_qubits_take_no_time():
    assert xor_block_encoding_cost(100).circuit.rotations > 2**200
    assert xor_block_encoding_cost(100, [1, 3]).circuit.rotations > 2**102
    assert fable_block_encoding_cost(100).circuit.rotations == 2**200 + 200
    oracle = count_gates(QuantumCircuit(105))
    assert sparse_block_encoding_cost(oracle, oracle, 100, 3).system_qubits == 100


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (xor_block_encoding_cost, (0,), "system_qubits = 0"),
        (xor_block_encoding_cost, (2, [4]), "patterns: numbers from 0 to 3"),
    ],
)
def test_bad_arguments_are_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)
