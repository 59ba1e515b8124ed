"""Clocks, rounds and costs of the path."""

from dataclasses import replace

import numpy as np
import pytest
from factor_graph_models import chain

from circuits.graph_state.ground_path import Stage
from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.factor_graph.path import path_report
from qml_algos.generative.factor_graph.path_plan import (
    PathPlan,
    PlannedStage,
    clock_leak,
    plan_path,
    shortest_clock,
)
from qml_algos.generative.factor_graph.path_walk import PathStep
from qml_algos.phase_estimation.kernel import PhaseKernel


def planned(overlap: float, gates: int) -> PlannedStage:
    return PlannedStage(Stage(0, 1.0, 3, 2), PathStep(0, 2.0, overlap, 0.5, 0.0), 0.4, 1e-3, gates)


@pytest.mark.parametrize("bits", [1, 3, 5])
@pytest.mark.parametrize("gap", [0.1, 0.9, 2.5])
def test_leak_is_the_largest_value_of_the_kernel_off_the_gap(bits: int, gap: float) -> None:
    values = PhaseKernel(bits).values(np.linspace(gap, np.pi, 4001))[:, 0]
    assert clock_leak(bits, gap) == pytest.approx(values.max(), rel=5e-3, abs=1e-9)


@pytest.mark.parametrize("gap", [0.05, 0.3])
@pytest.mark.parametrize("overlap", [0.3, 0.95])
def test_clocks_just_resolve_the_gap_and_rounds_reach_the_error(gap: float, overlap: float) -> None:
    bits, rounds = shortest_clock(gap, overlap, 1e-4)
    assert np.pi / 2 < 2**bits * gap < 8 * np.pi
    assert clock_leak(bits, gap) ** rounds * (1 - overlap) / overlap <= 1e-4
    steps = rounds * (2**bits - 1)
    single = next(b for b in range(1, 30) if clock_leak(b, gap) * (1 - overlap) / overlap <= 1e-4)
    assert steps <= 2**single - 1


def test_stages_have_the_overlaps_and_gaps_of_the_report() -> None:
    state = chain(3.0, qubits=4)
    plan, report = plan_path(state, 1e-2), path_report(state)
    assert [stage.step for stage in plan.stages] == [*report.steps]
    assert plan.success_probability == pytest.approx(report.overlap_product)
    for stage in plan.stages:
        assert stage.phase_gap == pytest.approx(stage.stage.time * stage.step.gap, rel=1e-6)


def test_unitary_matrices_have_no_stage() -> None:
    state = chain(2.0, qubits=4)
    matrices = np.where(np.arange(4)[:, None, None] == 1, np.eye(2), state.matrices)
    state = replace(state, matrices=matrices)
    assert [stage.stage.qubit for stage in plan_path(state, 1e-2).stages] == [0, 2, 3]


def test_costs_of_post_selection_and_rewinding_add_up() -> None:
    plan = PathPlan((planned(0.5, 100), planned(0.25, 300)), planned(0.5, 40))
    assert plan.success_probability == pytest.approx(0.125)
    assert plan.two_qubit_gates == 400
    assert plan.post_selected_gates == pytest.approx((100 + 0.5 * 300) / 0.125)
    # Overlap p: 1 / 2p returns, one more attempt, each measurement twice.
    assert plan.rewound_gates == pytest.approx(2 * (1 * 40 + 2 * 100) + 2 * (2 * 100 + 3 * 300))


def test_bad_errors_and_too_many_qubits_are_refused() -> None:
    with pytest.raises(InvalidProblemError, match="error = 2"):
        plan_path(chain(2.0), 2.0)
    with pytest.raises(TooLargeError, match="up to 12 qubits"):
        plan_path(chain(2.0, qubits=13), 1e-2)
