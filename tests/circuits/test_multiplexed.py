"""Multiplexed rotations and diagonal unitaries against the matrices that define them."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Operator

from circuits import diagonal, multiplexed_rotation
from circuits.multiplexed import walsh_hadamard

RUNS = settings(deadline=None, derandomize=True, max_examples=40)
PAULI = {"y": np.array([[0, -1j], [1j, 0]]), "z": np.diag([1, -1])}

angle = st.floats(-50, 50) | st.sampled_from([0.0, np.pi, -np.pi, 2 * np.pi, 1e-9, 1e-13])
angle_vectors = st.integers(0, 4).flatmap(lambda n: st.lists(angle, min_size=2**n, max_size=2**n))


def cx_count(circuit):
    return circuit.count_ops().get("cx", 0)


def block_rotation(angles, axis):
    """Target is the most significant qubit: one 2x2 rotation for each value of the controls."""
    size = len(angles)
    matrix = np.zeros((2 * size, 2 * size), dtype=complex)
    for k, theta in enumerate(angles):
        matrix[np.ix_([k, size + k], [k, size + k])] = scipy.linalg.expm(
            -0.5j * theta * PAULI[axis]
        )
    return matrix


@pytest.mark.parametrize("axis", ["y", "z"])
@RUNS
@given(angles=angle_vectors)
def test_multiplexed_rotation_is_block_diagonal_rotation(axis, angles):
    unitary = Operator(multiplexed_rotation(angles, axis)).data
    np.testing.assert_allclose(unitary, block_rotation(angles, axis), atol=1e-10)


@pytest.mark.parametrize("axis", ["y", "z"])
@RUNS
@given(angles=angle_vectors)
def test_multiplexed_rotation_takes_at_most_2_to_the_n_cx_and_rotations(axis, angles):
    counts = multiplexed_rotation(angles, axis).count_ops()
    assert counts.get("cx", 0) <= len(angles)
    assert counts.get(f"r{axis}", 0) <= len(angles)
    assert set(counts) <= {"cx", f"r{axis}"}


@RUNS
@given(data=st.data(), n=st.integers(1, 4))
def test_controls_that_the_angles_do_not_depend_on_are_never_touched(data, n):
    idle = data.draw(st.sets(st.integers(0, n - 1), min_size=1))
    free = [qubit for qubit in range(n) if qubit not in idle]
    table = data.draw(st.lists(angle, min_size=2 ** len(free), max_size=2 ** len(free)))
    angles = [
        table[sum((k >> qubit & 1) << place for place, qubit in enumerate(free))]
        for k in range(2**n)
    ]
    circuit = multiplexed_rotation(angles, "y")
    touched = {circuit.find_bit(qubit).index for item in circuit.data for qubit in item.qubits}
    assert not touched & idle
    np.testing.assert_allclose(Operator(circuit).data, block_rotation(angles, "y"), atol=1e-10)


def test_equal_angles_take_one_plain_rotation():
    assert dict(multiplexed_rotation([0.3] * 8, "z").count_ops()) == {"rz": 1}


def test_zero_angles_take_no_gate():
    assert multiplexed_rotation(np.zeros(8), "y").size() == 0


@RUNS
@given(phases=angle_vectors)
def test_diagonal_has_the_phases_global_phase_included(phases):
    unitary = Operator(diagonal(phases)).data
    np.testing.assert_allclose(unitary, np.diag(np.exp(1j * np.array(phases))), atol=1e-10)


@RUNS
@given(phases=angle_vectors)
def test_diagonal_takes_at_most_2_to_the_n_less_2_cx(phases):
    counts = diagonal(phases).count_ops()
    assert counts.get("cx", 0) <= max(0, len(phases) - 2)
    assert counts.get("rz", 0) <= len(phases) - 1
    assert set(counts) <= {"cx", "rz"}


def test_diagonal_that_factorises_over_qubits_takes_no_cx():
    single = np.array([0.3, -1.1, 0.7])
    phases = [single @ [k & 1, k >> 1 & 1, k >> 2 & 1] for k in range(8)]
    assert cx_count(diagonal(phases)) == 0


@RUNS
@given(values=angle_vectors)
def test_walsh_hadamard_is_the_hadamard_matrix_in_natural_order(values):
    expected = scipy.linalg.hadamard(len(values)) @ values
    np.testing.assert_allclose(walsh_hadamard(np.array(values)), expected, atol=1e-10)


def test_walsh_hadamard_twice_is_a_multiple_of_the_identity():
    values = np.random.default_rng(0).normal(size=256)
    np.testing.assert_allclose(walsh_hadamard(walsh_hadamard(values)), 256 * values)


@pytest.mark.parametrize("build", [lambda v: multiplexed_rotation(v, "y"), diagonal])
@pytest.mark.parametrize("bad", [[], [1.0, 2.0, 3.0], np.eye(2), 1.0])
def test_length_that_is_no_power_of_two_is_refused_with_its_shape(build, bad):
    with pytest.raises(ValueError, match=r"has shape .* 2\*\*n"):
        build(bad)


@pytest.mark.parametrize("build", [lambda v: multiplexed_rotation(v, "z"), diagonal])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_angle_that_is_not_finite_is_refused(build, bad):
    with pytest.raises(ValueError, match="NaN or infinity"):
        build([0.0, bad])


def test_callers_array_is_not_changed():
    angles = np.arange(8.0)
    multiplexed_rotation(angles, "y")
    diagonal(angles)
    np.testing.assert_array_equal(angles, np.arange(8.0))


def test_qubit_numbers_follow_from_the_length():
    assert [multiplexed_rotation(np.ones(2**n), "y").num_qubits for n in range(4)] == [1, 2, 3, 4]
    assert [diagonal(np.ones(2**n)).num_qubits for n in range(4)] == [0, 1, 2, 3]
