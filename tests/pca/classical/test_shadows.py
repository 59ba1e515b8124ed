"""Shadows: snapshots average to the state, errors are those stated, refusals say how many."""

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.circuit import Parameter
from qiskit.quantum_info import Statevector, partial_trace
from sklearn.exceptions import NotFittedError

from qml_algos.errors import (
    InvalidProblemError,
    TooLargeError,
    UnknownNameError,
    UnsuitableSolverError,
)
from qml_algos.pca.classical import ShadowPCA, shadow_copies


def mixed_state(qubits=2):
    """A state of the first qubits, entangled with one more; amplitudes complex."""
    circuit = QuantumCircuit(qubits + 1)
    circuit.ry(0.7, qubits)
    for k in range(qubits):
        circuit.ry(0.9 + k, k)
        circuit.rz(0.4 + k, k)
        circuit.cx(k, (k + 1) % qubits) if qubits > 1 else None
    circuit.cx(qubits, 0)
    density = partial_trace(Statevector(circuit), [qubits]).data
    return circuit, density


def fitted(circuit, **options):
    return ShadowPCA(**options).fit_circuit(circuit, range(circuit.num_qubits - 1))


@pytest.mark.parametrize(
    "options",
    [
        {"copies": 9_000},
        {"copies": 1_200, "ensemble": "clifford", "bases": 80},
        {"copies": 2_600, "bases": 26, "qubits": 3},
    ],
)
def test_components_of_a_mixed_state_lie_within_their_errors(options):
    """Within five standard errors found by the jackknife; t with 19 degrees: chance 8e-5 each."""
    qubits = options.pop("qubits", 2)
    circuit, density = mixed_state(qubits)
    values, vectors = np.linalg.eigh(density)
    found = fitted(circuit, n_components=2, random_state=0, **options)
    deviation = np.abs(found.explained_variance_ - values[::-1][:2])
    assert np.all(deviation <= 5 * found.explained_variance_standard_error_)
    infidelity = 1 - np.abs(np.vdot(vectors[:, -1], found.components_[0])) ** 2
    assert infidelity <= 5 * found.subspace_error_**2 + 25 * np.sum(
        found.components_standard_error_[0] ** 2
    )
    np.testing.assert_allclose(np.trace(found.density_matrix_), 1)
    assert found.copies_ == found.resources_.shots >= options["copies"]


def test_the_density_matrix_is_that_of_the_circuit_qubit_by_qubit():
    """Entries within six times 3^(n/2) / sqrt(copies)."""
    circuit, density = mixed_state(2)
    found = fitted(circuit, copies=40_000, random_state=1)
    assert np.abs(found.density_matrix_ - density).max() <= 6 * 3 / np.sqrt(40_000)
    swapped = ShadowPCA(copies=40_000, random_state=1).fit_circuit(circuit, [1, 0])
    order = [0, 2, 1, 3]
    there = swapped.density_matrix_[np.ix_(order, order)]
    assert np.abs(there - density).max() <= 6 * 3 / np.sqrt(40_000)


def test_stated_errors_are_those_of_repetitions():
    """Mean of 20 squared deviations in units of the error, 1 within about 4 sigma."""
    circuit, density = mixed_state(1)
    truth = np.linalg.eigvalsh(density)[-1]
    squares = []
    for seed in range(20):
        found = fitted(circuit, copies=600, random_state=seed)
        deviation = found.explained_variance_[0] - truth
        squares.append((deviation / found.explained_variance_standard_error_[0]) ** 2)
    assert 0.35 <= np.mean(squares) <= 2.2


def test_copies_follow_from_epsilon_and_suffice():
    circuit, _ = mixed_state(2)
    found = fitted(circuit, copies=None, epsilon=0.05, random_state=0)
    assert found.copies_ >= shadow_copies(2, 0.05) == 3600
    assert found.explained_variance_standard_error_[0] <= 0.05
    assert shadow_copies(4, 0.05, "clifford") == shadow_copies(8, 0.05, "clifford") == 1200


def test_a_circuit_may_measure_and_reset_on_the_way():
    circuit = QuantumCircuit(1)
    circuit.add_register(ClassicalRegister(1, "early"))
    circuit.h(0)
    circuit.measure(0, 0)
    found = ShadowPCA(2, copies=3_000, random_state=0).fit_circuit(circuit)
    np.testing.assert_allclose(found.explained_variance_, 0.5, atol=0.1)
    circuit.reset(0)
    found = ShadowPCA(1, copies=3_000, random_state=0).fit_circuit(circuit)
    np.testing.assert_allclose(np.abs(found.components_[0]), [1, 0], atol=0.1)


def test_states_are_written_in_components_and_back():
    circuit, density = mixed_state(2)
    found = fitted(circuit, n_components=4, copies=2_000, random_state=0)
    states = np.linalg.eigh(density)[1].T
    overlaps = found.transform(states)
    np.testing.assert_allclose(found.inverse_transform(overlaps), states, atol=1e-12)
    with pytest.raises(NotFittedError, match="fit_circuit"):
        ShadowPCA().transform(states)
    with pytest.raises(InvalidProblemError, match="4 amplitudes"):
        found.transform(np.eye(3))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"n_components": 5}, InvalidProblemError, "1 to 4 components"),
        ({"copies": 0}, InvalidProblemError, "copies = 0"),
        ({"copies": None}, InvalidProblemError, "one of them is needed"),
        ({"copies": 100, "bases": 9}, InvalidProblemError, "at least 180 copies"),
        ({"copies": 100, "bases": 5}, InvalidProblemError, "at least 20 bases"),
        ({"bases": 0}, InvalidProblemError, "bases = 0"),
        ({"copies": 1000, "epsilon": 0.01}, UnsuitableSolverError, "promised from 90,000 copies"),
        ({"epsilon": 3.0}, ValueError, "epsilon = 3.0"),
        ({"ensemble": "haar"}, UnknownNameError, "ensemble 'haar'"),
    ],
)
def test_bad_options_are_refused_before_anything_runs(options, error, message):
    circuit, _ = mixed_state(2)
    with pytest.raises(error, match=message):
        fitted(circuit, **options)


def test_bad_circuits_are_refused():
    circuit, _ = mixed_state(2)
    with pytest.raises(InvalidProblemError, match="system_qubits"):
        ShadowPCA().fit_circuit(circuit, [0, 0])
    with pytest.raises(InvalidProblemError, match="QuantumCircuit"):
        ShadowPCA().fit_circuit(np.eye(2))
    with pytest.raises(TooLargeError, match="at most 8"):
        ShadowPCA().fit_circuit(QuantumCircuit(9))
    free = QuantumCircuit(1)
    free.rx(Parameter("t"), 0)
    with pytest.raises(InvalidProblemError, match="free parameters"):
        ShadowPCA().fit_circuit(free)
    named = QuantumCircuit(1)
    named.add_register(ClassicalRegister(1, "shadow"))
    with pytest.raises(InvalidProblemError, match="rename"):
        ShadowPCA().fit_circuit(named)
