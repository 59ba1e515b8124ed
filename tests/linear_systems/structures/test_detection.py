"""Detection: every structure is found again from its matrix, and nothing is guessed."""

import numpy as np
import pytest
import scipy.sparse as sp

from qml_algos.linear_systems.structures import (
    Circulant,
    Dense,
    KroneckerSum,
    Poisson,
    Sparse,
    Toeplitz,
    detect,
)

TRI = {-1: -1 / 3, 0: 1, 1: -1 / 3}

STRUCTURES = [
    *[
        Poisson(cells, boundary, shift, scale)
        for cells in [(4,), (16,), (4, 4), (8, 16), (4, 8, 4)]
        for boundary in ("dirichlet", "neumann", "periodic")
        for shift, scale in [(0.0, 1.0), (0.3, 1.0), (-0.7, 2.5), (0.0, 1 / 3), (0.1, -1.0)]
    ],
    *[Toeplitz(size, TRI) for size in (4, 8, 9, 16)],
    Toeplitz(9, {-2: 1j, 0: 3, 1: 2}),
    Toeplitz(16, {0: 1, 3: -1}),
    Circulant(12, {0: 3, 5: 1, -2: 2.0}),
    Circulant(8, {0: 3, 4: 1, 1: 2j}),
    Circulant(12, {-1: -1, 0: 2, 1: -1}),
    Circulant(5, {k: 1.0 + k for k in range(5)}),
    KroneckerSum((Toeplitz(4, TRI), Toeplitz(6, TRI))),
    KroneckerSum((Poisson((8,)), Poisson((16,), scale=10.0))),
    KroneckerSum((Poisson((8,), "neumann"), Circulant(5, {0: 2, 1: -1, -1: -1}))),
]


@pytest.mark.parametrize("structure", STRUCTURES, ids=repr)
@pytest.mark.parametrize("form", [sp.csr_array, lambda a: a.toarray(), sp.coo_array])
def test_structure_is_found_again_from_its_matrix(structure, form):
    assert detect(form(structure.matrix())) == structure


@pytest.mark.parametrize("structure", STRUCTURES, ids=repr)
def test_one_entry_changed_hides_the_structure(structure):
    generator = np.random.default_rng(0)
    matrix = structure.matrix().toarray()
    place = tuple(generator.integers(1, structure.size - 1, 2))
    matrix[place] += 1e-12 * np.abs(matrix).max()
    found = detect(matrix)
    assert found != structure
    assert isinstance(found, Sparse | Dense)


@pytest.mark.parametrize("structure", STRUCTURES[::5], ids=repr)
def test_rounding_does_not_hide_the_structure(structure):
    matrix = structure.matrix()
    noise = np.random.default_rng(0).uniform(-1e-16, 1e-16, matrix.data.size)
    matrix.data = matrix.data + noise * np.abs(matrix).max()
    found = detect(matrix)
    assert type(found) is type(structure)
    assert np.abs(found.matrix() - matrix).max() < 1e-13 * np.abs(matrix).max()


def test_tridiagonal_matrix_of_power_of_two_size_is_toeplitz_not_poisson():
    """Its sine basis has period 2 (N + 1): no transform of a register fits."""
    assert detect(Toeplitz(16, {-1: -1, 0: 2, 1: -1}).matrix()) == Toeplitz(
        16, {-1: -1, 0: 2, 1: -1}
    )


def test_grid_of_other_size_is_a_kronecker_sum_of_toeplitz_matrices():
    axis = Toeplitz(5, {-1: -1, 0: 2, 1: -1})
    found = detect(KroneckerSum((axis, axis)).matrix())
    assert found == KroneckerSum((axis, axis))


def test_kronecker_sum_of_general_terms_is_found():
    parts = np.random.default_rng(0).normal(size=(2, 5, 5))
    matrix = np.kron(parts[0], np.eye(5)) + np.kron(np.eye(5), parts[1])
    found = detect(matrix)
    assert isinstance(found, KroneckerSum)
    np.testing.assert_allclose(found.matrix().toarray(), matrix, atol=1e-13)


@pytest.mark.parametrize(
    ("matrix", "kind"),
    [
        (np.random.default_rng(0).normal(size=(6, 6)), Dense),
        (sp.csr_array(np.random.default_rng(0).normal(size=(6, 6))), Sparse),
        (np.diag(np.arange(1.0, 8)), Sparse),
        (np.array([[2.0, 1.0], [3.0, 2.5]]), Dense),
        (np.array([[2.0, 1.0], [1.0, 2.0]]), Circulant),
        (np.array([[2.0]]), Dense),
        (np.zeros((3, 3)), Sparse),
    ],
)
def test_other_matrices_are_dense_or_sparse(matrix, kind):
    assert isinstance(detect(matrix), kind)


def test_detection_leaves_the_callers_matrix_as_it_is():
    matrix = sp.csr_array(([1.0, 0.0, 2.0], [0, 1, 1], [0, 2, 3]), shape=(2, 2))
    detect(matrix)
    assert matrix.nnz == 3
