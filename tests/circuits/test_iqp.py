"""IQP circuits: the unitary promised, and what it costs."""

import functools

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from circuits.iqp import iqp_circuit

EDGES = [0b00011, 0b00110, 0b01100, 0b11000]
PAIRS = [1 << i | 1 << j for i in range(5) for j in range(i)]


def state_by_hand(qubits, masks, angles):
    indices = np.arange(2**qubits)
    signs = [(-1.0) ** np.bitwise_count(indices & mask) for mask in masks]
    phases = sum(angle * sign for angle, sign in zip(angles, signs, strict=True))
    hadamard = functools.reduce(np.kron, [np.array([[1, 1], [1, -1]])] * qubits)
    return hadamard @ np.exp(1j * phases) / 2**qubits


SMALL = [[1, 2, 4, 8, 16, *EDGES], [4, *PAIRS], [0b11000]]


@pytest.mark.parametrize(
    ("masks", "connectivity"),
    [
        *((masks, connectivity) for masks in SMALL for connectivity in ("all", "line")),
        ([1, 0b10001, 0b11111, 0b01110, 0b00111, 0b10110], "all"),
    ],
)
def test_the_state_is_that_of_the_formula(masks, connectivity):
    angles = np.random.default_rng(len(masks)).normal(size=len(masks))
    state = Statevector(iqp_circuit(5, masks, angles, connectivity)).data
    assert abs(np.vdot(state, state_by_hand(5, masks, angles))) == pytest.approx(1, abs=1e-12)


def test_all_pairs_take_a_cx_each_and_neighbours_no_more_than_they_are():
    # Twice as many for each pair by itself.
    assert iqp_circuit(5, PAIRS, np.ones(10)).count_ops()["cx"] == 10
    assert iqp_circuit(5, EDGES, np.ones(4)).count_ops()["cx"] == 4
    # A single pair is not worth the walk through all of them.
    assert iqp_circuit(5, [0b10001], [1.0]).count_ops()["cx"] == 2


def test_on_a_line_neighbours_only_are_joined():
    circuit = iqp_circuit(5, PAIRS, np.ones(10), "line")
    ends = [[circuit.find_bit(q).index for q in g.qubits] for g in circuit.data if g.name == "cx"]
    assert all(abs(first - second) == 1 for first, second in ends)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, [], []), "qubits = 0"),
        ((2, [0], [1.0]), "masks: 0 names no set"),
        ((2, [4], [1.0]), "masks: 4 names no set of the qubits 0 to 1"),
        ((2, [1, 1], [1.0, 2.0]), "twice"),
        ((2, [1], [1.0, 2.0]), "1 masks and 2 angles"),
        ((2, [1], [np.nan]), "NaN"),
        ((3, [7], [1.0], "line"), "more than two qubits"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        iqp_circuit(*arguments)
