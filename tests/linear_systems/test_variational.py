"""The variational solver: its promise, its costs from shots, and what it refuses."""

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import qml_algos
from circuits.ansatz import hardware_efficient_ansatz
from qml_algos.errors import (
    NotConvergedError,
    SingularMatrixError,
    TooLargeError,
    UnsuitableSolverError,
)
from qml_algos.linear_systems import LinearSystem
from qml_algos.linear_systems.readout import read_exact, read_shots
from qml_algos.linear_systems.variational import VariationalLinearSolver
from qml_algos.linear_systems.variational.costs import LinearCost, cost_needed
from qml_algos.linear_systems.variational.measurement import CostMeasurement

RUNS = settings(deadline=None, derandomize=True, max_examples=6)
AER = qml_algos.backend("aer")


def tridiagonal(size):
    matrix = sp.diags_array(
        [-np.ones(size - 1) / 3, np.ones(size), -np.ones(size - 1) / 3], offsets=[-1, 0, 1]
    )
    return LinearSystem(matrix, np.random.default_rng(size).normal(size=size))


def solved(problem, solver, seed=0):
    solver.check_fits(problem, AER)
    program = solver.build(problem, AER, seed)
    return program, read_exact(program, AER)


def distance(x, reference):
    return np.linalg.norm(x / np.linalg.norm(x) - reference / np.linalg.norm(reference))


@pytest.mark.parametrize("cost", ["local", "global"])
@pytest.mark.parametrize("kind", ["definite", "indefinite", "general"])
@RUNS
@given(
    size=st.integers(1, 8),
    kappa=st.sampled_from([1.0, 3.0, 8.0]),
    complex_matrix=st.booleans(),
    complex_vector=st.booleans(),
    epsilon=st.sampled_from([0.3, 1e-2, 1e-3]),
    seed=st.integers(0, 2**32 - 1),
)
def test_error_promised_is_kept_with_phase_and_norm(
    random_system, cost, kind, size, kappa, complex_matrix, complex_vector, epsilon, seed
):
    problem = random_system(kind, size, kappa, complex_matrix, complex_vector, seed)
    reference = np.linalg.solve(problem.A, problem.b)
    program, reading = solved(problem, VariationalLinearSolver(epsilon, cost), seed)
    assert distance(reading.x, reference) <= epsilon
    assert np.linalg.norm(reading.x - reference) <= epsilon * np.linalg.norm(reference)
    assert reading.success_probability == pytest.approx(1)
    assert program.budget.total == epsilon
    assert program.details["cost"] <= program.details["cost needed"]


@pytest.mark.parametrize("size", [2, 4, 8])
@pytest.mark.parametrize("scale", [1e-6, 1e5])
def test_tridiagonal_system_in_any_unit(size, scale):
    problem = tridiagonal(size)
    problem = LinearSystem(scale * problem.A, problem.b / scale)
    reference = scipy.linalg.solve(problem.dense(), problem.b)
    program, reading = solved(problem, VariationalLinearSolver())
    assert np.linalg.norm(reading.x - reference) <= 1e-2 * np.linalg.norm(reference)
    assert program.details["Pauli terms"] == size
    assert program.circuit.num_qubits == np.log2(size)


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.9), st.booleans())
@settings(deadline=None, derandomize=True, max_examples=100)
def test_cost_needed_bounds_the_error_of_any_state(random_system, seed, size, is_local):
    """Whatever state has a cost is within the error for which that cost is needed."""
    kind = "local" if is_local else "global"
    problem = random_system("general", 4, 5.0, True, True, seed)
    reference = np.linalg.solve(problem.A, problem.b)
    generator = np.random.default_rng(seed)
    state = reference + size * generator.normal(size=4) * np.linalg.norm(reference) / 2
    state /= np.linalg.norm(state)
    cost = LinearCost.of(problem, kind)
    above, below = (np.vdot(state, M @ state).real for M in (cost.numerator, cost.denominator))
    image = problem.A @ state
    error = distance(np.vdot(image, problem.b) * state, reference)
    if error < np.sqrt(2) and above / below < cost_needed(kind, 2, 5.0, np.sqrt(2)):
        assert above / below >= cost_needed(kind, 2, 5.0, error) * (1 - 1e-9)


def test_local_cost_is_at_most_the_global_one_and_at_least_an_nth_of_it(random_system):
    problem = random_system("general", 8, 5.0, True, True, 3)
    whole, part = (LinearCost.of(problem, kind).numerator for kind in ("global", "local"))
    assert np.linalg.eigvalsh(whole - part)[0] > -1e-12
    assert np.linalg.eigvalsh(3 * part - whole)[0] > -1e-12


def test_same_seed_same_angles_and_another_seed_others():
    first, second, third = (
        VariationalLinearSolver().build(tridiagonal(4), AER, seed).circuit for seed in (0, 0, 1)
    )
    assert first == second
    assert first != third


def test_more_layers_are_tried_by_themselves():
    problem = tridiagonal(8)
    found, _ = solved(problem, VariationalLinearSolver())
    assert found.details["layers"] > 1
    with pytest.raises(NotConvergedError, match="more layers"):
        solved(problem, VariationalLinearSolver(layers=1, max_iterations=60))


def test_what_did_not_converge_says_what_was_reached_and_needed():
    with pytest.raises(NotConvergedError, match=r"cost of .*in 3 iterations.* needs .*Try"):
        solved(tridiagonal(8), VariationalLinearSolver(max_iterations=3))


