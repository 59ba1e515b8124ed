"""The whole HHL circuit: post-selected state, registers, cost and what it leaves alone."""

from dataclasses import dataclass

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, transpile
from qiskit.circuit.library import UnitaryGate
from qiskit.quantum_info import Statevector

from circuits import (
    DiagonalisedEvolution,
    ReciprocalFilter,
    hhl,
    reciprocal_filter,
    state_preparation,
)

RUNS = settings(deadline=None, derandomize=True, max_examples=20)

seeds = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class SteppedEvolution:
    """An evolution without a frame: each power an opaque controlled unitary."""

    hamiltonian: np.ndarray
    classically_diagonalised: bool = False

    @property
    def system_qubits(self):
        return self.hamiltonian.shape[0].bit_length() - 1

    def enter(self):
        return QuantumCircuit(self.system_qubits)

    def leave(self):
        return QuantumCircuit(self.system_qubits)

    def controlled_powers(self, time_qubits, time):
        powers = [
            scipy.linalg.expm(1j * self.hamiltonian * time * (tau - (2**time_qubits - 1) / 2))
            for tau in range(2**time_qubits)
        ]
        circuit = QuantumCircuit(self.system_qubits + time_qubits)
        circuit.append(UnitaryGate(scipy.linalg.block_diag(*powers)), circuit.qubits)
        return circuit


def random_normal(shape, complex_entries, generator):
    real = generator.normal(size=shape)
    return real + 1j * generator.normal(size=shape) if complex_entries else real


def random_hermitian(size, complex_entries, seed):
    matrix = random_normal((size, size), complex_entries, np.random.default_rng(seed))
    return (matrix + matrix.conj().T) / 2


def random_state(size, complex_entries, seed):
    vector = random_normal(size, complex_entries, np.random.default_rng(seed + 1))
    return vector / np.linalg.norm(vector)


def any_filter(clock_qubits, seed):
    """Amplitudes at random: what the circuit does must not depend on a good design."""
    generator = np.random.default_rng(seed + 2)
    return ReciprocalFilter(
        kappa=2.0,
        epsilon=0.1,
        definite=True,
        clock_qubits=clock_qubits,
        time=float(generator.uniform(0.2, 3)),
        scale=0.5,
        values=generator.uniform(-1, 1, 2**clock_qubits),
        deviation=0.1,
    )


def transfer(found, eigenvalues):
    """Sum of r_k |alpha_k|^2, the alpha_k as explicit sums of exponentials."""
    size, length = 2**found.clock_qubits, 2**found.clock_qubits // 2
    ticks, k = np.arange(length), np.arange(size)
    alpha = np.exp(1j * np.outer(eigenvalues * found.time, ticks)) @ np.exp(
        -2j * np.pi * np.outer(ticks, k) / size
    )
    return (np.abs(alpha) ** 2 / (size * length)) @ found.values


def filtered(found, hamiltonian, vector):
    values, vectors = np.linalg.eigh(hamiltonian)
    return vectors @ (transfer(found, values) * (vectors.conj().T @ vector))


def postselected(circuit, n, m):
    """Amplitudes of the system where the flag is 1 and the clock 0."""
    state = Statevector(circuit).data.reshape(2, 2**m, 2**n)
    return state[1, 0]


def of(hamiltonian):
    return DiagonalisedEvolution.of_hermitian(*np.linalg.eigh(hamiltonian))


