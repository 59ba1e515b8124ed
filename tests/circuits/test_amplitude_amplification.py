"""Amplitude amplification against matrices: success, gain, cost, and what is refused."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Operator, Statevector

from circuits.amplitude_amplification import (
    AmplificationSchedule,
    amplify,
    exact_schedule,
    fixed_point_schedule,
    grover_schedule,
    phase_on_value,
)
from circuits.state_preparation import state_preparation

PROBABILITIES = st.floats(1e-5, 1)


def random_circuit(qubits, seed):
    generator = np.random.default_rng(seed)
    amplitudes = generator.normal(size=2**qubits) + 1j * generator.normal(size=2**qubits)
    return state_preparation(amplitudes)


def good_amplitudes(circuit, qubits, value, total):
    """Amplitudes where the qubits have the value; those added to ``total`` qubits must be 0."""
    state = Statevector(circuit).data
    assert np.allclose(state[2**total :], 0, atol=1e-10)
    places = np.arange(2**total)
    read = sum((places >> qubit & 1) << bit for bit, qubit in enumerate(qubits))
    return np.where(read == value, state[: 2**total], 0)


@given(PROBABILITIES)
def test_exact_schedule_succeeds_with_certainty(p):
    schedule = exact_schedule(p)
    assert schedule.amplified(p) == pytest.approx(1, abs=1e-9)
    assert schedule.rounds == int(np.ceil(np.pi / 4 / np.arcsin(np.sqrt(p)) - 0.5 - 1e-9))


@pytest.mark.parametrize(("p", "rounds"), [(1.0, 0), (0.25, 1), (np.sin(np.pi / 10) ** 2, 2)])
def test_exact_schedule_is_grovers_where_that_is_exact(p, rounds):
    schedule = exact_schedule(p)
    np.testing.assert_allclose(schedule.good, [np.pi] * rounds, atol=1e-6)
    np.testing.assert_allclose(schedule.zero, [np.pi] * rounds, atol=1e-6)


@settings(deadline=None)
@given(st.floats(1e-3, 1), st.floats(0, 0.5))
def test_grover_schedule_reaches_its_aim_and_no_number_of_rounds_is_cheaper(p, least):
    schedule = grover_schedule(p, least)
    reached = schedule.amplified(p)
    assert reached >= least - 1e-9
    cost = (2 * schedule.rounds + 1) / reached
    for rounds in range(schedule.rounds + 5):
        other = AmplificationSchedule((np.pi,) * rounds, (np.pi,) * rounds).amplified(p)
        if other >= least + 1e-9:
            assert (2 * rounds + 1) / other >= cost * (1 - 1e-6)


def test_grover_schedule_costs_what_the_docstring_says_for_small_probabilities():
    schedule = grover_schedule(1e-6)
    cost = (2 * schedule.rounds + 1) / schedule.amplified(1e-6)
    assert cost * 1e-3 == pytest.approx(1.38, abs=0.01)


@pytest.mark.parametrize("least", [-0.1, 0.6, float("nan")])
def test_aim_of_grover_schedule_out_of_range_is_refused(least):
    with pytest.raises(ValueError, match="least"):
        grover_schedule(0.1, least)


@given(PROBABILITIES, st.floats(1e-6, 0.9), st.floats(0, 1))
def test_fixed_point_schedule_follows_the_chebyshev_polynomial_of_the_paper(bound, failure, where):
    schedule = fixed_point_schedule(bound, failure)
    p = bound + where * (1 - bound)
    uses = 2 * schedule.rounds + 1
    delta = np.sqrt(failure)
    argument = np.cosh(np.arccosh(1 / delta) / uses) * np.sqrt(1 - p)
    chebyshev = np.polynomial.chebyshev.chebval(argument, [0] * uses + [1])
    assert schedule.amplified(p) == pytest.approx(1 - failure * chebyshev**2, abs=1e-7)
    assert schedule.amplified(p) >= 1 - failure - 1e-9


@given(st.floats(1e-5, 0.99), st.floats(1e-6, 0.9))
def test_fixed_point_schedule_has_no_round_too_many(bound, failure):
    rounds = fixed_point_schedule(bound, failure).rounds
    if rounds:
        uses = 2 * rounds - 1
        width = 1 - np.cosh(np.arccosh(failure**-0.5) / uses) ** -2
        assert width > bound * (1 - 1e-6)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 5), st.integers(0, 1000), st.sampled_from(["exact", "fixed"]), st.data())
def test_good_amplitudes_grow_by_the_gain_phase_included(total, seed, method, data):
    circuit = random_circuit(total, seed)
    count = data.draw(st.integers(1, total))
    qubits = data.draw(st.permutations(range(total)))[:count]
    value = data.draw(st.integers(0, 2**count - 1))
    before = good_amplitudes(circuit, qubits, value, total)
    p = float(np.linalg.norm(before) ** 2)
    if p < 1e-3:
        return
    schedule = exact_schedule(p) if method == "exact" else fixed_point_schedule(p, 0.1)
    after = good_amplitudes(amplify(circuit, schedule, qubits, value), qubits, value, total)
    np.testing.assert_allclose(after, schedule.gain(p) * before, atol=1e-8)
    assert np.linalg.norm(after) ** 2 >= (1 - 1e-9 if method == "exact" else 0.9 - 1e-9)


def test_wrong_probability_gives_the_gain_of_the_right_one():
    circuit = random_circuit(4, 1)
    before = good_amplitudes(circuit, [2, 3], 1, 4)
    p = float(np.linalg.norm(before) ** 2)
    schedule = exact_schedule(0.8 * p)
    after = good_amplitudes(amplify(circuit, schedule, [2, 3], 1), [2, 3], 1, 4)
    np.testing.assert_allclose(after, schedule.gain(p) * before, atol=1e-9)
    assert 0.8 < np.linalg.norm(after) ** 2 < 1 - 1e-4


def workspace_circuit():
    """Qubits 2 to 4 return to 0 whatever the others do."""
    circuit = QuantumCircuit(6)
    circuit.compose(random_circuit(3, 4), [0, 1, 5], inplace=True)
    for target in (2, 3, 4):
        circuit.ccx(0, 1, target)
    circuit.cp(0.7, 4, 5)
    for target in (2, 3, 4):
        circuit.ccx(0, 1, target)
    return circuit


def test_workspace_is_left_out_of_phases_and_lent_to_them():
    circuit = workspace_circuit()
    before = good_amplitudes(circuit, [5], 1, 6)
    p = float(np.linalg.norm(before) ** 2)
    schedule = exact_schedule(p)
    lean = amplify(circuit, schedule, [5], 1, workspace=[2, 3, 4])
    full = amplify(circuit, schedule, [5], 1)
    assert (lean.num_qubits, full.num_qubits) == (6, 7)
    for amplified in (lean, full):
        after = good_amplitudes(amplified, [5], 1, 6)
        np.testing.assert_allclose(after, schedule.gain(p) * before, atol=1e-9)
    assert cx(lean) < cx(full)


def cx(circuit):
    compiled = transpile(
        circuit, basis_gates=["cx", "rz", "sx", "x"], optimization_level=2, seed_transpiler=0
    )
    return compiled.num_nonlocal_gates()


@pytest.mark.parametrize("count", range(1, 10))
def test_phase_on_value_is_diagonal_and_costs_what_it_says(count):
    value = 0b1011001101 % 2**count
    circuit = QuantumCircuit(count + 1)
    phase_on_value(circuit, 0.4, circuit.qubits[:count], value, circuit.qubits[count:])
    expected = np.ones(2**count, dtype=complex)
    expected[value] = np.exp(0.4j)
    block = Operator(circuit).data[: 2**count, : 2**count]
    np.testing.assert_allclose(block, np.diag(expected), atol=1e-12)
    assert cx(circuit) == (2**count - 2 if count <= 4 else 6 * count - 10)


def test_phase_without_qubits_is_global():
    circuit = QuantumCircuit(1)
    phase_on_value(circuit, 0.4, [], 0)
    np.testing.assert_allclose(Operator(circuit).data, np.exp(0.4j) * np.eye(2))


def test_amplified_circuit_costs_what_the_docstring_says():
    """Two rounds on six qubits: five uses of A, two phases on six qubits and two on one."""
    circuit = random_circuit(6, 2)
    schedule = AmplificationSchedule((0.3, 0.4), (0.5, 0.6))
    amplified = amplify(circuit, schedule, [5], 1)
    assert amplified.num_qubits == 7
    assert cx(amplified) <= 5 * cx(circuit) + 2 * (6 * 6 - 10)


def test_no_rounds_leave_the_circuit_as_it_is():
    circuit = random_circuit(5, 0)
    amplified = amplify(circuit, exact_schedule(1.0), [4], 1)
    assert amplified.num_qubits == 5
    assert scipy.linalg.norm(Statevector(amplified).data - Statevector(circuit).data) < 1e-12


@pytest.mark.parametrize("p", [0, -0.1, 1.1, float("nan")])
def test_probabilities_out_of_range_are_refused_by_name(p):
    with pytest.raises(ValueError, match="success_probability"):
        exact_schedule(p)
    with pytest.raises(ValueError, match="success_lower_bound"):
        fixed_point_schedule(p, 0.1)
    with pytest.raises(ValueError, match="success_probability"):
        exact_schedule(0.5).gain(p)


@pytest.mark.parametrize("failure", [0, 1, -1, float("nan")])
def test_failures_out_of_range_are_refused_by_name(failure):
    with pytest.raises(ValueError, match="failure"):
        fixed_point_schedule(0.1, failure)


@pytest.mark.parametrize(
    ("qubits", "value", "workspace", "name"),
    [
        ([3], 0, (), "qubits"),
        ([1, 1], 0, (), "qubits"),
        ([0], 2, (), "value"),
        ([0], -1, (), "value"),
        ([0], 1, [5], "workspace"),
        ([0], 1, [0], "workspace"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_by_name(qubits, value, workspace, name):
    with pytest.raises(ValueError, match=name):
        amplify(random_circuit(3, 0), exact_schedule(0.3), qubits, value, workspace=workspace)


def test_measured_circuit_is_refused():
    circuit = QuantumCircuit(2, 1)
    circuit.measure(0, 0)
    with pytest.raises(ValueError, match="circuit measures"):
        amplify(circuit, exact_schedule(0.3), [0])
