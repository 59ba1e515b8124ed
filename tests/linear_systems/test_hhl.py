"""HHL on the exact simulator: its precision, its probability, and the call it shares."""

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.errors import TooLargeError, UnsuitableSolverError
from qml_algos.linear_systems import HHL, ConjugateGradient, Direct, LinearSystem, solve

CONFIGS = Path(__file__).parents[2] / "hardware_configs"
RUNS = settings(deadline=None, derandomize=True, max_examples=15)

KINDS = ["definite", "negative", "indefinite", "general"]
# Condition numbers from a short list: each new one costs the design of a filter.
systems = {
    "size": st.integers(1, 8),
    "kappa": st.sampled_from([1.0, 2.0, 6.0, 15.0]),
    "complex_matrix": st.booleans(),
    "complex_vector": st.booleans(),
    "seed": st.integers(0, 2**32 - 1),
}
epsilons = st.sampled_from([1e-1, 1e-2, 1e-3])


def relative_error(x, reference):
    return np.linalg.norm(x - reference) / np.linalg.norm(reference)


def normalised_error(x, reference):
    return np.linalg.norm(x / np.linalg.norm(x) - reference / np.linalg.norm(reference))


@pytest.mark.parametrize("kind", KINDS)
@RUNS
@given(epsilon=epsilons, **systems)
def test_solution_is_within_epsilon_with_and_without_its_norm(
    random_system, kind, epsilon, size, kappa, complex_matrix, complex_vector, seed
):
    problem = random_system(kind, size, kappa, complex_matrix, complex_vector, seed)
    reference = np.linalg.solve(problem.A, problem.b)
    # An upper bound for the condition number, so that the filters are shared.
    solution = solve(problem, HHL(epsilon, kappa=1.001 * kappa), reference=reference)
    assert solution.x.shape == (size,)
    assert solution.signs_known
    assert relative_error(solution.x, reference) <= epsilon
    assert normalised_error(solution.x, reference) <= epsilon
    assert solution.error == pytest.approx(normalised_error(solution.x, reference))
    residual = np.linalg.norm(problem.b - problem.A @ solution.x) / np.linalg.norm(problem.b)
    assert solution.residual == pytest.approx(residual)
    assert solution.residual <= 1.001 * epsilon * kappa


@pytest.mark.parametrize("kind", KINDS)
@settings(RUNS, max_examples=5)
@given(epsilon=epsilons, kappa=st.floats(1, 15), size=st.integers(1, 4), seed=st.integers(0, 999))
def test_condition_number_is_computed_if_it_is_not_given(
    random_system, kind, epsilon, kappa, size, seed
):
    problem = random_system(kind, size, kappa, True, False, seed)
    reference = np.linalg.solve(problem.A, problem.b)
    assert relative_error(solve(problem, HHL(epsilon)).x, reference) <= epsilon


@pytest.mark.parametrize("kind", KINDS)
@settings(RUNS, max_examples=10)
@given(epsilon=epsilons, scale=st.sampled_from([1e-6, 1.0, 250.0]), **systems)
def test_success_probability_is_that_of_the_norm_of_the_solution(
    random_matrix,
    random_vector,
    kind,
    epsilon,
    scale,
    size,
    kappa,
    complex_matrix,
    complex_vector,
    seed,
):
    """(C ||x|| s / ||b||)^2 up to epsilon, and at least 0.5 / kappa^2."""
    matrix = scale * random_matrix(kind, size, kappa, complex_matrix, seed)
    problem = LinearSystem(matrix, random_vector(size, complex_vector, seed))
    solver = HHL(epsilon, kappa=1.001 * kappa)
    solution = solve(problem, solver)
    reference = np.linalg.norm(np.linalg.solve(matrix, problem.b))
    largest = np.linalg.norm(matrix, 2)
    constant = solver.build(problem).details["scale"]
    expected = constant * reference * largest / np.linalg.norm(problem.b)
    assert np.sqrt(solution.success_probability) == pytest.approx(expected, rel=1.001 * epsilon)
    assert solution.success_probability <= 1 + 1e-9
    # The bound of the docstring, less the deviation that the filter is allowed.
    assert solution.success_probability >= 0.49 * ((1 - epsilon) / (1.001 * kappa)) ** 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", [sp.csr_array, sp.coo_array])
def test_sparse_input_gives_the_same_solution(random_system, kind, form):
    dense = random_system(kind, 5, complex_matrix=True)
    sparse = LinearSystem(form(dense.A), dense.b)
    solutions = [solve(problem, HHL(1e-2, kappa=4.1)) for problem in (dense, sparse)]
    np.testing.assert_allclose(solutions[0].x, solutions[1].x, atol=1e-9)
    assert solutions[0].success_probability == pytest.approx(solutions[1].success_probability)


