"""The ledger: private, durable, append-only, and clear about what is wrong with it."""

import contextlib
import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from qml_algos.backends.jobs.ledger import Ledger, default_path
from qml_algos.backends.jobs.records import LOST, NEXT, Compilation, Job, State, job_id
from qml_algos.errors import LedgerError, UnknownNameError


@pytest.fixture
def ledger(tmp_path: Path):
    with contextlib.closing(Ledger(tmp_path / "state" / "ledger.sqlite")) as opened:
        yield opened


def a_job(*keys: str, attempt: int = 0, **fields) -> Job:
    return Job(
        id=job_id(keys, attempt),
        backend="ibm_device",
        device="ibm_boston",
        state=State.PLANNED,
        executions=100,
        estimated=3.0,
        details={"attempt": attempt},
        **fields,
    )


def planned(ledger: Ledger, *keys: str, attempt: int = 0) -> Job:
    job = a_job(*keys, attempt=attempt)
    ledger.plan(job, keys)
    return job


def finished(ledger: Ledger, *keys: str) -> Job:
    job = planned(ledger, *keys)
    ledger.transition(job.id, State.SUBMITTING)
    ledger.transition(job.id, State.QUEUED, provider_id=f"p-{job.id}")
    ledger.complete(job.id, [key.encode() for key in keys], used=2.5)
    return job


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        ledger = Ledger(tmp_path / "new" / "ledger.sqlite")
        planned(ledger, "a")
        with ledger.submitting():
            pass
        files = list((tmp_path / "new").iterdir())
    finally:
        os.umask(before)
    assert {file.name for file in files} >= {"ledger.sqlite", "ledger.sqlite-wal", "ledger.lock"}
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    ledger.close()


def test_every_commit_is_on_disk_and_readers_do_not_wait(ledger: Ledger) -> None:
    with ledger._transaction(write=False) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_job_is_followed_from_plan_to_result(ledger: Ledger) -> None:
    job = finished(ledger, "a", "b")
    known = ledger.job(job.id)
    assert (known.state, known.provider_id, known.used) == (State.DONE, f"p-{job.id}", 2.5)
    assert known.details["versions"]["qiskit"]
    assert [event.state for event in ledger.events(job.id)] == [
        State.PLANNED,
        State.SUBMITTING,
        State.QUEUED,
        State.DONE,
    ]
    assert ledger.result("b") == b"b"
    assert ledger.holders(["a", "x"]) == {"a": (job.id, State.DONE, True)}


def test_states_follow_only_their_predecessors(ledger: Ledger) -> None:
    for state, following in NEXT.items():
        for wanted in set(State) - {state, *following}:
            job = planned(ledger, f"{state} {wanted}")
            with ledger._transaction() as db:
                db.execute("UPDATE job SET state = ? WHERE id = ?", [state, job.id])
            with pytest.raises(LedgerError, match=f"is {state}: it cannot become {wanted}"):
                ledger.transition(job.id, wanted)
            assert ledger.job(job.id).state is state


def test_history_can_only_grow(ledger: Ledger) -> None:
    planned(ledger, "a")
    for statement in ("UPDATE event SET note = 'x'", "DELETE FROM event"):
        with pytest.raises(LedgerError, match="events are never"), ledger._transaction() as db:
            db.execute(statement)


def test_units_on_their_way_or_done_are_not_planned_again(ledger: Ledger) -> None:
    finished(ledger, "a")
    with pytest.raises(LedgerError, match="is DONE"):
        ledger.plan(a_job("a", "b"), ["a", "b"])
    assert ledger.holders(["b"]) == {}
    job = planned(ledger, "c")
    ledger.transition(job.id, State.SUBMITTING)
    with pytest.raises(LedgerError, match="is SUBMITTING"):
        ledger.plan(a_job("c", "d"), ["c", "d"])


def test_units_never_sent_move_to_the_new_plan(ledger: Ledger) -> None:
    first = planned(ledger, "a", "b")
    second = planned(ledger, "b")
    assert ledger.job(first.id).state is State.PLANNED
    third = planned(ledger, "a")
    assert ledger.job(first.id).state is State.CANCELLED
    assert {job for job, *_ in ledger.holders(["a", "b"]).values()} == {second.id, third.id}
    assert "never sent" in ledger.events(first.id)[-1].note
    again = planned(ledger, "a", "b")
    assert again.id == first.id
    assert ledger.job(first.id).state is State.PLANNED


@pytest.mark.parametrize("end", LOST)
def test_a_lost_job_is_followed_by_another_attempt(ledger: Ledger, end: State) -> None:
    first = planned(ledger, "a")
    ledger.transition(first.id, State.SUBMITTING)
    ledger.transition(first.id, end, error="because")
    assert ledger.attempts(["a"]) == 1
    with pytest.raises(LedgerError, match="new attempt needs a new id"):
        planned(ledger, "a")
    second = planned(ledger, "a", attempt=1)
    assert second.tag != first.tag
    assert ledger.job(first.id).state is end
    assert ledger.holders(["a"])["a"][0] == second.id


