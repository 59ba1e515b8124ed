"""A ledger that cannot be written or read stops us before anything is sent."""

from __future__ import annotations

import random
import resource
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from drivers.programs import FAST, PATTERNS, pattern_circuit, show, show_in_process

from qml_algos.backends import Ledger, Recorder
from qml_algos.backends.config import load_config
from qml_algos.backends.ibm import IBMBackend
from qml_algos.cli import main
from qml_algos.errors import LedgerError, QmlAlgosError, ServiceUnavailableError

PAGE = 4096


@pytest.fixture
def written(world) -> Path:
    """A ledger's file with results, closed."""
    assert show(world.open(), [1], [2]) == [[1], [2]]
    world.close()
    assert not world.ledger_path.with_name("ledger.sqlite-wal").exists()
    return world.ledger_path


def change(path: Path, statement: str, *values: Any) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement, values)


def refused_or_right(world) -> bool:
    """Ask again for what is recorded: whether it was refused. Anything but the truth is wrong."""
    try:
        assert show(world.open(), [1], [2]) == [[1], [2]]
    except LedgerError:
        return True
    return False


# -- it cannot be written -------------------------------------------------------------------------


def show_on_a_full_disk(limit: int, *arguments: Any) -> Any:
    """In a process of its own: files cannot grow beyond a number of bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        return show_in_process(*arguments)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)


@pytest.mark.parametrize("pages", [0, 8, 9, 10, 12, 14, 20])
def test_a_disk_that_is_full_at_any_moment_loses_nothing(world, pages) -> None:
    """The shared memory of SQLite alone takes 8 pages; the log grows by one with every change."""
    world.open().compile([pattern_circuit()])
    world.close()
    limit = pages * PAGE + 200
    program = world.start(
        "full", show_on_a_full_disk, limit, world.config, world.ledger_path, [PATTERNS], {}
    )
    outcome = program.outcome
    if outcome != [PATTERNS]:
        kind, message = outcome
        assert kind == "LedgerError"
        assert str(world.ledger_path) in message
        if pages <= 9:
            assert world.posts == 0
    assert show(world.open()) == [PATTERNS]
    assert world.posts == 1
    world.require_once()


def test_a_read_only_ledger_is_refused_before_anything_is_sent(world) -> None:
    world.open().compile([pattern_circuit()])
    world.close()
    content = bytearray(world.ledger_path.read_bytes())
    assert content[18] == 2
    # SQLite opens a file that a later version of it wrote for reading only.
    content[18] = 3
    world.ledger_path.write_bytes(content)
    with pytest.raises(LedgerError, match=str(world.ledger_path)):
        show(world.open())
    assert world.posts == 0


def test_a_ledger_in_the_place_of_a_folder_is_refused(world) -> None:
    world.ledger_path.mkdir()
    with pytest.raises(LedgerError, match=str(world.ledger_path)):
        show(world.open())
    assert world.server.requests == []


# -- it is damaged --------------------------------------------------------------------------------


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def no_header(content: bytes) -> bytes:
    return bytes(range(100)) + content[100:]


def half_a_page(content: bytes) -> bytes:
    return content[: -PAGE // 2]


def newer(content: bytes) -> bytes:
    return content[:60] + (99).to_bytes(4, "big") + content[64:]


@pytest.mark.parametrize(
    "spoil", [lambda _: b"", half, no_header, half_a_page, newer, lambda _: b"no database" * 999]
)
def test_a_ledger_that_was_cut_or_overwritten_is_refused(world, written, spoil) -> None:
    spoilt = spoil(written.read_bytes())
    written.write_bytes(spoilt)
    with pytest.raises(LedgerError, match=str(written)):
        show(world.open(), [1], [2])
    assert world.posts == 1
    # It is left as it is, for whoever can repair it.
    assert written.read_bytes() == spoilt


def test_a_foreign_database_is_refused_and_left_alone(world) -> None:
    change(world.ledger_path, "CREATE TABLE recipes(name TEXT)")
    before = world.ledger_path.read_bytes()
    with pytest.raises(LedgerError, match="no ledger"):
        show(world.open())
    assert world.ledger_path.read_bytes()[100:] == before[100:]


def test_an_overwritten_page_is_noticed_or_does_no_harm(world, written) -> None:
    good = written.read_bytes()
    rng = random.Random(0)
    refused = 0
    for page in range(1, len(good) // PAGE):
        content = bytearray(good)
        content[page * PAGE : (page + 1) * PAGE] = rng.randbytes(PAGE)
        written.write_bytes(content)
        refused += refused_or_right(world)
        world.close()
        for left in ("-wal", "-shm"):
            written.with_name(written.name + left).unlink(missing_ok=True)
    assert refused > len(good) // PAGE / 2
    assert world.posts == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE unit SET result = zeroblob(200)",
        "UPDATE unit SET result = substr(result, 1, 100)",
        "UPDATE unit SET result = 'text'",
        # Each is intact, but the other's.
        "UPDATE unit SET result = (SELECT result FROM unit AS other WHERE other.key <> unit.key)",
        "UPDATE compilation SET circuit = zeroblob(200)",
        "UPDATE compilation SET circuit = 7",
        "UPDATE compilation SET digest = NULL",
    ],
)
def test_a_result_or_circuit_that_was_changed_is_refused(world, written, statement) -> None:
    try:
        change(written, statement)
    except sqlite3.IntegrityError:
        return
    with pytest.raises(LedgerError, match=str(written)):
        show(world.open(), [1], [2])
    assert world.posts == 1


# -- fuzz -----------------------------------------------------------------------------------------

TABLES = ("job", "unit", "compilation", "computation", "step")
VALUES: tuple[Callable[[random.Random], Any], ...] = (
    lambda rng: None,
    lambda rng: rng.choice([-1, 0, 1, 2**62, rng.randrange(10**6)]),
    lambda rng: rng.choice([0.5, -1e300, float("inf")]),
    lambda rng: "".join(chr(rng.choice([rng.randrange(32, 127), rng.randrange(1, 0xD000)]))
                        for _ in range(rng.randrange(20))),
    lambda rng: rng.randbytes(rng.randrange(40)),
    lambda rng: rng.choice(["[]", "7", "null", '"x"', "DONE", "QUEUED", "PLANNED", "FAILED"]),
)  # fmt: skip


def mutate(path: Path, rng: random.Random) -> str:
    """Overwrite a random cell; returns what was done, or nothing where SQLite did not allow it."""
    with closing(sqlite3.connect(path)) as db, db:
        table = rng.choice(TABLES)
        column = rng.choice([row[1] for row in db.execute(f"PRAGMA table_info({table})")])
        rows = [row for (row,) in db.execute(f"SELECT rowid FROM {table}")]
        value = rng.choice(VALUES)(rng)
        try:
            db.execute(
                f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [value, rng.choice(rows)]
            )
        except sqlite3.IntegrityError:
            return ""
    return f"{table}.{column} = {value!r}"


def offline(path: Path, config: Path) -> IBMBackend:
    def refuse() -> Any:
        raise ServiceUnavailableError("offline")

    return IBMBackend(load_config(config), Recorder(Ledger(path), patience=FAST), refuse)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_a_changed_cell_leads_to_our_errors_or_to_the_truth(
    world, tmp_path, monkeypatch, capsys, seed
) -> None:
    # A computation on this machine, and results of a device.
    monkeypatch.setenv("QML_ALGOS_LEDGER", str(world.ledger_path))
    assert main(["run", "linear-systems", "--size", "2", "--solver", "direct"]) == 0
    computation = world.ledger.computations()[0].id
    device = world.open(computation=computation)
    assert show(device, [1], [2]) == [[1], [2]]
    world.close()
    # The command line's connection may still be open, and have its changes in the log only.
    change(world.ledger_path, "PRAGMA wal_checkpoint(TRUNCATE)")
    rng = random.Random(seed)
    refused = 0
    for trial in range(150 if seed == 0 else 2000):
        copy = tmp_path / f"{trial}.sqlite"
        monkeypatch.setenv("QML_ALGOS_LEDGER", str(copy))
        shutil.copyfile(world.ledger_path, copy)
        what = mutate(copy, rng)
        try:
            opened = offline(copy, world.config)
            with closing(opened.recorder.ledger):
                assert show(opened, [1], [2]) == [[1], [2]], what
        except QmlAlgosError:
            refused += 1
        for arguments in (["jobs"], ["jobs", computation], ["resume", computation]):
            assert main(arguments) in (0, 2), what
        capsys.readouterr()
    assert refused > 20
