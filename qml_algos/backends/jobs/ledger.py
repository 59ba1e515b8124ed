"""The ledger: one SQLite file that knows every job, from before it is sent."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sqlite3
import tempfile
import threading
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import platformdirs
from pydantic import TypeAdapter

from qml_algos.backends.jobs.records import (
    LOST,
    NEVER_SENT,
    NEXT,
    Compilation,
    Computation,
    Event,
    Job,
    State,
    job_id,
)
from qml_algos.errors import LedgerError, UnknownNameError

SCHEMA = """
CREATE TABLE job(
    id TEXT PRIMARY KEY, backend TEXT NOT NULL, device TEXT NOT NULL, state TEXT NOT NULL,
    provider_id TEXT UNIQUE, computation TEXT, executions INTEGER NOT NULL, estimated REAL,
    used REAL, error TEXT, details TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL);
CREATE TABLE unit(
    key TEXT PRIMARY KEY, job TEXT NOT NULL REFERENCES job(id), position INTEGER NOT NULL,
    result BLOB, digest TEXT);
CREATE INDEX unit_job ON unit(job, position);
CREATE TABLE compilation(
    key TEXT NOT NULL, compiled TEXT NOT NULL, device TEXT NOT NULL, calibrated TEXT,
    circuit BLOB NOT NULL, digest TEXT NOT NULL, created TEXT NOT NULL,
    PRIMARY KEY(key, device));
CREATE INDEX compilation_compiled ON compilation(compiled);
CREATE TABLE computation(
    id TEXT PRIMARY KEY, task TEXT NOT NULL, arguments TEXT NOT NULL, outcome TEXT,
    created TEXT NOT NULL, updated TEXT NOT NULL);
CREATE TABLE step(
    computation TEXT NOT NULL REFERENCES computation(id), position INTEGER NOT NULL,
    digest TEXT NOT NULL, PRIMARY KEY(computation, position));
CREATE TABLE event(
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, job TEXT NOT NULL, state TEXT NOT NULL,
    note TEXT NOT NULL);
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
PRAGMA user_version = 1;
"""
# Ledgers of versions that had none get it when they are opened.
DOCUMENTS = """
CREATE TABLE IF NOT EXISTS document(
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, content BLOB NOT NULL, digest TEXT NOT NULL,
    created TEXT NOT NULL);
"""
SCHEMA_VERSION = 1
APPLICATION = "qml-algos"
LOCK_WAIT_SECONDS = 30.0

Record = TypeVar("Record", Job, Event, Computation)


def default_path() -> Path:
    """Where the ledger is: ``QML_ALGOS_LEDGER``, else in the user's state directory."""
    told = os.environ.get("QML_ALGOS_LEDGER")
    if told:
        return Path(told)
    return platformdirs.user_state_path(APPLICATION) / "ledger.sqlite"


