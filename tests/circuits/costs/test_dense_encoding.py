"""Costs of encodings of dense matrices, held against what is counted of them."""

import numpy as np
import pytest
from cost_checks import check_bound, check_closed_form
from encoding_costs import check_encoding

from circuits.costs.dense_encoding import (
    dilation_block_encoding_bound,
    dilation_block_encoding_cost,
    frobenius_block_encoding_cost,
    row_block_encoding_cost,
)
from circuits.costs.sparse_encoding import (
    fable_block_encoding_cost,
    xor_block_encoding_cost,
)
from circuits.dense_encoding import (
    dilation_block_encoding,
    frobenius_block_encoding,
    row_block_encoding,
)
from circuits.sparse_encoding import fable_block_encoding, xor_block_encoding


def _matrix(qubits, real):
    rng = np.random.default_rng(qubits)
    parts = rng.normal(size=(2, 2**qubits, 2**qubits))
    return parts[0] if real else parts[0] + 1j * parts[1]


@pytest.mark.parametrize(("qubits", "real"), [(1, True), (2, True), (4, True), (2, False)])
@pytest.mark.parametrize(
    ("cost", "build"),
    [
        (frobenius_block_encoding_cost, frobenius_block_encoding),
        (row_block_encoding_cost, row_block_encoding),
        (xor_block_encoding_cost, xor_block_encoding),
        (fable_block_encoding_cost, fable_block_encoding),
    ],
)
def test_general_matrices_are_exact_where_the_state_of_the_index_is(cost, build, qubits, real):
    check_encoding(cost(qubits, real=real), build(_matrix(qubits, real)))


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize(
    ("cost", "build"),
    [
        (frobenius_block_encoding_cost, frobenius_block_encoding),
        (row_block_encoding_cost, row_block_encoding),
        (xor_block_encoding_cost, xor_block_encoding),
    ],
)
def test_on_three_qubits_they_are_bounded_closely(cost, build, real):
    encoding, bound = build(_matrix(3, real)), cost(3, real=real)
    check_bound(bound.circuit, encoding.circuit, within=0.9)
    check_closed_form(bound.controlled, encoding.controlled_circuit)


@pytest.mark.parametrize("qubits", [1, 2, 3])
def test_dilations_are_exact_by_cosines_and_sines_and_bounded_by_columns(qubits):
    matrix = _matrix(qubits, real=False)
    exact = dilation_block_encoding(matrix, demultiplexed=True)
    check_encoding(dilation_block_encoding_cost(qubits), exact)
    bound = dilation_block_encoding_bound(qubits)
    check_bound(bound.circuit, dilation_block_encoding(matrix).circuit, within=0.3)
    assert bound.controlled is None


def test_real_dilations_are_bounded():
    built = dilation_block_encoding(_matrix(3, real=True), demultiplexed=True)
    check_bound(dilation_block_encoding_cost(3).circuit, built.circuit, within=0.98)
