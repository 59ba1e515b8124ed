"""Components by phase estimation: eigenvalues off the grid, stated errors, both evolutions."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from qml_algos import backend
from qml_algos.errors import NotConvergedError, UnsuitableSolverError
from qml_algos.pca import QuantumPCA
from qml_algos.pca.clock import LinearClock, WalkClock
from qml_algos.pca.programs import EigenbasisProgram, WalkProgram
from qml_algos.pca.spectrum import EXACT_SHOTS, Observation, fit_spectrum
from qml_algos.pca.state import input_from_matrix

EXAMPLE = np.array([0.65, 0.25, 0.06, 0.04])


def example(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    vectors = np.linalg.qr(np.random.default_rng(seed).normal(size=(4, 4)))[0]
    return vectors @ np.diag(EXAMPLE) @ vectors.T, vectors.T


def test_the_example_keeps_its_promises() -> None:
    """Beyond 4.5 standard errors: below 1e-5 for an entry, below 2e-4 for one of 16."""
    rho, vectors = example()
    found = QuantumPCA(clock_qubits=8, shots=25_000, random_state=0).fit_density_matrix(rho)
    assert found.resources_.two_qubit_gates <= 117
    assert found.resources_.shots == found.copies_ == 100_000
    assert found.resources_.classically_diagonalised
    assert found.n_components_ == 4
    np.testing.assert_allclose(found.explained_variance_ratio_, EXAMPLE, atol=1e-3)
    signs = np.sign(np.sum(found.components_ * vectors, axis=1))[:, None]
    off = found.components_ * signs - vectors
    assert np.all(np.abs(off) <= 4.5 * found.components_standard_errors_)


@pytest.mark.parametrize("clock", [LinearClock.up_to(0.7, 7), WalkClock(9)])
def test_eigenvalues_lie_between_the_ticks(clock: LinearClock | WalkClock) -> None:
    generator = np.random.default_rng(1)
    observations = []
    for offset in (0.0, 0.5):
        probabilities = EXAMPLE @ clock.distributions(EXAMPLE, offset)[0]
        counts = generator.multinomial(50_000, probabilities / probabilities.sum())
        observations.append(Observation(offset, counts / 50_000, 50_000))
    spectrum = fit_spectrum(clock, observations)
    assert spectrum.values.size == 4
    # Below 1e-5 for each: normal errors beyond 4.5 standard errors.
    assert np.all(np.abs(spectrum.values - EXAMPLE) < 4.5 * spectrum.standard_errors)
    assert np.all(spectrum.standard_errors < clock.cell(0.0) / 50)


def test_noise_spread_evenly_is_no_component() -> None:
    clock = LinearClock.up_to(0.7, 7)
    values = np.array([0.6, 0.4])
    probabilities = 0.7 * values @ clock.distributions(values, 0.0)[0] + 0.3 / clock.outcomes
    spectrum = fit_spectrum(clock, [Observation(0.0, probabilities, EXACT_SHOTS)], noisy=True)
    np.testing.assert_allclose(spectrum.values[:2], values, atol=1e-3)


@pytest.mark.parametrize("kind", ["eigenbasis", "walk"])
def test_the_simulated_state_is_that_of_the_compiled_circuit(kind: str) -> None:
    source = input_from_matrix(np.array([[0.7, 0.2 - 0.1j], [0.2 + 0.1j, 0.3]]))
    if kind == "eigenbasis":
        program = EigenbasisProgram.of(source, 3)
    else:
        program = WalkProgram(source, WalkClock(3))
    aer = backend("aer")
    compiled = aer.compile([program.circuit()])[0]
    flags = 1 if kind == "eigenbasis" else 4
    by_outcome = aer.statevector(compiled).reshape(8, flags, -1, 2)
    states = program.exact(aer)
    np.testing.assert_allclose(
        states.frequencies, np.sum(np.abs(by_outcome) ** 2, axis=(1, 2, 3)), atol=1e-8
    )
    kept = by_outcome[:, 0]
    expected = np.einsum("kea,keb->kab", kept, kept.conj())
    np.testing.assert_allclose(states.weighted(np.eye(8)), expected, atol=1e-8)
    seen = source_values(source) @ program.clock.distributions(source_values(source), 0.0)[0]
    np.testing.assert_allclose(states.frequencies, seen, atol=1e-8)


def source_values(source: object) -> np.ndarray:
    return np.linalg.eigvalsh(source.matrix)


def test_a_circuit_is_read_by_its_walk_alone() -> None:
    circuit = QuantumCircuit(2)
    circuit.ry(1.2, 1)
    circuit.ry(0.4, 0)
    circuit.cx(1, 0)
    found = QuantumPCA(1, clock_qubits=6).fit_circuit(circuit, 1)
    amplitudes = backend("aer").statevector(circuit).reshape(2, 2)
    rho = amplitudes.T @ amplitudes.conj()
    assert not found.resources_.classically_diagonalised
    assert abs(found.explained_variance_[0] - np.linalg.eigvalsh(rho)[-1]) < 1e-4
    assert found.copies_ == 127
    with pytest.raises(UnsuitableSolverError, match="evolution='walk'"):
        QuantumPCA(1, evolution="eigenbasis").fit_circuit(circuit, 1)
    circuit.reset(1)
    with pytest.raises(UnsuitableSolverError, match="no inverse"):
        QuantumPCA(1).fit_circuit(circuit, 1)


def test_components_below_what_shots_tell_are_refused() -> None:
    rho = np.diag([0.6, 0.3999, 0.0001, 0.0])
    with pytest.raises(NotConvergedError, match="tell 2 eigenvalues apart"):
        QuantumPCA(3, shots=200, clock_qubits=5, random_state=0).fit_density_matrix(rho)


def test_the_clock_grows_until_components_stand_out() -> None:
    rho = np.diag([0.5, 0.48, 0.02])
    found = QuantumPCA(1, epsilon=0.2).fit_density_matrix(rho)
    assert found.details_["resolution"] <= 0.02
    assert abs(found.components_[0, 0]) > 1 - 1e-9
