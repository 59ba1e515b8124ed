from itertools import product

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Pauli, SparsePauliOp, Statevector, partial_trace

from qml_algos.errors import InvalidProblemError, SignalLostError, TooLargeError
from qml_algos.physics.hamiltonians import transverse_field_ising
from qml_algos.physics.snapshots import Snapshots, make_snapshots
from qml_algos.physics.tomography import ClassicalShadow, split_by_label

QUBITS = 4
OPERATOR = SparsePauliOp(["ZZII", "IXXI", "IIYY", "IIZX", "IIII"], [1, 0.5, -0.7, 0.3, 0.2])
EVERY = np.array(list(product(range(3), repeat=QUBITS)))


def random_state(seed):
    generator = np.random.default_rng(seed)
    found = generator.normal(size=2**QUBITS) + 1j * generator.normal(size=2**QUBITS)
    return found / np.linalg.norm(found)


STATE, OTHER = random_state(0), random_state(0) + 0.4 * random_state(1)
REDUCED = np.array(partial_trace(Statevector(STATE), [2, 3]))


def singles(seed, count=600):
    """Bases drawn anew for each snapshot."""
    return np.random.default_rng(seed).integers(0, 3, (count, QUBITS)), 1


def repeated(seed):
    """Few random bases, each with many snapshots, as devices like them."""
    return np.random.default_rng(seed).integers(0, 3, (60, QUBITS)), 10


def all_bases(seed):
    return EVERY, 10


@pytest.mark.parametrize("plan", [singles, repeated, all_bases])
def test_estimates_scatter_as_their_errors_say(plan, drawn):
    """Means of 25 squares of unit normals leave [0.3, 2.3] with probability below 1e-3."""
    expected = Statevector(STATE).expectation_value(OPERATOR).real
    fidelity = np.abs(np.vdot(STATE, OTHER)) ** 2 / np.linalg.norm(OTHER) ** 2
    deviations = []
    for seed in range(25):
        shadow = ClassicalShadow(drawn(STATE, *plan(seed), seed + 100))
        pairs = [
            (shadow.expectation(OPERATOR), expected),
            (shadow.fidelity(OTHER), fidelity),
        ]
        deviations.append([(got.value - true) / got.standard_error for got, true in pairs])
    assert np.all(np.abs(np.mean(deviations, axis=0)) < 4 / np.sqrt(25))
    assert np.all(np.mean(np.square(deviations), axis=0) > 0.3)
    assert np.all(np.mean(np.square(deviations), axis=0) < 2.3)


def test_purities_scatter_as_their_errors_say(drawn):
    """Means of 25 squares of unit normals leave [0.3, 2.3] with probability below 1e-3."""
    expected = np.trace(REDUCED @ REDUCED).real
    deviations = []
    for seed in range(25):
        got = ClassicalShadow(drawn(STATE, *singles(seed), seed)).purity([0, 1])
        deviations.append((got.value - expected) / got.standard_error)
    assert abs(np.mean(deviations)) < 4 / np.sqrt(25)
    assert 0.3 < np.mean(np.square(deviations)) < 2.3


def test_the_density_matrix_of_a_pair_and_its_entropy(drawn):
    shadow = ClassicalShadow(drawn(STATE, EVERY, 200, 0))
    matrix = shadow.density_matrix([0, 1])
    assert np.trace(matrix) == pytest.approx(1)
    assert np.allclose(matrix, matrix.conj().T)
    assert np.linalg.norm(matrix - REDUCED) < 0.1
    swapped = shadow.density_matrix([1, 0])
    assert np.allclose(swapped, matrix[np.ix_([0, 2, 1, 3], [0, 2, 1, 3])])
    entropy = shadow.renyi2([0, 1])
    expected = -np.log2(np.trace(REDUCED @ REDUCED).real)
    # One failure in 15,000.
    assert abs(entropy.value - expected) < 4 * entropy.standard_error
    assert 0 < entropy.standard_error < 0.1


def test_a_density_matrix_of_bases_that_are_not_all_there_averages_snapshots(drawn):
    settings, shots = singles(0, 60)
    matrix = ClassicalShadow(drawn(STATE, settings, shots, 0)).density_matrix(range(4))
    assert np.trace(matrix) == pytest.approx(1)


def test_local_observables_of_fifty_qubits_from_a_device_of_local_states():
    """A product state, whose energy is known; one failure in 15,000."""
    qubits, samples = 50, 3000
    generator = np.random.default_rng(0)
    angles = generator.uniform(0, np.pi, qubits)
    bases = generator.integers(0, 3, (samples, qubits))
    means = np.choose(bases, [np.sin(angles), np.zeros(qubits), np.cos(angles)])
    bits = generator.random(bases.shape) > (1 + means) / 2
    energy = ClassicalShadow(Snapshots(bits, bases)).expectation(transverse_field_ising(qubits))
    exact = -np.sum(np.cos(angles) * np.cos(np.roll(angles, 1))) - np.sin(angles).sum()
    assert abs(energy.value - exact) < 4 * energy.standard_error
    assert energy.standard_error < 1


