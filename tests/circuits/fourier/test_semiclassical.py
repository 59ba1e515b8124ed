"""The Fourier transform that ends in measurement: distributions, costs, and the choice by target.

Exact distributions come from following both results of every measurement.
"""

import numpy as np
import pytest
from dynamic_circuits import branches, everything_in
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import IfElseOp
from qiskit.transpiler import CouplingMap, Target
from scipy.stats import chi2

import qml_algos
from circuits import state_preparation
from circuits.fourier.approximation import kept_windows
from circuits.fourier.choice import fourier_design
from circuits.fourier.semiclassical import (
    distribution_error,
    feeds_forward,
    measured_qft,
    one_qubit_qft,
    semiclassical_qft,
)
from qml_algos.backends.execution import execute

RUNS = settings(deadline=None, derandomize=True, max_examples=15)
LINE = CouplingMap.from_line(64)
BASIS = ["cz", "rz", "sx", "x", "measure", "reset"]
DYNAMIC = Target.from_configuration(BASIS, 64, LINE)
DYNAMIC.add_instruction(IfElseOp, name="if_else")
STATIC = Target.from_configuration(BASIS, 64, LINE)
EVERYWHERE = Target.from_configuration(BASIS, 64)


def random_state(n, seed):
    generator = np.random.default_rng([n, seed])
    vector = generator.normal(size=2**n) + 1j * generator.normal(size=2**n)
    return vector / np.linalg.norm(vector)


def transformed(state, *, inverse=False):
    """Distribution of k after the exact transform."""
    transform = np.fft.fft if inverse else np.fft.ifft
    return np.abs(transform(state, norm="ortho")) ** 2


def two_qubit_gates(circuit):
    return sum(
        len(item.qubits) == 2 and not hasattr(item.operation, "blocks")
        for item in everything_in(circuit)
    )


def number_of(circuit, name):
    return sum(item.operation.name == name for item in everything_in(circuit))


def fourier_product_state(n, k, *, inverse):
    """What the transform maps to the basis state k: a phase on each qubit."""
    circuit = QuantumCircuit(n)
    circuit.h(range(n))
    sign = 1 if inverse else -1
    for place in range(n):
        # Whole turns are taken out of the integer: 64 bits do not fit into a float.
        circuit.p(sign * 2 * np.pi * ((k << place) % 2**n / 2**n), place)
    return circuit


@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_outcomes_are_distributed_as_those_of_the_transform(n, inverse):
    state = random_state(n, 1)
    found = branches(semiclassical_qft(n, inverse=inverse), state)
    np.testing.assert_allclose(found, transformed(state, inverse=inverse), atol=1e-12)


@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("target", [STATIC, EVERYWHERE])
@pytest.mark.parametrize("n", [1, 2, 4])
def test_unitary_form_is_distributed_in_the_same_order(n, target, inverse):
    state = random_state(n, 2)
    found = branches(measured_qft(n, target, inverse=inverse), state)
    np.testing.assert_allclose(found, transformed(state, inverse=inverse), atol=1e-12)


@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("n", [1, 2, 4])
def test_one_qubit_suffices_for_product_states(n, inverse):
    generator = np.random.default_rng(n)
    angles, phases = generator.uniform(0, np.pi, n), generator.uniform(0, 2 * np.pi, n)
    state, arrivals = np.ones(1), []
    for angle, phase in zip(angles, phases, strict=True):
        arrivals.append(QuantumCircuit(1))
        arrivals[-1].ry(angle, 0)
        arrivals[-1].p(phase, 0)
        state = np.kron(state, [np.cos(angle / 2), np.exp(1j * phase) * np.sin(angle / 2)])
    found = branches(one_qubit_qft(arrivals, inverse=inverse), [1, 0])
    np.testing.assert_allclose(found, transformed(state, inverse=inverse), atol=1e-12)


def test_one_qubit_suffices_where_bits_are_entangled_with_a_system():
    """The input is the control register of multiplications by 2 modulo 7, as in order finding."""
    states = np.arange(8)
    state = np.zeros((8, 8))  # of control and system, which starts in 1
    arrivals = []
    for bit in reversed(range(3)):
        permutation = np.eye(8)[:, [s * 2 ** (2**bit) % 7 if s < 7 else s for s in states]]
        arrivals.append(QuantumCircuit(4))
        arrivals[-1].h(3)
        arrivals[-1].unitary(
            np.kron(np.diag([1, 0]), np.eye(8)) + np.kron([[0, 0], [0, 1]], permutation.T), range(4)
        )
    for x in range(8):
        state[x, 2**x % 7] = 8**-0.5
    expected = np.sum([transformed(column) for column in state.T], axis=0)
    start = np.zeros(16)
    start[1] = 1
    found = branches(one_qubit_qft(arrivals), start)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("inverse", [False, True])
def test_simulator_feeds_forward_to_the_distribution_of_the_transform(inverse):
    """Chi-square over 16 outcomes; refused by chance with probability 1e-6."""
    n, shots = 4, 4000
    state = random_state(n, 3)
    circuit = measured_qft(n, inverse=inverse)
    prepared = circuit.copy_empty_like()
    prepared.compose(state_preparation(state), range(n), inplace=True)
    counts = execute([prepared.compose(circuit)], qml_algos.backend("aer"), shots, seed=5).counts(
        0, "outcome"
    )
    expected = shots * transformed(state, inverse=inverse)
    assert expected.min() > 5
    assert np.sum((counts - expected) ** 2 / expected) < chi2.isf(1e-6, 2**n - 1)


