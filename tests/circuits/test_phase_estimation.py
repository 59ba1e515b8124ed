"""Phase estimation: distribution of the clock, its order and its sign convention."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator, Statevector
from qiskit.transpiler import Target
from scipy.stats import chi2

import qml_algos
from circuits import DiagonalisedEvolution, phase_estimation
from circuits.phase_estimation import measured_phase_estimation
from qml_algos.backends.execution import execute

RUNS = settings(deadline=None, derandomize=True, max_examples=30)


def diagonal_evolution(*eigenvalues):
    """Basis states are eigenstates, so that the frame changes nothing."""
    values = np.array(eigenvalues, dtype=float)
    return DiagonalisedEvolution.of_hermitian(values, np.eye(values.size))


def clock_distribution(phase, clock_qubits, guard_qubits):
    """|alpha_k|^2 from the sum of exponentials that the Fourier transform takes."""
    size, length = 2**clock_qubits, 2 ** (clock_qubits - guard_qubits)
    offsets = phase - 2 * np.pi * np.arange(size) / size
    amplitudes = np.exp(1j * np.outer(offsets, np.arange(length))).sum(axis=1)
    return np.abs(amplitudes) ** 2 / (size * length)


def clock_probabilities(circuit, system_state):
    """Of a circuit on a system of one qubit, which starts in a basis state."""
    prepared = QuantumCircuit(*circuit.qregs)
    if system_state:
        prepared.x(0)
    state = Statevector(prepared.compose(circuit)).data
    return np.sum(np.abs(state.reshape(-1, 2)) ** 2, axis=1)


@pytest.mark.parametrize("guard_qubits", [0, 1, 2])
@RUNS
@given(
    eigenvalue=st.floats(-3, 3),
    time=st.floats(0.1, 3),
    time_qubits=st.integers(1, 4),
    place=st.integers(0, 1),
)
def test_clock_distribution_on_an_eigenstate_is_the_formula(
    guard_qubits, eigenvalue, time, time_qubits, place
):
    eigenvalues = [0.123, 0.123]
    eigenvalues[place] = eigenvalue
    clock_qubits = time_qubits + guard_qubits
    circuit = phase_estimation(
        diagonal_evolution(*eigenvalues), clock_qubits, time, guard_qubits=guard_qubits
    )
    expected = clock_distribution(eigenvalue * time, clock_qubits, guard_qubits)
    np.testing.assert_allclose(clock_probabilities(circuit, place), expected, atol=1e-10)


@pytest.mark.parametrize("guard_qubits", [0, 1])
def test_docstrings_closed_form_is_the_sum_of_exponentials(guard_qubits):
    size, length = 16, 16 >> guard_qubits
    phase = 1.234
    offsets = phase - 2 * np.pi * np.arange(size) / size
    closed = (np.sin(length * offsets / 2) / np.sin(offsets / 2)) ** 2 / (size * length)
    np.testing.assert_allclose(closed, clock_distribution(phase, 4, guard_qubits), atol=1e-12)


@pytest.mark.parametrize("k", range(16))
def test_phase_on_the_grid_gives_one_clock_state_read_in_natural_order(k):
    circuit = phase_estimation(diagonal_evolution(k, 0), 4, 2 * np.pi / 16)
    np.testing.assert_allclose(clock_probabilities(circuit, 0), np.eye(16)[k], atol=1e-10)


@pytest.mark.parametrize("k", range(1, 9))
def test_negative_phase_appears_in_twos_complement(k):
    circuit = phase_estimation(diagonal_evolution(-k, 0), 4, 2 * np.pi / 16)
    np.testing.assert_allclose(clock_probabilities(circuit, 0), np.eye(16)[16 - k], atol=1e-10)


@pytest.mark.parametrize("k", [-5, -1, 2, 7])
def test_guard_qubit_halves_the_peak_and_keeps_its_place(k):
    circuit = phase_estimation(diagonal_evolution(0, k), 4, 2 * np.pi / 16, guard_qubits=1)
    probabilities = clock_probabilities(circuit, 1)
    assert np.argmax(probabilities) == k % 16
    assert probabilities[k % 16] == pytest.approx(0.5)


@pytest.mark.parametrize("guard_qubits", [0, 1])
def test_inverse_undoes_phase_estimation(guard_qubits):
    circuit = phase_estimation(diagonal_evolution(0.3, -1.7), 4, 0.9, guard_qubits=guard_qubits)
    both = Operator(circuit.compose(circuit.inverse())).data
    np.testing.assert_allclose(both, np.eye(2**5), atol=1e-10)


def test_registers_are_system_then_clock():
    evolution = diagonal_evolution(1, 2, 3, 4)
    circuit = phase_estimation(evolution, 3, 1.0)
    assert [(register.name, register.size) for register in circuit.qregs] == [
        ("system", 2),
        ("clock", 3),
    ]
    assert circuit.qubits[:2] == list(circuit.qregs[0])


@pytest.mark.parametrize(
    ("clock_qubits", "guard_qubits"), [(0, 0), (1, 1), (-1, 0), (2, 3), (3, -1)]
)
def test_clock_without_a_qubit_for_the_evolution_is_refused(clock_qubits, guard_qubits):
    for build in (phase_estimation, measured_phase_estimation):
        with pytest.raises(ValueError, match="clock_qubits"):
            build(diagonal_evolution(1, 2), clock_qubits, 1.0, guard_qubits=guard_qubits)


def test_circuit_stays_in_the_frame_of_the_evolution():
    """The Hadamard basis change of X must not appear: the caller applies it."""
    evolution = DiagonalisedEvolution.of_hermitian(
        np.array([1.0, -1.0]), np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    )
    circuit = phase_estimation(evolution, 3, 2 * np.pi / 8)
    np.testing.assert_allclose(clock_probabilities(circuit, 0), np.eye(8)[1], atol=1e-10)
    np.testing.assert_allclose(clock_probabilities(circuit, 1), np.eye(8)[7], atol=1e-10)


@pytest.mark.parametrize("guard_qubits", [0, 1])
def test_measured_phase_estimation_reads_the_distribution_of_the_clock(guard_qubits):
    """Chi-square over 8 outcomes; refused by chance with probability 1e-6."""
    shots, evolution = 4000, diagonal_evolution(0.123, 1.7)
    circuit = measured_phase_estimation(evolution, 3, 1.0, guard_qubits=guard_qubits)
    prepared = circuit.copy_empty_like()
    prepared.x(0)
    done = execute([prepared.compose(circuit)], qml_algos.backend("aer"), shots, seed=3)
    expected = shots * clock_distribution(1.7, 3, guard_qubits)
    assert expected.min() > 5
    chi_square = np.sum((done.counts(0, "phase") - expected) ** 2 / expected)
    assert chi_square < chi2.isf(1e-6, 7)


def test_measured_phase_estimation_spends_two_qubit_gates_on_the_evolution_only():
    evolution = diagonal_evolution(1, 2, 3, 4)
    measured = measured_phase_estimation(evolution, 4, 0.7)
    powers = evolution.controlled_powers(4, 0.7).num_nonlocal_gates()
    assert measured.count_ops()["if_else"] == 3
    gates = [item for item in measured.data if item.operation.name != "if_else"]
    assert sum(len(item.qubits) > 1 for item in gates) == powers
    static = Target.from_configuration(["cz", "rz", "sx", "measure"], 6)
    coherent = measured_phase_estimation(evolution, 4, 0.7, target=static)
    assert "if_else" not in coherent.count_ops()
    assert coherent.count_ops()["measure"] == 4