@pytest.mark.parametrize("matrix", [np.eye(3), -2 * np.eye(2), [[0, 1], [1, 0]], [[0, -1], [1, 0]]])
def test_condition_number_1_is_solved(matrix):
    vector = np.arange(1, len(matrix) + 1)
    solution = solve(LinearSystem(matrix, vector), HHL(1e-3))
    assert relative_error(solution.x, np.linalg.solve(matrix, vector)) <= 1e-3


def test_signs_and_phases_of_the_solution_are_found():
    x = np.array([1, -2, 3j, -1 + 1j])
    matrix = np.diag([1.0, -0.5, 1.0, 0.5]) + 0.1 * np.ones((4, 4))
    solution = solve(LinearSystem(matrix, matrix @ x), HHL(1e-3))
    np.testing.assert_allclose(solution.x, x, atol=1e-2)


@pytest.mark.parametrize("size", [1, 3, 5, 6, 7])
@pytest.mark.parametrize("kind", KINDS)
def test_sizes_that_are_no_power_of_two_are_padded(random_system, kind, size):
    problem = random_system(kind, size, 3.0, seed=size)
    program = HHL(1e-2, kappa=3.1).build(problem)
    assert program.data_qubits == max(1, int(np.ceil(np.log2(size))))
    assert program.unknowns == size
    solution = solve(problem, HHL(1e-2, kappa=3.1))
    assert relative_error(solution.x, np.linalg.solve(problem.A, problem.b)) <= 1e-2


@pytest.mark.parametrize(("kind", "extra"), [("definite", 1), ("indefinite", 1), ("general", 2)])
def test_qubit_count_is_that_of_the_docstring(random_system, kind, extra):
    problem = random_system(kind, 4, 3.0)
    program = HHL(1e-1).build(problem)
    expected = 2 + program.details["clock qubits"] + extra
    assert program.circuit.num_qubits == expected
    assert solve(problem, HHL(1e-1)).resources.qubits == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [4, 8])
def test_two_qubit_gates_are_about_what_the_docstring_says(random_system, kind, size):
    """4^n + 2 m 2^n + 2^m, and the Fourier transforms that are left out of "about"."""
    problem = random_system(kind, size, 5.0, True, True)
    solver = HHL(1e-2, kappa=5.1)
    resources = solve(problem, solver).resources
    n, m = int(np.log2(size)), int(solver.build(problem).details["clock qubits"])
    dilated = kind == "general"
    estimate = 4**n + 2 * m * 2 ** (n + dilated) + 2**m + 2 * m * (m - 1) + 2 ** (n + 1)
    assert resources.two_qubit_gates <= estimate


def test_figures_of_the_compiled_circuit_are_its_own(random_system):
    solution = solve(random_system("definite", 4), HHL(1e-1))
    circuit, resources = solution.circuit, solution.resources
    assert set(circuit.count_ops()) <= {"cx", "rz", "sx", "x"}
    assert resources.two_qubit_gates == circuit.count_ops()["cx"]
    assert resources.depth == circuit.depth()
    two_qubit = circuit.copy_empty_like()
    for instruction in circuit.data:
        if len(instruction.qubits) == 2:
            two_qubit.append(instruction)
    assert resources.two_qubit_depth == two_qubit.depth()
    assert resources.shots is None
    assert resources.classically_diagonalised is True
    for seconds in ("classical_seconds", "build_seconds", "compile_seconds", "run_seconds"):
        assert getattr(resources, seconds) >= 0


def test_caveats_say_what_the_figures_cannot_show(random_system):
    caveats = " ".join(solve(random_system("definite", 4), HHL(1e-1)).caveats)
    for words in ("Classically diagonalised", "cannot show a speedup", "State preparation"):
        assert words in caveats
    assert "Read-out" in caveats
    assert "Noise" not in caveats


@pytest.mark.parametrize("complex_matrix", [False, True])
def test_solvers_are_interchangeable(random_system, complex_matrix):
    """One call, three solvers: the same solution within epsilon."""
    problem = random_system("definite", 6, 5.0, complex_matrix, True)
    arguments = {
        "backend": "aer",
        "shots": 100,
        "observables": {"ones": np.ones((6, 6))},
        "reference": np.linalg.solve(problem.A, problem.b),
        "random_state": 1,
    }
    epsilon = 1e-2
    exact, *others = (
        solve(problem, solver, **arguments)
        for solver in (Direct(), ConjugateGradient(epsilon), HHL(epsilon))
    )
    assert exact.error < 1e-12
    for solution in others:
        assert relative_error(solution.x, exact.x) <= epsilon
        assert solution.error <= epsilon
        assert solution.x.shape == exact.x.shape
        value, expected = solution.observables["ones"].value, exact.observables["ones"].value
        bound = 6 * np.linalg.norm(exact.x) ** 2 * (2 * epsilon + epsilon**2)
        assert abs(value - expected) <= bound


