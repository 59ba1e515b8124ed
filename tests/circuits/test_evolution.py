"""Hamiltonian evolution against scipy's matrix exponential."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator, Statevector

from circuits import DiagonalisedEvolution

RUNS = settings(deadline=None, derandomize=True, max_examples=25)

seeds = st.integers(0, 2**32 - 1)
times = st.floats(-10, 10)


def random_matrix(size, complex_entries, seed):
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(size, size))
    if complex_entries:
        matrix = matrix + 1j * generator.normal(size=(size, size))
    return matrix


def random_hermitian(size, complex_entries, seed):
    matrix = random_matrix(size, complex_entries, seed)
    return (matrix + matrix.conj().T) / 2


def of(hamiltonian):
    return DiagonalisedEvolution.of_hermitian(*np.linalg.eigh(hamiltonian))


def dilation_of(matrix):
    """A's Hermitian dilation: A in the upper right block."""
    zero = np.zeros_like(matrix)
    return np.block([[zero, matrix], [matrix.conj().T, zero]])


@RUNS
@given(n=st.integers(0, 3), complex_entries=st.booleans(), seed=seeds, time=times)
def test_circuit_is_the_matrix_exponential(n, complex_entries, seed, time):
    hamiltonian = random_hermitian(2**n, complex_entries, seed)
    unitary = Operator(of(hamiltonian).circuit(time)).data
    np.testing.assert_allclose(unitary, scipy.linalg.expm(1j * hamiltonian * time), atol=1e-9)


@pytest.mark.parametrize(
    "hamiltonian",
    [np.eye(4), np.zeros((2, 2)), -np.eye(2), np.diag([1.0, 1.0, -1.0, -1.0]), np.ones((4, 4))],
)
def test_degenerate_spectra_evolve_exactly(hamiltonian):
    unitary = Operator(of(hamiltonian).circuit(0.7)).data
    np.testing.assert_allclose(unitary, scipy.linalg.expm(0.7j * hamiltonian), atol=1e-10)


@RUNS
@given(n=st.integers(0, 3), complex_entries=st.booleans(), seed=seeds)
def test_leaving_the_frame_undoes_entering_it(n, complex_entries, seed):
    evolution = of(random_hermitian(2**n, complex_entries, seed))
    both = Operator(evolution.leave()).data @ Operator(evolution.enter()).data
    np.testing.assert_allclose(both, np.eye(2**n), atol=1e-9)


@RUNS
@given(
    n=st.integers(0, 2),
    time_qubits=st.integers(1, 3),
    complex_entries=st.booleans(),
    seed=seeds,
    time=times,
)
def test_controlled_powers_between_the_frame_changes_are_centred_evolutions(
    n, time_qubits, complex_entries, seed, time
):
    hamiltonian = random_hermitian(2**n, complex_entries, seed)
    evolution = of(hamiltonian)
    circuit = QuantumCircuit(n + time_qubits)
    circuit.compose(evolution.enter(), range(n), inplace=True)
    circuit.compose(evolution.controlled_powers(time_qubits, time), inplace=True)
    circuit.compose(evolution.leave(), range(n), inplace=True)
    # The system is the lower register, so each value of the time register has its own block.
    expected = scipy.linalg.block_diag(
        *(
            scipy.linalg.expm(1j * hamiltonian * time * (tau - (2**time_qubits - 1) / 2))
            for tau in range(2**time_qubits)
        )
    )
    np.testing.assert_allclose(Operator(circuit).data, expected, atol=1e-8)


@pytest.mark.parametrize(("n", "time_qubits"), [(1, 3), (2, 4), (3, 2)])
def test_controlled_powers_take_at_most_time_qubits_times_2_to_the_n_cx(n, time_qubits):
    circuit = of(random_hermitian(2**n, True, 0)).controlled_powers(time_qubits, 0.3)
    assert circuit.num_qubits == n + time_qubits
    assert circuit.count_ops()["cx"] <= time_qubits * 2**n


@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_real_eigenvectors_of_negative_determinant_are_no_special_case(seed, complex_entries):
    hamiltonian = random_hermitian(4, complex_entries, seed)
    values, vectors = np.linalg.eigh(hamiltonian)
    vectors[:, 0] *= -1
    unitary = Operator(DiagonalisedEvolution.of_hermitian(values, vectors).circuit(1.3)).data
    np.testing.assert_allclose(unitary, scipy.linalg.expm(1.3j * hamiltonian), atol=1e-10)


def test_callers_eigenvectors_are_not_changed():
    values, vectors = np.linalg.eigh(random_hermitian(4, False, 3))
    for sign in (1, -1):
        given_vectors = vectors * [1, 1, 1, sign]
        kept = given_vectors.copy()
        DiagonalisedEvolution.of_hermitian(values, given_vectors)
        np.testing.assert_array_equal(given_vectors, kept)


def test_diagonalised_evolution_says_that_it_was_diagonalised_classically():
    evolution = of(np.diag([1.0, 2.0]))
    assert evolution.classically_diagonalised
    assert evolution.system_qubits == 1


@RUNS
@given(n=st.integers(0, 2), complex_entries=st.booleans(), seed=seeds, time=times)
def test_odd_function_of_the_dilation_takes_the_upper_block_to_the_lower_one(
    n, complex_entries, seed, time
):
    """2i sin(H t) is evolution forwards less evolution backwards."""
    matrix = random_matrix(2**n, complex_entries, seed)
    vector = random_matrix(2**n, complex_entries, seed + 1)[0]
    vector = vector / np.linalg.norm(vector)
    evolution = DiagonalisedEvolution.of_dilation(*np.linalg.svd(matrix))
    assert evolution.system_qubits == n + 1
    upper = np.concatenate([vector, np.zeros(2**n)])

    forwards, backwards = (
        Statevector(upper).evolve(evolution.circuit(sign * time)).data for sign in (1, -1)
    )
    found = (forwards - backwards) / 2j

    dilation = dilation_of(matrix)
    values, vectors = np.linalg.eigh(dilation)
    sine = vectors @ np.diag(np.sin(values * time)) @ vectors.conj().T
    expected = sine @ upper
    np.testing.assert_allclose(expected[: 2**n], 0, atol=1e-9)
    np.testing.assert_allclose(found[2**n :], expected[2**n :], atol=1e-9)
    np.testing.assert_allclose(found[: 2**n], 0, atol=1e-9)


@RUNS
@given(n=st.integers(1, 2), complex_entries=st.booleans(), seed=seeds)
def test_spectrum_of_the_dilation_frame_is_that_of_the_dilation(n, complex_entries, seed):
    matrix = random_matrix(2**n, complex_entries, seed)
    evolution = DiagonalisedEvolution.of_dilation(*np.linalg.svd(matrix))
    expected = np.linalg.eigvalsh(dilation_of(matrix))
    np.testing.assert_allclose(np.sort(evolution.eigenvalues), expected, atol=1e-9)
