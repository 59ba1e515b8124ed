"""The Fourier transform on a line and between any qubits, from rotations kept in windows."""

import numpy as np
import pytest
from fourier_checks import bit_reversal, final_state, fourier_matrix, two_qubit_depth, unitary
from hypothesis import given, settings
from hypothesis import strategies as st
from parity_labels import expected_phases, follow_parities
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator
from qiskit_aer import AerSimulator

from circuits.fourier.all_to_all import direct_qft, parity_qft
from circuits.fourier.approximation import full_windows, kept_windows
from circuits.fourier.line import ladder_qft
from circuits.fourier.parity import hadamard_between_equal, hadamard_between_opposite
from circuits.fourier.twine import twine_qft

REVERSING = [direct_qft, parity_qft, ladder_qft]
BUILDERS = [*REVERSING, twine_qft]
ON_A_LINE = [ladder_qft, twine_qft]


@st.composite
def any_windows(draw):
    n = draw(st.integers(1, 6))
    return tuple(draw(st.integers(0, t)) for t in range(n))


def natural(build, windows):
    """Build a transform and relabel, by a matrix, what comes out reversed."""
    matrix = unitary(build(windows))
    return matrix if build is twine_qft else bit_reversal(len(windows)) @ matrix


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize("n", [*range(1, 10), pytest.param(10, marks=pytest.mark.slow)])
def test_full_windows_make_the_exact_transform(build, n):
    np.testing.assert_allclose(
        natural(build, full_windows(n)), fourier_matrix(n), rtol=0, atol=1e-10
    )


@given(any_windows())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_any_windows_make_the_same_unitary_by_every_method(windows):
    direct = natural(direct_qft, windows)
    for build in (parity_qft, ladder_qft, twine_qft):
        np.testing.assert_allclose(natural(build, windows), direct, rtol=0, atol=1e-10)


@pytest.mark.parametrize("build", [parity_qft, ladder_qft, twine_qft])
@pytest.mark.parametrize("epsilon", [0.0, 1e-6, 1e-2])
@pytest.mark.parametrize("n", [8, 33, 64])
def test_every_rotation_is_on_its_parity_and_every_bit_of_k_on_its_qubit(build, epsilon, n):
    windows = kept_windows(n, epsilon)
    held, phases = follow_parities(build(windows))
    expected = expected_phases(windows)
    assert phases.keys() == expected.keys()
    assert max(abs(phases[parity] - expected[parity]) for parity in expected) < 1e-12
    order = reversed(range(n)) if build is twine_qft else range(n)
    assert held == [frozenset({("y", t)}) for t in order]


@pytest.mark.parametrize("build", [parity_qft, ladder_qft, twine_qft])
@pytest.mark.parametrize("n", [12, pytest.param(20, marks=pytest.mark.slow)])
def test_random_states_are_transformed_as_by_numpy(build, n):
    rng = np.random.default_rng(n)
    state = rng.normal(size=2**n) + 1j * rng.normal(size=2**n)
    state /= np.linalg.norm(state)
    circuit = QuantumCircuit(n)
    circuit.set_statevector(state)
    order = range(n) if build is twine_qft else reversed(range(n))
    prepared = circuit.compose(build(full_windows(n)), range(n))
    found = final_state(prepared)
    found = found.reshape((2,) * n).transpose([n - 1 - q for q in order][::-1]).ravel()
    expected = np.fft.ifft(state, norm="ortho")
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("n", [2, 3, 8, 21, 64])
def test_exact_circuits_have_the_gates_of_their_docstrings(n):
    windows = full_windows(n)
    assert parity_qft(windows).num_nonlocal_gates() == n * (n - 1) // 2 + 2 * n - 3
    assert ladder_qft(windows).num_nonlocal_gates() == n * n - 2
    assert direct_qft(windows).num_nonlocal_gates() == n * (n - 1) // 2


@pytest.mark.parametrize("epsilon", [1e-6, 1e-2])
@pytest.mark.parametrize("n", [8, 16, 32, 64])
def test_rotations_cost_one_gate_between_any_qubits_and_two_on_a_line(n, epsilon):
    windows = kept_windows(n, epsilon)
    assert ladder_qft(windows).num_nonlocal_gates() <= 2 * sum(windows) + n - 2
    assert parity_qft(windows).num_nonlocal_gates() <= sum(windows) + 2 * n


@pytest.mark.parametrize(("n", "depth"), [(8, 34), (16, 71), (32, 149), (64, 307)])
def test_outputs_pass_a_line_in_the_depth_of_the_docstring(n, depth):
    assert two_qubit_depth(twine_qft(full_windows(n))) == depth


@pytest.mark.parametrize("build", ON_A_LINE)
@pytest.mark.parametrize("epsilon", [0.0, 1e-2, 0.3])
@pytest.mark.parametrize("n", [2, 9, 64])
def test_only_neighbours_meet_on_a_line(build, epsilon, n):
    circuit = build(kept_windows(n, epsilon))
    for item in circuit.data:
        places = [circuit.find_bit(qubit).index for qubit in item.qubits]
        assert max(places) - min(places) == len(places) - 1


def test_a_hadamard_between_equal_cx_takes_one():
    found, expected = QuantumCircuit(2), QuantumCircuit(2)
    hadamard_between_equal(found, 0, 1)
    expected.cx(0, 1)
    expected.h(0)
    expected.cx(0, 1)
    np.testing.assert_allclose(Operator(found).data, Operator(expected).data, atol=1e-14)


def test_a_hadamard_between_opposite_cx_takes_one():
    found, expected = QuantumCircuit(2), QuantumCircuit(2)
    hadamard_between_opposite(found, 0, 1)
    expected.cx(1, 0)
    expected.h(0)
    expected.cx(0, 1)
    np.testing.assert_allclose(Operator(found).data, Operator(expected).data, atol=1e-14)


@pytest.mark.parametrize("build", [ladder_qft, parity_qft])
def test_random_basis_state_of_64_qubits_becomes_its_product_state(build):
    n, epsilon = 64, 1e-2
    rng = np.random.default_rng(3)
    bits = rng.integers(2, size=n)
    x = sum(int(bit) << q for q, bit in enumerate(bits))
    circuit = QuantumCircuit(n)
    circuit.x(np.flatnonzero(bits).tolist())
    circuit.compose(build(kept_windows(n, epsilon)), inplace=True)
    for q in range(n):
        circuit.p(-2 * np.pi * ((x << (n - 1 - q)) % 2**n) / 2**n, q)
        circuit.h(q)
    circuit.save_amplitudes([0])
    simulator = AerSimulator(method="matrix_product_state")
    result = simulator.run(circuit).result()
    amplitude = result.data(0)["amplitudes"][0]
    # The mean over x of the amplitude is what epsilon bounds; single ones scatter little.
    assert 1 - abs(amplitude) ** 2 < 2 * epsilon
    assert abs(np.angle(amplitude)) < 1e-6