class Ledger:
    """The record of all jobs, compiled circuits and computations.

    Every change is on disk before the method returns (write-ahead log, ``synchronous=FULL``).
    Several processes may use one file. It must be on a local disk: locks of network file
    systems are not to be relied on. The file is readable by its owner only.

    Parameters
    ----------
    path
        The file; made if missing. By default `default_path`.

    Raises
    ------
    LedgerError
        If the file is no ledger, is damaged, was written by a newer version, or cannot be
        written.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self._connections: dict[int, sqlite3.Connection] = {}
        self._mutex = threading.RLock()
        weakref.finalize(self, _close, self._connections)
        self.path = (Path(path) if path is not None else default_path()).expanduser().absolute()
        with self._explained():
            if not self.path.exists():
                _create(self.path)
            self._check()

    def __repr__(self) -> str:
        return f"Ledger({str(self.path)!r})"

    # -- jobs -------------------------------------------------------------------------------

    def plan(self, job: Job, keys: Sequence[str]) -> None:
        """Record the intent to send units as one job.

        Units of jobs that were never sent, or are lost, move to this one; jobs left without
        units are closed.

        Raises
        ------
        LedgerError
            If one of the units is done or on its way already.
        """
        with self._transaction() as db:
            held = self._holders(db, keys)
            for key, (other, state, _) in held.items():
                if state not in (*NEVER_SENT, *LOST):
                    raise LedgerError(f"unit {key[:12]} belongs to job {other}, which is {state}")
            if job.id in {other for other, *_ in held.values()} and _state(db, job.id) in LOST:
                raise LedgerError(f"job {job.id} has ended: a new attempt needs a new id")
            self._insert(db, job)
            db.executemany(
                "INSERT INTO unit(key, job, position) VALUES (?, ?, ?) ON CONFLICT(key) "
                "DO UPDATE SET job = excluded.job, position = excluded.position",
                [(key, job.id, position) for position, key in enumerate(keys)],
            )
            for other in {o for o, state, _ in held.values() if state in NEVER_SENT} - {job.id}:
                if not db.execute("SELECT 1 FROM unit WHERE job = ?", [other]).fetchone():
                    self._move(db, other, State.CANCELLED, f"never sent; replaced by {job.id}")

    def transition(
        self,
        job: str,
        state: State,
        note: str = "",
        *,
        provider_id: str | None = None,
        used: float | None = None,
        error: str | None = None,
        only_from: Collection[State] = tuple(State),
    ) -> None:
        """Move a job to another state, if it is in one of ``only_from``.

        Raises
        ------
        LedgerError
            If that state cannot follow the present one; nothing changes then.
        """
        with self._transaction() as db:
            if _state(db, job) not in only_from:
                return
            self._move(db, job, state, note)
            db.execute(
                "UPDATE job SET provider_id = coalesce(?, provider_id), used = coalesce(?, used), "
                "error = ? WHERE id = ?",
                [provider_id, used, error, job],
            )

    def adopt(self, job: str, provider_id: str) -> None:
        """Take another of the service's jobs with its tag for a job."""
        with self._transaction() as db:
            _log(db, job, _state(db, job), f"kept {provider_id}")
            db.execute("UPDATE job SET provider_id = ? WHERE id = ?", [provider_id, job])

    def complete(self, job: str, results: Sequence[bytes], used: float | None = None) -> None:
        """Record the results of a job's units, in order, and that it is done.

        Raises
        ------
        LedgerError
            If there are more or fewer results than units.
        """
        with self._transaction() as db:
            keys = [k for (k,) in db.execute(
                "SELECT key FROM unit WHERE job = ? ORDER BY position", [job])]  # fmt: skip
            if len(keys) != len(results):
                raise LedgerError(f"job {job} has {len(keys)} units, {len(results)} results came")
            self._require_order(db, job, keys)
            self._move(db, job, State.DONE, "")
            db.execute("UPDATE job SET used = coalesce(?, used) WHERE id = ?", [used, job])
            db.executemany(
                "UPDATE unit SET result = ?, digest = ? WHERE key = ?",
                [(r, _digest(r), key) for r, key in zip(results, keys, strict=True)],
            )

    def record(self, job: Job, results: Mapping[str, bytes]) -> set[str]:
        """Record what was run on the spot: job, units and results at once.

        Returns the keys that were recorded. Where another process was faster its results stay.
        """
        with self._transaction() as db:
            held = self._holders(db, list(results))
            left = {key: result for key, result in results.items() if key not in held}
            if left:
                job = replace(job, id=job_id(list(left)))
                self._insert(db, job)
                db.executemany(
                    "INSERT INTO unit(key, job, position, result, digest) VALUES (?, ?, ?, ?, ?)",
                    [(k, job.id, i, r, _digest(r)) for i, (k, r) in enumerate(left.items())],
                )
                self._move(db, job.id, State.DONE, "")
        return set(left)

    def holders(self, keys: Sequence[str]) -> dict[str, tuple[str, State, bool]]:
        """Job, its state and whether there is a result, for each unit that is known."""
        with self._transaction(write=False) as db:
            return self._holders(db, keys)

    def result(self, key: str) -> bytes:
        """Bytes of a unit's result.

        Raises
        ------
        LedgerError
            If there is none, or it is not what was written.
        """
        with self._transaction(write=False) as db:
            row = db.execute("SELECT result, digest FROM unit WHERE key = ?", [key]).fetchone()
        if row is None or row[0] is None:
            raise LedgerError(f"{self.path}: no result of unit {key[:12]}")
        return self._intact(row[0], row[1], f"the result of unit {key[:12]}")

    def job(self, job: str) -> Job:
        """One job.

        Raises
        ------
        UnknownNameError
            If there is none of this id.
        """
        found = self._jobs("id = ?", [job])
        if not found:
            raise UnknownNameError("job", job, [known.id for known in self.jobs()][-10:])
        return found[0]

    def jobs(self, *, computation: str | None = None) -> list[Job]:
        """All jobs, or those of a computation, oldest first."""
        return self._jobs() if computation is None else self._jobs("computation = ?", [computation])

    def _jobs(self, where: str = "1", values: Sequence[str] = ()) -> list[Job]:
        columns = ("id", "backend", "device", "state", "executions", "provider_id", "computation",
                   "estimated", "used", "error", "details", "created", "updated")  # fmt: skip
        # The condition is one of this module's own; values are bound.
        query = f"SELECT {', '.join(columns)} FROM job WHERE {where} ORDER BY created, rowid"  # noqa: S608
        with self._transaction(write=False) as db:
            rows = [dict(zip(columns, row, strict=True)) for row in db.execute(query, values)]
        with self._explained():
            return [_job(row) for row in rows]

    def events(self, job: str) -> list[Event]:
        """Return a job's history, oldest first."""
        with self._transaction(write=False) as db:
            rows = db.execute(
                "SELECT at, job, state, note FROM event WHERE job = ? ORDER BY id", [job]
            ).fetchall()
        with self._explained():
            return [_typed(Event(at, name, State(state), note)) for at, name, state, note in rows]

    def note(self, job: str, text: str) -> None:
        """Add a line to a job's history."""
        with self._transaction() as db:
            _log(db, job, _state(db, job), text)

    def attempts(self, keys: Sequence[str]) -> int:
        """How many jobs with some of these units ended without results."""
        held = self.holders(keys)
        lost = {job for job, state, _ in held.values() if state in LOST}
        return max((self.job(job).details.get("attempt", 0) + 1 for job in lost), default=0)

    # -- compiled circuits ------------------------------------------------------------------

    def compilation(self, key: str, device: str | None = None) -> Compilation | None:
        """Find the compiled form of a circuit for a device, or the first one for any."""
        with self._transaction(write=False) as db:
            row = db.execute(
                "SELECT device, calibrated, circuit, digest FROM compilation "
                "WHERE key = ? AND device = coalesce(?, device) ORDER BY rowid", [key, device]
            ).fetchone()  # fmt: skip
        if row is None:
            return None
        device, calibrated, circuit, digest = row
        self._intact(circuit, digest, f"compiled circuit {key[:12]}")
        with self._explained():
            _require_device_and_date(device, calibrated)
        return Compilation(device, calibrated, circuit)

    def keep_compilation(
        self, key: str, compiled: str, kept: Compilation, *, anew: bool = False
    ) -> None:
        """Keep a compiled circuit; ``compiled`` is its own hash.

        One that is kept for the same device already stays, unless this was compiled ``anew``.
        Circuits that are compiled to the same one keep the date at which that was first done: what
        was bought for one of them is not bought again for another.
        """
        row = [key, compiled, kept.device, kept.calibrated, kept.circuit, _digest(kept.circuit)]
        verb = "REPLACE" if anew else "IGNORE"
        with self._transaction() as db:
            db.execute(
                f"INSERT OR {verb} INTO compilation VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                [*row, _now()],
            )
            if anew:
                db.execute(
                    "UPDATE compilation SET calibrated = ? WHERE compiled = ? AND device = ?",
                    [kept.calibrated, compiled, kept.device],
                )

    def calibrated(self, compiled: str, device: str | None = None) -> tuple[str, str | None] | None:
        """Device and calibration date that a compiled circuit was kept with, if for this device."""
        with self._transaction(write=False) as db:
            row: tuple[str, str | None] | None = db.execute(
                "SELECT device, calibrated FROM compilation WHERE compiled = ? "
                "AND device = coalesce(?, device) ORDER BY calibrated, rowid", [compiled, device]
            ).fetchone()  # fmt: skip
            if row is not None:
                _require_device_and_date(*row)
        return row

    # -- computations -----------------------------------------------------------------------

    def begin(self, task: str, arguments: Mapping[str, Any]) -> Computation:
        """Record a new computation."""
        text = json.dumps(arguments, sort_keys=True, allow_nan=False)
        now = _now()
        name = hashlib.sha256(f"{task}{text}{now}{os.urandom(8).hex()}".encode()).hexdigest()[:8]
        with self._transaction() as db:
            db.execute(
                "INSERT INTO computation VALUES (?, ?, ?, NULL, ?, ?)", [name, task, text, now, now]
            )
        return Computation(name, task, dict(arguments), None, now, now)

    def computation(self, name: str) -> Computation:
        """One computation; the beginning of its id is enough.

        Raises
        ------
        UnknownNameError
            If there is none, or more than one.
        """
        every = self.computations()
        found = [known for known in every if known.id.startswith(name)] if name else []
        if len(found) != 1:
            raise UnknownNameError("computation", name, [known.id for known in every][-10:])
        return found[0]

    def computations(self) -> list[Computation]:
        """All computations, oldest first."""
        with self._transaction(write=False) as db:
            rows = db.execute(
                "SELECT id, task, arguments, outcome, created, updated FROM computation "
                "ORDER BY created, rowid"
            ).fetchall()
        with self._explained():
            return [_typed(Computation(r[0], r[1], json.loads(r[2]), *r[3:])) for r in rows]

    def finish(self, name: str, outcome: str) -> None:
        """Record what a computation found."""
        with self._transaction() as db:
            db.execute(
                "UPDATE computation SET outcome = ?, updated = ? WHERE id = ?",
                [outcome, _now(), name],
            )

    def step(self, computation: str, position: int, digest: str) -> bool:
        """Record the next request of a computation; whether it is the one recorded before."""
        with self._transaction() as db:
            row = db.execute(
                "SELECT digest FROM step WHERE computation = ? AND position = ?",
                [computation, position],
            ).fetchone()
            if row is None:
                db.execute("INSERT INTO step VALUES (?, ?, ?)", [computation, position, digest])
        return row is None or row[0] == digest

    # -- documents --------------------------------------------------------------------------

    def keep(self, key: str, kind: str, content: bytes) -> None:
        """Keep what was worked out here, under a hash of all that decides it.

        What was kept under the same key is replaced: it cost nothing that must not be paid twice.
        """
        with self._transaction() as db:
            db.execute(
                "REPLACE INTO document VALUES (?, ?, ?, ?, ?)",
                [key, kind, content, _digest(content), _now()],
            )

    def kept(self, key: str) -> bytes | None:
        """Read what was kept, if anything was.

        Raises
        ------
        LedgerError
            If it is not what was written.
        """
        with self._transaction(write=False) as db:
            row = db.execute("SELECT content, digest FROM document WHERE key = ?", [key]).fetchone()
        return None if row is None else self._intact(row[0], row[1], f"document {key[:12]}")

    # -- locks ------------------------------------------------------------------------------

    @contextmanager
    def submitting(self) -> Iterator[None]:
        """Hold the right to send. The system takes it back from a process that dies."""
        with self._explained():
            descriptor = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Close the file."""
        with self._mutex:
            _close(self._connections)

    # -- inside -----------------------------------------------------------------------------

    def _insert(self, db: sqlite3.Connection, job: Job) -> None:
        now = _now()
        details = json.dumps({**job.details, "versions": _versions()}, sort_keys=True)
        known = db.execute("SELECT state FROM job WHERE id = ?", [job.id]).fetchone()
        if known is not None:
            if State(known[0]) is not State.PLANNED:
                self._move(db, job.id, State.PLANNED, "planned again")
            db.execute(
                "UPDATE job SET computation = ?, estimated = ?, details = ? WHERE id = ?",
                [job.computation, job.estimated, details, job.id],
            )
            return
        db.execute(
            "INSERT INTO job(id, backend, device, state, computation, executions, estimated, "
            "details, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [job.id, job.backend, job.device, State.PLANNED, job.computation, job.executions,
             job.estimated, details, now, now],
        )  # fmt: skip
        _log(db, job.id, State.PLANNED, "")

    def _require_order(self, db: sqlite3.Connection, job: str, keys: Sequence[str]) -> None:
        """Refuse units that are not those a job was named for, or not in that order."""
        [details] = db.execute("SELECT details FROM job WHERE id = ?", [job]).fetchone()
        if job_id(keys, json.loads(details).get("attempt", 0)) != job:
            raise ValueError(f"the units of job {job} are not those it was sent with")

    def _move(self, db: sqlite3.Connection, job: str, state: State, note: str) -> None:
        present = _state(db, job)
        if state is present:
            return
        if state not in NEXT[present]:
            raise LedgerError(f"job {job} is {present}: it cannot become {state}")
        db.execute("UPDATE job SET state = ?, updated = ? WHERE id = ?", [state, _now(), job])
        _log(db, job, state, note)

    def _holders(
        self, db: sqlite3.Connection, keys: Sequence[str]
    ) -> dict[str, tuple[str, State, bool]]:
        found = {}
        for chunk in _chunks(keys, 500):
            marks = ",".join("?" * len(chunk))
            query = (  # only question marks are put in
                "SELECT unit.key, job.id, job.state, unit.result IS NOT NULL FROM unit "  # noqa: S608
                f"JOIN job ON job.id = unit.job WHERE unit.key IN ({marks})"
            )
            for key, job, state, there in db.execute(query, chunk):
                found[key] = (job, State(state), bool(there))
        return found

    def _intact(self, content: bytes, digest: str, what: str) -> bytes:
        if not isinstance(content, bytes) or _digest(content) != digest:
            raise LedgerError(
                f"{self.path}: {what} is not what was written: the file is damaged. Restore it "
                "from a copy, or move it away to begin a new one."
            )
        return content

    def _connection(self) -> sqlite3.Connection:
        # A connection must not cross a fork.
        connection = self._connections.get(os.getpid())
        if connection is None:
            connection = sqlite3.connect(
                self.path,
                timeout=LOCK_WAIT_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._connections[os.getpid()] = connection
        return connection

    @contextmanager
    def _transaction(self, *, write: bool = True) -> Iterator[sqlite3.Connection]:
        with self._mutex, self._explained():
            db = self._connection()
            db.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield db
            except BaseException:
                # SQLite has rolled back already where the disk was full.
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            raise LedgerError(
                f"ledger {self.path}: {error}. Nothing is sent without a ledger that can be "
                "written: free or repair the disk, restore the file from a copy, or name "
                "another place with QML_ALGOS_LEDGER."
            ) from error
        except (ValueError, TypeError, KeyError) as error:
            raise LedgerError(f"ledger {self.path}: a damaged row: {error}") from error

    def _check(self) -> None:
        if self.path.stat().st_size == 0:
            raise LedgerError(
                f"ledger {self.path} is empty: it was cut off. Restore it from a copy, or move it "
                "away to begin a new one; jobs on their way are then not known any more."
            )
        self.path.chmod(0o600)
        db = self._connection()
        found = db.execute("PRAGMA user_version").fetchone()[0]
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        if found > SCHEMA_VERSION:
            raise LedgerError(f"ledger {self.path} was written by a newer version of qml-algos")
        if found < SCHEMA_VERSION or not {"job", "unit", "event", "computation"} <= names:
            raise LedgerError(f"{self.path} is no ledger of qml-algos, or was cut off")
        [problem] = db.execute("PRAGMA quick_check(1)").fetchone()
        if problem != "ok":
            raise LedgerError(f"ledger {self.path} is damaged: {problem}")
        if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise LedgerError(f"ledger {self.path} is damaged: rows that belong to none")
        if "document" not in names:
            db.executescript(DOCUMENTS)


def _create(path: Path) -> None:
    """Make an empty ledger such that nobody ever sees half of one, or one that is not private."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".ledger-")
    os.close(descriptor)
    try:
        db = sqlite3.connect(name)
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(DOCUMENTS + SCHEMA)
        db.close()
        with suppress(FileExistsError):  # another process was faster
            os.link(name, path)
    finally:
        Path(name).unlink()


