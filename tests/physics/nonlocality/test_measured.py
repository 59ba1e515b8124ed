"""Bell operators measured on simulators, ideal and noisy."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.nonlocality import (
    BellOperator,
    chsh,
    estimate_bell,
    measure_bell,
    mermin,
    two_body_symmetric,
)
from qml_algos.physics.nonlocality.measured import rotations_to
from qml_algos.physics.snapshots import Snapshots, make_snapshots


def ghz(qubits: int) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits)
    circuit.h(0)
    for target in range(1, qubits):
        circuit.cx(target - 1, target)
    return circuit


def test_rotations_measure_along_their_directions() -> None:
    drawn = np.random.default_rng(0).normal(size=(50, 3))
    directions = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    found = rotations_to(directions)
    measured = found.conj().swapaxes(1, 2) @ np.diag([1, -1]) @ found
    paulis = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    np.testing.assert_allclose(measured, np.einsum("dv,vst->dst", directions, paulis), atol=1e-12)


def test_chsh_measured_is_within_its_error_of_2_sqrt_2() -> None:
    """By chance 5 standard errors are exceeded once in 2 million runs."""
    found = measure_bell(chsh(), ghz(2), "aer_shots", 4000, random_state=0)
    assert abs(found.value - 2 * np.sqrt(2)) < 5 * found.standard_error
    # Each of the four correlations has the variance 1/2 for each of its shots.
    assert found.standard_error == pytest.approx(np.sqrt(4 * 0.5 / 4000), rel=0.05)
    assert found.samples == 16000
    assert found.significance > 30
    assert "CHSH" in repr(found)


def test_the_error_is_the_spread_of_repeated_measurements() -> None:
    """The spread of 40 values is within 40 % of its mean but once in 1,000 runs."""
    circuit = QuantumCircuit(3)
    circuit.ry(0.4, range(3))
    bell = two_body_symmetric(3)
    found = [measure_bell(bell, circuit, "aer_shots", 100, random_state=s) for s in range(40)]
    spread = np.std([one.value for one in found], ddof=1)
    assert np.mean([one.standard_error for one in found]) == pytest.approx(spread, rel=0.4)


def test_a_ghz_state_on_a_model_of_a_device_violates_mermin_less_than_an_ideal_one() -> None:
    found = measure_bell(mermin(3), ghz(3), "heron_r3", 1000, random_state=0)
    assert 3.5 < found.value < 4
    assert found.significance > 20


def test_snapshots_in_random_pauli_bases_serve_too() -> None:
    """By chance 5 standard errors are exceeded once in 2 million runs."""
    snapshots = make_snapshots(
        ghz(3), "aer_shots", 50, bases="random-pauli", bases_count=200, random_state=0
    )
    assert estimate_bell(mermin(3), snapshots).value == pytest.approx(4)
    # Each of them is +-1 with equal chances here.
    local = BellOperator("X of qubit 0", [[0, -1, -1]], [1.0], mermin(3).measurements)
    found = estimate_bell(local, snapshots)
    assert found.standard_error > 0
    assert abs(found.value) < 5 * found.standard_error


def test_outcomes_that_are_always_the_same_have_no_error() -> None:
    found = measure_bell(mermin(3), ghz(3), "aer_shots", 20, random_state=0)
    assert found.value == pytest.approx(4)
    assert found.standard_error == 0
    assert found.significance == np.inf


def test_a_basis_along_the_opposite_direction_counts_with_its_outcomes_exchanged() -> None:
    directions = np.array([[[0.0, 0.0, 1.0]]])
    snapshots = Snapshots(
        bits=np.array([[0], [0], [1]]),
        bases=np.zeros((3, 1), int),
        rotations=rotations_to(-directions[0]),
    )
    bell = BellOperator("mean", [[0]], [1.0], directions)
    assert estimate_bell(bell, snapshots).value == pytest.approx(-1 / 3)


def test_what_was_not_measured_is_named() -> None:
    snapshots = make_snapshots(ghz(2), "aer_shots", 10, random_state=0)
    with pytest.raises(InvalidProblemError, match=r"no sample measures .*\[0, 0\]"):
        estimate_bell(chsh(), snapshots)
    with pytest.raises(InvalidProblemError, match="2 qubits: 3"):
        estimate_bell(mermin(3), snapshots)
    with pytest.raises(InvalidProblemError, match="circuit"):
        measure_bell(mermin(3), ghz(2), "aer_shots", 10)
