"""Phase estimation with one clock qubit: the same outcomes as with many.

Of a total variation distance between sampled and exact distribution over k outcomes the mean is
below sqrt(k / (2 pi shots)) and P(distance > mean + 0.03) < exp(-2 shots 0.03**2) = 2e-16.
"""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp, Statevector

import qml_algos
from circuits import DiagonalisedEvolution, phase_estimation, state_preparation
from circuits.fourier.approximation import kept_windows
from circuits.iterative_phase_estimation import iterative_phase_estimation
from circuits.product_formula import ProductFormula, ProductFormulaEvolution

SHOTS = 20_000


def dense_evolution(seed, size=4):
    matrix = np.random.default_rng(seed).normal(size=(size, size))
    return DiagonalisedEvolution.of_hermitian(*np.linalg.eigh(matrix + matrix.T))


def ising_evolution():
    operator = SparsePauliOp(["ZZ", "XI", "IX", "II"], [0.3, 0.2, 0.25, 0.4])
    return ProductFormulaEvolution(ProductFormula.of(operator), 0.4)


def random_state(seed, size=4):
    generator = np.random.default_rng([seed, 1])
    vector = generator.normal(size=size) + 1j * generator.normal(size=size)
    return vector / np.linalg.norm(vector)


def sampled(circuit, bits, backend="aer_shots", shots=SHOTS, seed=1):
    device = qml_algos.backend(backend)
    [compiled] = device.compile([circuit])
    counts = device.sampler(seed).run([compiled], shots=shots).result()[0].data.phase
    found = np.zeros(2**bits)
    for outcome, count in counts.get_int_counts().items():
        found[outcome] = count / shots
    return found


def exact(preparation, evolution, bits, time):
    """Distribution of the clock of phase estimation with as many qubits."""
    n = evolution.system_qubits
    circuit = QuantumCircuit(n + bits)
    circuit.compose(preparation, range(n), inplace=True)
    circuit.compose(evolution.enter(), range(n), inplace=True)
    circuit.compose(phase_estimation(evolution, bits, time), inplace=True)
    return np.sum(np.abs(Statevector(circuit).data.reshape(-1, 2**n)) ** 2, axis=1)


def distance(found, expected):
    return np.abs(found - expected).sum() / 2


@pytest.mark.parametrize("bits", [1, 2, 3, 5])
@pytest.mark.parametrize("evolution", [dense_evolution(3), ising_evolution()])
def test_outcomes_are_distributed_as_with_a_clock_of_many_qubits(evolution, bits):
    preparation = state_preparation(random_state(bits))
    circuit = iterative_phase_estimation(preparation, evolution, bits, 0.7)
    found = sampled(circuit, bits)
    expected = exact(preparation, evolution, bits, 0.7)
    assert distance(found, expected) < np.sqrt(2**bits / (2 * np.pi * SHOTS)) + 0.03


@pytest.mark.parametrize("k", [0, 3, 6, -2])
def test_phase_on_the_grid_is_always_found(k):
    evolution = DiagonalisedEvolution.of_hermitian(np.array([k, 1.0]), np.eye(2))
    circuit = iterative_phase_estimation(QuantumCircuit(1), evolution, 4, 2 * np.pi / 16)
    found = sampled(circuit, 4, shots=100)
    assert found[k % 16] == 1


def test_circuit_has_one_clock_qubit_and_feeds_forward():
    bits = 4
    circuit = iterative_phase_estimation(QuantumCircuit(2), dense_evolution(0), bits, 1.0)
    assert [(register.name, register.size) for register in circuit.qregs] == [
        ("system", 2),
        ("clock", 1),
    ]
    assert [(register.name, register.size) for register in circuit.cregs] == [("phase", bits)]
    counts = circuit.count_ops()
    assert counts["measure"] == bits
    assert counts["reset"] == bits - 1
    assert counts["if_else"] == bits * (bits - 1) // 2
    assert circuit.metadata == {"classically_diagonalised": True}


def test_truncated_feed_forward_turns_by_the_phases_kept_only():
    circuit = iterative_phase_estimation(
        QuantumCircuit(2), dense_evolution(0), 6, 1.0, epsilon=0.01
    )
    assert circuit.count_ops()["if_else"] == sum(kept_windows(6, 0.01)) < 15


def test_two_qubit_gates_are_those_of_the_powers():
    evolution, bits, time = ising_evolution(), 3, 0.8
    circuit = iterative_phase_estimation(QuantumCircuit(2), evolution, bits, time)
    powers = evolution.controlled_powers(bits, time)
    found = sum(v for k, v in circuit.count_ops().items() if k in ("cx", "cy", "cz"))
    assert found == powers.num_nonlocal_gates()


def test_noisy_device_finds_the_cell_of_an_eigenvalue():
    """At the model's error rates more than half of 2,000 shots; 1e-80 by chance if 0.9 is right."""
    evolution = DiagonalisedEvolution.of_hermitian(np.array([3.0, 1.0]), np.eye(2))
    circuit = iterative_phase_estimation(QuantumCircuit(1), evolution, 3, 2 * np.pi / 8)
    found = sampled(circuit, 3, "heron_r3", shots=2000)
    assert found[3] > 0.7


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="bits = 0"):
        iterative_phase_estimation(QuantumCircuit(2), dense_evolution(0), 0, 1.0)
    with pytest.raises(ValueError, match="preparation acts on 1 qubits, the evolution on 2"):
        iterative_phase_estimation(QuantumCircuit(1), dense_evolution(0), 2, 1.0)