_FIELDS: dict[type, dict[str, TypeAdapter[Any]]] = {
    kind: {name: TypeAdapter(hint) for name, hint in get_type_hints(kind).items()}
    for kind in (Job, Event, Computation)
}


def _typed(record: Record) -> Record:
    """Refuse values of a wrong type: SQLite stores any value in any column."""
    for name, adapter in _FIELDS[type(record)].items():
        adapter.validate_python(getattr(record, name), strict=True)
    return record


def _job(row: Mapping[str, Any]) -> Job:
    details = json.loads(row["details"])
    job = _typed(Job(**{**row, "state": State(row["state"]), "details": details}))
    if not isinstance(details.get("attempt", 0), int):
        raise ValueError(f"job {job.id}: attempt = {details['attempt']!r}")
    return job


def _require_device_and_date(device: object, calibrated: object) -> None:
    if not isinstance(device, str):
        raise TypeError(f"device = {device!r}")
    if calibrated is not None:
        if not isinstance(calibrated, str):
            raise TypeError(f"calibrated = {calibrated!r}")
        date.fromisoformat(calibrated)


def _close(connections: dict[int, sqlite3.Connection]) -> None:
    # Of a process that this one was forked from, nothing may be closed.
    connection = connections.pop(os.getpid(), None)
    if connection is not None:
        connection.close()


@cache
def _versions() -> dict[str, str]:
    packages = ("qml-algos", "qiskit", "qiskit-aer", "qiskit-ibm-runtime")
    return {package: version(package) for package in packages}


def _state(db: sqlite3.Connection, job: str) -> State:
    row = db.execute("SELECT state FROM job WHERE id = ?", [job]).fetchone()
    if row is None:
        raise LedgerError(f"there is no job {job}")
    return State(row[0])


def _log(db: sqlite3.Connection, job: str, state: State, note: str) -> None:
    db.execute(
        "INSERT INTO event(at, job, state, note) VALUES (?, ?, ?, ?)", [_now(), job, state, note]
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _chunks(items: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
