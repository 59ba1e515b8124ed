"""State preparation: amplitudes exactly, with their signs and phases, at the stated cost."""

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector

from circuits import state_preparation

RUNS = settings(deadline=None, derandomize=True, max_examples=40)

entry = st.floats(-1, 1) | st.sampled_from([0.0, -0.0, 1.0, -1.0])
scale = st.sampled_from([1.0, 1e-300, 1e300, 1e-160, 1e200, -1.0])


def cx_count(circuit):
    return circuit.count_ops().get("cx", 0)


def two_qubit_count(circuit):
    return sum(len(instruction.qubits) == 2 for instruction in circuit.data)


@st.composite
def real_vectors(draw, max_qubits=4):
    size = 2 ** draw(st.integers(0, max_qubits))
    vector = np.array(draw(st.lists(entry, min_size=size, max_size=size)))
    if np.max(np.abs(vector)) < 1e-6:
        vector[draw(st.integers(0, size - 1))] = draw(st.sampled_from([1.0, -1.0]))
    return vector


@st.composite
def complex_vectors(draw):
    vector = draw(real_vectors())
    imaginary = draw(st.lists(entry, min_size=vector.size, max_size=vector.size))
    return vector + 1j * np.array(imaginary)


@st.composite
def sparse_vectors(draw):
    """Few entries, of very different sizes."""
    size = 2 ** draw(st.integers(1, 4))
    value = st.sampled_from([1, -1, 1j, -1j, 1e-12, 1e-5j, 3 + 4j])
    entries = draw(st.dictionaries(st.integers(0, size - 1), value, min_size=1, max_size=3))
    vector = np.zeros(size, dtype=complex)
    vector[list(entries)] = list(entries.values())
    return vector


def assert_prepares(vector):
    scaled = vector / np.max(np.abs(vector))
    prepared = Statevector(state_preparation(vector)).data
    np.testing.assert_allclose(prepared, scaled / np.linalg.norm(scaled), atol=1e-10)


@RUNS
@given(vector=real_vectors(), factor=scale)
def test_real_vector_is_prepared_with_signs_at_any_scale(vector, factor):
    assert_prepares(vector * factor)


@RUNS
@given(vector=complex_vectors(), factor=scale)
def test_complex_vector_is_prepared_with_phases_at_any_scale(vector, factor):
    assert_prepares(vector * factor)


@RUNS
@given(vector=sparse_vectors())
def test_sparse_vector_is_prepared_exactly(vector):
    assert_prepares(vector)


@pytest.mark.parametrize("vector", [[1], [-2.5], [1j], [-3 - 4j]])
def test_single_amplitude_becomes_the_global_phase(vector):
    assert_prepares(np.array(vector))


@pytest.mark.parametrize("index", range(8))
def test_basis_state_is_prepared_with_qubit_0_least_significant(index):
    amplitudes = Statevector(state_preparation(np.eye(8, dtype=int)[index])).data
    np.testing.assert_allclose(amplitudes, np.eye(8)[index], atol=1e-12)


@pytest.mark.parametrize("largest", [5e-324, 1e-310, 1.7e308])
def test_extreme_real_amplitudes_are_prepared(largest):
    prepared = Statevector(state_preparation([0, largest, 0, -largest])).data
    np.testing.assert_allclose(prepared, np.array([0, 1, 0, -1]) / np.sqrt(2), atol=1e-10)


@pytest.mark.parametrize("largest", [5e-324, 1e-310, 1.7e308])
def test_extreme_complex_amplitudes_are_prepared(largest):
    """|z| of the largest finite z overflows, and 1/|z| of the smallest does."""
    prepared = Statevector(state_preparation([complex(largest, largest), 0])).data
    np.testing.assert_allclose(prepared, [np.exp(0.25j * np.pi), 0], atol=1e-10)


@RUNS
@given(vector=real_vectors())
def test_real_vector_takes_at_most_2_to_the_n_less_2_cx(vector):
    assert cx_count(state_preparation(vector)) <= max(0, vector.size - 2)


