"""Sampling: the data structures draw what they say, and the solution is as near as promised."""

import numpy as np
import pytest
import scipy.sparse as sp

from qml_algos.errors import InvalidProblemError, SingularMatrixError, UnsuitableSolverError
from qml_algos.linear_systems import LinearSystem
from qml_algos.linear_systems.classical import (
    DequantisedSolver,
    PseudoInverse,
    SampledEntries,
    SampledProduct,
    SampledVector,
    sample_solution,
)
from qml_algos.linear_systems.structures import LowRank


def factors(rows, columns, rank, complex_entries=False, seed=0):
    generator = np.random.default_rng(seed)

    def columns_of(size):
        entries = generator.normal(size=(size, rank))
        if complex_entries:
            entries = entries + 1j * generator.normal(size=(size, rank))
        return np.linalg.qr(entries)[0]

    return columns_of(rows) * np.linspace(1, 0.3, rank), columns_of(columns)


def low_rank_system(size, rank, complex_entries=False, noise=0.0, seed=0):
    left, right = factors(size, size, rank, complex_entries, seed)
    generator = np.random.default_rng([seed, 1])
    b = left @ generator.normal(size=rank)
    outside = generator.normal(size=size)
    b = b + noise * np.linalg.norm(b) * outside / np.linalg.norm(outside)
    return LinearSystem(LowRank(left, right), b)


def require_frequencies(drawn, probabilities):
    """Chi-squared within five standard deviations of its mean."""
    kept = probabilities > 0
    counts = np.bincount(drawn, minlength=probabilities.size)
    assert not counts[~kept].any()
    expected = drawn.size * probabilities[kept]
    statistic = np.sum((counts[kept] - expected) ** 2 / expected)
    freedom = kept.sum() - 1
    assert abs(statistic - freedom) <= 5 * np.sqrt(2 * freedom)


def sampled_forms(complex_entries):
    left, right = factors(12, 9, 3, complex_entries)
    A = left @ right.conj().T
    sparse = np.where(np.abs(A) > np.median(np.abs(A)), A, 0)
    return [
        (SampledProduct(left, right), A),
        (SampledEntries(A), A),
        (SampledEntries(sp.csr_array(sparse)), sparse),
    ]


@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize("form", range(3))
def test_rows_and_columns_are_drawn_by_squared_length(form, complex_entries):
    sampled, A = sampled_forms(complex_entries)[form]
    generator = np.random.default_rng(0)
    squares = np.abs(A) ** 2
    require_frequencies(sampled.sample_rows(20_000, generator), squares.sum(1) / squares.sum())
    row = int(np.argmax(squares.sum(1)))
    drawn = sampled.sample_columns(np.full(20_000, row), generator)
    require_frequencies(drawn, squares[row] / squares[row].sum())
    rows, columns = np.array([0, 5, 5]), np.array([8, 1])
    np.testing.assert_allclose(sampled.entries(rows, columns), A[np.ix_(rows, columns)], atol=1e-14)
    np.testing.assert_allclose(sampled.row_norms(rows), np.linalg.norm(A[rows], axis=1))
    np.testing.assert_allclose(sampled.frobenius_norm, np.linalg.norm(A))
    assert sampled.shape == A.shape


def test_each_row_gets_a_column_of_its_own():
    sampled, A = sampled_forms(False)[0]
    rows = np.repeat([2, 7], 20_000)
    drawn = sampled.sample_columns(rows, np.random.default_rng(1))
    for row in (2, 7):
        require_frequencies(drawn[rows == row], A[row] ** 2 / np.sum(A[row] ** 2))


def test_vector_is_drawn_by_squared_entries():
    values = np.array([0, 1, 2j, 0, -1, 0])
    vector = SampledVector(values)
    require_frequencies(vector.sample(10_000, np.random.default_rng(0)), np.abs(values) ** 2 / 6)
    assert vector.norm == pytest.approx(np.sqrt(6))
    np.testing.assert_array_equal(vector.entries(np.array([2, 1])), [2j, 1])


