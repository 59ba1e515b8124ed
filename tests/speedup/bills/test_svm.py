"""Bills of quantum kernels: those of the circuits that kernels measure."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from projection_worlds import quantum_rows

from circuits.costs import GateCounts, count_gates
from circuits.feature_maps import ZZMap
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.kernels import FidelityKernel, ProjectedKernel
from qml_algos.kernels.sampled.overlap import overlap_circuit
from qml_algos.kernels.sampled.rotations import with_rotations_only
from qml_algos.speedup import compare
from qml_algos.speedup.bills.kernel_circuits import FEATURE_MAP_COSTS, map_cost, overlap_cost
from qml_algos.speedup.bills.law import BillRequest
from qml_algos.speedup.bills.svm import SOLVERS, bill_law, kernel_bill
from qml_algos.speedup.options import options_of
from qml_algos.speedup.svm import SVMContest
from qml_algos.svm.registry import FEATURE_MAPS


def assert_equal(counts: GateCounts, bill: GateCounts) -> None:
    for field in fields(GateCounts):
        found, billed = getattr(counts, field.name), getattr(bill, field.name)
        if field.name.endswith("depth"):
            assert found <= billed, field.name
        else:
            assert found == billed, field.name


@pytest.mark.parametrize("name", FEATURE_MAPS)
@pytest.mark.parametrize("features", [2, 3, 4, 7, 8])
def test_gates_of_a_map_and_of_an_overlap_are_those_of_their_circuits(
    name: str, features: int
) -> None:
    circuit = FEATURE_MAPS[name].circuit(features)
    assert_equal(count_gates(with_rotations_only(circuit)), map_cost(name, features).whole)
    gates, reading = overlap_cost(name, features)
    assert_equal(count_gates(overlap_circuit(circuit).circuit), gates + reading)


@pytest.mark.parametrize("solver", ["fidelity", "projected"])
def test_a_bill_has_as_many_circuits_as_a_kernel_runs(solver: str) -> None:
    kernel = {"fidelity": FidelityKernel, "projected": ProjectedKernel}[solver]
    rows = np.random.default_rng(0).normal(size=(7, 2))
    measured = kernel(ZZMap(), backend="aer_shots", shots=2, random_state=0)
    among, between = measured.gram(rows[:4]), measured.gram(rows[4:], rows[:4])
    # A projected kernel measures the training states again, with the seed that they had.
    again = 2 * 3 * 4 if solver == "projected" else 0
    bill = kernel_bill(solver, 2, training=4, held_out=3)
    assert among.executions + between.executions - again == 2 * bill.circuits


@pytest.mark.slow
def test_bills_are_those_of_the_rows_of_a_comparison_that_takes_shots() -> None:
    contest = SVMContest(samples=12, folds=2)
    result = compare(
        contest,
        sizes=[2, 3, 4],
        solvers=["fidelity", "projected"],
        backend="aer_shots",
        shots=10,
        random_state=0,
    )
    for row in result.rows:
        assert row.gates_as_built is not None
        assert row.shots is not None
        bill = kernel_bill(row.solver, row.size, training=6, held_out=6)
        assert_equal(row.gates_as_built, bill.run)
        # The row has the training samples alone: pairs of them, or each in three bases.
        trained = {"fidelity": 15, "projected": 18}[row.solver]
        labelled = {"fidelity": 36, "projected": 18}[row.solver]
        assert row.shots == 10 * trained
        assert bill.circuits == trained + labelled


def test_so_many_shots_keep_all_entries_to_the_error_as_often_as_asked() -> None:
    # Of 500 repetitions at most 5 % may have an entry that misses; entries of 1/2 vary most. 9 %
    # would be four standard errors more.
    bill = kernel_bill("fidelity", 4, training=6, held_out=6, epsilon=0.05)
    shots = round(bill.shots)
    rng = np.random.default_rng(0)
    seen = rng.binomial(shots, 0.5, size=(500, int(bill.circuits))) / shots
    assert np.mean(np.max(np.abs(seen - 0.5), axis=1) > 0.05) < 0.09


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", FEATURE_MAP_COSTS)
def test_bills_go_up_to_a_size_of_1e30(solver: str, name: str) -> None:
    bill = kernel_bill(solver, 10**30, feature_map=name)
    assert np.isfinite(float(bill.run.rotations))
    assert np.isfinite(bill.shots)
    assert bill.estimation_uses is not None
    assert np.isfinite(bill.estimation_uses)


def test_a_zz_map_grows_as_the_square_of_the_features_and_the_number_of_circuits_not_at_all() -> (
    None
):
    small, large = (kernel_bill("fidelity", 10**power) for power in (10, 30))
    assert large.algorithm.two_qubit_gates / small.algorithm.two_qubit_gates == pytest.approx(1e40)
    assert (large.circuits, large.shots) == (small.circuits, small.shots)
    assert large.circuits == 48 * 47 / 2 + 48 * 12


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="trained"):
        kernel_bill("trained", 4)
    with pytest.raises(UnknownNameError, match="cosine"):
        kernel_bill("fidelity", 4, feature_map="cosine")
    with pytest.raises(InvalidProblemError, match="feature map amplitude"):
        kernel_bill("fidelity", 1, feature_map="amplitude")
    with pytest.raises(InvalidProblemError, match="training"):
        kernel_bill("fidelity", 4, training=0)


def request(**changes: Any) -> BillRequest:
    """Ask for bills of a fidelity kernel on drawn data."""
    rows = tuple(quantum_rows("fidelity", [2, 4], family="two-curves"))
    settings = {"options": options_of(SVMContest(samples=50, folds=5, feature_map="iqp"))}
    asked = BillRequest(rows, "fidelity", "two-curves", settings, "vector", 0.2, 0.95)
    return replace(asked, **changes)


def test_a_law_takes_samples_and_map_from_the_comparison_and_its_own_error_of_entries() -> None:
    law = bill_law(request())
    assert law.bill is not None
    expected = kernel_bill("fidelity", 2**20, feature_map="iqp", training=40, held_out=10)
    assert law.bill(2**20) == expected
    assert {check.check for check in law.checks} == {"output", "concentration", "classical kernel"}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"solver": "trained"}, "trained"),
        ({"family": "mine"}, "number of samples"),
        ({"settings": {}}, "what kernel"),
    ],
)
def test_what_has_no_bill_gives_the_reason(changes: dict[str, Any], named: str) -> None:
    law = bill_law(request(**changes))
    assert law.bill is None
    assert named in (law.reason or "")
