"""The sweep: in parallel, point by point, kept in the ledger, and never beyond the machine."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import joblib
import numpy as np
import psutil
import pytest
import scipy.sparse
from joblib.parallel import ThreadingBackend
from qiskit import QuantumCircuit

from qml_algos.backends import Ledger, Recorder, backend
from qml_algos.errors import InvalidProblemError, LedgerError, TooLargeError
from qml_algos.linear_systems import LinearSystem
from qml_algos.pca.sources import Data, PreparedState
from qml_algos.speedup import Comparison, Row, compare
from qml_algos.speedup.content import content_hash
from qml_algos.speedup.contest import Demand, Setting
from qml_algos.speedup.sweep import Sweep

TIMES = ("classical_seconds", "cpu_seconds", "build_seconds", "compile_seconds", "run_seconds")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    yield ledger
    ledger.close()


@dataclass(frozen=True)
class Counting:
    """A contest that writes down what it was asked to do, in a file that all processes see."""

    log: str
    memory: int = 0
    gates: int = 0

    name = "linear-systems"
    families = ("lines",)
    default_sizes = (2, 3)

    def draw(self, family: str, size: int, rng: np.random.Generator) -> Any:
        return rng.normal(size=size)

    def require_solver(self, name: str) -> None:
        assert name in ("circuit", "formula")

    def default_solvers(self, problem: Any) -> list[str]:
        return ["circuit", "formula"]

    def reference(self, problem: Any) -> float:
        return float(np.sum(problem))

    def demand(self, problem: Any, solver: str) -> Demand:
        return Demand(self.memory, self.gates)

    def row(self, problem: Any, solver: str, reference: float, setting: Setting) -> Row:
        with Path(self.log).open("a") as log:
            log.write(f"{solver} {len(problem)}\n")
        if self.broken.exists() and self.broken.read_text() == f"{solver} {len(problem)}":
            raise KeyboardInterrupt
        return replace(self.failed(problem, solver, setting), error=abs(reference))

    def failed(self, problem: Any, solver: str, setting: Setting) -> Row:
        quantum = solver == "circuit"
        return Row(
            problem="",
            size=len(problem),
            condition_number=None,
            solver=solver,
            kind="quantum" if quantum else "classical",
            backend=setting.backend.name if quantum else None,
            target_error=setting.epsilon,
        )

    @property
    def broken(self) -> Path:
        """File with the step at which to be interrupted."""
        return Path(f"{self.log}.broken")

    @property
    def done(self) -> list[str]:
        log = Path(self.log)
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def contest(tmp_path: Path) -> Counting:
    return Counting(str(tmp_path / "log"))


def timeless(comparison: Comparison) -> list[Row]:
    none = dict.fromkeys(TIMES)
    return [replace(row, peak_memory_bytes=None, **none) for row in comparison.rows]


# In parallel


@pytest.mark.slow
def test_several_processes_find_what_one_finds() -> None:
    arguments: dict[str, Any] = {"sizes": [2, 4], "backend": "aer_shots", "random_state": 3}
    one = compare("linear-systems", **arguments)
    two = compare("linear-systems", **arguments, jobs=2)
    assert timeless(one) == timeless(two)


def test_circuits_come_first_and_what_is_timed_last(contest: Counting) -> None:
    with joblib.parallel_config(backend="threading"):
        result = compare(contest, sizes=[2, 3, 4], jobs=2)
    assert sorted(contest.done[:3]) == ["circuit 2", "circuit 3", "circuit 4"]
    assert contest.done[3:] == ["formula 2", "formula 3", "formula 4"]
    assert [(row.size, row.solver) for row in result.rows] == [
        (size, solver) for size in (2, 3, 4) for solver in ("circuit", "formula")
    ]


class AllAtOnce(ThreadingBackend):  # type: ignore[misc]
    """As of Ray: results come when all calls are done."""

    supports_return_generator = False


def test_a_backend_of_joblib_that_cannot_return_one_by_one_works(
    contest: Counting, ledger: Ledger
) -> None:
    joblib.register_parallel_backend("all-at-once", AllAtOnce)
    contest.broken.write_text("circuit 5")
    with joblib.parallel_config(backend="all-at-once"):
        with pytest.raises(KeyboardInterrupt):
            compare(contest, sizes=[2, 3, 4, 5], jobs=2, ledger=ledger, random_state=0)
        Path(contest.log).unlink()
        contest.broken.unlink()
        result = compare(contest, sizes=[2, 3, 4, 5], jobs=2, ledger=ledger, random_state=0)
    assert [row.status for row in result.rows] == ["measured"] * 8
    assert sorted(contest.done[:2]) == ["circuit 4", "circuit 5"], "the first round was kept"


def test_progress_counts_every_step_of_a_parallel_sweep(contest: Counting) -> None:
    calls: list[tuple[int, int, str]] = []
    with joblib.parallel_config(backend="threading"):
        compare(contest, sizes=[2, 3], jobs=2, progress=lambda *call: calls.append(call))
    assert calls[0] == (0, 4, "2 steps, 2 at a time")
    assert [done for done, _, _ in calls] == [0, 1, 2, 2, 3, 4]


def test_recorded_backends_and_devices_go_in_order(
    contest: Counting, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        pytest.fail("steps were shared out")

    monkeypatch.setattr(Sweep, "_parallel", never)
    recorded = backend("aer_shots", recorder=Recorder(ledger))
    compare(contest, backend=recorded, jobs=2)
    assert contest.done == ["circuit 2", "formula 2", "circuit 3", "formula 3"]


# Kept


def test_an_interrupted_sweep_goes_on_where_it_stopped(contest: Counting, ledger: Ledger) -> None:
    contest.broken.write_text("circuit 3")
    with pytest.raises(KeyboardInterrupt):
        compare(contest, ledger=ledger, random_state=0)
    assert contest.done == ["circuit 2", "formula 2", "circuit 3"]
    contest.broken.unlink()
    calls: list[int] = []
    compare(contest, ledger=ledger, random_state=0, progress=lambda done, *_: calls.append(done))
    assert contest.done[3:] == ["circuit 3", "formula 3"]
    assert calls[0] == 2


def test_a_kept_point_is_read_as_it_was_measured(ledger: Ledger) -> None:
    arguments: dict[str, Any] = {"sizes": [2], "random_state": 0, "ledger": ledger}
    first = compare("linear-systems", **arguments)
    again = compare("linear-systems", **arguments)
    assert again.rows == first.rows, "to the last bit of the seconds"


def test_figures_of_numpy_are_kept_as_numbers(
    contest: Counting, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def row(self: Counting, problem: Any, solver: str, _: float, setting: Setting) -> Row:
        bare = self.failed(problem, solver, setting)
        return replace(bare, threads=np.int64(2), flops=np.float64(3.5))  # type: ignore[arg-type]

    monkeypatch.setattr(Counting, "row", row)
    arguments: dict[str, Any] = {"sizes": [2], "random_state": 0, "ledger": ledger}
    assert compare(contest, **arguments).rows == compare(contest, **arguments).rows


def test_more_sizes_take_only_the_new_points(contest: Counting, ledger: Ledger) -> None:
    compare(contest, sizes=[2], ledger=ledger, random_state=0)
    compare(contest, sizes=[2, 3], ledger=ledger, random_state=0)
    assert contest.done == ["circuit 2", "formula 2", "circuit 3", "formula 3"]


def test_nothing_is_kept_without_a_ledger(contest: Counting) -> None:
    compare(contest, random_state=0)
    compare(contest, random_state=0)
    assert len(contest.done) == 8


def test_measuring_anew_replaces_what_was_kept(ledger: Ledger, contest: Counting) -> None:
    arguments: dict[str, Any] = {"sizes": [2], "random_state": 0, "ledger": ledger}
    compare(contest, **arguments)
    compare(contest, **arguments, resume=False)
    assert len(contest.done) == 4
    compare(contest, **arguments)
    assert len(contest.done) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"epsilon": 0.02},
        {"random_state": 1},
        {"shots": 10},
        {"problems": {"own": np.array([1.0, 2.5])}},
    ],
)
def test_what_decides_a_point_makes_another_point(
    change: dict[str, Any], contest: Counting, ledger: Ledger
) -> None:
    arguments: dict[str, Any] = {"problems": {"own": np.array([1.0, 2.0])}, "random_state": 0}
    compare(contest, **arguments, ledger=ledger)
    compare(contest, **(arguments | change), ledger=ledger)
    assert len(contest.done) == 4


def test_a_classical_point_does_not_depend_on_the_backend(
    contest: Counting, ledger: Ledger
) -> None:
    for where in ("aer", "aer_shots"):
        compare(contest, sizes=[2], backend=where, random_state=0, ledger=ledger)
    assert contest.done == ["circuit 2", "formula 2", "circuit 2"]


def test_a_point_of_another_version_of_a_package_is_measured_again(
    contest: Counting, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare(contest, sizes=[2], random_state=0, ledger=ledger)
    module = import_module("qml_algos.speedup.compare")
    monkeypatch.setattr(module, "version", lambda _: "99")
    compare(contest, sizes=[2], random_state=0, ledger=ledger)
    assert len(contest.done) == 4


def test_what_failed_or_was_too_large_is_tried_again(contest: Counting, ledger: Ledger) -> None:
    heavy = replace(contest, memory=2**60)
    for _ in range(2):
        result = compare(heavy, sizes=[2], random_state=0, ledger=ledger)
        assert [row.status for row in result.rows] == ["projected"] * 2
    assert contest.done == []


def test_a_damaged_point_is_refused(contest: Counting, ledger: Ledger) -> None:
    compare(contest, sizes=[2], random_state=0, ledger=ledger)
    with sqlite3.connect(ledger.path) as db:
        db.execute("UPDATE document SET content = ?", [b"{}"])
    with pytest.raises(LedgerError, match="is not what was written"):
        compare(contest, sizes=[2], random_state=0, ledger=ledger)
    with sqlite3.connect(ledger.path) as db:
        db.execute("UPDATE document SET digest = ?", [hashlib.sha256(b"{}").hexdigest()])
    with pytest.raises(LedgerError, match="damaged row: point: lacks the field problem"):
        compare(contest, sizes=[2], random_state=0, ledger=ledger)


def test_a_ledger_of_an_earlier_version_takes_points(contest: Counting, tmp_path: Path) -> None:
    with sqlite3.connect(Ledger(tmp_path / "old.sqlite").path) as db:
        db.execute("DROP TABLE document")
    for _ in range(2):
        compare(contest, sizes=[2], random_state=0, ledger=Ledger(tmp_path / "old.sqlite"))
    assert len(contest.done) == 2


# Content


def system(b: float = 1.0) -> LinearSystem:
    return LinearSystem(np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([b, 0.5]))


def phased(angle: float, name: str = "one") -> QuantumCircuit:
    circuit = QuantumCircuit(1, name=name)
    circuit.rx(angle, 0)
    return circuit


def test_equal_content_has_equal_hashes() -> None:
    used = system()
    assert used.condition_number > 1, "is remembered, and no part of the content"
    assert content_hash(used) == content_hash(system()) is not None
    assert content_hash(phased(0.1)) == content_hash(phased(0.1, "another"))
    assert content_hash({1, 2, 3}) == content_hash({3, 1, 2})
    assert content_hash(np.float64(0.5)) == content_hash(0.5)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (system(), system(1 + 1e-15)),
        (phased(0.1), phased(0.2)),
        (np.zeros(2), np.zeros((2, 1))),
        (np.zeros(2), np.zeros(2, dtype=complex)),
        (1, True),
        (1, 1.0),
        ("1", 1),
        (0.0, -0.0),
        (1.0, 1 + 0j),
        (scipy.sparse.csr_array([[1.0, 0.0]]), scipy.sparse.csr_array([[0.0, 1.0]])),
        (Data(np.ones((2, 2))), PreparedState(phased(0.1))),
        ({"a": 1}, {"a": 2}),
    ],
)
def test_other_content_has_another_hash(one: object, other: object) -> None:
    assert content_hash(one) is not None
    assert content_hash(one) != content_hash(other)


@pytest.mark.parametrize("value", [len, lambda x: x, [object()], {"f": np.sin}])
def test_what_has_no_content_has_no_hash(value: object) -> None:
    assert content_hash(value) is None


class Own:
    """A problem that is a function."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def __len__(self) -> int:
        return 2

    def __array__(self, *_: Any, **__: Any) -> Any:
        return np.ones(2)


