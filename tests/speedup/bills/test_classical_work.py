"""Classical work beside the runs, from measured rows."""

from dataclasses import replace

import pytest

from qml_algos.speedup.bills import amplification_rounds
from qml_algos.speedup.bills.classical_work import with_classical_work
from qml_algos.speedup.bills.linear_systems import linear_system_bill
from qml_algos.speedup.record import Row


def bill(size):
    return linear_system_bill("qsvt", "tridiagonal", size)


def timed(size, building, reading):
    return Row(
        problem=f"tridiagonal {size}",
        size=size,
        condition_number=None,
        solver="qsvt",
        kind="quantum",
        backend="aer",
        target_error=1e-2,
        build_seconds=building,
        postprocessing_seconds=reading,
    )


ROWS = [timed(4, 1.0, 2e-4), timed(8, 1.0, 3e-4)]


def test_reading_takes_what_it_took_at_the_largest_size() -> None:
    assert with_classical_work(bill, ROWS)(2**40).postprocessing_seconds == 3e-4


def test_reading_a_whole_vector_grows_with_the_size() -> None:
    found = with_classical_work(bill, ROWS, proportional=True)(2**40)
    assert found.postprocessing_seconds == pytest.approx(3e-4 * 2**37)
    assert "in proportion to the size" in found.assumptions[-1]


def test_building_goes_on_as_a_line_that_does_not_fall() -> None:
    assert with_classical_work(bill, ROWS)(2**40).preprocessing_seconds == pytest.approx(1.0)


def test_without_times_a_bill_is_left_as_it_was() -> None:
    rows = [replace(row, build_seconds=None, postprocessing_seconds=None) for row in ROWS]
    assert with_classical_work(bill, rows)(16) == bill(16)


@pytest.mark.parametrize(("probability", "rounds"), [(1.0, 0), (0.6, 0), (0.25, 1), (1e-6, 785)])
def test_rounds_bring_the_probability_nearest_to_one(probability, rounds) -> None:
    assert amplification_rounds(probability) == rounds