@RUNS
@given(vector=complex_vectors())
def test_complex_vector_takes_at_most_twice_2_to_the_n_less_2_cx(vector):
    assert cx_count(state_preparation(vector)) <= 2 * max(0, vector.size - 2)


@pytest.mark.parametrize(("qubits", "bound"), [(2, 1), (3, 3), (4, 7), (5, 20), (6, 46)])
@pytest.mark.parametrize("seed", range(3))
def test_generic_real_vector_takes_as_many_two_qubit_gates_as_documented(qubits, bound, seed):
    vector = np.random.default_rng(seed).normal(size=2**qubits)
    assert_prepares(vector)
    assert two_qubit_count(state_preparation(vector)) <= bound


@pytest.mark.parametrize(("qubits", "bound"), [(2, 1), (3, 3), (4, 9), (5, 20), (6, 46)])
def test_generic_complex_vector_takes_as_many_two_qubit_gates_as_documented(qubits, bound):
    vector = np.random.default_rng(1).normal(size=(2**qubits, 2)) @ [1, 1j]
    assert_prepares(vector)
    assert two_qubit_count(state_preparation(vector)) <= bound


def test_nearly_factorising_vector_is_prepared_to_rounding():
    """A decomposition of two-qubit gates that rounds to local ones would lose 1e-5."""
    for size in (1e-3, 1e-5, 1e-7, 1e-9):
        noise = np.random.default_rng(0).normal(size=32) * size
        assert_prepares(np.ones(32) + noise)


@pytest.mark.parametrize("seed", range(4))
def test_positive_product_state_takes_no_cx(seed):
    factors = np.random.default_rng(seed).uniform(0.1, 1, size=(4, 2))
    assert cx_count(state_preparation(functools.reduce(np.kron, factors))) == 0


@pytest.mark.parametrize("seed", range(4))
def test_real_product_state_with_negative_factors_takes_no_cx(seed):
    factors = np.random.default_rng(seed).normal(size=(4, 2))
    vector = functools.reduce(np.kron, factors)
    assert_prepares(vector)
    assert cx_count(state_preparation(vector)) == 0


@pytest.mark.parametrize("seed", range(4))
def test_complex_product_state_takes_no_cx(seed):
    factors = np.random.default_rng(seed).normal(size=(3, 2, 2)) @ [1, 1j]
    vector = functools.reduce(np.kron, factors)
    assert_prepares(vector)
    assert cx_count(state_preparation(vector)) == 0


@pytest.mark.parametrize("seed", range(12))
def test_product_state_of_quarter_turns_takes_no_cx(seed):
    """Half a turn is the edge of the range of phases, where rounding decides its sign."""
    generator = np.random.default_rng(seed)
    phases = np.exp(0.5j * np.pi * generator.integers(0, 4, size=(4, 2)))
    factors = phases * generator.uniform(0.1, 1, size=(4, 2))
    vector = functools.reduce(np.kron, factors)
    assert_prepares(vector)
    assert cx_count(state_preparation(vector)) == 0


def test_uniform_superposition_takes_no_cx():
    assert cx_count(state_preparation(np.ones(32))) == 0


def test_complex_type_with_real_values_costs_no_more_than_real():
    vector = np.random.default_rng(2).normal(size=16)
    assert cx_count(state_preparation(vector.astype(complex))) <= 14


@pytest.mark.parametrize("bad", [[], [1, 2, 3], np.eye(2), 1.0])
def test_length_that_is_no_power_of_two_is_refused_with_its_shape(bad):
    with pytest.raises(ValueError, match=r"has shape .* 2\*\*n"):
        state_preparation(bad)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, complex(0, np.nan), complex(np.inf, 0)])
def test_amplitude_that_is_not_finite_is_refused(bad):
    with pytest.raises(ValueError, match="NaN or infinity"):
        state_preparation([1, bad])


@pytest.mark.parametrize("size", [1, 2, 8])
def test_zero_vector_is_refused(size):
    with pytest.raises(ValueError, match="zero"):
        state_preparation(np.zeros(size))


def test_callers_array_is_not_changed():
    vector = np.array([3.0, -4.0])
    state_preparation(vector)
    np.testing.assert_array_equal(vector, [3.0, -4.0])
