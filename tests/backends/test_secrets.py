"""No token and no account number is in anything that we write or say."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from drivers import programs
from drivers.programs import FAST, PATTERNS, show

from qml_algos.errors import AccountError, QmlAlgosError

WRONG_KEY = "wrong-0123456789abcdef0123456789abcdef"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """A file with all that any library logs."""
    root = logging.getLogger()
    level = root.level
    handler = logging.FileHandler(tmp_path / "log")
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield tmp_path / "log"
    root.setLevel(level)
    root.removeHandler(handler)
    handler.close()


def keys(world) -> set[str]:
    """The key, a wrong key, and every session's token."""
    bearers = {
        request.headers["authorization"].split()[-1]
        for request in world.server.requests
        if "authorization" in request.headers
    }
    assert bearers
    return {world.server.token, WRONG_KEY, *bearers}


def require_clean(folder: Path, hidden: set[str], account: str) -> None:
    searched = [path for path in folder.rglob("*") if path.is_file()]
    for path in searched:
        content = path.read_bytes()
        for secret in hidden:
            assert secret.encode() not in content, path
        # IBM's client itself logs the instance with every request, for those who ask for DEBUG.
        if path.name != "log":
            assert account.encode() not in content, path
    assert {"log", "ledger.sqlite", "ledger.sqlite-wal", "said"} <= {p.name for p in searched}


def failures(world, monkeypatch) -> Iterator[str]:
    """Go through what can go wrong; the messages."""

    def message(device, *group: int) -> str:
        with pytest.raises(QmlAlgosError) as error:
            show(device, group)
        return repr(error.value)

    world.server.fail("POST", "/jobs", status=403)
    yield message(world.open(), 1)
    world.server.next_outcome("Failed", reason="went astray")
    yield message(world.open(), 2)
    world.server.fail("GET", "/jobs", status=429, times=math.inf)
    world.server.fail("GET", "/jobs/", status=429, times=math.inf)
    yield message(world.open(patience=replace(FAST, outage=0.3)), 3)
    world.server.clear_faults()
    for name, value in (("TOKEN", WRONG_KEY), ("INSTANCE", world.server.instance[:-2] + "x::")):
        with monkeypatch.context() as patched:
            patched.setenv(f"QISKIT_IBM_{name}", value)
            yield message(world.open(), 4)


def say(*things: Any) -> str:
    return "\n".join(f"{thing!r} {vars(thing)!r}" for thing in things)


def raise_in_process(config: Path, ledger: Path) -> None:
    """End with a traceback on stderr."""
    os.environ["QISKIT_IBM_TOKEN"] = WRONG_KEY
    show(programs.open_backend(config, ledger), [6])


def test_neither_files_nor_messages_nor_logs_hold_a_secret(
    world, monkeypatch, log, tmp_path
) -> None:
    device = world.open()
    assert show(device) == [PATTERNS]
    said = [say(device, device.service, device.recorder, device.recorder.ledger)]
    said += failures(world, monkeypatch)
    (tmp_path / "said").write_text("\n".join(said))
    task = ("linear-systems", "--size", "2", "--shots", "500", "--backend", str(world.config))
    computation = world.command("submit", *task).stdout.strip()
    for arguments in (("resume", computation), ("jobs",), ("jobs", computation)):
        world.command(*arguments)
    failed = world.start("failed", raise_in_process, world.config, world.ledger_path)
    failed.process.join()
    assert AccountError.__name__ in failed.stderr
    assert "Traceback" in failed.stderr
    assert "qiskit_ibm_runtime" in log.read_text() or "urllib3" in log.read_text()
    account = world.server.instance.split("/")[1].split(":")[0]
    require_clean(tmp_path, keys(world), account)
