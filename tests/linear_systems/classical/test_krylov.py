"""Krylov solvers: the promised error is kept, and little more is done than it takes."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.errors import InvalidProblemError, SingularMatrixError, UnsuitableSolverError
from qml_algos.linear_systems import LinearSystem
from qml_algos.linear_systems.classical import GMRES, MINRES, ConjugateGradient, FastTransform
from qml_algos.linear_systems.structures import Circulant, Poisson, Toeplitz

RUNS = settings(deadline=None, derandomize=True, max_examples=12)
SOLVERS = [ConjugateGradient, MINRES, GMRES]
SUITABLE = {
    ConjugateGradient: ["definite"],
    MINRES: ["definite", "negative", "indefinite"],
    GMRES: ["definite", "negative", "indefinite", "general"],
}
systems = {
    "size": st.integers(1, 40),
    "kappa": st.floats(1, 1e3),
    "complex_matrix": st.booleans(),
    "complex_vector": st.booleans(),
    "seed": st.integers(0, 2**32 - 1),
}


def normalised_error(solution, problem):
    return solution.error_against(np.linalg.solve(problem.dense(), problem.b))


def iterations(solution):
    return int(solution.caveats[0].removeprefix("Iterations: ").rstrip("."))


def shifted_grid(cells, seed=0):
    """Poisson's matrix with a positive random potential, sparse and of no special structure."""
    matrix = Poisson(cells).matrix()
    potential = np.random.default_rng(seed).uniform(0, 0.1, matrix.shape[0])
    return (matrix + sp.diags_array(potential)).tocsr()


@pytest.mark.parametrize("epsilon", [1e-1, 1e-6])
@pytest.mark.parametrize("form", [np.array, sp.csr_array])
@pytest.mark.parametrize(
    ("solver", "kind"), [(solver, kind) for solver in SOLVERS for kind in SUITABLE[solver]]
)
@RUNS
@given(**systems)
def test_error_is_at_most_epsilon(
    random_matrix,
    random_vector,
    solver,
    kind,
    form,
    epsilon,
    size,
    kappa,
    complex_matrix,
    complex_vector,
    seed,
):
    matrix = random_matrix(kind, size, kappa, complex_matrix, seed)
    problem = LinearSystem(form(matrix), random_vector(size, complex_vector, seed))
    assert normalised_error(solver(epsilon).solve(problem), problem) <= epsilon


@pytest.mark.parametrize("complex_matrix", [False, True])
@pytest.mark.parametrize("preconditioner", ["jacobi", "amg"])
@pytest.mark.parametrize(
    ("solver", "kind"),
    [(ConjugateGradient, "definite"), (MINRES, "definite"), (GMRES, "definite")],
)
@pytest.mark.parametrize("seed", range(4))
def test_error_is_at_most_epsilon_with_a_preconditioner(
    random_system, solver, kind, preconditioner, complex_matrix, seed
):
    problem = random_system(kind, 30, 50.0, complex_matrix, complex_vector=True, seed=seed)
    solution = solver(1e-4, preconditioner=preconditioner).solve(problem)
    assert normalised_error(solution, problem) <= 1e-4


@pytest.mark.parametrize("solver", [MINRES, GMRES])
@pytest.mark.parametrize("seed", range(4))
def test_jacobi_keeps_epsilon_for_indefinite_matrices(random_system, solver, seed):
    problem = random_system("indefinite", 30, 20.0, seed=seed)
    solution = solver(1e-6, preconditioner="jacobi").solve(problem)
    assert normalised_error(solution, problem) <= 1e-6


