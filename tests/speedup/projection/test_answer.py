"""Seconds of an answer: gates times uses times runs, every line on its own."""

from dataclasses import replace

import pytest
from projection_worlds import GateClock

from circuits.costs import GateCounts
from circuits.costs.amplification import phase_on_value_cost
from qml_algos.speedup.bills import Bill
from qml_algos.speedup.projection.answer import LINES, answer, coherent_run
from qml_algos.speedup.projection.assumptions import Assumptions
from qml_algos.speedup.projection.quantum import seconds_of_runs, with_gate_time

BILL = Bill(
    size=1024,
    preparation=GateCounts(qubits=12, rotations=300),
    algorithm=GateCounts(qubits=12, two_qubit_gates=500, t_gates=190, two_qubit_depth=400),
    readout=GateCounts(qubits=12, measurements=10),
    success_probability=0.01,
    shots=1000.0,
    estimation_uses=4000.0,
    preprocessing_seconds=0.25,
    postprocessing_seconds=0.5,
    kappa_exponent=0.5,
)


def test_sampling_repeats_the_circuit_until_enough_runs_are_accepted() -> None:
    found = answer(BILL, GateClock(1e-6), "sampling")
    assert found is not None
    assert found.runs == pytest.approx(1e5)
    assert found.seconds == pytest.approx(1e5 * 1e-6 * 1000 + 0.75)


def test_the_lines_add_up_to_the_seconds_and_are_those_of_their_gates() -> None:
    found = answer(BILL, GateClock(1e-6), "sampling")
    assert found is not None
    lines = dict(zip(LINES, found.lines, strict=True))
    assert sum(found.lines) == pytest.approx(found.seconds)
    assert lines["state preparation"] == pytest.approx(30)
    assert lines["algorithm"] == pytest.approx(69)
    assert lines["read-out"] == pytest.approx(1)
    assert lines["classical preprocessing"] == 0.25
    assert lines["classical postprocessing"] == 0.5
    assert found.dominating == "algorithm"


def test_amplification_takes_all_rounds_in_one_circuit_and_fewer_of_them() -> None:
    run, runs = coherent_run(BILL, "amplification") or (GateCounts(), 0.0)
    # A success probability of 0.01 takes seven rounds, to 0.9953.
    assert BILL.amplification_rounds == 7
    assert runs == pytest.approx(1000 / 0.9953, rel=1e-3)
    assert run.rotations == 15 * 300
    assert run.measurements == 10


def test_estimation_is_one_circuit_with_a_reflection_for_each_use() -> None:
    run, runs = coherent_run(BILL, "estimation") or (GateCounts(), 0.0)
    assert runs == 1
    # The builder's phase on a value: its diagonal is a CZ where the phase is pi.
    reflection = phase_on_value_cost(12)
    assert run.t_gates == 4000 * (190 + reflection.t_gates)
    assert run.two_qubit_gates == 4000 * (500 + reflection.two_qubit_gates - 1)
    assert run.measurements == 10


def test_a_bill_without_estimation_has_no_answer_by_it() -> None:
    assert answer(replace(BILL, estimation_uses=None), GateClock(), "estimation") is None


def test_a_device_that_is_too_small_takes_forever_and_says_why() -> None:
    found = answer(BILL, GateClock(limit=5), "sampling")
    assert found is not None
    assert found.seconds == float("inf")
    assert found.reason == "It has too few qubits."


def test_faster_gates_change_nothing_classical() -> None:
    runs = [(BILL, coherent_run(BILL, "sampling"))]
    slow = seconds_of_runs(runs, GateClock())
    fast = with_gate_time(slow, runs, 0.1)
    assert fast[0] - 0.75 == pytest.approx((slow[0] - 0.75) / 10)


def test_assumptions_change_what_they_name() -> None:
    assert Assumptions(preparation=0).of(BILL).preparation.rotations == 0
    assert Assumptions(readout=0.1).of(BILL).shots == pytest.approx(100)
    assert Assumptions(readout=0.1).of(BILL).estimation_uses == pytest.approx(400)
    assert Assumptions().of(BILL) is BILL


def test_a_condition_number_that_grows_changes_gates_uses_and_success() -> None:
    # N^(s k) = 1024^(0.2 * 0.5) = 2.
    grown = Assumptions(kappa_growth=0.2).of(BILL)
    assert grown.algorithm.t_gates == pytest.approx(380)
    assert grown.estimation_uses == pytest.approx(8000)
    assert grown.success_probability == pytest.approx(0.0025)
