"""The problem: what it accepts, what it refuses and by which name, and that it owns its data."""

import numpy as np
import pytest
import scipy.sparse as sp

from qml_algos.errors import InvalidProblemError, QmlAlgosError, SingularMatrixError
from qml_algos.linear_systems import LinearSystem
from qml_algos.linear_systems.right_hand_side import SparseVector
from qml_algos.linear_systems.structures import Circulant, Poisson, Sparse, Toeplitz

A = np.array([[2.0, 1.0], [1.0, 3.0]])
b = np.array([1.0, -1.0])

SPARSE_FORMS = [
    sp.csr_array,
    sp.csc_array,
    sp.coo_array,
    sp.dia_array,
    sp.lil_array,
    sp.dok_array,
    sp.bsr_array,
    sp.csr_matrix,
]


@pytest.mark.parametrize(
    "bad",
    [
        np.ones((2, 3)),
        np.ones(4),
        np.float64(3),
        np.ones((0, 0)),
        np.ones((2, 2, 2)),
        sp.csr_array((2, 3)),
        sp.coo_array(np.ones(4)),
        sp.coo_array(np.ones((2, 2, 2))),
    ],
    ids=["2x3", "1-d", "scalar", "empty", "3-d", "sparse 2x3", "sparse 1-d", "sparse 3-d"],
)
def test_matrix_that_is_not_square_is_refused(bad):
    with pytest.raises(InvalidProblemError, match=r"A .*square"):
        LinearSystem(bad, b)


@pytest.mark.parametrize(
    "bad", [np.ones(3), np.ones(1), np.ones((2, 2)), np.ones((1, 2)), 1.0, sp.csr_array((3, 1))]
)
def test_right_hand_side_of_wrong_shape_is_refused_with_the_shape_needed(bad):
    with pytest.raises(InvalidProblemError, match=r"b has shape .*\(2,\)"):
        LinearSystem(A, bad)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, complex(0, np.nan)])
@pytest.mark.parametrize("form", [np.array, sp.csr_array, sp.coo_array])
def test_entry_of_a_that_is_not_finite_is_refused(form, bad):
    matrix = A.astype(type(bad))
    matrix[1, 0] = bad
    with pytest.raises(InvalidProblemError, match="A contains NaN or infinity"):
        LinearSystem(form(matrix), b)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, complex(0, np.nan)])
def test_entry_of_b_that_is_not_finite_is_refused(bad):
    with pytest.raises(InvalidProblemError, match=r"b contains NaN or infinity .*\(1,\)"):
        LinearSystem(A, np.array([1, bad]))


def test_place_of_the_first_bad_entry_is_named():
    matrix = A.copy()
    matrix[1, 0] = np.nan
    with pytest.raises(InvalidProblemError, match=r"1 entries, first at index \(1, 0\)"):
        LinearSystem(matrix, b)


@pytest.mark.parametrize("zero", [[0, 0], [0.0, -0.0], [0j, 0j], sp.csr_array((2, 1))])
def test_zero_right_hand_side_is_refused(zero):
    with pytest.raises(InvalidProblemError, match="b is zero"):
        LinearSystem(A, zero)


@pytest.mark.parametrize("bad", [np.array([["a", "b"], ["c", "d"]]), A.astype(object)])
def test_matrix_of_strings_or_objects_is_refused(bad):
    with pytest.raises(InvalidProblemError, match=r"A has entries of type .*numbers"):
        LinearSystem(bad, b)


@pytest.mark.parametrize(
    "bad",
    [
        np.array(["a", "b"]),
        b.astype(object),
        np.array(["2020-01-01", "2021-01-01"], dtype="datetime64[D]"),
    ],
    ids=["strings", "objects", "dates"],
)
def test_right_hand_side_of_strings_objects_or_dates_is_refused(bad):
    with pytest.raises(InvalidProblemError, match=r"b has entries of type .*numbers"):
        LinearSystem(A, bad)