@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize("noise", [0.0, 0.2])
@pytest.mark.parametrize("rank", [1, 3])
@pytest.mark.parametrize("seed", range(5))
def test_error_is_at_most_epsilon_and_the_norm_is_not_off(seed, rank, noise, complex_entries):
    problem = low_rank_system(400, rank, complex_entries, noise, seed)
    exact = np.linalg.pinv(problem.A, rcond=1e-10) @ problem.b
    solution = DequantisedSolver(0.1, random_state=seed).solve(problem)
    assert solution.error_against(exact) <= 0.1
    assert np.linalg.norm(solution.x - exact) <= 0.15 * np.linalg.norm(exact)


def test_stated_standard_deviation_is_that_of_the_error():
    problem = low_rank_system(300, 4, noise=0.1)
    structure = problem.structure
    matrix = SampledProduct(structure.left, structure.right)
    exact = np.linalg.pinv(problem.A, rcond=1e-10) @ problem.b
    ratios = []
    for seed in range(30):
        found = sample_solution(matrix, problem.b, 4, 0.2, np.random.default_rng(seed))
        error = np.linalg.norm(found.vector() - exact) / np.linalg.norm(exact)
        ratios.append(error / found.relative_error)
    assert 0.7 <= np.sqrt(np.mean(np.square(ratios))) <= 1.3


@pytest.mark.parametrize("complex_entries", [False, True])
def test_rows_need_not_be_as_many_as_columns(complex_entries):
    left, right = factors(300, 50, 2, complex_entries)
    A, b = left @ right.conj().T, left @ np.array([1.0, 2.0])
    found = sample_solution(SampledEntries(A), lambda i: b[i], 2, 0.05, np.random.default_rng(0))
    exact = np.linalg.pinv(A, rcond=1e-10) @ b
    assert np.linalg.norm(found.vector() - exact) <= 0.05 * np.linalg.norm(exact)
    np.testing.assert_allclose(found.entries(np.array([3, 40])), found.vector()[[3, 40]])


@pytest.fixture(scope="module", params=[False, True], ids=["real", "complex"])
def found(request):
    problem = low_rank_system(200, 3, request.param)
    structure = problem.structure
    matrix = SampledProduct(structure.left, structure.right)
    return sample_solution(matrix, problem.b, 3, 0.02, np.random.default_rng(0))


def require_near(estimate, standard_error, exact):
    assert abs(estimate - exact) <= 4 * standard_error


def test_samples_of_the_solution_follow_its_squared_entries(found):
    x = found.vector()
    drawn = found.sample(20_000, np.random.default_rng(1))
    require_frequencies(drawn, np.abs(x) ** 2 / np.linalg.norm(x) ** 2)
    assert found.norm == pytest.approx(np.linalg.norm(x), rel=0.03)


def test_observables_are_estimated_within_their_standard_errors(found):
    x, generator = found.vector(), np.random.default_rng(2)
    diagonal = np.cos(np.arange(200))
    tridiagonal = sp.diags_array(
        [np.full(199, 1j), np.ones(200), np.full(199, -1j)], offsets=[-1, 0, 1]
    )
    for observable, exact in [
        (diagonal, np.vdot(x, diagonal * x).real),
        (lambda j: np.cos(j), np.vdot(x, diagonal * x).real),
        (tridiagonal, np.vdot(x, tridiagonal @ x).real),
    ]:
        estimate = found.expectation(observable, 20_000, generator)
        require_near(estimate.value, estimate.standard_error, exact)
        assert estimate.standard_error < 0.2 * np.linalg.norm(x) ** 2


def test_overlaps_are_estimated_within_their_standard_errors(found):
    x, generator = found.vector(), np.random.default_rng(3)
    one = np.zeros(200)
    one[17] = 1.0
    for v in (one, np.ones(200), generator.normal(size=200) + 1j * generator.normal(size=200)):
        value, standard_error = found.overlap(SampledVector(v), 20_000, generator)
        require_near(value, standard_error, np.vdot(v, x))
        assert standard_error < 0.1 * np.linalg.norm(v) * np.linalg.norm(x)


