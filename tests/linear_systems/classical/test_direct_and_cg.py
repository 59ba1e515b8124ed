"""The classical solvers: exact where they say so, and refusing what they cannot solve."""

import time

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.errors import InvalidProblemError, SingularMatrixError, UnsuitableSolverError
from qml_algos.linear_systems import HHL, ConjugateGradient, Direct, LinearSystem, Toeplitz, solve

RUNS = settings(deadline=None, derandomize=True, max_examples=40)

kinds = st.sampled_from(["definite", "negative", "indefinite", "general"])
seeds = st.integers(0, 2**32 - 1)


def second_difference(size, diagonal=2.0, off_diagonal=-1.0):
    return sp.diags_array(
        [np.conj(off_diagonal), diagonal, off_diagonal], offsets=[-1, 0, 1], shape=(size, size)
    )


def relative_error(x, reference):
    return np.linalg.norm(x - reference) / np.linalg.norm(reference)


@pytest.mark.parametrize("form", [np.array, sp.csr_array])
@RUNS
@given(
    kind=kinds,
    size=st.integers(1, 30),
    kappa=st.floats(1, 1e8),
    complex_matrix=st.booleans(),
    complex_vector=st.booleans(),
    seed=seeds,
)
def test_direct_agrees_with_numpy(
    random_matrix, random_vector, form, kind, size, kappa, complex_matrix, complex_vector, seed
):
    matrix = random_matrix(kind, size, kappa, complex_matrix, seed)
    vector = random_vector(size, complex_vector, seed)
    solution = solve(LinearSystem(form(matrix), vector), Direct())
    assert relative_error(solution.x, np.linalg.solve(matrix, vector)) <= 1e-13 * kappa * size
    assert solution.signs_known
    assert solution.residual <= 1e-14 * kappa * size


@pytest.mark.parametrize(
    "coefficients", [{0: 2.1, 1: 0.5 + 0.8j, -1: 0.5 - 0.8j}, {0: 1, 2: 0.4, -2: 0.4}]
)
def test_direct_solves_a_dominant_toeplitz_system_from_its_coefficients(
    coefficients, random_vector
):
    size = 200
    problem = LinearSystem(Toeplitz(size, coefficients), random_vector(size, True, 0))
    solution = solve(problem, Direct())
    assert relative_error(solution.x, np.linalg.solve(problem.dense(), problem.b)) < 1e-13
    assert "banded Cholesky" in solution.caveats[0]


def test_direct_solves_a_large_tridiagonal_system_as_banded():
    size = 100_000
    matrix = second_difference(size, 2.1)
    x = np.random.default_rng(0).normal(size=size)
    start = time.perf_counter()
    solution = solve(LinearSystem(matrix, matrix @ x), Direct())
    assert time.perf_counter() - start < 5
    assert relative_error(solution.x, x) < 1e-12
    assert solution.residual < 1e-13


@pytest.mark.parametrize("complex_vector", [False, True])
@pytest.mark.parametrize(
    ("diagonal", "off_diagonal"),
    [(2.5, -1.0), (0.3, 1.0), (2.5, 1j), (0.3, 0.6 + 0.8j), (-2.5, 1.0)],
    ids=["definite", "indefinite", "complex definite", "complex indefinite", "negative"],
)
def test_direct_solves_hermitian_tridiagonal_systems(
    random_vector, diagonal, off_diagonal, complex_vector
):
    matrix = second_difference(101, diagonal, off_diagonal)
    vector = random_vector(101, complex_vector, 0)
    problem = LinearSystem(matrix, vector)
    assert problem.hermitian
    expected = np.linalg.solve(matrix.toarray(), vector)
    assert relative_error(solve(problem, Direct()).x, expected) < 1e-11


@pytest.mark.parametrize("complex_vector", [False, True])
@pytest.mark.parametrize("complex_matrix", [False, True])
@pytest.mark.parametrize("offsets", [[0], [0, 2], [-3, 0], [-1, 0, 4], [-2, -1, 0, 1, 2]])
def test_direct_solves_general_banded_systems(
    random_vector, offsets, complex_matrix, complex_vector
):
    size, generator = 120, np.random.default_rng(0)
    diagonals = [generator.normal(size=size - abs(offset)) for offset in offsets]
    diagonals[offsets.index(0)] += 6.0
    if complex_matrix:
        diagonals = [(1 + 0.5j) * diagonal for diagonal in diagonals]
    matrix = sp.diags_array(diagonals, offsets=offsets, shape=(size, size))
    vector = random_vector(size, complex_vector, 1)
    expected = np.linalg.solve(matrix.toarray(), vector)
    assert relative_error(solve(LinearSystem(matrix, vector), Direct()).x, expected) < 1e-11