@pytest.mark.parametrize("bad", [[[1, 2], [3]], [[1, 2], [3, [4]]]])
def test_ragged_matrix_is_refused_as_an_invalid_problem(bad):
    with pytest.raises(InvalidProblemError, match="A"):
        LinearSystem(bad, b)


def test_ragged_right_hand_side_is_refused_as_an_invalid_problem():
    with pytest.raises(InvalidProblemError, match="b"):
        LinearSystem(A, [1, [2, 3]])


def test_errors_are_value_errors_and_qml_algos_errors():
    assert issubclass(SingularMatrixError, InvalidProblemError)
    assert issubclass(InvalidProblemError, QmlAlgosError)
    assert issubclass(InvalidProblemError, ValueError)


@pytest.mark.parametrize("form", SPARSE_FORMS)
def test_every_sparse_form_is_accepted(form):
    problem = LinearSystem(form(A), b)
    assert problem.is_sparse
    np.testing.assert_array_equal(problem.dense(), A)


def test_duplicate_entries_of_a_sparse_matrix_are_summed():
    duplicated = sp.coo_array(([3.0, -1.0, 1.0, 1.0, 3.0], ([0, 0, 0, 1, 1], [0, 0, 1, 0, 1])))
    problem = LinearSystem(duplicated, b)
    np.testing.assert_array_equal(problem.dense(), A)
    assert problem.hermitian


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint64, np.float32, np.complex64])
def test_any_numeric_type_is_accepted_and_becomes_double_precision(dtype):
    problem = LinearSystem(np.eye(2, dtype=dtype), np.array([1, 0], dtype=dtype))
    expected = complex if dtype is np.complex64 else float
    assert problem.A.dtype == expected
    assert problem.b.dtype == expected


def test_lists_and_a_column_are_accepted():
    problem = LinearSystem(A.tolist(), b[:, None].tolist())
    assert problem.b.shape == (2,)
    assert problem.size == 2


@pytest.mark.parametrize("form", [sp.csr_array, sp.coo_array])
def test_sparse_column_is_accepted_as_b(form):
    np.testing.assert_array_equal(LinearSystem(A, form(b[:, None])).b, b)


@pytest.mark.parametrize("form", [np.array, sp.csr_array, sp.csc_array, sp.coo_array])
def test_problem_does_not_share_memory_with_the_callers_arrays(form):
    matrix, vector = form(A.copy()), b.copy()
    problem = LinearSystem(matrix, vector)
    vector[:] = 7
    if sp.issparse(matrix):
        matrix.data[:] = 7
        for name in ("indices", "indptr", "row", "col"):
            if hasattr(matrix, name):
                getattr(matrix, name)[:] = 0
    else:
        matrix[:] = 7
    np.testing.assert_array_equal(problem.dense(), A)
    np.testing.assert_array_equal(problem.b, b)


@pytest.mark.parametrize("form", [np.array, sp.csr_array])
def test_callers_arrays_are_not_changed(form):
    matrix, vector = form(A.copy()), b.copy()
    problem = LinearSystem(matrix, vector)
    problem.condition_number  # noqa: B018
    np.testing.assert_array_equal(matrix.toarray() if sp.issparse(matrix) else matrix, A)
    np.testing.assert_array_equal(vector, b)


@pytest.mark.parametrize("form", [np.array, sp.csr_array])
@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        (A, True),
        ([[1, 2], [3, 4]], False),
        ([[1, 1j], [-1j, 2]], True),
        ([[1, 1j], [1j, 2]], False),
        ([[1j]], False),
        ([[-2.0]], True),
        (1e-200 * np.array([[1.0, 2.0], [3.0, 4.0]]), False),
        ([[1, 1e-9], [0, 1]], False),
    ],
)
def test_hermitian_is_found(form, matrix, expected):
    matrix = form(np.array(matrix))
    assert LinearSystem(matrix, np.ones(matrix.shape[0])).hermitian is expected


