"""Costs of encodings of banded matrices, held against what is counted of them."""

import time

import numpy as np
import pytest
from encoding_costs import check_encoding

from circuits.banded_encoding import (
    banded_block_encoding,
    circulant_block_encoding,
    toeplitz_block_encoding,
)
from circuits.costs.banded_encoding import (
    banded_block_encoding_cost,
    circulant_block_encoding_cost,
    toeplitz_block_encoding_cost,
)
from circuits.costs.qsvt import qsvt_cost

BANDS = [
    {0: 2.0},
    {1: 1.0},
    {-1: -1.0, 0: 2.0, 1: -1.0},
    {-1: -0.5, 0: 2.0, 1: 1.5},
    {-1: 1j, 1: -1j},
    {-2: 0.2, -1: 1.0, 0: 3.0, 1: 1.0, 2: 0.2},
    {0: 1.0, 2: 0.3, 3: 0.1j},
]


@pytest.mark.parametrize("size", [8, 5, 12])
@pytest.mark.parametrize("band", BANDS)
def test_toeplitz_matrices_are_exact(size, band):
    cost, built = toeplitz_block_encoding_cost(size, band), toeplitz_block_encoding(size, band)
    check_encoding(cost, built)


@pytest.mark.parametrize("qubits", [2, 3, 4])
@pytest.mark.parametrize("band", BANDS)
def test_circulant_matrices_are_exact(qubits, band):
    cost, built = (
        circulant_block_encoding_cost(qubits, band),
        circulant_block_encoding(qubits, band),
    )
    check_encoding(cost, built)


@pytest.mark.parametrize("size", [4, 6, 8])
@pytest.mark.parametrize("offsets", [[0], [-1, 0, 1], [-2, 0, 3]])
@pytest.mark.parametrize("real", [True, False])
def test_bands_of_general_entries_are_exact(size, offsets, real):
    rng = np.random.default_rng(size)
    diagonals = {}
    for offset in offsets:
        entries = rng.normal(size=(2, size - abs(offset)))
        diagonals[offset] = entries[0] if real else entries[0] + 1j * entries[1]
    largest = {offset: float(np.max(np.abs(entries))) for offset, entries in diagonals.items()}
    cost = banded_block_encoding_cost(size, largest, real=real)
    check_encoding(cost, banded_block_encoding(size, diagonals))


def test_a_hundred_qubits_take_no_time():
    start = time.process_time()
    encoding = toeplitz_block_encoding_cost(2**100, {-1: 1.0, 0: 2.0, 1: 1.0})
    assert encoding.circuit.two_qubit_gates == 9 * 100 - 3
    assert qsvt_cost(encoding, 10**15).two_qubit_gates > 10**17
    assert toeplitz_block_encoding_cost(10**30, {-1: 1.0, 1: 1.0}).system_qubits == 100
    assert circulant_block_encoding_cost(100, {-1: 1.0, 1: 1.0}).system_qubits == 100
    assert banded_block_encoding_cost(2**100, {0: 1.0}).circuit.rotations == 2**100
    assert time.process_time() - start < 0.3


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (toeplitz_block_encoding_cost, (1, {0: 1.0})),
        (toeplitz_block_encoding_cost, (4, {4: 1.0})),
        (toeplitz_block_encoding_cost, (4, {0: 0.0})),
        (circulant_block_encoding_cost, (0, {0: 1.0})),
        (banded_block_encoding_cost, (4, {})),
    ],
)
def test_bad_arguments_are_named(function, arguments):
    with pytest.raises(ValueError, match=r"size = 1|offset 4|coefficients: all|system_qubits = 0"):
        function(*arguments)
