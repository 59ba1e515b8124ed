"""Costs of encodings of Pauli sums, held against what is counted of them."""

import numpy as np
import pytest
from encoding_costs import check_encoding
from qiskit.quantum_info import SparsePauliOp

from circuits.costs import count_gates
from circuits.costs.pauli_encoding import pauli_block_encoding_cost, unary_pauli_encoding_cost
from circuits.multiplexed_state import index_state
from circuits.pauli_encoding import pauli_block_encoding


def _weights(labels):
    return [sum(letter != "I" for letter in label) for label in labels]


@pytest.mark.parametrize("terms", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("qubits", [4, 5, 6])
def test_sums_of_unrelated_terms_are_exact(qubits, terms):
    rng = np.random.default_rng(terms)
    labels = {"Z" * (k % qubits + 1) + "X" * (qubits - k % qubits - 1): None for k in range(qubits)}
    labels = [*labels, *("".join(rng.choice(list("IXYZ"), qubits)) for _ in range(20))]
    labels = list(dict.fromkeys(label for label in labels if set(label) != {"I"}))[:terms]
    coefficients = rng.uniform(0.5, 1, terms) * rng.choice([-1, 1], terms)
    cost = pauli_block_encoding_cost(qubits, _weights(labels), [20] * terms, phases=True)
    encoding = pauli_block_encoding(SparsePauliOp(labels, coefficients))
    if "unary" in encoding.description:
        check_encoding(cost, encoding)


@pytest.mark.parametrize(
    "generators", [["ZIII"], ["XZII", "IIZI"], ["XIII", "IXII", "IIXI", "IIIX"]]
)
@pytest.mark.parametrize("phases", [True, False])
def test_sums_of_all_products_are_exact(generators, phases):
    rng = np.random.default_rng(1)
    products = [SparsePauliOp("IIII")]
    for generator in generators:
        products += [product @ SparsePauliOp(generator) for product in products]
    labels = [product.paulis[0].to_label() for product in products]
    size = len(labels)
    coefficients = rng.uniform(0.5, 1, size) * np.exp(1j * phases * rng.normal(size=size))
    cost = pauli_block_encoding_cost(4, _weights(labels), _weights(generators), phases=phases)
    check_encoding(cost, pauli_block_encoding(SparsePauliOp(labels, coefficients)))


@pytest.mark.parametrize("qubits", [7, 8, 20])
def test_chains_of_equal_terms_are_exact_with_the_state_of_their_index(qubits):
    terms = [("ZZ", [k, k + 1], 1.0) for k in range(qubits - 1)] + [("X", [0], 1.0)]
    operator = SparsePauliOp.from_sparse_list(terms, qubits)
    index_qubits = (len(terms) - 1).bit_length()
    index = count_gates(index_state(np.arange(2**index_qubits) < len(terms)))
    cost = unary_pauli_encoding_cost(qubits, [2] * (qubits - 1) + [1], index)
    encoding = pauli_block_encoding(operator)
    assert "unary" in encoding.description
    check_encoding(cost, encoding)


def test_a_hundred_qubits_take_no_time():
    cost = pauli_block_encoding_cost(100, [2] * 99 + [1] * 100, [2] * 99 + [1] * 100)
    assert cost.signal_qubits == 8
    assert cost.circuit.two_qubit_gates > 7 * 197 + 298