@RUNS
@given(n=st.integers(0, 2), m=st.integers(2, 4), complex_entries=st.booleans(), seed=seeds)
def test_postselected_state_is_the_filter_of_h_applied_to_b(n, m, complex_entries, seed):
    hamiltonian = random_hermitian(2**n, complex_entries, seed)
    vector = random_state(2**n, complex_entries, seed)
    found = any_filter(m, seed)
    circuit = hhl(state_preparation(vector), of(hamiltonian), found)
    expected = filtered(found, hamiltonian, vector)
    np.testing.assert_allclose(postselected(circuit, n, m), expected, atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_evolution_without_a_frame_gives_the_same_state(seed):
    hamiltonian, vector = random_hermitian(4, True, seed), random_state(4, True, seed)
    found = any_filter(3, seed)
    circuit = hhl(state_preparation(vector), SteppedEvolution(hamiltonian), found)
    expected = filtered(found, hamiltonian, vector)
    np.testing.assert_allclose(postselected(circuit, 2, 3), expected, atol=1e-9)
    assert circuit.metadata == {"classically_diagonalised": False}


@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_dilation_takes_b_above_to_the_filtered_solution_below(seed, complex_entries):
    """An odd filter of the dilation is odd in the singular values: V g(S) U^dagger b."""
    generator = np.random.default_rng(seed)
    matrix = random_normal((4, 4), complex_entries, generator)
    matrix = matrix / np.linalg.norm(matrix, 2)
    vector = random_state(4, complex_entries, seed)
    found = reciprocal_filter(5.0, 0.1, definite=False)
    left, values, right = np.linalg.svd(matrix)
    upper = QuantumCircuit(3)
    upper.compose(state_preparation(vector), [0, 1], inplace=True)
    circuit = hhl(upper, DiagonalisedEvolution.of_dilation(left, values, right), found)
    expected = right.conj().T @ (transfer(found, values) * (left.conj().T @ vector))
    state = postselected(circuit, 3, found.clock_qubits)
    np.testing.assert_allclose(state[4:], expected, atol=1e-9)
    np.testing.assert_allclose(state[:4], 0, atol=1e-9)


@pytest.mark.parametrize("definite", [True, False])
def test_designed_filter_gives_the_solution_within_epsilon(definite):
    kappa, epsilon = 4.0, 1e-2
    generator = np.random.default_rng(5)
    basis, _ = np.linalg.qr(generator.normal(size=(4, 4)))
    eigenvalues = np.array([1 / kappa, 0.4, 0.7, 1.0]) * (1 if definite else [1, -1, 1, -1])
    hamiltonian = basis @ np.diag(eigenvalues) @ basis.T
    vector = random_state(4, False, 6)
    found = reciprocal_filter(kappa, epsilon, definite=definite)
    circuit = hhl(state_preparation(vector), of(hamiltonian), found)
    solution = np.linalg.solve(hamiltonian, vector)
    amplitudes = postselected(circuit, 2, found.clock_qubits)
    error = np.linalg.norm(amplitudes / found.scale - solution) / np.linalg.norm(solution)
    assert error <= epsilon


def test_registers_are_system_clock_flag_in_this_order():
    circuit = hhl(QuantumCircuit(2), of(np.diag([1.0, 2.0, 3.0, 4.0])), any_filter(3, 0))
    assert [(register.name, register.size) for register in circuit.qregs] == [
        ("system", 2),
        ("clock", 3),
        ("flag", 1),
    ]
    assert circuit.qubits == [qubit for register in circuit.qregs for qubit in register]
    assert circuit.num_clbits == 0
    assert circuit.name == "hhl"


def test_metadata_says_that_eigenvectors_were_computed_classically():
    circuit = hhl(QuantumCircuit(1), of(np.diag([1.0, 2.0])), any_filter(2, 0))
    assert circuit.metadata == {"classically_diagonalised": True}


@pytest.mark.parametrize("m", [2, 4, 6])
def test_cx_count_is_within_the_bound_of_the_docstring(m):
    """One system qubit: right-hand side and frame changes take no CX then."""
    evolution = of(random_hermitian(2, True, 1))
    circuit = hhl(state_preparation([0.6, 0.8j]), evolution, any_filter(m, 0))
    compiled = transpile(circuit, basis_gates=["cx", "u"], optimization_level=0)
    powers = evolution.controlled_powers(m - 1, 1.0).count_ops()["cx"]
    assert compiled.count_ops()["cx"] <= 2 * powers + 2**m + 2 * m * (m - 1)


@pytest.mark.parametrize("qubits", [0, 1, 3])
def test_right_hand_side_of_another_size_is_refused(qubits):
    with pytest.raises(ValueError, match=f"{qubits} qubits, the evolution on 2"):
        hhl(QuantumCircuit(qubits), of(np.diag([1.0, 2.0, 3.0, 4.0])), any_filter(3, 0))


def test_callers_circuits_and_arrays_are_not_changed():
    preparation = state_preparation([0.6, 0.8])
    evolution = of(random_hermitian(2, False, 2))
    found = any_filter(3, 0)
    before = [
        preparation.copy(),
        evolution.into_frame.copy(),
        evolution.out_of_frame.copy(),
        found.values.copy(),
    ]
    hhl(preparation, evolution, found)
    assert preparation == before[0]
    assert evolution.into_frame == before[1]
    assert evolution.out_of_frame == before[2]
    assert preparation.metadata == before[0].metadata
    np.testing.assert_array_equal(found.values, before[3])
