"""The published break-even arithmetic comes out, from constants that were read in the papers."""

import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.speedup.scaling import (
    affordable_operations,
    babbush_breakeven,
    breakeven_point,
    crossover,
    input_bandwidth,
    speedup_verdict,
)
from qml_algos.speedup.scaling.published import (
    BABBUSH,
    BABBUSH_FASTER_TABLE,
    BABBUSH_MISPRINT,
    BABBUSH_TABLE,
    HOEFLER,
    HOEFLER_PRINTED_BINARY_RATE,
    HOEFLER_TABLE,
)
from qml_algos.speedup.scaling.verdicts import bandwidth_ratio, classical_rate, quantum_rate

TWO_DIGITS = 0.03
"""Printed to two digits, of input that has two."""


def test_every_constant_was_read_in_its_paper() -> None:
    constants = {**BABBUSH, **{f"Hoefler {name}": each for name, each in HOEFLER.items()}}
    assert all(constant.source for constant in constants.values())
    assert [name for name, constant in constants.items() if not constant.verified] == []


@pytest.mark.parametrize("row", BABBUSH_TABLE, ids=lambda row: f"degree {row[0]}, S = {row[1]:g}")
def test_table_1_of_babbush_et_al(row: tuple[float, ...]) -> None:
    degree, parallelism, *printed = row
    bound = babbush_breakeven(degree, parallelism, "lower bound")
    annealing = babbush_breakeven(degree, parallelism, "annealing")
    found = [bound.calls, bound.seconds, annealing.calls, annealing.seconds]
    if (degree, parallelism, printed[2]) == BABBUSH_MISPRINT:
        printed[2] /= 10
    assert found == pytest.approx(printed, rel=TWO_DIGITS)


@pytest.mark.parametrize("row", BABBUSH_FASTER_TABLE, ids=lambda row: f"R = {row[0]:g}")
def test_table_2_of_babbush_et_al(row: tuple[float, ...]) -> None:
    faster, *printed = row
    bound = babbush_breakeven(2, 1e3, "lower bound", faster=faster)
    annealing = babbush_breakeven(2, 1e3, "annealing", faster=faster)
    found = [bound.calls, bound.seconds, annealing.calls, annealing.seconds]
    assert found == pytest.approx(printed, rel=TWO_DIGITS)


def test_times_of_primitives_follow_from_the_surface_code() -> None:
    value = {name: constant.value for name, constant in BABBUSH.items()}
    toffoli = value["code_distance"] * value["cycles_per_toffoli"] * value["cycle_seconds"]
    assert toffoli == pytest.approx(value["toffoli_seconds"], rel=0.03)
    for case, toffolis in (("lower_bound", "least_toffolis"), ("annealing", "annealing_toffolis")):
        seconds = value["toffoli_seconds"] * value[toffolis]
        assert seconds == pytest.approx(value[f"{case}_quantum_seconds"], rel=0.01)
    clock = value["least_toffolis"] * value["clock_seconds"]
    assert clock == pytest.approx(value["lower_bound_classical_seconds"])


@pytest.mark.parametrize("operation", HOEFLER_TABLE)
def test_table_2_of_hoefler_et_al(operation: str) -> None:
    found = [speedup_verdict(degree).operations[operation] for degree in (2, 3, 4)]
    assert found[0] == pytest.approx(HOEFLER_TABLE[operation][0], rel=0.07)  # to one digit
    assert found[1:] == pytest.approx(HOEFLER_TABLE[operation][1:], rel=4e-3)


def test_rates_follow_from_the_construction_of_hoefler_et_al() -> None:
    assert quantum_rate("fp16") == pytest.approx(10.5e3)
    assert quantum_rate("int32") == pytest.approx(0.83e3, rel=1e-3)
    assert classical_rate("fp16") == pytest.approx(550e12, rel=0.01)
    assert classical_rate("int32") == pytest.approx(215e12, rel=0.01)
    assert classical_rate("binary") == pytest.approx(77e15, rel=0.01)


def test_the_binary_rate_that_is_printed_does_not_give_the_table_that_is_printed() -> None:
    printed = affordable_operations(HOEFLER_PRINTED_BINARY_RATE, classical_rate("binary"), 2)
    assert printed == pytest.approx(0.71, rel=0.01)
    assert quantum_rate("binary") == pytest.approx(2.3e6)


def test_verdicts_of_hoefler_et_al() -> None:
    assert [speedup_verdict(degree).practical for degree in (2, 3, 4)] == [False, True, True]
    one_multiplication = speedup_verdict(2).single_operation["fp16"].seconds
    assert 30 * 86400 < one_multiplication < 90 * 86400
    assert bandwidth_ratio() == pytest.approx(1e4)
    assert input_bandwidth(10_000, 10e-6) == pytest.approx(1e9)


def test_break_even_agrees_with_the_crossover_of_closed_forms() -> None:
    point = breakeven_point(17e-3, 33e-9, 3, parallelism=100)
    crossed = crossover(lambda calls: 17e-3 * calls, lambda calls: 33e-9 / 100 * calls**3)
    assert crossed.size == pytest.approx(point.calls, rel=1e-9)
    assert crossed.seconds == pytest.approx(point.seconds, rel=1e-9)


def test_a_faster_quantum_call_breaks_even_at_once() -> None:
    assert breakeven_point(1e-9, 1.0, 2).calls == 1


@pytest.mark.parametrize("degree", [1, 0.5, float("inf"), float("nan"), True, "2"])
def test_without_a_speedup_nothing_breaks_even(degree: object) -> None:
    with pytest.raises(InvalidProblemError, match="must be a finite number above 1"):
        breakeven_point(1.0, 1e-9, degree)
    with pytest.raises(InvalidProblemError, match="must be a finite number above 1"):
        affordable_operations(1.0, 1e9, degree)


def test_times_and_rates_must_be_positive() -> None:
    with pytest.raises(InvalidProblemError, match="quantum_seconds = 0"):
        breakeven_point(0, 1.0, 2)
    with pytest.raises(InvalidProblemError, match="classical_rate = -1"):
        affordable_operations(1.0, -1, 2)
    with pytest.raises(InvalidProblemError, match="qubits = 0"):
        input_bandwidth(0, 1e-6)
    with pytest.raises(InvalidProblemError, match="faster = 0"):
        babbush_breakeven(2, 1, "annealing", faster=0)