@pytest.mark.parametrize(("n", "inverse"), [(64, False), (24, True)])
def test_simulator_reads_the_number_that_a_product_state_encodes(n, inverse):
    k = int.from_bytes(np.random.default_rng(7).bytes(n // 8), "little")
    circuit = measured_qft(n, inverse=inverse)
    prepared = circuit.copy_empty_like()
    prepared.compose(fourier_product_state(n, k, inverse=inverse), range(n), inplace=True)
    done = execute([prepared.compose(circuit)], qml_algos.backend("aer_mps"), 10, seed=1)
    expected = [bool(k >> i & 1) for i in range(n)]
    np.testing.assert_array_equal(done.outcomes[0]["outcome"], [expected] * 10)


@pytest.mark.parametrize("n", [8, 16, 32, 64])
def test_no_two_qubit_gate_is_left_on_a_device_that_feeds_forward(n):
    compiled = transpile(measured_qft(n, DYNAMIC), target=DYNAMIC, optimization_level=1)
    assert two_qubit_gates(compiled) == 0
    assert number_of(compiled, "measure") == n
    assert number_of(compiled, "if_else") == n - 1


@pytest.mark.parametrize("n", [1, 2, 9])
@pytest.mark.parametrize("epsilon", [0.0, 1e-3])
def test_costs_are_those_of_the_docstrings(n, epsilon):
    phases = sum(kept_windows(n, epsilon))
    assert phases == n * (n - 1) // 2 or epsilon > 0
    circuit = semiclassical_qft(n, epsilon=epsilon)
    assert number_of(circuit, "p") - circuit.count_ops().get("p", 0) == phases
    assert number_of(circuit, "if_else") == n - 1
    recycled = one_qubit_qft([QuantumCircuit(1)] * n, epsilon=epsilon)
    assert number_of(recycled, "if_else") == phases
    assert number_of(recycled, "p") == number_of(circuit, "p")
    assert number_of(recycled, "reset") == n - 1
    assert recycled.num_qubits == 1


@pytest.mark.parametrize("n", [16, 64])
def test_phases_grow_with_size_times_a_logarithm(n):
    assert sum(kept_windows(n, 1e-2)) <= n * np.log2(n / 1e-2) / 2


def truncated_matrix(n, windows):
    """Matrix elements between x and k, as the feed-forward has them, from their definition."""
    x, k = np.meshgrid(np.arange(2**n), np.arange(2**n))
    phase = np.zeros(x.shape)
    for t in range(n):
        result = k >> (n - 1 - t) & 1
        phase += np.pi * (x >> t & 1) * result
        for distance in range(1, t + 1):
            known = result if distance <= windows[t] else 0.5
            phase += np.pi / 2**distance * (x >> (t - distance) & 1) * known
    return np.exp(1j * phase) / np.sqrt(2**n)


@pytest.mark.parametrize("epsilon", [0.3, 0.03, 0.003])
def test_truncation_costs_the_process_no_more_than_epsilon(epsilon):
    n = 6
    exact = truncated_matrix(n, range(n))
    np.testing.assert_allclose(exact, np.fft.ifft(np.eye(2**n), norm="ortho"), atol=1e-12)
    # Phases of k, on the rows, are chosen at will: measuring k does not see them.
    truncated = truncated_matrix(n, kept_windows(n, epsilon))
    overlaps = np.abs(np.sum(exact.conj() * truncated, axis=1))
    assert 0 < 1 - (overlaps.sum() / 2**n) ** 2 <= epsilon


@RUNS
@given(n=st.integers(3, 5), epsilon=st.floats(0.001, 0.5), seed=st.integers(0, 99))
def test_truncation_changes_distributions_by_no_more_than_its_bound(n, epsilon, seed):
    state, windows = random_state(n, seed), kept_windows(n, epsilon)
    found = branches(semiclassical_qft(n, epsilon=epsilon), state)
    expected = np.abs(truncated_matrix(n, windows) @ state) ** 2
    np.testing.assert_allclose(found, expected, atol=1e-12)
    distance = np.abs(found - transformed(state)).sum() / 2
    assert distance <= distribution_error(windows) + 1e-12


@pytest.mark.parametrize("kept", [0, 1, 3, 6])
def test_bound_on_distributions_has_its_closed_form(kept):
    n = 12
    error = distribution_error(tuple(min(t, kept) for t in range(n)))
    assert 0 < error <= min(1, n * np.pi / (4 * 2**kept))


def test_target_decides_between_feed_forward_and_gates():
    class Device:
        target = DYNAMIC

    for target in (None, DYNAMIC, Device()):
        assert feeds_forward(target)
        assert two_qubit_gates(measured_qft(4, target)) == 0
    for target in (STATIC, LINE):
        assert not feeds_forward(target)
        unitary = measured_qft(4, target)
        assert number_of(unitary, "if_else") == 0
        assert two_qubit_gates(unitary) == fourier_design(4, LINE, swaps=False).two_qubit_gates


@pytest.mark.parametrize("target", [None, STATIC])
def test_what_makes_no_sense_is_refused(target):
    with pytest.raises(ValueError, match="n = 0"):
        measured_qft(0, target)
    for epsilon in (-0.1, 1.0, np.nan):
        with pytest.raises(ValueError, match=r"epsilon = .* below 1"):
            measured_qft(3, target, epsilon)


def test_target_of_another_kind_is_refused():
    with pytest.raises(TypeError, match=r"target = 'fez': .* a qiskit Target"):
        measured_qft(3, "fez")


@pytest.mark.parametrize("arrivals", [[], [QuantumCircuit(1), QuantumCircuit(2)]])
def test_arrivals_that_do_not_fit_are_refused(arrivals):
    with pytest.raises(ValueError, match="one circuit a bit"):
        one_qubit_qft(arrivals)
