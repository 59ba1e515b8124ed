"""Partial and controlled swaps against matrices."""

import numpy as np
import pytest
import scipy.linalg
from copied_states import cx_count
from qiskit.quantum_info import Operator

from circuits.density_matrix.partial_swap import controlled_swap, partial_swap


def swap_matrix(qubits):
    size = 2**qubits
    return np.eye(size**2).reshape(size, size, size, size).swapaxes(0, 1).reshape(size**2, size**2)


@pytest.mark.parametrize("qubits", [1, 2, 3])
@pytest.mark.parametrize("angle", [0.37, -1.9])
def test_partial_swap_is_the_exponential(qubits, angle):
    expected = scipy.linalg.expm(-1j * angle * np.kron(np.diag([1, -1]), swap_matrix(qubits)))
    assert Operator(partial_swap(qubits, angle)).data == pytest.approx(expected, abs=1e-12)


def test_single_qubits_need_no_control_and_three_cx():
    circuit = partial_swap(1, 0.37, controlled=False)
    expected = scipy.linalg.expm(-0.37j * swap_matrix(1))
    assert Operator(circuit).data == pytest.approx(expected, abs=1e-12)
    assert circuit.num_qubits == 2
    assert cx_count(circuit) == 3


@pytest.mark.parametrize("qubits", [1, 2])
def test_controlled_swap_swaps_where_the_control_is_one(qubits):
    expected = scipy.linalg.block_diag(np.eye(4**qubits), swap_matrix(qubits))
    assert Operator(controlled_swap(qubits)).data == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("qubits", [1, 2, 3, 5, 8])
def test_swaps_cost_what_is_stated(qubits):
    assert cx_count(partial_swap(qubits, 0.2)) == 8 * qubits - 2
    assert cx_count(controlled_swap(qubits)) == 8 * qubits


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="qubits = 0"):
        partial_swap(0, 1.0)
    with pytest.raises(ValueError, match="qubits = 2: more than 1 need controlled"):
        partial_swap(2, 1.0, controlled=False)
