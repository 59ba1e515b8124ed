"""Phase estimation from copies: exact distribution of the clock, error, copies, one clock qubit.

The sampled test: of a total variation distance over k outcomes the mean is below
sqrt(k / (2 pi shots)) and P(distance > mean + 0.08) < exp(-2 shots 0.08**2) = 3e-7 at 1,200 shots.
"""

import numpy as np
import pytest
from copied_states import cx_count, density_matrix, noisy_copy
from qiskit import QuantumCircuit
from qiskit.quantum_info import DensityMatrix

import qml_algos
from circuits import DiagonalisedEvolution, phase_estimation, state_preparation
from circuits.density_matrix.phase_estimation import (
    CopyEvolution,
    copy_phase_estimation,
    iterative_copy_phase_estimation,
    phase_estimation_copies,
)

SHOTS = 1_200


def clock_distribution(estimation, clock_qubits):
    whole = estimation.circuit.num_qubits
    return DensityMatrix(estimation.circuit).probabilities(range(whole - clock_qubits, whole))


def ideal_distribution(rho, clock_qubits, time):
    """With the evolution itself, started from each eigenvector."""
    values, vectors = np.linalg.eigh(rho)
    evolution = DiagonalisedEvolution.of_hermitian(values, vectors)
    n, found = evolution.system_qubits, 0.0
    for value, vector in zip(values, np.eye(values.size), strict=True):
        circuit = QuantumCircuit(n + clock_qubits)
        circuit.compose(state_preparation(vector), range(n), inplace=True)
        circuit.compose(phase_estimation(evolution, clock_qubits, time), inplace=True)
        clock = range(n, n + clock_qubits)
        found = found + value * DensityMatrix(circuit).probabilities(clock)
    return found


@pytest.mark.parametrize("copies", [12, 60])
def test_clock_is_distributed_as_with_the_evolution_up_to_the_stated_error(copies):
    copy, time = noisy_copy(1, 1.2), 1.1
    estimation = copy_phase_estimation(copy, 1, 2, time, copies)
    expected = ideal_distribution(density_matrix(copy, 1), 2, time)
    distance = np.abs(clock_distribution(estimation, 2) - expected).sum() / 2
    assert distance <= estimation.error
    assert distance < 1.5 / copies
    assert estimation.copies <= copies


def test_single_clock_qubit_gives_the_same_bits():
    copy, bits, time = noisy_copy(1, 1.2), 3, 0.9
    expected = clock_distribution(copy_phase_estimation(copy, 1, bits, time, 14), bits)
    estimation = iterative_copy_phase_estimation(copy, 1, bits, time, 14)
    backend = qml_algos.backend("aer_shots")
    [compiled] = backend.compile([estimation.circuit])
    counts = backend.sampler(1).run([compiled], shots=SHOTS).result()[0].data.phase
    found = np.zeros(2**bits)
    for outcome, count in counts.get_int_counts().items():
        found[outcome] = count / SHOTS
    distance = np.abs(found - expected).sum() / 2
    assert distance < np.sqrt(2**bits / (2 * np.pi * SHOTS)) + 0.08


@pytest.mark.parametrize("epsilon", [0.5, 0.02])
@pytest.mark.parametrize("clock_qubits", [1, 4])
def test_copies_for_an_error_keep_it(clock_qubits, epsilon):
    copies = phase_estimation_copies(clock_qubits, 0.4, epsilon)
    estimation = copy_phase_estimation(QuantumCircuit(1), 1, clock_qubits, 0.4, copies)
    assert estimation.error <= epsilon * (1 + 1e-9)
    assert copies - clock_qubits <= estimation.copies <= copies


@pytest.mark.parametrize("qubits", [1, 2, 3])
def test_cost_and_width_are_what_is_stated(qubits):
    copy, bits = noisy_copy(qubits), 3
    iterative = iterative_copy_phase_estimation(copy, qubits, bits, 0.8, 15)
    assert iterative.circuit.num_qubits == 2 * qubits + 2
    swaps = (iterative.copies - 1) * (8 * qubits - 2)
    assert cx_count(iterative.circuit) == iterative.copies * cx_count(copy) + swaps
    parallel = copy_phase_estimation(copy, qubits, bits, 0.8, 15)
    assert parallel.circuit.num_qubits == 2 * qubits + 1 + bits
    transform = bits * (bits - 1)
    assert cx_count(parallel.circuit) == cx_count(iterative.circuit) + transform


def test_evolution_is_known_by_copies_alone():
    evolution = CopyEvolution(QuantumCircuit(2), 1, 0.1)
    assert not evolution.classically_diagonalised
    assert evolution.system_qubits == 3
    assert evolution.enter().size() == evolution.leave().size() == 0
    assert evolution.copies(3, 0.2) == 2 + 4 + 8
    assert evolution.error(3, 0.2) == pytest.approx((0.2 + 0.4 + 0.8) * 0.1 / 2)


def test_what_makes_no_sense_is_refused():
    copy = QuantumCircuit(2)
    with pytest.raises(ValueError, match="copies = 3: at least 4 are needed"):
        copy_phase_estimation(copy, 2, 3, 1.0, 3)
    with pytest.raises(ValueError, match="clock_qubits = 0"):
        copy_phase_estimation(copy, 2, 0, 1.0, 3)
    with pytest.raises(ValueError, match="time = inf"):
        phase_estimation_copies(2, np.inf, 0.1)
    with pytest.raises(ValueError, match="epsilon = 0"):
        phase_estimation_copies(2, 1.0, 0)
    with pytest.raises(ValueError, match="step = 0"):
        CopyEvolution(copy, 2, 0)
    with pytest.raises(ValueError, match="copy has 2 qubits"):
        iterative_copy_phase_estimation(copy, 3, 2, 1.0, 9)
