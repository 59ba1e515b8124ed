"""Projections of comparisons whose laws are known."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from projection_worlds import GateClock, classical_rows, comparison, quantum_rows

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.speedup.bills.linear_systems import linear_system_bill
from qml_algos.speedup.devices import device_model
from qml_algos.speedup.measure import Machine
from qml_algos.speedup.projection import LINES, Projection, answer, project

SIZES = [2**power for power in range(6, 23, 2)]
SECONDS_PER_UNKNOWN = 5.2e-8


def banded(size: int) -> float:
    """Seconds of a banded solver."""
    return SECONDS_PER_UNKNOWN * size


def quadratic(size: int) -> float:
    """Seconds of a solver that does not know the structure."""
    return 1e-8 * size**2


ROWS = [
    *quantum_rows("qsvt", [4, 8, 16]),
    *classical_rows("direct", banded, SIZES),
    *classical_rows("cg", quadratic, SIZES),
]
LOCAL = classical_rows("local", lambda size: 2e-4, SIZES, output="observable")


@pytest.fixture(scope="module")
def against_local() -> Projection:
    """One observable, for which there is a local rival."""
    devices = [GateClock(), "superconducting_e3"]
    return project(comparison([*ROWS, *LOCAL]), devices=devices, output="observable")


def test_the_crossover_is_where_both_sides_take_as_long() -> None:
    rows = [*quantum_rows("qsvt", [4, 8, 16]), *classical_rows("cg", quadratic, SIZES)]
    found = project(
        comparison(rows), devices=[GateClock()], output="observable", strategies=["estimation"]
    )
    [line] = found.crossovers
    size = line.size or math.nan
    # The seconds of the bill are those of a power of two; between two, a power law joins them.
    ends = [2 ** math.floor(math.log2(size)), 2 ** math.ceil(math.log2(size))]
    gaps = []
    for end in ends:
        billed = answer(linear_system_bill("qsvt", "tridiagonal", end), GateClock(), "estimation")
        assert billed is not None
        gaps.append(math.log(billed.seconds / quadratic(end)))
    assert gaps[0] > 0 > gaps[1]
    share = gaps[0] / (gaps[0] - gaps[1])
    assert size == pytest.approx(ends[0] * (ends[1] / ends[0]) ** share, rel=1e-3)
    assert line.low <= size <= line.high
    assert line.seconds == pytest.approx(quadratic(int(size)), rel=1e-3)
    assert line.dominated_by == "state preparation"


def test_the_hardest_rival_decides_and_the_commonest_mistake_stands_beside(
    against_local: Projection,
) -> None:
    main = [line for line in against_local.crossovers if not line.aside]
    aside = [line for line in against_local.crossovers if line.aside]
    assert {line.classical for line in main} == {"local"}
    assert {line.classical for line in aside} == {"direct"}
    assert all(line.size is None for line in main)


def test_free_loading_moves_the_crossover_with_the_full_solve_into_range(
    against_local: Projection,
) -> None:
    frame = against_local.sensitivity_frame()
    free = frame[(frame.assumption == "state preparation") & frame.aside]
    assert free["size"].notna().all()
    assert (free.orders == -math.inf).all()
    others = frame[(frame.assumption != "state preparation") & frame.aside]
    assert others["size"].isna().all()


def test_no_assumption_makes_an_advantage_over_the_local_solve(against_local: Projection) -> None:
    frame = against_local.sensitivity_frame()
    assert frame[~frame.aside]["size"].isna().all()
    assert (frame[~frame.aside].orders == 0).all()
    text = " ".join(against_local.verdict)
    assert "never overtakes local" in text
    assert "No single assumption changes that" in text
    assert "If loading the data took no gates" in text


def test_a_whole_solution_has_no_local_rival() -> None:
    found = project(
        comparison([*ROWS, *LOCAL]),
        devices=[GateClock()],
        output="vector",
        strategies=["sampling"],
    )
    assert {curve.solver for curve in found.classical} == {"direct", "cg"}
    assert [line.aside for line in found.crossovers] == [False]


def test_the_sensitivity_to_gate_time_is_that_of_slower_gates() -> None:
    rows = [*quantum_rows("qsvt", [4, 8, 16]), *classical_rows("cg", quadratic, SIZES)]
    record = comparison(rows)
    slow, fast = (
        project(record, devices=[GateClock(time)], output="observable", strategies=["sampling"])
        for time in (1e-6, 1e-7)
    )
    [moved] = [line for line in slow.sensitivities if line.assumption == "gate time"]
    assert moved.size == pytest.approx(fast.crossovers[0].size, rel=1e-3)
    before = slow.crossovers[0].size or math.nan
    assert moved.orders == pytest.approx(math.log10((moved.size or math.nan) / before))


def test_the_frame_has_all_curves_and_its_lines_add_up(against_local: Projection) -> None:
    frame = against_local.to_frame()
    quantum = frame[(frame.kind == "quantum") & np.isfinite(frame.seconds)]
    assert set(quantum.strategy) == {"sampling", "amplification", "estimation"}
    assert np.allclose(quantum[[*LINES]].sum(axis=1), quantum.seconds)
    measured = frame[frame.kind == "measured"]
    assert set(measured.solver) == {"direct", "cg", "local"}
    classical = frame[(frame.kind == "classical") & (frame.solver == "direct")]
    assert (classical.low <= classical.seconds).all()
    assert (classical.seconds <= classical.high).all()


def test_the_document_is_strict_json_with_all_that_a_page_computes_with(
    against_local: Projection,
) -> None:
    document = json.loads(json.dumps(against_local.to_json(), allow_nan=False))
    [quantum] = document["quantum"]
    assert quantum["bills"][0]["size"] == 4
    assert set(quantum["bills"][0]["algorithm"]) >= {"t_gates", "two_qubit_depth", "rotations"}
    assert [device["name"] for device in document["devices"]] == [
        "gate-clock",
        "superconducting_e3",
    ]
    assert {law["solver"]: law["law"]["form"] for law in document["classical"]}["direct"] == (
        "polynomial"
    )
    assert document["crossovers"][0]["high"] is None
    assert {"solver", "check", "answer", "figure", "tone", "sentence"} == set(
        document["fine_print"][0]
    )


def test_the_fine_print_answers_with_numbers(against_local: Projection) -> None:
    frame = against_local.fine_print_frame().set_index("check")
    assert frame.figure["data loading"] == pytest.approx(1, abs=0.01)
    assert frame.tone["data loading"] == "bad"
    assert frame.figure["condition number"] == pytest.approx(0, abs=1e-9)
    assert frame.figure["sparsity"] == 3
    assert frame.answer["classically diagonalised"] == "no"
    assert frame.answer["same structure"] == "used by the rival too"
    assert frame.answer["error"] == "simulated up to 16"
    assert frame.answer["gate counts"] == "closed form"
    assert set(frame.index) >= {"rank", "output", "access"}


def test_too_few_sizes_say_so_and_give_no_crossover() -> None:
    rows = [*quantum_rows("qsvt", [4, 8]), *classical_rows("direct", banded, [64, 128])]
    found = project(comparison(rows), devices=[GateClock()], output="observable")
    assert found.crossovers == ()
    assert any("2 given" in sentence for sentence in found.verdict)


def test_seconds_that_fall_with_the_size_are_taken_as_constant_in_the_rivals_favour() -> None:
    rows = [
        *quantum_rows("qsvt", [4, 8, 16]),
        *classical_rows("direct", lambda size: size**-0.3, [16, 64, 256, 1024]),
    ]
    found = project(comparison(rows), devices=[GateClock()], output="observable")
    [curve] = found.classical
    assert curve.law is None
    assert np.allclose(curve.seconds, 1024**-0.3)
    assert any("fall with N" in sentence for sentence in found.verdict)
    assert found.to_json()["classical"][0]["law"]["form"] == "constant"


def test_a_rival_whose_work_is_known_not_to_grow_needs_no_law() -> None:
    rows = classical_rows("local-sampling", lambda size: 2e-4, [2**18, 2**20], output="observable")
    found = project(comparison([*ROWS, *rows]), devices=[GateClock()], output="observable")
    [line] = [line for line in found.crossovers if line.strategy == "sampling" and not line.aside]
    assert line.classical == "local-sampling"
    assert line.size is None


def test_rows_above_the_target_error_are_no_rivals() -> None:
    rows = [replace(row, error=0.5) for row in classical_rows("local", lambda size: 1e-9, SIZES)]
    found = project(comparison([*ROWS, *rows]), devices=[GateClock()], output="observable")
    assert all(line.classical != "local" for line in found.crossovers)


def test_a_solver_without_bills_says_why() -> None:
    rows = [*ROWS, *quantum_rows("variational", [4, 8, 16])]
    found = project(comparison(rows), devices=[GateClock()], output="observable")
    assert any("variational is not projected" in sentence for sentence in found.verdict)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"devices": ["abacus"]}, "abacus"),
        ({"strategies": ["guessing"]}, "guessing"),
        ({"family": "plates"}, "plates"),
    ],
)
def test_unknown_names_are_refused(options: dict[str, object], named: str) -> None:
    with pytest.raises(UnknownNameError, match=named):
        project(comparison(ROWS), **options)


def test_a_confidence_of_1_and_an_empty_comparison_are_refused() -> None:
    with pytest.raises(ValueError, match="confidence"):
        project(comparison(ROWS), confidence=1.0)
    with pytest.raises(InvalidProblemError, match="no rows"):
        project(comparison([]))


def test_the_worked_tridiagonal_case_comes_out_within_a_factor_of_two() -> None:
    """22 qubits: 24.6 ms a run, 22 s by estimation, crossing at 4e8 to 8e8 without loading."""
    device = device_model("superconducting_e3")
    bill = linear_system_bill("qsvt", "tridiagonal", 2**22, loaded=False)
    once = device.execution(bill.run, 1.0).seconds_per_run
    estimated = answer(bill, device, "estimation")
    assert estimated is not None
    assert once < 24.6e-3
    assert 11 < estimated.seconds < 44
    found = project(comparison(ROWS), devices=[device], output="observable")
    [free] = [
        line
        for line in found.sensitivities
        if (line.strategy, line.assumption) == ("estimation", "state preparation")
    ]
    assert 2e8 < (free.size or math.nan) < 1.6e9


def test_a_larger_machine_of_the_rival_puts_the_crossover_off() -> None:
    rows = [*quantum_rows("qsvt", [4, 8, 16]), *classical_rows("cg", quadratic, SIZES)]
    node = Machine("node", "a node", 64, 64, 1e30, 1e12, 1e12, "made up")
    here, there = (
        project(
            comparison(rows),
            devices=[GateClock()],
            output="observable",
            strategies=["estimation"],
            machine=machine,
        )
        for machine in (None, node)
    )
    assert there.machine is not None
    assert there.machine[1] > 1e15
    assert (there.crossovers[0].size or math.inf) > 1e3 * (here.crossovers[0].size or 0)
    assert any("node gains no more than that" in sentence for sentence in there.verdict)
    assert (here.to_json()["machine"], there.to_json()["machine"]) == (None, "node")


def test_an_unknown_machine_is_refused_by_name() -> None:
    with pytest.raises(UnknownNameError, match="a101"):
        project(comparison(ROWS), devices=[GateClock()], machine="a101")
