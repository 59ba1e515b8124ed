"""Gram matrices from shots, held against exact states."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.quantum_info import Statevector
from scipy.stats import chi2

from qml_algos import backend
from qml_algos.backends import execution
from qml_algos.backends.aer_sampler import AerSampler
from qml_algos.errors import (
    InvalidProblemError,
    SignalLostError,
    TooLargeError,
    UnknownNameError,
)
from qml_algos.kernels.sampled import SampledGram, gram_error, sampled_fidelities

SHOTS = 2000


def preparation(qubits: int = 2) -> QuantumCircuit:
    """Two layers of rotations with a ring of ZZ rotations after each."""
    angles = iter(ParameterVector("angle", 4 * qubits))
    circuit = QuantumCircuit(qubits)
    for _ in range(2):
        for qubit in range(qubits):
            circuit.ry(next(angles), qubit)
        for qubit in range(qubits):
            circuit.rzz(next(angles), qubit, (qubit + 1) % qubits)
    return circuit


CIRCUIT = preparation()
X, Y = (np.random.default_rng(0).uniform(0, 2, (5 + 3, CIRCUIT.num_parameters))[s] for s in
        (slice(5), slice(5, 8)))  # fmt: skip


def states(angles: np.ndarray) -> np.ndarray:
    return np.array([Statevector(CIRCUIT.assign_parameters(row)).data for row in angles])


def exact(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.abs(states(x).conj() @ states(y).T) ** 2


def sampled(x=X, y=None, *, where="aer_shots", shots=SHOTS, circuit=CIRCUIT, **how) -> SampledGram:
    return sampled_fidelities(circuit, x, y, backend=backend(where), shots=shots, seed=3, **how)


def require_normal(normal: np.ndarray) -> None:
    """Sum of squares of normal deviations: below what is exceeded with probability 1e-4."""
    assert np.sum(normal**2) < chi2.isf(1e-4, normal.size)


def deviations(found: SampledGram) -> np.ndarray:
    """Of the upper triangle, in standard errors."""
    upper = np.triu_indices(5, 1)
    return (found.values - exact(X, X))[upper] / found.standard_errors[upper]


def test_states_among_themselves_are_measured_in_one_triangle() -> None:
    found = sampled()
    require_normal(deviations(found))
    assert (found.values == found.values.T).all()
    assert (np.diag(found.values) == 1).all()
    assert (np.diag(found.standard_errors) == 0).all()
    assert (found.circuits, found.executions) == (10, 10 * SHOTS)
    assert found.resources.shots == 10 * SHOTS


def test_states_against_others_are_measured_each_with_each() -> None:
    found = sampled(X, Y)
    require_normal((found.values - exact(X, Y)) / found.standard_errors)
    assert found.values.shape == (5, 3)
    assert found.circuits == 15


def test_equal_and_orthogonal_states_have_standard_errors_too() -> None:
    circuit = QuantumCircuit(1)
    circuit.ry(ParameterVector("angle", 1)[0], 0)
    found = sampled([[0.0], [np.pi]], [[0.0]], circuit=circuit)
    assert found.values.tolist() == [[1.0], [0.0]]
    assert (found.standard_errors > 0.5 / SHOTS).all()


def test_parameters_that_the_compiler_drops_are_left_out() -> None:
    """Turns about z of a state of zeros are dropped; the error is five standard errors at most."""
    circuit = QuantumCircuit(2)
    first, second, third = ParameterVector("angle", 3)
    circuit.rz(first, 0)
    circuit.rzz(second, 0, 1)
    circuit.ry(third, 0)
    circuit.cry(first, 0, 1)
    circuit.sx(1)
    circuit.ry(second, 1)
    x, y = np.array([[0.5, 0.2, 1.0], [0.1, 0.9, 0.4]])
    one, other = (Statevector(circuit.assign_parameters(row)) for row in (x, y))
    found = sampled([x], [y], circuit=circuit)
    exact = abs(one.inner(other)) ** 2
    assert abs(found.values[0, 0] - exact) < 5 * found.standard_errors[0, 0]


def test_one_pub_holds_all_pairs(monkeypatch) -> None:
    asked = []
    plain = AerSampler.run
    monkeypatch.setattr(
        AerSampler,
        "run",
        lambda self, pubs, **how: plain(self, [asked.append(p[1].shape) or p for p in pubs], **how),
    )
    sampled(X, Y)
    # The last ZZ rotations, of two of eight parameters, turn by differences.
    assert asked == [(15, 6 + 6 + 2)]


def test_on_this_machine_pairs_are_simulated_a_portion_at_a_time(monkeypatch) -> None:
    monkeypatch.setattr(execution, "_UNPACKED", 4 * 2 * SHOTS)
    found = sampled()
    require_normal(deviations(found))
    assert len(np.unique(found.values)) > 5


def test_a_single_state_takes_no_circuit() -> None:
    found = sampled(X[:1])
    assert found.values.tolist() == [[1.0]]
    assert found.executions == 0


def test_corrections_bring_a_noisy_gram_matrix_nearer_to_the_exact_one() -> None:
    """Of states near each other noise takes off the more, ten times what 20,000 shots leave."""
    near = 0.3 * X
    reference = exact(near, near)
    raw, misread, depolarised = (
        gram_error(sampled(near, where="heron_r3", shots=20_000, correction=correction), reference)
        for correction in (None, "readout", "depolarising")
    )
    assert raw.value > 0.01
    assert misread.value < 0.9 * raw.value
    assert depolarised.value < 0.25 * raw.value


def test_without_noise_nothing_is_corrected() -> None:
    plain, corrected = sampled(), sampled(correction="depolarising")
    np.testing.assert_allclose(corrected.survival, 1)
    assert corrected.circuits == plain.circuits + 5
    require_normal(deviations(corrected))


def test_others_are_corrected_by_the_survival_of_both() -> None:
    found = sampled(X, Y, where="heron_r3", correction="depolarising", shots=5000)
    assert found.circuits == 15 + 8
    assert found.survival.shape == (5,)
    assert (found.survival < 1).all()


def test_what_noise_has_destroyed_is_not_corrected(monkeypatch) -> None:
    def random(*arguments, **how) -> np.ndarray:
        counts = np.random.default_rng(0).binomial(SHOTS, 0.25, 15).astype(float)
        return np.stack([counts, counts], axis=-1)

    monkeypatch.setattr("qml_algos.kernels.sampled.fidelities.execute_broadcast", random)
    with pytest.raises(SignalLostError, match="of state 0 with itself"):
        sampled(correction="depolarising")


@pytest.mark.parametrize(
    ("how", "error", "reason"),
    [
        ({"x": X[:, 1:]}, InvalidProblemError, r"angles_x has shape \(5, 7\): .* 8 angles"),
        ({"x": X * np.nan}, InvalidProblemError, "angles_x contains NaN"),
        ({"y": X[:0]}, InvalidProblemError, r"angles_y has shape \(0, 8\)"),
        ({"x": X * 1j}, InvalidProblemError, "angles_x is complex"),
        ({"shots": 0}, ValueError, "shots = 0"),
        ({"shots": 10**9}, TooLargeError, "takes at most"),
        ({"correction": "zne"}, UnknownNameError, "known: depolarising, readout"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(monkeypatch, how, error, reason) -> None:
    monkeypatch.setattr(AerSampler, "run", lambda *_, **__: pytest.fail("something ran"))
    with pytest.raises(error, match=reason):
        sampled(**how)
