"""Laws of classical seconds."""

from dataclasses import replace

import pytest

from qml_algos.speedup.projection.classical import as_good_as, classical_curve
from qml_algos.speedup.record import Row


def timed(seconds: dict[int, float], output: str) -> list[Row]:
    return [
        Row(
            problem=f"drawn {size}",
            size=size,
            condition_number=None,
            solver="direct",
            kind="classical",
            backend=None,
            target_error=1e-2,
            error=1e-9,
            output=output,
            cpu_seconds=cost,
            classical_seconds=cost,
        )
        for size, cost in seconds.items()
    ]


def test_a_law_below_what_a_solution_takes_to_write_down_gives_way_to_the_largest_size() -> None:
    # Four sizes, all but the last one mostly the cost of a call.
    seconds = {4: 3e-4, 8: 3e-4, 16: 3.1e-4, 2**20: 3e-2}
    curve = classical_curve(timed(seconds, "vector"), [2**20, 2**40], 0.95)
    assert curve.law is None
    assert curve.reason is not None
    assert "grows more slowly than the solution it writes down" in curve.reason
    assert curve.seconds == pytest.approx([3e-2, 3e-2 * 2**20])


def test_a_solver_of_one_entry_may_grow_more_slowly() -> None:
    seconds = {4: 3e-4, 64: 3.1e-4, 2**10: 3.3e-4, 2**20: 3.6e-4}
    curve = classical_curve(timed(seconds, "entry"), [2**20, 2**40], 0.95)
    assert curve.law is not None


def test_work_that_was_counted_in_proportion_goes_on_so_and_never_below_a_call() -> None:
    # Caches end between the sizes measured: seconds grow faster than operations.
    seconds = {4: 3e-4, 2**16: 1.6e-3, 2**18: 7.5e-3, 2**20: 3.7e-2, 2**22: 1.4e-1}
    rows = [
        replace(row, flops=9.0 * row.size) if row.size > 4 else row
        for row in timed(seconds, "vector")
    ]
    curve = classical_curve(rows, [4, 2**22, 2**42], 0.95)
    assert curve.law is None
    assert curve.seconds == pytest.approx([3e-4, 1.4e-1, 1.4e-1 * 2**20])
    assert curve.low[-1] == pytest.approx(1.6e-3 * 2**26)
    assert "grows in proportion to N" in (curve.reason or "")


def test_a_classifier_above_the_target_is_a_rival_where_no_circuit_does_better() -> None:
    [row] = timed({8: 1e-3}, "classifier")
    above = replace(row, error=0.31, error_standard_error=0.03)
    level = replace(above, kind="quantum", error=0.27, error_standard_error=0.04)
    better = replace(level, error=0.10)
    assert as_good_as(level, above)
    assert not as_good_as(better, above)
    assert not as_good_as(None, above)
    assert not as_good_as(level, replace(above, error_standard_error=None))
    assert as_good_as(better, replace(above, error=1e-3))


def test_sizes_without_a_circuit_count_for_a_solver_that_kept_up_where_there_was_one() -> None:
    rows = [
        replace(row, error=0.3, error_standard_error=0.03)
        for row in timed({4: 1e-3, 8: 1e-3, 64: 2e-3, 1024: 9e-3, 2**14: 0.14}, "classifier")
    ]
    level = {row.problem: replace(row, kind="quantum") for row in rows[:2]}
    behind = {name: replace(row, error=0.1) for name, row in level.items()}
    assert len(classical_curve(rows, [2**20], 0.95, best_quantum=level).rows) == 5
    assert not classical_curve(rows, [2**20], 0.95, best_quantum=behind).known


def test_a_faster_machine_divides_the_curve_and_leaves_the_rows() -> None:
    seconds = {2**power: 2e-8 * 2**power for power in range(10, 22, 2)}
    here = classical_curve(timed(seconds, "vector"), [2**20, 2**40], 0.95)
    there = here.on_faster(50.0)
    assert there.rows == here.rows
    assert there.seconds == pytest.approx(here.seconds / 50)
    assert there.law is not None
    assert there.law.predict([2**30]) == pytest.approx(2e-8 * 2**30 / 50, rel=1e-3)
