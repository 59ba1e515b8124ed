"""Amplification of programs: the solution and its norm stay, the success probability grows."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.stats
from qiskit import QuantumCircuit, QuantumRegister

import qml_algos.backends
from circuits.state_preparation import state_preparation
from qml_algos.errors import NothingAcceptedError
from qml_algos.linear_systems import HHL, LinearSystem
from qml_algos.linear_systems.amplification import amplified
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.pilot import acceptance_probability
from qml_algos.linear_systems.program import ErrorBudget, Program
from qml_algos.linear_systems.readout import read_exact, read_shots
from qml_algos.results import Estimate


@pytest.fixture(scope="module")
def exact():
    return qml_algos.backends.backend("aer")


@pytest.fixture(scope="module")
def sampling():
    return qml_algos.backends.backend("aer_shots")


def program_for(x, success):
    """x where two qubits read 2, with a given probability."""
    x = np.asarray(x)
    layout = Layout.plain(x.size)
    size = 2**layout.total_qubits
    state = np.zeros((4, size), dtype=x.dtype)
    state[2] = np.sqrt(success) * layout.spread(x) / np.linalg.norm(x)
    state[1] = np.sqrt((1 - success) / size)
    circuit = QuantumCircuit(layout.total_qubits + 2)
    circuit.compose(state_preparation(state.ravel()), inplace=True)
    circuit.metadata = {"classically_diagonalised": True}
    return Program(
        circuit=circuit,
        layout=layout,
        accepted=2,
        factor=np.linalg.norm(x) / np.sqrt(success),
        real=np.isrealobj(x),
        budget=ErrorBudget(),
        access="none",
        classical_seconds=0.0,
        build_seconds=0.0,
    )


def pilot(program, backend, seed=0):
    return acceptance_probability(
        program.circuit, program.data_qubits, program.accepted, backend, seed
    ).probability


@pytest.mark.parametrize("is_complex", [False, True])
@pytest.mark.parametrize("success", [0.9, 0.3, 0.02])
@pytest.mark.parametrize("method", ["grover", "exact", "fixed_point"])
def test_solution_stays_and_success_grows(exact, is_complex, success, method):
    x = np.array([1.0, -2.0, 0.5]) * (np.exp(0.3j) if is_complex else 1)
    program = program_for(x, success)
    better = amplified(program, pilot(program, exact), method)
    reading = read_exact(better, exact)
    np.testing.assert_allclose(reading.x, x, atol=1e-9)
    least = {"grover": 0.5, "exact": 1, "fixed_point": 0.9}[method]
    assert reading.success_probability >= least - 1e-9
    assert better.circuit.metadata == program.circuit.metadata
    assert better.factor_error == 0


def test_real_amplitudes_stay_real(exact):
    program = program_for([1.0, -2.0], 0.1)
    better = amplified(program, 0.1, "fixed_point")
    assert np.isrealobj(better.factor)
    state = exact.statevector(exact.compile([better.circuit])[0])
    amplitudes = state.reshape(-1, 2)[better.accepted]
    np.testing.assert_allclose(amplitudes.imag, 0, atol=1e-9)


@pytest.mark.parametrize("method", ["grover", "exact", "fixed_point"])
def test_norm_from_an_estimated_probability_has_the_error_stated(sampling, method):
    """Pilot and read-out both from shots. Sum of z^2 over 40 seeds against chi^2: 2e-6 by chance.

    The estimate of p is off by up to two thirds of it, and the success still above 0.35.
    """
    x = np.array([1.0, -2.0, 0.5, 0.7])
    program = program_for(x, 0.05)
    scores = []
    for seed in range(40):
        share = scipy.stats.binom.rvs(500, 0.05, random_state=seed) / 500
        p = Estimate(share, np.sqrt(share * (1 - share) / 500))
        reading = read_shots(amplified(program, p, method), sampling, {}, 4000, 0.1, seed)
        assert reading.success_probability > 0.35
        found = np.log(np.linalg.norm(reading.x) / np.linalg.norm(x))
        relative = reading.norm_standard_error / np.linalg.norm(reading.x)
        assert relative > 0.03
        scores.append(found / relative)
    low, high = scipy.stats.chi2(40).ppf([1e-6, 1 - 1e-6])
    assert low <= np.sum(np.square(scores)) <= high


def test_pilot_from_shots_amplifies_to_near_one(sampling):
    """Relative error of p below 2 %, five standard errors: the success stays above 0.99."""
    program = program_for([1.0, -2.0], 0.05)
    better = amplified(program, pilot(program, sampling, 3), "exact")
    reading = read_shots(better, sampling, {}, 20_000, 0.1, 4)
    assert reading.success_probability > 0.99
    assert 0 < better.factor_error < 0.01


def test_hhl_succeeds_with_certainty(exact, random_system):
    problem = random_system("definite", 4, kappa=4.0)
    program = HHL(0.05).build(problem)
    before = read_exact(program, exact)
    better = amplified(program, before.success_probability, "exact")
    after = read_exact(better, exact)
    assert before.success_probability < 0.7
    assert after.success_probability == pytest.approx(1, abs=1e-7)
    np.testing.assert_allclose(after.x, before.x, atol=1e-7)
    rounds = better.details["rounds of amplification"]
    gates = [r.circuit.num_nonlocal_gates() for r in (before, after)]
    others = program.circuit.num_qubits
    looked_at = others - program.data_qubits
    assert gates[1] <= (2 * rounds + 1) * gates[0] + rounds * (6 * (others + looked_at) - 20)


def test_workspace_is_lent(exact):
    program = program_for([1.0, -2.0, 0.5, 0.1, 1.0, 2.0], 0.1)
    n = program.circuit.num_qubits
    circuit = QuantumCircuit(n + 1)
    circuit.compose(program.circuit, range(n), inplace=True)
    wide = replace(program, circuit=circuit)
    named = QuantumCircuit(QuantumRegister(n, "all"), QuantumRegister(1, "workspace"))
    named.compose(circuit, inplace=True)
    better = amplified(wide, 0.1, workspace=[n])
    assert better.circuit.num_qubits == n + 1
    assert amplified(wide, 0.1).circuit.num_qubits == n + 2
    assert amplified(replace(wide, circuit=named), 0.1).circuit.num_qubits == n + 1
    np.testing.assert_allclose(read_exact(better, exact).x, read_exact(program, exact).x)


@pytest.mark.parametrize("workspace", [[0], [3]])
def test_workspace_that_does_not_return_to_zero_is_refused(workspace):
    program = program_for([1.0, -2.0, 0.5, 0.1], 0.1)  # qubit 3 is accepted in 1
    with pytest.raises(ValueError, match="workspace"):
        amplified(program, 0.1, workspace=workspace)


def test_nothing_accepted_cannot_be_amplified():
    with pytest.raises(NothingAcceptedError, match="success_probability = 0"):
        amplified(program_for([1.0, -2.0], 0.1), Estimate(0.0, 0.0))


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_probability_out_of_range_is_refused_by_name(p):
    with pytest.raises(ValueError, match="success_probability"):
        amplified(program_for([1.0, -2.0], 0.1), p)


def test_unknown_method_and_failure_are_refused_by_name():
    program = program_for([1.0, -2.0], 0.1)
    with pytest.raises(ValueError, match="method"):
        amplified(program, 0.1, "guess")
    with pytest.raises(ValueError, match="failure"):
        amplified(program, 0.1, "fixed_point", failure=1.0)


def test_documented_loss_from_a_wrong_estimate():
    """About (pi d s / (4 p))^2 for d standard errors s."""
    program = program_for([1.0, -2.0], 0.01)
    exact_backend = qml_algos.backends.backend("aer")
    deviation = 0.1
    reading = read_exact(amplified(program, 0.01 * (1 + deviation), "exact"), exact_backend)
    loss = 1 - reading.success_probability
    assert loss == pytest.approx((np.pi * deviation / 4) ** 2, rel=0.5)


def test_problem_is_solved_the_same_from_amplified_shots(sampling):
    """Two entries within five standard errors: 1e-6 by chance."""
    problem = LinearSystem([[2.0, 1.0], [1.0, 3.0]], [1.0, 2.0])
    program = HHL(1e-2).build(problem)
    better = amplified(program, pilot(program, sampling))
    reading = read_shots(better, sampling, {}, 20_000, 0.1, 1)
    x = np.linalg.solve(problem.dense(), problem.b)
    assert np.all(np.abs(reading.x - np.abs(x)) <= 5 * reading.standard_errors + 0.01)
