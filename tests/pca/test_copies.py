"""Components from copies: exponentiation, pairs, and a trained circuit."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from qml_algos import backend
from qml_algos.backends.execution import execute
from qml_algos.errors import InvalidProblemError, NotExactError, TooLargeError
from qml_algos.pca import QuantumPCA
from qml_algos.pca.clock import LinearClock
from qml_algos.pca.exponentiation import CopyProgram
from qml_algos.pca.programs import measured
from qml_algos.pca.readout import Basis
from qml_algos.pca.state import input_from_matrix


def dephased(qubits: int, probability: float) -> QuantumCircuit:
    """A GHZ state, each qubit dephased by one of its own."""
    circuit = QuantumCircuit(2 * qubits)
    circuit.h(0)
    for qubit in range(qubits - 1):
        circuit.cx(qubit, qubit + 1)
    for qubit in range(qubits):
        circuit.ry(2 * np.arcsin(np.sqrt(probability)), qubits + qubit)
        circuit.cz(qubits + qubit, qubit)
    return circuit


@pytest.mark.parametrize("method", ["two-copy", "density-matrix-exponentiation"])
def test_the_principal_eigenvalue_of_a_noisy_ghz_state_is_found_within_2_percent(
    method: str,
) -> None:
    found = QuantumPCA(1, method=method, epsilon=0.05).fit_circuit(dephased(3, 0.05), 3)
    exact = (1 + 0.9**3) / 2
    assert abs(found.explained_variance_[0] - exact) < 0.02 * exact
    np.testing.assert_allclose(np.abs(found.components_[0])[[0, -1]], np.sqrt(0.5), atol=1e-2)


def test_the_exact_channel_is_that_of_the_circuit() -> None:
    """Frequencies of 4,000 shots deviate by more than 0.04 with a probability below 1e-5."""
    source = input_from_matrix(np.array([[0.7, 0.2 - 0.1j], [0.2 + 0.1j, 0.3]]))
    program = CopyProgram(source, LinearClock.up_to(1.0, 2), 8)
    states = program.exact(backend("aer"))
    basis = Basis(0).circuit(1)
    executed = execute([measured(program, basis, 0.0)], backend("aer"), 4_000, 1)
    seen = executed.counts(0, "clock_read") / 4_000
    np.testing.assert_allclose(seen, states.frequencies, atol=0.04)
    np.testing.assert_allclose(states.weighted(np.ones((1, 4)))[0], source.matrix, atol=1e-12)


def test_insufficient_copies_are_refused_with_the_number_that_is_needed() -> None:
    estimator = QuantumPCA(
        1, method="density-matrix-exponentiation", copies=10, clock_qubits=3, epsilon=0.1
    )
    with pytest.raises(InvalidProblemError, match="takes 7,8") as refused:
        estimator.fit_density_matrix(np.diag([0.8, 0.2]))
    needed = int(str(refused.value).split("takes ")[1].split(" ")[0].replace(",", ""))
    estimator.set_params(copies=needed).fit_density_matrix(np.diag([0.8, 0.2]))
    assert estimator.copies_ == needed
    with pytest.raises(InvalidProblemError, match="in each of"):
        estimator.set_params(shots=10).fit_density_matrix(np.diag([0.8, 0.2]))


def test_a_state_that_was_reset_has_no_exact_mode() -> None:
    circuit = dephased(1, 0.1)
    circuit.reset(1)
    with pytest.raises(NotExactError, match="give shots"):
        QuantumPCA(1, method="two-copy").fit_circuit(circuit, 1)


def test_pairs_of_copies_are_read_with_stated_errors() -> None:
    """Beyond 4.5 standard errors with a probability below 1e-4 for all numbers together."""
    circuit = dephased(2, 0.1)
    found = QuantumPCA(1, method="two-copy", shots=1_000, random_state=0).fit_circuit(
        circuit, 2, real=True
    )
    exact = (1 + 0.8**2) / 2
    off = abs(found.explained_variance_[0] - exact)
    assert off < 4.5 * found.explained_variance_standard_errors_[0]
    errors = np.abs(np.abs(found.components_[0]) - [np.sqrt(0.5), 0, 0, np.sqrt(0.5)])
    assert np.all(errors < 4.5 * found.components_standard_errors_[0])
    assert found.copies_ == 2 * found.resources_.shots
    with pytest.raises(TooLargeError, match="at most 4"):
        QuantumPCA(1, method="two-copy").fit_circuit(QuantumCircuit(5))


def test_a_trained_circuit_diagonalises_the_state() -> None:
    rho = np.array([[0.6, 0.25], [0.25, 0.4]])
    values, vectors = np.linalg.eigh(rho)
    found = QuantumPCA(1, method="variational", random_state=0).fit_density_matrix(rho)
    assert abs(found.explained_variance_[0] - values[-1]) < 1e-6
    assert abs(abs(found.components_[0] @ vectors[:, -1]) - 1) < 1e-6
    assert np.all(np.isnan(found.components_standard_errors_))