def test_points_whose_content_cannot_be_told_are_measured_each_time(
    contest: Counting, ledger: Ledger
) -> None:
    for _ in range(2):
        compare(contest, problems={"odd": Own(len)}, ledger=ledger)
    assert len(contest.done) == 4


# What is too large


def test_a_solver_that_needs_more_memory_than_is_free_is_not_tried(contest: Counting) -> None:
    result = compare(replace(contest, memory=2**50), sizes=[2])
    assert contest.done == []
    for row in result.rows:
        assert row.status == "projected"
        assert re.fullmatch(
            rf"{row.solver} on N = 2 takes about 1\.05e\+06 GiB of memory; .* GiB are free",
            row.failure or "",
        )


def test_jobs_share_the_memory_that_is_free(
    contest: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=100))
    with joblib.parallel_config(backend="threading"):
        result = compare(replace(contest, memory=60), jobs=2)
    assert [row.status for row in result.rows] == ["projected", "measured"] * 2


def test_a_circuit_of_too_many_gates_is_not_built(contest: Counting) -> None:
    result = compare(replace(contest, gates=10**6), sizes=[2], solvers=["circuit"])
    assert "a circuit of at least 1,000,000 gates" in (result.rows[0].failure or "")
    assert contest.done == []


def test_a_simulation_that_takes_too_long_is_projected_with_its_costs() -> None:
    arguments: dict[str, Any] = {"sizes": [8], "solvers": ["qsvt"], "random_state": 0}
    [run] = compare("linear-systems", **arguments).rows
    [projected] = compare("linear-systems", **arguments, max_seconds=1e-9).rows
    assert projected.status == "projected"
    assert "the limit is" in (projected.failure or "")
    assert projected.error is None
    assert projected.run_seconds is None
    assert projected.gates_as_built == run.gates_as_built is not None
    assert projected.two_qubit_gates == run.two_qubit_gates is not None
    assert projected.qubits == run.qubits


