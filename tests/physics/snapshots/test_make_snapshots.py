"""Snapshots show what the states of circuits give, whatever the basis and the backend."""

import re

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter
from qiskit.quantum_info import Operator, Pauli, Statevector, random_unitary

from qml_algos import backend
from qml_algos.backends import Ledger, Recorder
from qml_algos.backends.noisy import NoisySampler
from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.physics.configurations import numbers_of
from qml_algos.physics.snapshots import PAULI_ROTATIONS, Snapshots, make_snapshots

SHOTS = 4000


def random_state(qubits, seed):
    circuit = QuantumCircuit(qubits)
    for layer in range(2):
        for qubit in range(qubits):
            circuit.unitary(random_unitary(2, seed=100 * seed + 10 * layer + qubit), qubit)
        for qubit in range(qubits - 1):
            circuit.cx(qubit, qubit + 1)
    return circuit


def chances(circuit, rotations):
    """Probabilities of all outcomes after a rotation of each qubit, qubit 0 first."""
    state = Statevector(circuit)
    for qubit, rotation in enumerate(rotations):
        state = state.evolve(Operator(rotation), [qubit])
    return state.probabilities()


def require_distribution(snapshots, circuit, slack=0.0):
    """In each basis: total variation below the expected one of shots, sqrt(K / 2 pi N), plus 0.04.

    The total variation of N shots changes by at most 1/N with a shot: by McDiarmid's bound it is
    0.04 above its mean with a probability below exp(-2 N 0.04^2) < 1e-5 for each basis.
    """
    for basis in np.unique(snapshots.bases, axis=0):
        chosen = (snapshots.bases == basis).all(axis=1)
        seen = numbers_of(snapshots.bits[chosen])
        size = 2**snapshots.qubits
        frequencies = np.bincount(seen, minlength=size) / chosen.sum()
        exact = chances(circuit, snapshots.rotations[basis])
        variation = np.abs(frequencies - exact).sum() / 2
        assert variation < np.sqrt(size / (2 * np.pi * chosen.sum())) + 0.04 + slack


@pytest.mark.parametrize(
    "bases", ["Z", ["XZY", "YYX", "ZXX"], [[random_unitary(2, seed=s).data for s in range(3)]]]
)
def test_every_basis_shows_the_distribution_that_its_rotations_give(bases):
    circuit = random_state(3, 0)
    found = make_snapshots(circuit, "aer", SHOTS, bases=bases, random_state=0)
    assert len(found.bits) == SHOTS * (1 if bases == "Z" else len(bases))
    require_distribution(found, circuit)


def test_letters_are_those_of_qubits_from_the_right():
    """On states of definite X, Y and Z each outcome is certain."""
    circuit = QuantumCircuit(3)
    circuit.x(0)
    circuit.h(1)
    circuit.h(2)
    circuit.sdg(2)
    found = make_snapshots(circuit, "aer", 50, bases=["YXZ"])
    np.testing.assert_array_equal(found.bases, [[2, 0, 1]] * 50)
    np.testing.assert_array_equal(found.bits, [[1, 0, 1]] * 50)


def test_on_more_than_five_qubits_parameters_stay_with_their_qubits():
    """Ten parameters or more: their names must not be put in alphabetical order."""
    circuit = QuantumCircuit(7)
    circuit.h([1, 3, 6])
    found = make_snapshots(circuit, "aer", 20, bases=["XZZXZXZ", "XZZXZXZ"])
    fixed = np.delete(found.bits, 4, axis=1)
    assert not np.delete(fixed, [2], axis=1)[:, [0, 1, 2, 3]].any()


def test_random_bases_are_drawn_for_each_shot_and_show_the_right_means():
    """Error probability below 1e-5: five standard errors of a mean of at least 1,200 shots."""
    circuit = random_state(2, 1)
    found = make_snapshots(circuit, "aer", SHOTS, bases="random-pauli", random_state=3)
    assert len(found.bits) == SHOTS
    assert len(np.unique(found.bases, axis=0)) == 9
    counts = np.bincount(found.bases.ravel(), minlength=3) / found.bases.size
    assert np.abs(counts - 1 / 3).max() < 0.03
    for letter, name in enumerate("XYZ"):
        for qubit in range(2):
            bits = found.bits[found.bases[:, qubit] == letter, qubit]
            wanted = Statevector(circuit).expectation_value(Pauli(name), [qubit]).real
            assert abs(np.mean(1 - 2.0 * bits) - wanted) < 5 / np.sqrt(len(bits))


def test_so_many_bases_with_all_shots_each():
    circuit = random_state(2, 1)
    found = make_snapshots(circuit, "aer", 10, bases="random-pauli", bases_count=7, random_state=3)
    blocks = found.bases.reshape(7, 10, 2)
    assert (blocks == blocks[:, :1]).all()