@pytest.mark.parametrize("kind", ["local", "global"])
@pytest.mark.parametrize("name", ["aer_shots", "lightning"])
def test_costs_from_shots_agree_with_exact_ones_within_five_standard_errors(
    random_system, name, kind
):
    """A chance of 6e-7 each to fail for no reason, and the seeds are fixed."""
    problem = random_system("general", 4, 3.0, True, False, 5)
    cost = LinearCost.of(problem, kind)
    ansatz = hardware_efficient_ansatz(2, 1, real=cost.real)
    measurement = CostMeasurement.of(qml_algos.backend(name), cost, ansatz)
    generator = np.random.default_rng(0)
    for seed in range(3):
        angles = generator.uniform(-np.pi, np.pi, ansatz.num_parameters)
        exact, gradient = cost.exact(ansatz)(angles)
        measured = measurement.measure(angles, seed, precision=0.01, gradient=seed == 0)
        assert abs(measured.value - exact) <= 5 * measured.standard_error
        assert measured.standard_error < 0.1
        if seed == 0:
            assert measured.gradient == pytest.approx(gradient, abs=10 * measured.standard_error)


@pytest.mark.parametrize("name", ["aer_shots", "lightning"])
def test_training_on_a_backend_keeps_its_promise(random_system, name):
    backend = qml_algos.backend(name)
    problem = random_system("definite", 2, 2.0, seed=1)
    solver = VariationalLinearSolver(0.3, training="backend", max_iterations=200)
    solver.check_fits(problem, backend)
    program = solver.build(problem, backend, 3)
    amplitudes = read_exact(program, AER).x
    reference = scipy.linalg.solve(problem.A, problem.b)
    assert np.linalg.norm(amplitudes) == pytest.approx(np.linalg.norm(reference), rel=0.3)
    sign = np.sign(np.vdot(amplitudes, reference))
    assert distance(sign * amplitudes, reference) <= 0.3
    assert backend.name in program.access


@pytest.mark.parametrize("name", ["aer_shots", "lightning", "heron_r3"])
@pytest.mark.parametrize("size", [2, 4])
def test_finished_circuit_runs_on_every_backend(name, size):
    backend = qml_algos.backend(name)
    problem = tridiagonal(size)
    program = VariationalLinearSolver().build(problem, backend, 0)
    reading = read_shots(program, backend, {}, 4000, 0.05, 0)
    reference = np.abs(scipy.linalg.solve(problem.dense(), problem.b))
    assert np.linalg.norm(reading.x - reference) <= 0.1 * np.linalg.norm(reference)
    assert reading.success_probability == 1
    assert len(reading.circuit.get_instructions("swap")) == 0


@pytest.mark.slow
def test_training_on_a_noisy_device(random_system):
    backend = qml_algos.backend("heron_r3")
    for size, epsilon in ((2, 0.3), (4, 0.5)):
        problem = random_system("definite", size, 2.0, seed=1)
        solver = VariationalLinearSolver(epsilon, training="backend", max_iterations=200)
        found = read_exact(solver.build(problem, backend, 3), AER).x
        reference = scipy.linalg.solve(problem.A, problem.b)
        assert distance(np.sign(np.vdot(found, reference)) * found, reference) <= epsilon


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epsilon": 0}, "epsilon = 0"),
        ({"kappa": 0.5}, "kappa = 0.5"),
        ({"cost": "other"}, "cost = 'other'.*'local', 'global'"),
        ({"training": "other"}, "training = 'other'"),
        ({"layers": -1}, "layers = -1.*'auto'"),
        ({"layers": "many"}, "layers = 'many'"),
        ({"max_iterations": 0}, "max_iterations = 0"),
        ({"max_iterations": True}, "max_iterations = True"),
    ],
)
def test_options_that_make_no_sense_are_refused_by_name(options, message):
    with pytest.raises(ValueError, match=message):
        VariationalLinearSolver(**options)


def test_systems_too_large_are_refused_before_any_work():
    large = LinearSystem(sp.eye_array(1025), np.ones(1025))
    with pytest.raises(TooLargeError, match="at most 1,024 unknowns: 1,025 given"):
        VariationalLinearSolver().check_fits(large, AER)
    with pytest.raises(TooLargeError, match="on 'aer_shots' with at most 32 unknowns: 33 given"):
        VariationalLinearSolver(training="backend").check_fits(
            LinearSystem(sp.eye_array(33), np.ones(33)), qml_algos.backend("aer_shots")
        )


def test_singular_and_hopeless_systems_are_refused():
    for matrix in ([[1, 2], [2, 4]], [[1, 0], [3, 0]]):
        with pytest.raises(SingularMatrixError):
            VariationalLinearSolver(kappa=2).check_fits(LinearSystem(matrix, [1, 0]), AER)
    periodic = LinearSystem.poisson(1, 8, boundary="periodic", b=np.arange(8) - 3.5)
    with pytest.raises(UnsuitableSolverError, match="null space"):
        VariationalLinearSolver(kappa=10).check_fits(periodic, AER)
    with pytest.raises(UnsuitableSolverError, match="told from zero"):
        VariationalLinearSolver(1e-6, kappa=1e4).build(tridiagonal(2), AER, 0)


def test_structures_are_solved_by_what_they_stand_for():
    problem = LinearSystem.poisson(1, 8, b=np.arange(7.0))
    _, reading = solved(problem, VariationalLinearSolver())
    assert distance(reading.x, scipy.linalg.solve(problem.dense(), problem.b)) <= 1e-2