def test_more_qubits_than_the_backend_has_are_projected_with_the_gates_as_built() -> None:
    [row] = compare("linear-systems", sizes=[4096], solvers=["qsvt"]).rows
    assert row.status == "projected"
    assert "takes at most 26" in (row.failure or "")
    assert row.gates_as_built is not None
    assert row.qubits == row.gates_as_built.qubits > 26
    assert row.two_qubit_gates is None, "it was never compiled"


def test_a_state_that_does_not_fit_into_memory_is_projected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=2**16))
    result = compare("linear-systems", sizes=[8], solvers=["qsvt", "direct"])
    assert [row.status for row in result.rows] == ["projected", "measured"]
    assert "simulating 11 qubits takes about" in (result.rows[0].failure or "")


def test_a_problem_whose_reference_is_too_large_is_projected(
    contest: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> float:
        raise TooLargeError("no room for it")

    monkeypatch.setattr(Counting, "reference", refuse)
    result = compare(contest, sizes=[2])
    assert [(row.status, row.failure) for row in result.rows] == [
        ("projected", "no room for it")
    ] * 2


def test_gates_as_built_are_those_of_the_circuit_that_was_compiled() -> None:
    [row] = compare("fourier", sizes=[16], solvers=["qft"], random_state=0, shots=50,
                    backend="aer_shots").rows  # fmt: skip
    assert row.gates_as_built is not None
    assert row.gates_as_built.measurements == row.measurements == 4
    assert row.gates_as_built.two_qubit_gates >= (row.two_qubit_gates or 0) > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"jobs": 0}, "jobs = 0: must be a positive number of steps"),
        ({"jobs": 1.5}, "jobs = 1.5"),
        ({"jobs": True}, "jobs = True"),
        ({"max_seconds": 0}, "max_seconds = 0: must be a finite number above 0"),
        ({"max_seconds": float("nan")}, "max_seconds = nan"),
        ({"max_seconds": "long"}, "max_seconds = 'long'"),
    ],
)
def test_bad_settings_are_refused_before_anything_runs(
    arguments: dict[str, Any], words: str, contest: Counting
) -> None:
    with pytest.raises(InvalidProblemError) as caught:
        compare(contest, **arguments)
    assert words in str(caught.value)
    assert contest.done == []