@pytest.mark.parametrize("definite", [True, False])
def test_direct_solves_wide_hermitian_bands(definite):
    size = 200
    matrix = sp.diags_array(
        [0.5j, -1.0, 4.0 if definite else 0.7, -1.0, -0.5j],
        offsets=[-3, -1, 0, 1, 3],
        shape=(size, size),
    )
    vector = np.random.default_rng(2).normal(size=size)
    expected = np.linalg.solve(matrix.toarray(), vector)
    assert relative_error(solve(LinearSystem(matrix, vector), Direct()).x, expected) < 1e-10


@pytest.mark.parametrize("complex_vector", [False, True])
@pytest.mark.parametrize("complex_matrix", [False, True])
@pytest.mark.parametrize("kind", ["definite", "negative", "indefinite", "general"])
def test_direct_solves_sparse_systems_without_a_band(
    random_matrix, random_vector, kind, complex_matrix, complex_vector
):
    matrix = random_matrix(kind, 150, 10.0, complex_matrix, 0)
    vector = random_vector(150, complex_vector, 0)
    solution = solve(LinearSystem(sp.csr_array(matrix), vector), Direct())
    assert relative_error(solution.x, np.linalg.solve(matrix, vector)) < 1e-12
    assert solution.residual < 1e-13


@pytest.mark.parametrize("kind", ["definite", "negative", "indefinite", "general"])
def test_superlu_takes_over_where_cvxopt_is_not_installed(
    monkeypatch, random_matrix, random_vector, kind
):
    monkeypatch.setattr("qml_algos.linear_systems.classical.sparse_factors.cvxopt", None)
    matrix, vector = random_matrix(kind, 150, 10.0, True, 0), random_vector(150, False, 0)
    solution = Direct().solve(LinearSystem(sp.csr_array(matrix), vector))
    assert relative_error(solution.x, np.linalg.solve(matrix, vector)) < 1e-12
    assert "SuperLU" in solution.caveats[0]
    singular = LinearSystem(sp.csr_array(np.ones((150, 150))), vector)
    with pytest.raises(SingularMatrixError, match="singular"):
        Direct().solve(singular)


def test_direct_solves_a_large_sparse_system_without_a_band():
    size = 3000
    generator = np.random.default_rng(3)
    matrix = sp.random_array((size, size), density=1e-3, rng=generator) + 4 * sp.eye_array(size)
    x = generator.normal(size=size)
    assert relative_error(solve(LinearSystem(matrix, matrix @ x), Direct()).x, x) < 1e-11


@pytest.mark.parametrize("size", [3, 150])
@pytest.mark.parametrize("solver", [Direct(), ConjugateGradient(1e-9)], ids=lambda s: s.name)
def test_duplicate_entries_of_a_sparse_matrix_are_summed(solver, size):
    """A CSR matrix may hold a place twice: here 3 and -1 on the diagonal."""
    places = np.repeat(np.arange(size), 2)
    starts = np.arange(0, 2 * size + 1, 2)
    doubled = sp.csr_array((np.tile([3.0, -1.0], size), places, starts), shape=(size, size))
    assert doubled.nnz == 2 * size
    solution = solve(LinearSystem(doubled, np.ones(size)), solver)
    np.testing.assert_allclose(solution.x, 0.5)
    assert solution.residual < 1e-12


@pytest.mark.parametrize("solver", [Direct(), ConjugateGradient(1e-6), HHL(1e-1)])
def test_one_unknown_is_solved(solver):
    assert solve(LinearSystem([[4.0]], [2.0]), solver).x == pytest.approx([0.5], rel=0.1)


@pytest.mark.parametrize("epsilon", [1e-1, 1e-3, 1e-6, 1e-9])
@RUNS
@given(
    size=st.integers(1, 40),
    kappa=st.floats(1, 1e3),
    complex_matrix=st.booleans(),
    complex_vector=st.booleans(),
    seed=seeds,
)
def test_conjugate_gradient_reaches_its_epsilon(
    random_system, epsilon, size, kappa, complex_matrix, complex_vector, seed
):
    problem = random_system("definite", size, kappa, complex_matrix, complex_vector, seed)
    solution = solve(problem, ConjugateGradient(epsilon))
    assert relative_error(solution.x, np.linalg.solve(problem.A, problem.b)) <= epsilon


def test_conjugate_gradient_reaches_its_epsilon_on_a_large_sparse_system():
    matrix = second_difference(2000, 2.05)
    x = np.random.default_rng(4).normal(size=2000)
    solution = solve(LinearSystem(matrix, matrix @ x), ConjugateGradient(1e-6))
    assert relative_error(solution.x, x) <= 1e-6