def test_snapshots_of_aer_in_random_bases_give_the_energy_they_came_from():
    """One failure in 15,000."""
    prepared = QuantumCircuit(QUBITS)
    prepared.prepare_state(STATE)
    snapshots = make_snapshots(
        prepared, "aer_shots", 100, bases="random-pauli", bases_count=20, random_state=0
    )
    got = ClassicalShadow(snapshots).expectation(OPERATOR)
    expected = Statevector(STATE).expectation_value(OPERATOR).real
    assert abs(got.value - expected) < 4 * got.standard_error


def test_bases_may_be_in_any_order_and_chosen():
    turned = np.array([np.eye(2), np.array([[1, 1], [1, -1]]) / np.sqrt(2)])
    shadow = ClassicalShadow(
        Snapshots([[0], [1], [0], [0]], [[0], [0], [1], [1]], rotations=turned)
    )
    assert shadow.expectation(Pauli("Z")).value == 0
    assert shadow.expectation(Pauli("X")).value == 1


def test_bad_operators_are_refused_by_name(drawn):
    shadow = ClassicalShadow(drawn(STATE, *singles(0), 0))
    with pytest.raises(InvalidProblemError, match="type str"):
        shadow.expectation("ZZII")
    with pytest.raises(InvalidProblemError, match="operator has 2 qubits"):
        shadow.expectation(Pauli("ZZ"))
    with pytest.raises(InvalidProblemError, match="real and finite"):
        shadow.expectation(SparsePauliOp("ZZII", 1j))
    in_z = ClassicalShadow(Snapshots([[0, 1]] * 3, np.full((3, 2), 2)))
    with pytest.raises(InvalidProblemError, match="X_0 Z_1, which 0 of the snapshots"):
        in_z.expectation(Pauli("ZX"))


def test_bases_that_were_not_drawn_at_random_are_refused_for_fidelities(drawn):
    chosen = ClassicalShadow(Snapshots([[0, 1]] * 3, np.full((3, 2), 2)))
    with pytest.raises(InvalidProblemError, match="never measure qubit 0 in X"):
        chosen.fidelity(np.ones(4))
    with pytest.raises(InvalidProblemError, match="never measure qubit 1 in X"):
        chosen.density_matrix([1])
    uneven = np.random.default_rng(0).choice(3, p=[0.1, 0.1, 0.8], size=(500, QUBITS))
    with pytest.raises(InvalidProblemError, match=r"X as \d+% of the letters"):
        ClassicalShadow(drawn(STATE, uneven, 1, 0)).fidelity(OTHER)


def test_bad_snapshots_and_qubits_are_refused_by_name(drawn):
    with pytest.raises(InvalidProblemError, match="type list"):
        ClassicalShadow([[0, 1]])
    tilted = np.array([[[np.cos(0.3), np.sin(0.3)], [-np.sin(0.3), np.cos(0.3)]]])
    with pytest.raises(InvalidProblemError, match="other than X, Y and Z, rotation 0"):
        ClassicalShadow(Snapshots([[0]], [[0]], rotations=tilted))
    shadow = ClassicalShadow(drawn(STATE, *singles(0), 0))
    for qubits, message in (
        ([], "at least one"),
        ([4], "from 0 to 3"),
        ([0.5], "from 0 to 3"),
        ([1, 1], "named once"),
    ):
        with pytest.raises(InvalidProblemError, match=message):
            shadow.density_matrix(qubits)
    with pytest.raises(InvalidProblemError, match="target has 2 qubits"):
        shadow.fidelity(np.ones(4))
    with pytest.raises(InvalidProblemError, match="at least 3 in each of the 81"):
        shadow.purity([0, 1, 2, 3])
    wide = ClassicalShadow(Snapshots(np.zeros((9, 13)), np.zeros((9, 13), dtype=int)))
    with pytest.raises(TooLargeError, match="fidelities are estimated on at most 12"):
        wide.fidelity(np.ones(2**13))
    with pytest.raises(TooLargeError, match="at most 8"):
        wide.density_matrix(range(9))
    with pytest.raises(TooLargeError, match="at most 6"):
        wide.renyi2(range(7))


def test_a_purity_that_noise_made_negative_has_no_entropy():
    # The outcomes of each basis disagree: less than the completely mixed state would show.
    bases = np.repeat([[0], [1], [2]], 4, axis=0)
    shadow = ClassicalShadow(Snapshots([[0], [1]] * 6, bases))
    assert shadow.purity([0]).value < 0.5
    bases = np.repeat(np.array(list(product(range(3), repeat=2))), 4, axis=0)
    shadow = ClassicalShadow(Snapshots([[0, 0], [1, 1], [0, 1], [1, 0]] * 9, bases))
    with pytest.raises(SignalLostError, match="take more snapshots"):
        shadow.renyi2([0, 1])


def test_snapshots_are_parted_by_label():
    labels = np.array([2.0, 0.5, 2.0])
    snapshots = Snapshots([[0], [1], [1]], np.full((3, 1), 2), labels=labels)
    parts, found = split_by_label(snapshots)
    assert found.tolist() == [0.5, 2.0]
    assert [part.bits.ravel().tolist() for part in parts] == [[1], [0, 1]]
    with pytest.raises(InvalidProblemError, match="2 different labels"):
        ClassicalShadow(snapshots)
    with pytest.raises(InvalidProblemError, match="no labels"):
        split_by_label(Snapshots([[0]], [[2]]))