@pytest.mark.parametrize("backend", [None, "aer", "aer_shots", "heron_r3"])
@pytest.mark.parametrize("solver", [Direct(), ConjugateGradient(1e-6)], ids=lambda s: s.name)
def test_backend_does_not_matter_to_classical_solvers(random_system, solver, backend):
    problem = random_system("definite", 4)
    expected = solve(problem, solver)
    found = solve(problem, solver, backend)
    np.testing.assert_array_equal(found.x, expected.x)
    assert found.signs_known


def test_exact_solution_does_not_depend_on_random_state_or_shots(random_system):
    problem = random_system("general", 3)
    first = solve(problem, HHL(1e-1), random_state=1)
    second = solve(problem, HHL(1e-1), shots=7, random_state=2)
    np.testing.assert_array_equal(first.x, second.x)
    assert second.resources.shots is None


def test_condition_number_given_too_small_is_refused_with_both_numbers(random_system):
    problem = random_system("definite", 4, 8.0)
    with pytest.raises(UnsuitableSolverError, match=r"kappa = 7\.5 .*8 of A"):
        solve(problem, HHL(1e-1, kappa=7.5))


def test_condition_number_given_larger_than_needed_keeps_the_precision(random_system):
    problem = random_system("indefinite", 4, 3.0)
    solution = solve(problem, HHL(1e-2, kappa=12.0))
    assert relative_error(solution.x, np.linalg.solve(problem.A, problem.b)) <= 1e-2


def test_condition_number_beyond_the_clock_is_refused(monkeypatch):
    # A smaller limit: at the real one the search alone takes a minute.
    monkeypatch.setattr("circuits.reciprocal.MAX_CLOCK_QUBITS", 5)
    with pytest.raises(UnsuitableSolverError, match=r"kappa = 1e\+07"):
        solve(LinearSystem(np.diag([1.0, 1e-7]), [1, 1]), HHL(1e-1))


def test_smallest_precision_of_the_filter_is_reached(random_system):
    problem = random_system("definite", 2)
    solution = solve(problem, HHL(1e-5))
    assert relative_error(solution.x, np.linalg.solve(problem.A, problem.b)) <= 1e-5


def test_precision_beyond_that_of_the_filter_is_refused(random_system):
    with pytest.raises(UnsuitableSolverError, match=r"epsilon = (1e-06|9\.99)"):
        solve(random_system("definite", 2), HHL(1e-6))


def test_too_many_unknowns_for_the_backend_are_refused_before_any_work():
    size = 2**23
    problem = LinearSystem(sp.eye_array(size, format="csr"), np.ones(size))
    with pytest.raises(TooLargeError, match=r"27 qubits \(2 GiB.*at most 26"):
        solve(problem, HHL())


@pytest.mark.parametrize(("size", "qubits"), [(300, 13), (400, 13)])
def test_too_many_unknowns_for_a_small_backend_are_refused(size, qubits, tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(
        (CONFIGS / "heron_r3.toml").read_text().replace("max_qubits = 30", "max_qubits = 12")
    )
    problem = LinearSystem(np.eye(size), np.ones(size))
    with pytest.raises(TooLargeError, match=rf"{qubits} qubits.*'heron_r3' takes at most 12"):
        solve(problem, HHL(), path)


def test_a_circuit_that_would_be_simulated_for_hours_is_refused(random_system, tmp_path):
    path = tmp_path / "slow.toml"
    text = (CONFIGS / "heron_r3.toml").read_text()
    path.write_text(text.replace("max_seconds = 3600.0", "max_seconds = 1e-6"))
    with pytest.raises(TooLargeError, match=r"takes up to .* s by density_matrix.*allows 0 s"):
        solve(random_system("definite", 4), HHL(0.1), path)


@pytest.mark.parametrize("size", [1025, 5000])
def test_more_unknowns_than_can_be_diagonalised_are_refused(size):
    problem = LinearSystem(sp.eye_array(size), np.ones(size))
    with pytest.raises(TooLargeError, match=rf"{size:,} unknowns, at most 1,024"):
        solve(problem, HHL())


def test_circuit_too_large_for_the_backend_is_refused_once_its_size_is_known(tmp_path):
    text = (
        'name = "tiny"\ndescription = "six qubits"\nkind = "aer"\nmethod = "statevector"\n'
        'exact = true\n[compile]\nbasis_gates = ["cx", "rz", "sx", "x"]\noptimization_level = 1\n'
        "[limits]\nmax_qubits = 6\nmax_shots = 10\ndefault_shots = 10\nmax_executions = 10\n"
    )
    path = tmp_path / "tiny.toml"
    path.write_text(text)
    problem = LinearSystem(np.diag([1.0, 0.1]), [1, 1])
    with pytest.raises(TooLargeError, match="at most 6"):
        solve(problem, HHL(1e-3), path)
    assert solve(problem, HHL(0.3, kappa=10.0), path).residual < 3
