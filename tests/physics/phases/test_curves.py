from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.phases import PhaseCurve, curve_of

GRID = np.linspace(0, 1, 11)


def test_a_straight_curve_crosses_where_it_should() -> None:
    assert PhaseCurve(GRID, GRID, 0 * GRID).crossing(0.37) == pytest.approx(0.37)


def test_a_step_on_the_level_crosses_in_its_middle() -> None:
    assert PhaseCurve([1, 2, 3, 4], [0, 0.5, 0.5, 1], [0, 0, 0, 0]).crossing() == 2.5


@pytest.mark.parametrize("values", [GRID / 3, 1 - GRID / 3, 1 - GRID])
def test_no_crossing_is_not_a_number(values: np.ndarray) -> None:
    assert np.isnan(PhaseCurve(GRID, values, 0 * GRID).crossing())


def test_noise_that_crosses_often_gives_one_crossing_close_by() -> None:
    """The crossing's standard error is 0.006; 4 of them are left."""
    noise = np.random.default_rng(0).normal(0, 0.05, 201)
    fine = np.linspace(0, 1, 201)
    curve = PhaseCurve(fine, expit(10 * (fine - 0.6)) + noise, np.full(201, 0.05))
    assert curve.crossing() == pytest.approx(0.6, abs=0.024)


def test_the_error_of_a_crossing_is_that_of_the_values_over_the_slope() -> None:
    curve = PhaseCurve([0, 1], [0, 1], [0.01, 0.01])
    found = curve.crossing_error(np.random.default_rng(0), draws=2000)
    # Standard deviation of the mean of two ends; 2,000 draws know it to 2 %.
    assert found == pytest.approx(0.01 / np.sqrt(2), rel=0.08)


def test_curves_average_samples_of_equal_parameters() -> None:
    curve = curve_of(np.array([2.0, 1.0, 2.0, 2.0]), np.array([1.0, 5.0, 2.0, 3.0]))
    assert np.array_equal(curve.parameters, [1, 2])
    assert np.array_equal(curve.values, [5, 2])
    assert curve.errors == pytest.approx([0, 1 / np.sqrt(3)])


@pytest.mark.parametrize(
    "fields",
    [
        ([1, 2], [0, 1], [0]),
        ([], [], []),
        ([2, 1], [0, 1], [0, 0]),
        ([1, 1], [0, 1], [0, 0]),
        ([1, 2], [0, np.nan], [0, 0]),
        ([1, 2], [0, 1], [0, -1]),
    ],
)
def test_bad_fields_are_refused(fields: Any) -> None:
    with pytest.raises(InvalidProblemError, match=r"parameters|errors"):
        PhaseCurve(*fields)