def test_conjugate_gradient_takes_a_given_condition_number(random_system):
    problem = random_system("definite", 10, 50.0)
    solution = solve(problem, ConjugateGradient(1e-4, kappa=60.0))
    assert relative_error(solution.x, np.linalg.solve(problem.A, problem.b)) <= 1e-4


@pytest.mark.parametrize("form", [np.array, sp.csr_array])
def test_conjugate_gradient_refuses_a_matrix_that_is_not_hermitian(random_matrix, form):
    problem = LinearSystem(form(random_matrix("general", 5, 3.0, False, 0)), np.ones(5))
    with pytest.raises(UnsuitableSolverError, match=r"not Hermitian.*Direct"):
        solve(problem, ConjugateGradient())


@pytest.mark.parametrize("complex_matrix", [False, True])
@pytest.mark.parametrize("kind", ["negative", "indefinite"])
@pytest.mark.parametrize("seed", range(3))
def test_conjugate_gradient_refuses_a_matrix_that_is_not_definite(
    random_system, kind, complex_matrix, seed
):
    problem = random_system(kind, 6, 5.0, complex_matrix, seed=seed)
    with pytest.raises(UnsuitableSolverError, match=r"positive definite.*Direct"):
        solve(problem, ConjugateGradient(1e-8))


def test_conjugate_gradient_refuses_a_curvature_of_exactly_zero():
    with pytest.raises(UnsuitableSolverError, match="positive definite"):
        solve(LinearSystem([[0, 1], [1, 0]], [1, 0]), ConjugateGradient())


@pytest.mark.parametrize("kappa", [np.nan, np.inf, 0, 0.5, -3.0, "3"])
@pytest.mark.parametrize("solver", [HHL, ConjugateGradient])
def test_condition_number_that_is_none_is_refused(solver, kappa):
    with pytest.raises(ValueError, match="kappa"):
        solver(1e-2, kappa=kappa)


@pytest.mark.parametrize("epsilon", [0, 0.0, 1, 1.0, -0.1, 2.0, np.nan, np.inf, "0.1", None, True])
@pytest.mark.parametrize("solver", [HHL, ConjugateGradient])
def test_epsilon_out_of_range_is_refused(solver, epsilon):
    with pytest.raises(ValueError, match="epsilon"):
        solver(epsilon)


def diagonal_with_last(size, last):
    return np.diag([*np.linspace(1, 2, size - 1), last])


def ring_laplacian(size):
    identity = np.eye(size)
    return 2 * identity - np.roll(identity, 1, axis=0) - np.roll(identity, -1, axis=0)


SINGULAR = {
    "zero": lambda size: np.zeros((size, size)),
    "zero row": lambda size: diagonal_with_last(size, 0.0),
    "rank one": lambda size: np.ones((size, size)),
    "ring Laplacian": ring_laplacian,
    "1e-20 of the largest": lambda size: diagonal_with_last(size, 1e-20),
}


@pytest.mark.parametrize("form", [np.array, sp.csr_array])
@pytest.mark.parametrize("solver", [HHL(), Direct(), ConjugateGradient()], ids=lambda s: s.name)
# Small sparse systems are solved as dense ones.
@pytest.mark.parametrize("size", [4, 150])
@pytest.mark.parametrize("name", SINGULAR)
def test_singular_matrix_is_refused_by_every_solver(name, size, solver, form):
    # In general position: no solution exists, or none that doubles can hold.
    vector = np.random.default_rng(0).normal(size=size)
    # What is known of a circulant's null space lets it be said that b is not orthogonal to it.
    with pytest.raises(InvalidProblemError, match=r"A is singular to working precision|null space"):
        solve(LinearSystem(form(SINGULAR[name](size)), vector), solver)


@pytest.mark.parametrize("solver", [HHL(), Direct(), ConjugateGradient()], ids=lambda s: s.name)
def test_zero_as_the_only_entry_is_refused(solver):
    with pytest.raises(SingularMatrixError, match="singular"):
        solve(LinearSystem([[0.0]], [1.0]), solver)


@pytest.mark.parametrize("solver", [HHL(), Direct()], ids=lambda s: s.name)
@pytest.mark.parametrize("complex_matrix", [False, True])
@pytest.mark.parametrize("form", [np.array, sp.csr_array])
@pytest.mark.parametrize(("size", "seed"), [(6, 0), (6, 1), (6, 2), (150, 0)])
def test_singular_matrix_hidden_by_rounding_is_refused(form, complex_matrix, solver, size, seed):
    generator = np.random.default_rng(seed)
    left, right = generator.normal(size=(2, size, size - 1))
    if complex_matrix:
        left = left + 1j * generator.normal(size=left.shape)
    problem = LinearSystem(form(left @ right.T), generator.normal(size=size))
    with pytest.raises(SingularMatrixError, match="singular"):
        solve(problem, solver)


