"""Matrix product states: truncation within its bound, circuits exact and of the stated cost."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from circuits.matrix_product_state import (
    compress,
    mps_inner_product,
    mps_norm,
    mps_of_vector,
    mps_preparation,
    mps_total,
    mps_vector,
    truncate,
)
from circuits.sampled_function import sampled_function


def two_qubit_count(circuit):
    return sum(len(instruction.qubits) == 2 for instruction in circuit.data)


def random_tensors(qubits, bond, complex_entries, seed=0):
    generator = np.random.default_rng(seed)
    bonds = [1, *[min(bond, 2 ** min(i, qubits - i)) for i in range(1, qubits)], 1]
    shapes = [(bonds[i], 2, bonds[i + 1]) for i in range(qubits)]
    tensors = [generator.normal(size=shape) for shape in shapes]
    if complex_entries:
        tensors = [t + 1j * generator.normal(size=t.shape) for t in tensors]
    return tensors


@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize(
    ("qubits", "bond", "gates"),
    [(1, 1, 0), (2, 2, 1), (5, 1, 0), (8, 2, 15), (3, 4, 3), (8, 3, 64), (8, 4, 64), (7, 8, 130)],
)
def test_state_is_prepared_exactly_at_the_stated_cost(qubits, bond, gates, complex_entries):
    tensors = random_tensors(qubits, bond, complex_entries)
    vector = mps_vector(tensors)
    circuit = mps_preparation(tensors)
    prepared = Statevector(circuit).data
    np.testing.assert_allclose(prepared, vector / np.linalg.norm(vector), atol=1e-10)
    assert two_qubit_count(circuit) <= gates


@pytest.mark.parametrize("seed", range(5))
def test_bonds_that_fall_and_rise_are_prepared_exactly(seed):
    generator = np.random.default_rng(seed)
    bonds = [1, *generator.integers(1, 4, 6), 1]
    tensors = [generator.normal(size=(bonds[i], 2, bonds[i + 1])) for i in range(7)]
    vector = mps_vector(tensors)
    prepared = Statevector(mps_preparation(tensors)).data
    np.testing.assert_allclose(prepared, vector / np.linalg.norm(vector), atol=1e-10)


def test_vector_norm_and_sum_are_those_of_the_vector_written_down():
    tensors = random_tensors(6, 3, True)
    vector = mps_vector(tensors)
    np.testing.assert_allclose(mps_vector(mps_of_vector(vector)), vector, atol=1e-12)
    assert mps_norm(tensors) == pytest.approx(np.linalg.norm(vector))
    assert mps_total(tensors) == pytest.approx(np.sum(vector))


def test_inner_product_is_antilinear_in_the_first_vector():
    bra, ket = random_tensors(5, 3, True), random_tensors(5, 2, True, seed=1)
    expected = np.vdot(mps_vector(bra), mps_vector(ket))
    assert mps_inner_product(bra, ket) == pytest.approx(expected)


def test_truncation_to_a_bond_keeps_most_of_the_vector_and_its_norm_is_one():
    x = np.arange(256) / 256
    vector = np.exp(-9 * x) + 0.1 * np.sin(20 * x)
    tensors = truncate(mps_of_vector(vector), 2)
    assert max(tensor.shape[2] for tensor in tensors) == 2
    assert np.linalg.norm(mps_vector(tensors)) == pytest.approx(1)
    assert 0.95 < np.vdot(mps_vector(tensors), vector) / np.linalg.norm(vector) < 1
    with pytest.raises(ValueError, match="bond"):
        truncate(tensors, 0)


@pytest.mark.parametrize("epsilon", [0.3, 1e-2, 1e-4])
def test_truncation_stays_within_its_bound_and_uses_it(epsilon):
    x = np.arange(1024) / 1024
    vector = np.exp(-60 * (x - 0.4) ** 2) + 0.1 * np.sin(40 * x)
    tensors, error = compress(mps_of_vector(vector), epsilon)
    distance = np.linalg.norm(mps_vector(tensors) - vector / np.linalg.norm(vector))
    assert distance <= error + 1e-12
    assert epsilon / 100 < error <= epsilon


@pytest.mark.parametrize("zero_first", [False, True])
@pytest.mark.parametrize("offset", [0.0, 0.5])
@pytest.mark.parametrize("qubits", [(6,), (3, 4), (2, 3, 2)])
def test_interpolated_function_agrees_with_its_samples(qubits, offset, zero_first):
    def function(*x):
        return np.exp(-x[0] * x[-1]) * np.cos(3 * sum(x))

    axes = [(np.arange(2**q) + offset) / 2**q for q in qubits]
    expected = function(*np.meshgrid(*axes, indexing="ij"))
    if zero_first:
        for axis in range(len(qubits)):
            expected[(slice(None),) * axis + (0,)] = 0
    sampled = sampled_function(function, qubits, offset=offset, zero_first=zero_first)
    assert sampled.error < 1e-12
    np.testing.assert_allclose(mps_vector(sampled.tensors), expected.ravel(), atol=1e-12)


@pytest.mark.parametrize(
    "tensors", [[], [np.ones((2, 2, 1))], [np.ones((1, 2, 2))], [np.ones((1, 3, 1))]]
)
def test_tensors_of_wrong_shape_are_refused(tensors):
    with pytest.raises(ValueError, match="tensors"):
        mps_preparation(tensors)


def test_zero_vector_is_refused():
    with pytest.raises(ValueError, match="zero"):
        compress([np.zeros((1, 2, 1))], 0.1)


@pytest.mark.parametrize("bad", [np.ones(3), np.ones(1), np.ones((2, 2))])
def test_vector_of_wrong_length_is_refused(bad):
    with pytest.raises(ValueError, match=r"2\*\*n"):
        mps_of_vector(bad)
