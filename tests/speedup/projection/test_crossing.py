"""Crossings of curves known at some sizes."""

import numpy as np
import pytest

from qml_algos.speedup.projection.crossing import SampledCurve, crossing
from qml_algos.speedup.projection.growth import exponent
from qml_algos.speedup.projection.quantum import grid
from qml_algos.speedup.projection.words import size_text

SIZES = 2.0 ** np.arange(1, 100)


def test_power_laws_cross_where_they_are_equal() -> None:
    # 1e3 N^0.5 = 1e-9 N at N = 1e24.
    assert crossing(SIZES, 1e3 * SIZES**0.5, 1e-9 * SIZES) == pytest.approx(1e24)


def test_there_is_no_crossing_where_the_quantum_curve_is_above_at_the_end() -> None:
    assert crossing(SIZES, SIZES, np.full(99, 1e3)) is None


def test_the_first_size_is_the_crossing_of_a_curve_that_is_below_throughout() -> None:
    assert crossing(SIZES, np.ones(99), SIZES) == 2


def test_what_a_device_cannot_do_is_above_everything() -> None:
    quantum = np.where(SIZES > 1e20, np.inf, 1.0)
    assert crossing(SIZES, quantum, SIZES) is None
    assert crossing(SIZES, np.full(99, np.inf), SIZES) is None
    earlier = np.where(SIZES < 1e20, np.inf, 1.0)
    found = crossing(SIZES, earlier, SIZES)
    assert found is not None
    assert SIZES[SIZES < 1e20][-1] <= found <= SIZES[SIZES >= 1e20][0]


def test_a_sampled_curve_interpolates_power_laws_and_stays_infinite() -> None:
    curve = SampledCurve(SIZES, np.where(SIZES > 1e20, np.inf, SIZES**2), lambda place: {"a": 1.0})
    assert curve.log_costs(np.log([1e10]))[0] == pytest.approx(np.log(1e20))
    assert np.isinf(curve.log_costs(np.log([1e25]))[0])
    assert curve.shares(0.0) == {"a": 1.0}


def test_the_grid_has_powers_of_two_up_to_the_end_of_the_range() -> None:
    sizes = grid(5, 1e30)
    assert sizes[0] == 8
    assert all(size & (size - 1) == 0 for size in sizes)
    assert sizes == tuple(sorted(sizes))
    assert 0.2e30 < sizes[-1] <= 1e30


def test_the_exponent_of_a_power_law_is_found_and_that_of_one_point_is_not() -> None:
    assert exponent([2, 4, 1e30], [8, 64, 1e90]) == pytest.approx(3)
    assert exponent([2, 2], [8, 8]) is None
    assert exponent([2, 4], [0, 0]) is None


@pytest.mark.parametrize(
    ("size", "text"), [(16, "16"), (12345, "12,345"), (4.2e9, "4.2e9"), (1e30, "1e30")]
)
def test_sizes_are_written_in_digits_or_powers(size: float, text: str) -> None:
    assert size_text(size) == text