@pytest.mark.parametrize("epsilon", [1e-1, 1e-2, 1e-6])
@pytest.mark.parametrize("preconditioner", [None, "jacobi", "amg"])
@pytest.mark.parametrize(
    "structure",
    [
        Poisson((32, 32)),
        Poisson((16, 8, 8), shift=0.1),
        Poisson((16, 16), "neumann", shift=1e-3),
        Toeplitz(300, {0: 2.05, 1: -1, -1: -1}),
        Circulant(200, {0: 3, 1: 1j, -1: -1j}),
    ],
    ids=lambda s: s.description,
)
def test_conjugate_gradient_keeps_epsilon_for_structures(structure, preconditioner, epsilon):
    problem = LinearSystem(structure, np.random.default_rng(0).normal(size=structure.size))
    solution = ConjugateGradient(epsilon, preconditioner=preconditioner).solve(problem)
    assert normalised_error(solution, problem) <= epsilon


@pytest.mark.parametrize("preconditioner", [None, "jacobi", "amg"])
@pytest.mark.parametrize("seed", range(3))
def test_smallest_eigenvalue_of_a_large_sparse_matrix_is_found_by_iteration(preconditioner, seed):
    matrix = shifted_grid((64, 32), seed)
    problem = LinearSystem(matrix, np.random.default_rng(seed).normal(size=matrix.shape[0]))
    solution = ConjugateGradient(1e-5, preconditioner=preconditioner).solve(problem)
    reference = sp.linalg.spsolve(matrix.tocsc(), problem.b)
    assert solution.error_against(reference) <= 1e-5
    assert any(caveat.startswith("Spectrum") for caveat in solution.caveats)


def test_error_is_kept_where_b_hardly_sees_the_lowest_eigenvector():
    """The residual is small long before the error is."""
    values = np.concatenate([[1e-6], np.linspace(1, 2, 99)])
    vector = np.ones(100)
    vector[0] = 1e-6
    problem = LinearSystem(np.diag(values), vector)
    for solver in SOLVERS:
        assert normalised_error(solver(1e-3).solve(problem), problem) <= 1e-3


@pytest.mark.parametrize("epsilon", [1e-2, 1e-5])
def test_conjugate_gradient_does_few_iterations_more_than_needed(epsilon):
    structure = Poisson((64, 64))
    problem = LinearSystem(structure, np.random.default_rng(1).normal(size=structure.size))
    exact = FastTransform().solve(problem).x
    count = iterations(ConjugateGradient(epsilon).solve(problem))
    history = []
    sp.linalg.cg(problem.A, problem.b, rtol=1e-12, callback=lambda x: history.append(np.array(x)))
    unit = exact / np.linalg.norm(exact)
    errors = [np.linalg.norm(x / np.linalg.norm(x) - unit) for x in history]
    needed = 1 + next(k for k, error in enumerate(errors) if error <= epsilon)
    assert needed <= count <= 1.25 * needed


def test_multigrid_takes_as_many_iterations_at_any_size():
    counts = []
    for cells in (32, 128):
        structure = Poisson((cells, cells))
        problem = LinearSystem(structure, np.random.default_rng(2).normal(size=structure.size))
        solver = ConjugateGradient(1e-6, preconditioner="amg")
        counts.append(iterations(solver.solve(problem)))
    assert counts[1] <= counts[0] + 2
    assert counts[1] <= 15


@pytest.mark.parametrize("solver", SOLVERS)
def test_given_condition_number_is_enough(random_system, solver):
    problem = random_system("definite", 20, 50.0)
    solution = solver(1e-4, kappa=60.0).solve(problem)
    assert normalised_error(solution, problem) <= 1e-4
    assert not any(caveat.startswith("Spectrum") for caveat in solution.caveats[2:])


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("boundary", ["neumann", "periodic"])
def test_known_null_space_does_not_count(solver, boundary):
    structure = Poisson((16, 16), boundary)
    vector = np.random.default_rng(3).normal(size=256)
    problem = LinearSystem(structure, vector - vector.mean())
    exact = np.linalg.pinv(structure.matrix().toarray(), hermitian=True) @ problem.b
    assert solver(1e-4).solve(problem).error_against(exact) <= 1e-4
    with pytest.raises(UnsuitableSolverError, match="null space"):
        solver(1e-4, preconditioner="jacobi").solve(problem)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("size", [4, 1500])
