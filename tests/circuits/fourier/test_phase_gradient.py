"""The transform by a phase gradient: its action for every result of its measurements, its costs."""

import numpy as np
import pytest
from dynamic_circuits import everything_in, follow
from qiskit.quantum_info import Operator, Statevector

from circuits.fourier.choice import qft
from circuits.fourier.phase_gradient import (
    gradient_infidelity_bound,
    gradient_qubits,
    phase_gradient_count,
    phase_gradient_qft,
    phase_gradient_state,
)

CLIFFORD = {"h", "s", "sdg", "x", "cx", "cz", "swap"}


def matrix_of(circuit, n, size, results):
    """What a circuit does to the data, for results of its measurements drawn by a generator.

    Each column is checked to leave the gradient as it was and the workspace in 0.
    """
    gradient = Statevector(phase_gradient_state(size)).data
    rest = np.kron(np.eye(2**size)[0], gradient)
    places = [i for i, item in enumerate(circuit.data) if item.operation.name == "measure"]
    drawn = dict(zip(places, results.integers(0, 2, len(places)), strict=True))
    columns = []
    for x in range(2**n):
        [(_, state)] = follow(circuit, np.kron(rest, np.eye(2**n)[x]), lambda at: (drawn[at],))
        # Every result is as likely as the other one.
        state = state.reshape(-1, 2**n) * np.sqrt(2) ** len(places)
        columns.append(rest.conj() @ state)
        np.testing.assert_allclose(state, np.outer(rest, columns[-1]), atol=1e-10)
    return np.transpose(columns)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("swaps", [True, False])
@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_action_is_the_transform_whatever_is_measured(n, inverse, swaps, seed):
    circuit = phase_gradient_qft(n, swaps=swaps, inverse=inverse)
    found = matrix_of(circuit, n, n - 1, np.random.default_rng(seed))
    expected = Operator(qft(n, swaps=swaps, inverse=inverse)).data
    np.testing.assert_allclose(found, expected, atol=1e-10)


@pytest.mark.parametrize(("n", "size"), [(3, 1), (4, 1), (4, 2)])
def test_truncation_stays_within_its_bound(n, size):
    epsilon = gradient_infidelity_bound(n, size)
    circuit = phase_gradient_qft(n, epsilon)
    assert gradient_qubits(n, epsilon) == size
    found = matrix_of(circuit, n, size, np.random.default_rng(2))
    np.testing.assert_allclose(found.conj().T @ found, np.eye(2**n), atol=1e-10)
    expected = np.fft.ifft(np.eye(2**n), norm="ortho")
    infidelity = 1 - np.abs(np.vdot(expected, found) / 2**n) ** 2
    assert 0.7 * epsilon < infidelity <= epsilon
    angles = np.angle(np.linalg.eigvals(expected.conj().T @ found))
    assert 2 * np.sin(np.abs(angles).max() / 2) <= n * np.pi / 2 ** (size + 1)
    assert epsilon <= n * np.pi**2 / (12 * 4**size)


@pytest.mark.parametrize("epsilon", [0.0, 1e-2, 1e-6])
@pytest.mark.parametrize("n", [1, 2, 5, 16, 32])
def test_count_is_that_of_the_circuit(n, epsilon):
    circuit = phase_gradient_qft(n, epsilon)
    count = phase_gradient_count(n, epsilon)
    names = [item.operation.name for item in everything_in(circuit)]
    assert names.count("measure") == names.count("if_else") == count.toffoli
    assert names.count("t") + names.count("tdg") == count.t
    assert set(names) <= CLIFFORD | {"t", "tdg", "measure", "if_else"}
    assert circuit.num_qubits == count.qubits
    prepared = phase_gradient_state(gradient_qubits(n, epsilon))
    angles = np.array([item.operation.params[0] for item in prepared.data if item.params])
    assert count.rotations == np.count_nonzero(np.abs(np.sin(4 * angles)) > 1e-12)


@pytest.mark.parametrize("n", [16, 64, 256, 1024])
@pytest.mark.parametrize("norm", [1e-2, 1e-5])
def test_t_gates_for_an_operator_norm_have_the_leading_term_of_the_best_published_count(n, norm):
    size = int(np.ceil(np.log2(n * np.pi / (2 * norm))))
    epsilon = gradient_infidelity_bound(n, size)
    assert gradient_qubits(n, epsilon) == min(size, n - 1)
    assert phase_gradient_count(n, epsilon).t <= 4 * n * (np.log2(n / norm) + 2)
    assert phase_gradient_count(n, norm**2).t <= phase_gradient_count(n, epsilon).t


def test_gradient_has_the_logarithm_of_size_and_accuracy_in_qubits():
    assert [gradient_qubits(n, 0.0) for n in (1, 2, 9)] == [0, 1, 8]
    for n in (16, 64, 256):
        assert gradient_qubits(n, 1e-6) <= np.ceil(np.log2(n * 1e6) / 2 - 0.1)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="n = 0"):
        phase_gradient_qft(0)
    with pytest.raises(ValueError, match=r"epsilon = 1.0: .* below 1"):
        phase_gradient_count(3, 1.0)
    with pytest.raises(ValueError, match="size = -1"):
        phase_gradient_state(-1)
