"""Overlaps of random states against their inner products."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Statevector

from circuits.overlap import hadamard_test, swap_test, uncomputed_overlap
from circuits.state_preparation import state_preparation

CASES = given(st.integers(1, 3), st.integers(0, 10_000))
BASIS = ["cx", "rz", "sx", "x"]


def pair(qubits, seed):
    """Two preparations, the first with one qubit more, and their overlap where that is 1."""
    generator = np.random.default_rng(seed)
    sizes = 2 ** (qubits + 1), 2**qubits
    s, r = (generator.normal(size=n) + 1j * generator.normal(size=n) for n in sizes)
    s, r = s / np.linalg.norm(s), r / np.linalg.norm(r)
    return state_preparation(s), state_preparation(r), np.vdot(r, s[2**qubits :])


@settings(deadline=None, max_examples=20)
@CASES
def test_uncomputing_returns_the_squared_overlap_to_zero(qubits, seed):
    state, reference, overlap = pair(qubits, seed)
    probabilities = Statevector(uncomputed_overlap(state, reference)).probabilities()
    assert probabilities[2**qubits] == pytest.approx(abs(overlap) ** 2, abs=1e-12)


@settings(deadline=None, max_examples=20)
@CASES
def test_swap_test_has_the_squared_overlap_as_its_mean(qubits, seed):
    state, reference, overlap = pair(qubits, seed)
    grid = Statevector(swap_test(state, reference)).probabilities()
    grid = grid.reshape(2**qubits, 2, 2**qubits)[:, 1]  # reference, upper qubit in 1, state
    numbers = np.arange(2**qubits)
    signs = (-1.0) ** np.bitwise_count(numbers[:, None] & numbers)
    assert np.sum(signs * grid) == pytest.approx(abs(overlap) ** 2, abs=1e-12)


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 3), st.integers(0, 10_000), st.booleans())
def test_hadamard_test_has_the_overlap_with_its_phase_as_its_mean(qubits, seed, imaginary):
    state, small, overlap = pair(qubits, seed)
    reference = QuantumCircuit(qubits + 1)
    reference.compose(small, range(qubits), inplace=True)
    reference.x(qubits)
    test = Statevector(hadamard_test(state, reference, imaginary=imaginary))
    zero, one = test.probabilities([qubits + 1])
    expected = overlap.imag if imaginary else overlap.real
    assert zero - one == pytest.approx(expected, abs=1e-10)


def test_swap_test_takes_one_cx_for_each_qubit():
    plus = QuantumCircuit(3)
    plus.h(range(3))
    compiled = transpile(swap_test(plus, plus), basis_gates=BASIS, optimization_level=0)
    assert compiled.num_nonlocal_gates() == 3


@pytest.mark.parametrize("overlap", [uncomputed_overlap, swap_test])
def test_reference_that_is_too_large_is_refused(overlap):
    with pytest.raises(ValueError, match="reference has 3 qubits, the state only 2"):
        overlap(QuantumCircuit(2), QuantumCircuit(3))


def test_hadamard_test_of_different_sizes_is_refused():
    with pytest.raises(ValueError, match="reference has 3 qubits, the state 2"):
        hadamard_test(QuantumCircuit(2), QuantumCircuit(3))