def test_rounding_does_not_make_a_matrix_non_hermitian():
    basis, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(30, 30)))
    matrix = basis @ np.diag(np.linspace(1, 5, 30)) @ basis.T
    assert LinearSystem(matrix, np.ones(30)).hermitian


@pytest.mark.parametrize("form", [np.array, sp.csr_array])
@pytest.mark.parametrize("kind", ["definite", "negative", "indefinite", "general"])
def test_condition_number_is_the_ratio_of_singular_values(random_matrix, kind, form):
    problem = LinearSystem(form(random_matrix(kind, 7, 11.0, True, 0)), np.ones(7))
    assert problem.condition_number == pytest.approx(11)


def test_condition_number_of_a_large_sparse_matrix():
    """Second difference: eigenvalues 2 - 2 cos(k pi / (N + 1)), shifted."""
    size = 2000
    matrix = sp.diags_array([-1.0, 2.5, -1.0], offsets=[-1, 0, 1], shape=(size, size))
    cosine = 2 * np.cos(np.pi / (size + 1))
    found = LinearSystem(matrix, np.ones(size)).condition_number
    assert found == pytest.approx((2.5 + cosine) / (2.5 - cosine), rel=1e-2)


@pytest.mark.parametrize("off_diagonal", [-1.0, 1.0])
def test_condition_number_of_a_large_matrix_with_the_ones_vector_as_eigenvector(off_diagonal):
    """A ring: constants are the eigenvector of one end of the spectrum, 0.5 or 4.5."""
    size = 2000
    matrix = sp.diags_array(
        [off_diagonal] * 4 + [2.5],
        offsets=[-1, 1, size - 1, 1 - size, 0],
        shape=(size, size),
    )
    found = LinearSystem(matrix, np.ones(size)).condition_number
    assert found == pytest.approx(9, rel=1e-2)


def test_condition_number_of_a_large_complex_general_matrix():
    """Phases on rows and on columns leave the singular values as they are."""
    size = 1500
    phases = np.exp(2j * np.pi * np.random.default_rng(0).random((2, size)))
    hermitian = sp.diags_array([-1.0, 2.5, -1.0], offsets=[-1, 0, 1], shape=(size, size))
    matrix = sp.diags_array(phases[0]) @ hermitian @ sp.diags_array(phases[1])
    cosine = 2 * np.cos(np.pi / (size + 1))
    problem = LinearSystem(matrix, np.ones(size))
    assert not problem.hermitian
    expected = (2.5 + cosine) / (2.5 - cosine)
    assert problem.condition_number == pytest.approx(expected, rel=1e-2)


@pytest.mark.parametrize("size", [3, 1500])
def test_condition_number_of_a_singular_sparse_matrix_is_refused(size):
    matrix = sp.diags_array([[0.0] + [1.0] * (size - 1)], offsets=[0], shape=(size, size))
    with pytest.raises(SingularMatrixError, match="singular"):
        LinearSystem(matrix, np.ones(size)).condition_number  # noqa: B018


def test_residual_is_relative():
    problem = LinearSystem(A, b)
    x = np.array([1.0, 2.0])
    expected = np.linalg.norm(b - A @ x) / np.linalg.norm(b)
    assert problem.residual(x) == pytest.approx(expected)
    assert problem.residual(np.linalg.solve(A, b)) < 1e-15


def test_repr_says_size_form_and_symmetry():
    assert repr(LinearSystem(A, b)) == "LinearSystem(2 unknowns, dense, real, Hermitian)"
    general = LinearSystem(sp.csr_array([[1, 1j], [0, 2]]), b)
    assert repr(general) == "LinearSystem(2 unknowns, sparse, complex, general)"


def test_repr_says_the_structure():
    system = LinearSystem.poisson(2, 4, boundary="periodic", b=[1, -1] * 8)
    assert repr(system) == "LinearSystem(16 unknowns, 2D Periodic Poisson, real, Hermitian)"