def test_part_outside_the_rank_is_said():
    left, right = factors(200, 200, 3)
    generator = np.random.default_rng(5)
    A = left @ right.T + 1e-4 * generator.normal(size=(200, 200))
    b = left @ np.ones(3)
    solution = DequantisedSolver(0.1, rank=3).solve(LinearSystem(A, b))
    assert any(caveat.startswith("Rank") for caveat in solution.caveats)
    assert solution.error_against(np.linalg.pinv(left @ right.T, rcond=1e-10) @ b) <= 0.15


def test_a_hundred_thousand_unknowns_of_rank_five():
    generator = np.random.default_rng(0)
    left, right = generator.normal(size=(2, 100_000, 5))
    problem = LinearSystem(LowRank(left, right), left @ generator.normal(size=5))
    exact = PseudoInverse().solve(problem)
    assert exact.residual < 1e-12
    solution = DequantisedSolver(0.1).solve(problem)
    assert solution.error_against(exact.x) <= 0.1


@pytest.mark.parametrize("complex_entries", [False, True])
def test_pseudo_inverse_is_exact(complex_entries):
    problem = low_rank_system(60, 4, complex_entries, noise=0.3)
    exact = np.linalg.pinv(problem.A, rcond=1e-10) @ problem.b
    np.testing.assert_allclose(PseudoInverse().solve(problem).x, exact, atol=1e-13)


@pytest.mark.parametrize("solver", [PseudoInverse(), DequantisedSolver()], ids=lambda s: s.name)
def test_matrix_whose_rank_is_not_known_is_refused(random_system, solver):
    with pytest.raises(UnsuitableSolverError, match="LowRank"):
        solver.solve(random_system("definite", 5))


@pytest.mark.parametrize("solver", [PseudoInverse(), DequantisedSolver()], ids=lambda s: s.name)
def test_rank_lower_than_stated_is_refused(solver):
    left, right = factors(50, 50, 3)
    left[:, 2] = left[:, 1]
    right[:, 2] = right[:, 1]
    with pytest.raises(SingularMatrixError, match="singular"):
        solver.solve(LinearSystem(LowRank(left, right), left[:, 0]))


def test_rank_lower_than_asked_for_is_refused():
    left, right = factors(50, 40, 2)
    with pytest.raises(SingularMatrixError, match="only 2 of its singular values"):
        sample_solution(SampledProduct(left, right), np.ones(50), 3, 0.1, np.random.default_rng(0))


def test_error_that_takes_too_many_entries_is_refused(monkeypatch):
    monkeypatch.setattr("qml_algos.linear_systems.classical.dequantised.MAX_ENTRIES", 2**14)
    with pytest.raises(UnsuitableSolverError, match="epsilon"):
        DequantisedSolver(1e-6).solve(low_rank_system(100, 2))


@pytest.mark.parametrize("rank", [0, -1, 1.5, "2"])
def test_rank_that_is_none_is_refused(rank):
    with pytest.raises(ValueError, match="rank"):
        DequantisedSolver(rank=rank)


def test_rank_beyond_the_size_is_refused(random_system):
    with pytest.raises(UnsuitableSolverError, match="rank"):
        DequantisedSolver(rank=6).solve(random_system("definite", 5))


def test_bad_sampling_structures_are_refused():
    with pytest.raises(InvalidProblemError, match="left"):
        SampledProduct(np.ones((3, 2)), np.ones((3, 1)))
    with pytest.raises(InvalidProblemError, match="zero"):
        SampledProduct(np.zeros((3, 1)), np.ones((3, 1)))
    with pytest.raises(InvalidProblemError, match="zero"):
        SampledEntries(np.zeros((3, 3)))
    with pytest.raises(InvalidProblemError, match="NaN"):
        SampledEntries(sp.csr_array([[np.nan, 1.0]]))
    with pytest.raises(InvalidProblemError, match="zero"):
        SampledVector(np.zeros(3))
    with pytest.raises(InvalidProblemError, match=r"shape \(4,\)"):
        sample_solution(SampledEntries(np.eye(3)), np.ones(4), 1, 0.1, np.random.default_rng(0))