def test_each_circuit_has_its_label_and_its_own_bases():
    circuits = [QuantumCircuit(2), QuantumCircuit(2)]
    circuits[1].x(0)
    found = make_snapshots(circuits, "aer", 5, labels=[0.5, 1.5])
    np.testing.assert_array_equal(found.labels, [0.5] * 5 + [1.5] * 5)
    np.testing.assert_array_equal(found.bits[:, 0], [0] * 5 + [1] * 5)
    drawn = make_snapshots(circuits, "aer", 40, bases="random-pauli", random_state=0)
    np.testing.assert_array_equal(drawn.labels, [0] * 40 + [1] * 40)
    assert (drawn.bases[:40] != drawn.bases[40:]).any()
    assert make_snapshots(circuits[0], "aer", 2).labels is None


def test_a_seed_gives_the_same_snapshots_again():
    circuit = random_state(3, 2)
    first, second, other = (
        make_snapshots(circuit, "aer", 50, bases="random-pauli", random_state=seed)
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first.bits, second.bits)
    np.testing.assert_array_equal(first.bases, second.bases)
    assert (first.bases != other.bases).any()


def test_a_noisy_device_shows_nearly_the_distribution_and_is_simulated_once(tmp_path, monkeypatch):
    circuit = random_state(3, 3)
    opened = backend("heron_r3", recorder=Recorder(Ledger(tmp_path / "ledger.sqlite")))

    def once():
        return make_snapshots(circuit, opened, SHOTS, bases=["ZZZ", "XYZ"], random_state=0)

    first = once()
    assert first.source == "backend heron_r3"
    require_distribution(first, circuit, slack=0.03)
    monkeypatch.setattr(NoisySampler, "run", lambda *_, **__: pytest.fail("simulated again"))
    np.testing.assert_array_equal(once().bits, first.bits)


def test_equal_unitaries_share_a_row_of_rotations():
    unitaries = np.array([[PAULI_ROTATIONS[0], PAULI_ROTATIONS[2]]] * 3)
    found = make_snapshots(QuantumCircuit(2), "aer", 2, bases=unitaries)
    assert len(found.rotations) == 2


BELL = QuantumCircuit(2)
FREE = QuantumCircuit(2)
FREE.rx(Parameter("turn"), 0)
MEASURED = QuantumCircuit(2, 2)


@pytest.mark.parametrize(
    ("circuits", "options", "error", "message"),
    [
        ([], {}, InvalidProblemError, "circuits is empty"),
        ([1], {}, InvalidProblemError, "circuits[0] is of type int"),
        ([MEASURED], {}, InvalidProblemError, "circuits[0] has classical bits"),
        ([BELL, FREE], {}, InvalidProblemError, "circuits[1] has free parameters, 'turn' first"),
        ([BELL, QuantumCircuit(3)], {}, InvalidProblemError, "circuits[1] has 3 qubits and"),
        (BELL, {"shots": 0}, InvalidProblemError, "shots = 0"),
        (BELL, {"shots": 10**9}, TooLargeError, "shots = 1,000,000,000"),
        (BELL, {"bases": "x"}, UnknownNameError, "unknown bases 'x'; known: Z, random-pauli"),
        (BELL, {"bases": []}, InvalidProblemError, "bases is empty"),
        (BELL, {"bases": ["XYZ"]}, InvalidProblemError, "bases: 'XYZ' is no basis of 2 qubits"),
        (BELL, {"bases": ["XI"]}, InvalidProblemError, "'XI' is no basis of 2 qubits"),
        (BELL, {"bases": np.eye(2)}, InvalidProblemError, "bases has shape (2, 2)"),
        (BELL, {"bases": np.ones((1, 2, 2, 2))}, InvalidProblemError, "bases[0, 0] is not unitary"),
        (BELL, {"bases_count": 3}, InvalidProblemError, "only bases = 'random-pauli' are drawn"),
        (BELL, {"bases": "random-pauli", "bases_count": 0}, InvalidProblemError, "bases_count = 0"),
        (BELL, {"labels": [1, 2]}, InvalidProblemError, "labels has shape (2,)"),
        (BELL, {"labels": [1j]}, InvalidProblemError, "labels has shape (1,)"),
    ],
)
def test_what_cannot_be_measured_is_refused_by_name(circuits, options, error, message):
    with pytest.raises(error, match=re.escape(message)):
        make_snapshots(circuits, "aer", options.pop("shots", 10), **options)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bits": np.zeros((0, 2))}, "bits has shape (0, 2)"),
        ({"bases": [[0, 1]]}, "bases has shape (1, 2) and bits (2, 2)"),
        ({"bases": [[0, 1], [2, 3]]}, "bases must be integers from 0 to 2"),
        ({"labels": [1.0]}, "labels has shape (1,)"),
        ({"rotations": np.eye(2)}, "rotations has shape (2, 2)"),
        ({"rotations": np.ones((3, 2, 2))}, "rotations[0] is not unitary"),
    ],
)
def test_snapshots_that_do_not_fit_together_are_refused(changes, message):
    fitting = {"bits": [[0, 1], [1, 1]], "bases": [[0, 1], [2, 2]]}
    with pytest.raises(InvalidProblemError, match=re.escape(message)):
        Snapshots(**{**fitting, **changes})