def test_structure_is_detected_once_or_taken_as_stated():
    matrix = sp.diags_array([-1.0, 3.0, -1.0], offsets=[-1, 0, 1], shape=(8, 8))
    expected = Toeplitz(8, {-1: -1, 0: 3, 1: -1})
    assert LinearSystem(matrix, np.ones(8)).structure == expected
    assert LinearSystem(matrix.toarray(), np.ones(8)).structure == expected
    stated = Sparse(matrix)
    assert LinearSystem(stated, np.ones(8)).structure is stated


@pytest.mark.parametrize("form", [np.array, sp.csr_array])
def test_matrix_and_right_hand_side_cannot_be_changed_behind_cached_figures(form):
    problem = LinearSystem(form(A), b)
    with pytest.raises(ValueError, match="read-only"):
        problem.b[0] = 2
    entries = problem.A.data if problem.is_sparse else problem.A
    with pytest.raises(ValueError, match="read-only"):
        entries[0] = 2
    with pytest.raises(AttributeError):
        problem.right_hand_side = problem.right_hand_side


def test_poisson_problem_is_that_of_the_grid():
    system = LinearSystem.poisson(2, 4, shift=0.5, b=lambda x, y: x + y)
    assert system.structure == Poisson((4, 4), shift=0.5)
    assert system.size == 9
    x, y = np.meshgrid(np.arange(1, 4) / 4, np.arange(1, 4) / 4, indexing="ij")
    np.testing.assert_allclose(system.b, (x + y).ravel())
    assert system.residual(np.linalg.solve(system.dense(), system.b)) < 1e-14


@pytest.mark.parametrize("boundary", ["neumann", "periodic"])
def test_right_hand_side_outside_the_range_is_refused_with_a_remedy(boundary):
    with pytest.raises(InvalidProblemError, match="subtract its mean, or give a shift"):
        LinearSystem.poisson(1, 8, boundary=boundary, b=np.arange(8.0))
    LinearSystem.poisson(1, 8, boundary=boundary, b=np.arange(8.0) - 3.5)
    LinearSystem.poisson(1, 8, boundary=boundary, shift=0.1, b=np.arange(8.0))


def test_null_space_of_a_matrix_written_down_is_found_with_its_spectrum():
    matrix = Poisson((8,), "periodic").matrix()
    expected = Poisson((8,), "periodic").spectrum.condition_number
    balanced = LinearSystem(matrix, np.arange(8.0) - 3.5)
    assert balanced.condition_number == pytest.approx(expected)
    with pytest.raises(InvalidProblemError, match="not orthogonal"):
        LinearSystem(matrix, np.arange(8.0)).condition_number  # noqa: B018


def test_null_space_of_a_circulant_matrix_is_that_of_its_zero_modes():
    matrix = Circulant(8, {0: 1, 4: -1})
    LinearSystem(matrix, [1, 2, 3, 4, -1, -2, -3, -4])
    with pytest.raises(InvalidProblemError, match="not orthogonal"):
        LinearSystem(matrix, [1, 2, 3, 4, 1, 2, 3, 4])


def test_poisson_problem_with_a_billion_cells_is_legal():
    system = LinearSystem.poisson(1, 2**30, b=lambda x: np.sin(np.pi * x))
    assert system.size == 2**30 - 1
    assert system.real
    assert system.hermitian
    assert system.condition_number == pytest.approx(4 * (2**30 / np.pi) ** 2, rel=1e-9)


@pytest.mark.parametrize("dimensions", [0, 1.5, True, "2"])
def test_dimensions_that_are_no_number_of_axes_are_refused(dimensions):
    with pytest.raises(InvalidProblemError, match="dimensions"):
        LinearSystem.poisson(dimensions, 8, b=np.ones(7))


def test_right_hand_side_of_another_size_than_the_structure_is_refused():
    with pytest.raises(InvalidProblemError, match="3 entries: A has 8 rows"):
        LinearSystem(Toeplitz(8, {0: 1}), SparseVector(3, {0: 1}))
