from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from qml_algos.errors import InvalidProblemError, NotConvergedError, TooFewPointsError
from qml_algos.physics.phases import PhaseCurve, finite_size_scaling

SIZES = (12, 16, 24, 32)
GRID = np.linspace(1.6, 2.9, 66)


def curves(
    tc: float = 2.27,
    nu: float = 1.0,
    *,
    error: float = 0.0,
    seed: int = 0,
    grid: np.ndarray = GRID,
) -> list[PhaseCurve]:
    generator = np.random.default_rng(seed)
    found = []
    for size in SIZES:
        scaled = (grid - tc) * size ** (1 / nu)
        values = expit(0.1 + 0.7 * scaled + 0.01 * scaled**3)
        noise = generator.normal(0, 1, len(grid)) * error
        found.append(PhaseCurve(grid, np.clip(values + noise, 0, 1), np.full(len(grid), error)))
    return found


@pytest.mark.parametrize(("tc", "nu"), [(2.27, 1.0), (2.2, 0.9), (2.4, 1.3)])
def test_exact_curves_give_their_own_point_and_exponent(tc: float, nu: float) -> None:
    found = finite_size_scaling(curves(tc, nu), SIZES, draws=20, random_state=0)
    assert found.tc == pytest.approx(tc, abs=1e-4)
    assert found.nu == pytest.approx(nu, abs=1e-3)
    assert found.chi2 < 0.01


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Of 24 intervals of 95 %, fewer than 18 hold it once in 10,000 runs."""
    hits = np.zeros(2)
    for seed in range(24):
        noisy = curves(error=0.02, seed=seed)
        found = finite_size_scaling(noisy, SIZES, draws=100, random_state=seed)
        hits += [
            low < truth < high
            for truth, (low, high) in ((2.27, found.tc_interval), (1.0, found.nu_interval))
        ]
    assert hits.min() >= 18


def test_curves_of_one_size_are_averaged() -> None:
    several = curves(error=0.02) + curves(error=0.02, seed=1)
    found = finite_size_scaling(several, SIZES * 2, draws=40, random_state=0)
    assert found.sizes == SIZES
    assert found.curves[0].errors == pytest.approx(0.02 / np.sqrt(2))
    assert found.tc_interval[0] < 2.27 < found.tc_interval[1]


def test_the_scaling_variable_vanishes_at_the_critical_point() -> None:
    found = finite_size_scaling(curves(), SIZES, draws=20, random_state=0)
    assert found.scaled(24, np.array([found.tc])) == 0
    assert found.scaled(24, np.array([found.tc + 1]))[0] == pytest.approx(24, rel=0.01)
    assert repr(found).startswith("FiniteSizeScaling(tc = 2.2700 [")


def test_points_too_few_in_the_window_are_refused_not_fitted() -> None:
    coarse = np.linspace(1.6, 2.9, 24)
    with pytest.raises(TooFewPointsError, match="points of size 32"):
        finite_size_scaling(curves(grid=coarse), SIZES)


def test_two_sizes_are_refused() -> None:
    with pytest.raises(TooFewPointsError, match="different sizes"):
        finite_size_scaling(curves()[:2] * 2, SIZES[:2] * 2)


def test_curves_that_do_not_collapse_are_refused() -> None:
    one = PhaseCurve(GRID, expit(5 * (GRID - 2.27)), np.full(len(GRID), 0.01))
    with pytest.raises(NotConvergedError, match="do not collapse"):
        finite_size_scaling([one] * 4, SIZES)


def test_progress_counts_draws() -> None:
    told: list[tuple[int, int]] = []
    finite_size_scaling(curves(), SIZES, draws=20, progress=lambda *a: told.append(a))
    assert told == [(k, 20) for k in range(1, 21)]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"sizes": SIZES[:3]}, "sizes"),
        ({"sizes": (12, 16, 24, 0)}, "sizes"),
        ({"window": (0.6, 0.9)}, "window"),
        ({"window": (0.1, 1.0)}, "window"),
        ({"window": (0.0, 0.9)}, "window"),
        ({"window": (0.1,)}, "window"),
        ({"degree": 0}, "degree"),
        ({"least_points": 1}, "least_points"),
        ({"draws": 10}, "draws"),
    ],
)
def test_bad_arguments_are_refused_by_name(changed: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"curves": curves(), "sizes": SIZES} | changed
    with pytest.raises(InvalidProblemError, match=message):
        finite_size_scaling(**arguments)


def test_curves_of_one_size_on_different_grids_are_refused() -> None:
    several = [*curves(), *curves(grid=GRID[1:])]
    with pytest.raises(InvalidProblemError, match="different parameters"):
        finite_size_scaling(several, SIZES * 2)