def weighted_ring(size, seed):
    """Laplacian of a ring with random weights: singular, constants are its null space."""
    weights = np.random.default_rng(seed).uniform(0.5, 2, size)
    following = np.roll(np.arange(size), -1)
    edges = np.zeros((size, size))
    edges[np.arange(size), following] = weights
    edges = edges + edges.T
    return np.diag(edges.sum(axis=1)) - edges


def weighted_path(size, seed):
    weights = np.random.default_rng(seed).uniform(0.5, 2, size - 1)
    edges = np.diag(weights, 1) + np.diag(weights, -1)
    return np.diag(edges.sum(axis=1)) - edges


@pytest.mark.parametrize("form", [np.array, sp.csr_array])
@pytest.mark.parametrize("laplacian", [weighted_ring, weighted_path])
@pytest.mark.parametrize("solver", [HHL(), Direct(), ConjugateGradient()], ids=lambda s: s.name)
@pytest.mark.parametrize("seed", range(3))
def test_singular_matrix_with_a_consistent_right_hand_side_is_refused(
    laplacian, solver, form, seed
):
    """Solutions exist, but no single one: pure Neumann conditions are the usual cause."""
    matrix = laplacian(128, seed)
    vector = matrix @ np.random.default_rng(seed).normal(size=128)
    with pytest.raises(SingularMatrixError, match="singular"):
        solve(LinearSystem(form(matrix), vector), solver)


@pytest.mark.parametrize("size", [8, 15, 30])
def test_singular_laplacian_of_a_grid_with_a_consistent_right_hand_side_is_refused(size):
    line = sp.csr_array(weighted_path(size, 0))
    matrix = sp.kron(line, sp.eye_array(size)) + sp.kron(sp.eye_array(size), line)
    vector = matrix @ np.random.default_rng(1).normal(size=size**2)
    with pytest.raises(SingularMatrixError, match="singular"):
        solve(LinearSystem(matrix, vector), Direct())


@pytest.mark.parametrize("form", [np.array, sp.csr_array])
@pytest.mark.parametrize("complex_matrix", [False, True])
def test_ill_conditioned_but_regular_matrix_is_solved(random_matrix, form, complex_matrix):
    matrix = random_matrix("definite", 8, 1e12, complex_matrix, 0)
    solution = solve(LinearSystem(form(matrix), np.ones(8)), Direct())
    assert solution.residual < 1e-3


@pytest.mark.parametrize(
    "solver", [HHL(1e-2), Direct(), ConjugateGradient(1e-2)], ids=lambda s: s.name
)
@pytest.mark.parametrize("factor", [1e-200, 1e-100, 1e9, 1e100, 1e200])
@pytest.mark.parametrize("scaled", ["A", "b", "both"])
def test_units_of_a_and_b_do_not_matter(solver, factor, scaled):
    """Multiplying A or b by a number divides or multiplies the solution by it."""
    matrix, vector = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, 2.0])
    expected = np.linalg.solve(matrix, vector)
    of_matrix, of_vector = {"A": (factor, 1), "b": (1, factor), "both": (factor, factor)}[scaled]
    solution = solve(LinearSystem(of_matrix * matrix, of_vector * vector), solver)
    x = solution.x * of_matrix / of_vector
    assert relative_error(x, expected) <= 1e-2
    assert solution.residual <= 2e-2
    assert solution.error_against(expected) <= 1e-2


def test_classical_solution_has_no_quantum_figures(random_system):
    for solver in (Direct(), ConjugateGradient()):
        solution = solve(random_system("definite", 3), solver)
        assert solution.solver == solver.name
        assert solution.circuit is None
        assert solution.success_probability is None
        assert solution.standard_errors is None
        assert solution.resources.qubits is None
        assert solution.resources.shots is None
        assert solution.resources.classical_seconds >= 0


def test_solving_does_not_change_the_problem(random_system):
    for kind in ("definite", "general"):
        problem = random_system(kind, 4)
        matrix, vector = problem.A.copy(), problem.b.copy()
        solve(problem, Direct())
        solve(problem, HHL(1e-1))
        if kind == "definite":
            solve(problem, ConjugateGradient())
        np.testing.assert_array_equal(problem.A, matrix)
        np.testing.assert_array_equal(problem.b, vector)