def test_null_space_that_b_is_not_orthogonal_to_is_refused(solver, size):
    matrix = sp.csr_array(Circulant(size, {0: 2, 1: -1, -1: -1}).matrix())
    with pytest.raises(InvalidProblemError, match=r"null space|singular"):
        solver().solve(LinearSystem(matrix, np.arange(1.0, size + 1)))


@pytest.mark.parametrize("preconditioner", [None, "amg"])
def test_large_singular_laplacian_is_refused_though_b_is_in_its_range(preconditioner):
    weights = np.random.default_rng(0).uniform(0.5, 2, 399)
    line = sp.diags_array([-weights, -weights], offsets=[-1, 1], shape=(400, 400))
    matrix = (sp.diags_array(-np.asarray(line.sum(axis=1)).ravel()) + line).tocsr()
    vector = matrix @ np.random.default_rng(1).normal(size=400)
    with pytest.raises(SingularMatrixError, match="singular"):
        ConjugateGradient(preconditioner=preconditioner).solve(LinearSystem(matrix, vector))


def test_large_indefinite_sparse_matrix_is_refused_by_conjugate_gradient():
    matrix = shifted_grid((32, 32)) - 0.5 * sp.eye_array(31 * 31)
    problem = LinearSystem(matrix.tocsr(), np.ones(31 * 31))
    with pytest.raises(UnsuitableSolverError, match="positive definite"):
        ConjugateGradient().solve(problem)


@pytest.mark.parametrize("solver", [ConjugateGradient, MINRES])
def test_matrix_that_is_not_hermitian_is_refused(random_system, solver):
    with pytest.raises(UnsuitableSolverError, match=r"Hermitian.*GMRES"):
        solver().solve(random_system("general", 5))


def test_multigrid_of_an_indefinite_matrix_is_refused_by_minres(random_system):
    with pytest.raises(UnsuitableSolverError, match="positive definite"):
        MINRES(preconditioner="amg").solve(random_system("negative", 20))


@pytest.mark.parametrize("solver", [MINRES, GMRES])
def test_jacobi_with_a_zero_on_the_diagonal_is_refused(solver):
    problem = LinearSystem([[0.0, 1.0], [1.0, 0.0]], [1.0, 2.0])
    with pytest.raises(UnsuitableSolverError, match="zero"):
        solver(preconditioner="jacobi").solve(problem)


@pytest.mark.parametrize("solver", SOLVERS)
def test_epsilon_below_double_precision_is_refused(random_matrix, solver):
    problem = LinearSystem(random_matrix("definite", 8, 1e10, False, 0), np.ones(8))
    with pytest.raises(UnsuitableSolverError, match="double precision"):
        solver(1e-9).solve(problem)


def test_gmres_gives_up_where_it_stands_still():
    """A cyclic shift gains nothing before N steps, which restarts cut off."""
    size = 300
    shift = sp.csr_array(np.roll(np.eye(size), 1, axis=0))
    problem = LinearSystem(Circulant(size, {1: 1.0}), np.eye(size)[0])
    np.testing.assert_array_equal(problem.A.toarray(), shift.toarray().T)
    with pytest.raises(UnsuitableSolverError, match="did not reach"):
        GMRES().solve(problem)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("preconditioner", ["ilu", "AMG", "", 1])
def test_unknown_preconditioner_is_refused(solver, preconditioner):
    with pytest.raises(ValueError, match=r"preconditioner.*'amg'.*'jacobi'"):
        solver(preconditioner=preconditioner)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("kappa", [np.nan, np.inf, 0.5, "3"])
def test_condition_number_that_is_none_is_refused(solver, kappa):
    with pytest.raises(ValueError, match="kappa"):
        solver(1e-2, kappa=kappa)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("epsilon", [0, 1, np.nan, "0.1", True])
def test_epsilon_out_of_range_is_refused(solver, epsilon):
    with pytest.raises(ValueError, match="epsilon"):
        solver(epsilon)
