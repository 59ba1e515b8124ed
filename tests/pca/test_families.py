"""Data by name, and figures of merit."""

import numpy as np
import pytest

from qml_algos.errors import UnknownNameError
from qml_algos.pca import DATASETS, FAMILIES, eigenvalue_error, make_data, subspace_angle


@pytest.mark.parametrize("name", [*FAMILIES, *DATASETS])
def test_data_has_the_features_asked_for(name: str) -> None:
    data = make_data(name, 8, np.random.default_rng(0))
    assert data.shape[1] == 8
    assert data.shape[0] >= 32


def test_a_low_rank_family_has_that_rank() -> None:
    assert np.linalg.matrix_rank(make_data("low-rank", 16, np.random.default_rng(0))) == 4


def test_what_is_no_family_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="spiked"):
        make_data("magic", 4, np.random.default_rng(0))
    with pytest.raises(ValueError, match="wine has 13"):
        make_data("wine", 14, np.random.default_rng(0))


def test_angles_do_not_depend_on_signs_and_order() -> None:
    rows = np.eye(4)[:2]
    assert subspace_angle(rows, -rows[::-1]) < 1e-12
    tilted = np.array([[1.0, 0, 0, 0], [0, np.cos(0.3), np.sin(0.3), 0]])
    assert abs(subspace_angle(rows, tilted) - 0.3) < 1e-12
    assert eigenvalue_error([0.5, 0.25], [0.5, 0.125]) == 0.125
    with pytest.raises(ValueError, match="shape"):
        subspace_angle(rows, np.eye(4))