def test_results_and_units_must_be_as_many(ledger: Ledger) -> None:
    job = planned(ledger, "a", "b")
    ledger.transition(job.id, State.SUBMITTING)
    with pytest.raises(LedgerError, match="2 units, 1 results"):
        ledger.complete(job.id, [b"only one"])
    assert ledger.job(job.id).state is State.SUBMITTING


def test_what_ran_here_is_recorded_once(ledger: Ledger) -> None:
    assert ledger.record(a_job("a", "b"), {"a": b"1", "b": b"2"}) == {"a", "b"}
    assert ledger.record(a_job("b", "c"), {"b": b"other", "c": b"3"}) == {"c"}
    assert ledger.record(a_job("b"), {"b": b"other"}) == set()
    assert [ledger.result(key) for key in "abc"] == [b"1", b"2", b"3"]


def test_a_computation_is_found_by_the_beginning_of_its_id(ledger: Ledger) -> None:
    begun = ledger.begin("linear-systems", {"size": 4})
    assert ledger.computation(begun.id[:4]).arguments == {"size": 4}
    ledger.finish(begun.id, "x = 1")
    assert ledger.computation(begun.id).outcome == "x = 1"
    for unknown in ("zzzz", ""):
        with pytest.raises(UnknownNameError, match=begun.id):
            ledger.computation(unknown)


def test_a_step_that_differs_is_noticed(ledger: Ledger) -> None:
    begun = ledger.begin("linear-systems", {})
    assert ledger.step(begun.id, 0, "x")
    assert ledger.step(begun.id, 0, "x")
    assert not ledger.step(begun.id, 0, "y")


def test_compiled_circuits_are_kept_with_device_and_date(ledger: Ledger) -> None:
    kept = Compilation("ibm_boston", "2026-11-25", b"qpy")
    ledger.keep_compilation("logical", "compiled", kept)
    assert ledger.compilation("logical") == kept
    assert ledger.compilation("other") is None
    assert ledger.calibrated("compiled") == ("ibm_boston", "2026-11-25")
    with ledger._transaction() as db:
        db.execute("UPDATE compilation SET circuit = ?", [b"QPY"])
    with pytest.raises(LedgerError, match="damaged"):
        ledger.compilation("logical")


def test_a_circuit_compiled_twice_keeps_its_first_date_unless_it_is_compiled_anew(
    ledger: Ledger,
) -> None:
    monday = Compilation("ibm_boston", "2026-11-23", b"same")
    tuesday = Compilation("ibm_boston", "2026-11-24", b"same")
    ledger.keep_compilation("first", "compiled", monday)
    ledger.keep_compilation("second", "compiled", tuesday)
    assert ledger.calibrated("compiled") == ("ibm_boston", "2026-11-23")
    ledger.keep_compilation("second", "other", Compilation("ibm_boston", "2026-11-25", b"other"))
    assert ledger.compilation("second") == tuesday
    ledger.keep_compilation("second", "compiled", tuesday, anew=True)
    assert ledger.calibrated("compiled") == ("ibm_boston", "2026-11-24")


def test_only_one_holds_the_right_to_send(ledger: Ledger) -> None:
    other = Ledger(ledger.path)
    order = []

    def wait() -> None:
        with other.submitting():
            order.append("second")

    thread = threading.Thread(target=wait)
    with ledger.submitting():
        thread.start()
        thread.join(0.2)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]
    other.close()


def test_a_forked_process_gets_a_connection_of_its_own(ledger: Ledger) -> None:
    planned(ledger, "a")
    child = os.fork()
    if child == 0:
        try:
            planned(ledger, "b")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    planned(ledger, "c")
    assert len(ledger.jobs()) == 3


def test_many_processes_may_create_it_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    children = []
    for number in range(6):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                planned(Ledger(path), f"unit {number}")
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert all(os.waitpid(child, 0)[1] == 0 for child in children)
    ledger = Ledger(path)
    assert len(ledger.jobs()) == 6
    assert not list(tmp_path.glob(".ledger-*"))
    ledger.close()


def test_another_sqlite_file_and_a_newer_ledger_are_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.sqlite"
    with contextlib.closing(sqlite3.connect(foreign)) as db:
        db.execute("CREATE TABLE music(title TEXT)")
    with pytest.raises(LedgerError, match="is no ledger"):
        Ledger(foreign)
    newer = tmp_path / "newer.sqlite"
    Ledger(newer).close()
    with contextlib.closing(sqlite3.connect(newer)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(LedgerError, match="newer version"):
        Ledger(newer)


def test_the_default_is_in_the_state_directory_or_where_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("QML_ALGOS_LEDGER", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_path() == tmp_path / "qml-algos" / "ledger.sqlite"
    monkeypatch.setenv("QML_ALGOS_LEDGER", str(tmp_path / "mine"))
    assert default_path() == tmp_path / "mine"
