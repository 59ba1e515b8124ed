"""Fast transforms give the exact solution, and the one of least norm where there are many."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.linear_systems import LinearSystem
from qml_algos.linear_systems.classical import FastTransform
from qml_algos.linear_systems.structures import Circulant, KroneckerSum, Poisson, Toeplitz

BOUNDARIES = ["dirichlet", "neumann", "periodic"]


def vector(size, complex_vector, seed=0):
    generator = np.random.default_rng(seed)
    values = generator.normal(size=size)
    return values + 1j * generator.normal(size=size) if complex_vector else values


def dense(structure):
    return structure.matrix().toarray()


def require_exact(structure, b):
    solution = FastTransform().solve(LinearSystem(structure, b))
    expected = np.linalg.solve(dense(structure), b)
    np.testing.assert_allclose(solution.x, expected, rtol=0, atol=1e-11 * np.abs(expected).max())
    assert np.iscomplexobj(solution.x) == np.iscomplexobj(expected)
    assert solution.residual < 1e-11


@pytest.mark.parametrize("complex_vector", [False, True])
@pytest.mark.parametrize("cells", [(2,), (16,), (8, 4), (4, 2, 8)])
@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_poisson_matrices_with_a_shift_are_solved(boundary, cells, complex_vector):
    structure = Poisson(cells, boundary, shift=0.37, scale=-2.5)
    require_exact(structure, vector(structure.size, complex_vector))


@pytest.mark.parametrize("complex_vector", [False, True])
@pytest.mark.parametrize("cells", [(16,), (8, 4), (4, 4, 8)])
@pytest.mark.parametrize("boundary", ["neumann", "periodic"])
def test_null_space_gives_the_solution_of_least_norm(boundary, cells, complex_vector):
    structure = Poisson(cells, boundary)
    b = vector(structure.size, complex_vector)
    b = b - b.mean()
    solution = FastTransform().solve(LinearSystem(structure, b))
    expected = np.linalg.pinv(dense(structure), hermitian=True) @ b
    np.testing.assert_allclose(solution.x, expected, rtol=0, atol=1e-11 * np.abs(expected).max())
    assert any(caveat.startswith("Null space") for caveat in solution.caveats)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    size=st.integers(1, 40),
    complex_entries=st.booleans(),
    complex_vector=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_circulant_matrices_of_any_size_are_solved(size, complex_entries, complex_vector, seed):
    generator = np.random.default_rng(seed)
    entries = {k: complex(*generator.normal(size=2)) for k in (-1, 0, 2)}
    if not complex_entries:
        entries = {k: value.real for k, value in entries.items()}
    entries[0] += 8
    require_exact(Circulant(size, entries), vector(size, complex_vector, seed))


@pytest.mark.parametrize("complex_vector", [False, True])
@pytest.mark.parametrize("entries", [(2.0, -1.0), (0.3, 1.0), (2 + 1j, 0.5j), (3.0, 0.0)])
@pytest.mark.parametrize("size", [1, 2, 15, 100])
def test_symmetric_tridiagonal_toeplitz_matrices_are_solved(size, entries, complex_vector):
    centre, beside = entries
    coefficients = {0: centre} if size == 1 else {0: centre, 1: beside, -1: beside}
    require_exact(Toeplitz(size, coefficients), vector(size, complex_vector))


TERMS = [
    Toeplitz(5, {0: 2.1, 1: -1, -1: -1}),
    Circulant(6, {0: 2.3, 1: -1.2, -1: -0.8}),
    Circulant(4, {0: 2.3, 1: 1j}),
    Poisson((4, 2), "neumann", shift=0.2),
]


@pytest.mark.parametrize("complex_vector", [False, True])
@pytest.mark.parametrize("terms", itertools.permutations(TERMS, 2), ids=str)
def test_kronecker_sums_of_different_terms_are_solved(terms, complex_vector):
    structure = KroneckerSum(terms)
    require_exact(structure, vector(structure.size, complex_vector))


def test_three_terms_and_two_fourier_axes_are_solved():
    structure = KroneckerSum((TERMS[1], TERMS[0], Circulant(7, {0: 2, 1: -1, -1: -1})))
    require_exact(structure, vector(structure.size, complex_vector=False))


def test_null_space_of_a_grid_of_any_size_gives_the_solution_of_least_norm():
    rings = [Circulant(size, {0: 2, 1: -1, -1: -1}).matrix() for size in (5, 6)]
    matrix = sp.kronsum(rings[1], rings[0]).tocsr()
    b = vector(30, complex_vector=False)
    b -= b.mean()
    expected = np.linalg.pinv(matrix.toarray(), hermitian=True) @ b
    solution = FastTransform().solve(LinearSystem(matrix, b))
    np.testing.assert_allclose(solution.x, expected, atol=1e-12)


def test_matrix_written_down_is_recognised():
    structure = Poisson((16, 8))
    b = vector(structure.size, complex_vector=False)
    solution = FastTransform().solve(LinearSystem(structure.matrix(), b))
    np.testing.assert_allclose(solution.x, np.linalg.solve(dense(structure), b), atol=1e-11)


def test_a_million_unknowns_are_solved():
    structure = Poisson((1024, 1024))
    b = vector(structure.size, complex_vector=False)
    assert FastTransform().solve(LinearSystem(structure, b)).residual < 1e-10


@pytest.mark.parametrize(
    "structure",
    [
        Toeplitz(5, {0: 2, 1: -1}),
        Toeplitz(8, {0: 4, 1: -1, -1: -1, 2: 0.5, -2: 0.5}),
        KroneckerSum((TERMS[0], Toeplitz(5, {0: 2, 1: -1}))),
    ],
)
def test_matrices_that_no_fast_transform_diagonalises_are_refused(structure):
    with pytest.raises(UnsuitableSolverError, match="use Direct"):
        FastTransform().solve(LinearSystem(structure, np.ones(structure.size)))


def test_dense_matrix_is_refused(random_system):
    with pytest.raises(UnsuitableSolverError, match="dense"):
        FastTransform().solve(random_system("definite", 5))


@pytest.mark.parametrize(
    "structure",
    [
        Circulant(6, {0: 2, 1: -1, -1: -1}),
        Toeplitz(3, {0: 0, 1: 1, -1: 1}),
    ],
)
def test_singular_matrix_is_refused_where_b_is_not_in_its_range(structure):
    with pytest.raises(InvalidProblemError, match=r"singular|null space"):
        FastTransform().solve(LinearSystem(structure, np.arange(1.0, structure.size + 1)))
