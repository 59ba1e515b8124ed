"""Projection on the positive semidefinite matrices."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.positive_semidefinite import nearest_positive_semidefinite


def grid_gram() -> np.ndarray:
    """Kernel of points on a grid, whose symmetry makes eigenvalues equal, most of them 0."""
    axis = np.linspace(0, 1, 7)
    points = np.array(np.meshgrid(axis, axis)).reshape(2, -1).T
    return np.cos(np.pi * (points[:, None] - points) / 2).prod(axis=-1) ** 2


def indefinite(size: int, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(size, size))
    return np.eye(size) + (noise + noise.T) / 2


def test_a_gram_matrix_with_repeated_eigenvalues_keeps_its_entries() -> None:
    gram = grid_gram()
    values = np.linalg.eigvalsh(gram)
    assert np.count_nonzero(np.diff(values) < 1e-12) > 30
    np.testing.assert_allclose(nearest_positive_semidefinite(gram), gram, atol=1e-12, rtol=0)


def test_what_is_left_of_grid_data_with_noise_is_symmetric_and_positive() -> None:
    noisy = grid_gram() + np.random.default_rng(0).normal(0, 0.01, (49, 49))
    found = nearest_positive_semidefinite(noisy)
    assert (found == found.T).all()
    assert np.linalg.eigvalsh(found)[0] > -1e-12
    assert np.linalg.norm(found - grid_gram()) < np.linalg.norm(noisy - grid_gram())


@pytest.mark.parametrize("unit_diagonal", [False, True])
def test_projecting_again_changes_nothing(unit_diagonal) -> None:
    once = nearest_positive_semidefinite(indefinite(12, 1), unit_diagonal=unit_diagonal)
    twice = nearest_positive_semidefinite(once, unit_diagonal=unit_diagonal)
    np.testing.assert_allclose(twice, once, atol=1e-12)


def test_the_distance_is_that_of_the_negative_eigenvalues_and_no_matrix_is_nearer() -> None:
    """Higham 1988: the distance is the norm of the negative eigenvalues."""
    matrix = indefinite(10, 2)
    found = nearest_positive_semidefinite(matrix)
    values = np.linalg.eigvalsh(matrix)
    distance = np.linalg.norm(found - matrix)
    assert distance == pytest.approx(np.linalg.norm(values[values < 0]))
    rng = np.random.default_rng(3)
    for _ in range(50):
        factor = rng.normal(size=(10, 10))
        other = found + 0.01 * factor @ factor.T
        assert np.linalg.norm(other - matrix) >= distance
        mixed = 0.99 * found + 0.01 * factor @ factor.T
        assert np.linalg.norm(mixed - matrix) >= distance


def test_with_a_unit_diagonal_it_is_the_nearest_correlation_matrix() -> None:
    """The example of Higham 2002, section 1: the distance is 0.5278 there."""
    matrix = np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])
    found = nearest_positive_semidefinite(matrix, unit_diagonal=True)
    expected = np.array([[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]])
    np.testing.assert_allclose(found, expected, atol=5e-5)
    assert np.linalg.norm(found - matrix) == pytest.approx(0.5278, abs=5e-5)
    assert np.linalg.eigvalsh(found)[0] > -1e-12


def test_the_skew_part_does_not_count() -> None:
    matrix = np.array([[1.0, 0.5], [0.1, 1.0]])
    np.testing.assert_allclose(nearest_positive_semidefinite(matrix), [[1, 0.3], [0.3, 1]])


@pytest.mark.parametrize(
    ("matrix", "reason"),
    [
        (np.ones((2, 3)), r"shape \(2, 3\)"),
        (np.eye(2) * 1j, "complex"),
        ([[1, np.nan], [0, 1]], "NaN"),
    ],
)
def test_what_is_no_gram_matrix_is_refused(matrix, reason) -> None:
    with pytest.raises(InvalidProblemError, match=reason):
        nearest_positive_semidefinite(matrix)
