"""Sparse states: exact, on no further qubits, in less than k n CX."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector

from circuits.sparse_state import sparse_state_preparation

RUNS = settings(deadline=None, derandomize=True, max_examples=40)


def two_qubit_count(circuit):
    return sum(len(instruction.qubits) == 2 for instruction in circuit.data)


def assert_prepares(qubits, entries):
    wanted = np.zeros(2**qubits, dtype=complex)
    wanted[list(entries)] = list(entries.values())
    circuit = sparse_state_preparation(qubits, entries)
    assert circuit.num_qubits == qubits
    wanted = wanted / np.linalg.norm(wanted)
    np.testing.assert_allclose(Statevector(circuit).data, wanted, atol=1e-10)


values = st.sampled_from([1, -1, 1j, 3 + 4j, 1e-5j, -0.3]) | st.floats(0.1, 1)


@RUNS
@given(qubits=st.integers(1, 6), data=st.data())
def test_any_few_amplitudes_are_prepared_exactly(qubits, data):
    index = st.integers(0, 2**qubits - 1)
    assert_prepares(qubits, data.draw(st.dictionaries(index, values, min_size=1, max_size=12)))


@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize(("qubits", "count"), [(6, 4), (10, 2), (10, 8), (10, 16)])
def test_two_qubit_gates_are_less_than_k_n(qubits, count, complex_entries):
    generator = np.random.default_rng(count)
    places = generator.choice(2**qubits, count, replace=False).tolist()
    amplitudes = generator.normal(size=count) + 1j * complex_entries * generator.normal(size=count)
    entries = dict(zip(places, amplitudes.tolist(), strict=True))
    assert_prepares(qubits, entries)
    assert two_qubit_count(sparse_state_preparation(qubits, entries)) < count * qubits


def test_basis_state_takes_no_two_qubit_gate():
    assert two_qubit_count(sparse_state_preparation(40, {2**39 + 5: -2.0})) == 0


def test_states_told_apart_by_many_qubits_are_prepared():
    """All of weight one or none: a merge that needs more than five controls."""
    assert_prepares(8, {0: 1.0, **{2**q: 1.0 + q for q in range(8)}, 255: 0.5})


@pytest.mark.parametrize(
    ("amplitudes", "match"),
    [({}, "no nonzero"), ({1: 0}, "no nonzero"), ({4: 1}, "index 4"), ({0: np.nan}, "NaN")],
)
def test_bad_amplitudes_are_refused(amplitudes, match):
    with pytest.raises(ValueError, match=match):
        sparse_state_preparation(2, amplitudes)
