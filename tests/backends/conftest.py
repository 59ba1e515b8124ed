"""The loopback service as a fixture, with a device's description and a ledger that are quick."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
# The tests' packages `ibm_loopback` and `drivers`; in other processes too, which inherit it.
sys.path[:0] = [str(HERE), str(HERE.parent)]

from drivers import programs  # noqa: E402
from ibm_loopback import LoopbackService  # noqa: E402

from qml_algos.backends import Ledger  # noqa: E402
from qml_algos.backends.ibm import IBMBackend  # noqa: E402
from qml_algos.backends.jobs.records import NEXT, State  # noqa: E402

TEMPLATE = HERE.parents[1] / "hardware_configs" / "ibm_device.toml"
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    ["qml_algos.cli", "qml_algos.backends.ibm", "qiskit_ibm_runtime.executor_sampler", "qiskit_aer"]
)


@pytest.fixture(scope="module")
def device_classes() -> tuple[str, ...]:
    """The devices of the service. A small one, because faults do not depend on the size."""
    return ("FakeManilaV2",)


@pytest.fixture(scope="module")
def loopback(device_classes: tuple[str, ...]) -> Iterator[LoopbackService]:
    with LoopbackService(devices=device_classes, seed=7) as running:
        yield running


@pytest.fixture
def server(
    loopback: LoopbackService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[LoopbackService]:
    """The service as new, and the environment in which `QiskitRuntimeService()` finds it."""
    loopback.reset()
    for name in [name for name in os.environ if name.startswith(("QISKIT_IBM_", "QML_ALGOS_"))]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    for name, value in {**loopback.environment(), "HOME": str(home)}.items():
        monkeypatch.setenv(name, value)
    yield loopback
    loopback.release()
    assert not loopback.errors


@pytest.fixture
def write_config(loopback: LoopbackService, tmp_path: Path) -> Callable[..., Path]:
    """Write a device's description: the shipped template, with other values for some keys."""
    name, device = next(iter(loopback.devices.items()))
    standard = {
        "device": f'"{name}"',
        "max_qubits": str(device.configuration["n_qubits"]),
        "optimization_level": "1",
    }

    def write(file: str = "quick.toml", **changes: str) -> Path:
        text = TEMPLATE.read_text()
        for key, value in {**standard, **changes}.items():
            text, count = re.subn(rf"(?m)^{key} *=.*$", f"{key} = {value}", text)
            assert count == 1, key
        path = tmp_path / file
        path.write_text(text)
        return path

    return write


@pytest.fixture
def config(write_config: Callable[..., Path]) -> Path:
    return write_config()


@pytest.fixture
def ledger_path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@dataclass
class World:
    """A service, a description and a ledger, and what tests ask of them."""

    server: LoopbackService
    config: Path
    ledger_path: Path
    folder: Path
    _opened: list[Ledger] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def open(self, config: Path | None = None, **how: Any) -> IBMBackend:
        """Open the device anew, as another process would."""
        device = programs.open_backend(config or self.config, self.ledger_path, **how)
        self._opened.append(device.recorder.ledger)
        return device

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, opened by itself."""
        ledger = Ledger(self.ledger_path)
        self._opened.append(ledger)
        return ledger

    def close(self) -> None:
        for ledger in self._opened:
            ledger.close()

    @property
    def states(self) -> list[State]:
        return [job.state for job in self.ledger.jobs()]

    @property
    def notes(self) -> str:
        """All that the histories say."""
        ledger = self.ledger
        return "\n".join(e.note for job in ledger.jobs() for e in ledger.events(job.id))

    @property
    def posts(self) -> int:
        return self.server.count("POST", "/jobs")

    @property
    def paid(self) -> list[str]:
        """Jobs at the service that ran, or will."""
        return [job.id for job in self.server.jobs.values() if job.status != "Cancelled"]

    def require_once(self, jobs: int = 1) -> None:
        """Every unit was paid for once: jobs that ran are those whose results are recorded."""
        done = [job.provider_id for job in self.ledger.jobs() if job.state is State.DONE]
        assert sorted(self.paid) == sorted(done)
        assert len(done) == jobs
        self.require_consistent()

    def require_consistent(self) -> None:
        """Histories begin with PLANNED, follow the rules, and end where the job is."""
        ledger = self.ledger
        for job in ledger.jobs():
            states = [event.state for event in ledger.events(job.id)]
            assert states[0] is State.PLANNED
            assert states[-1] is job.state
            for before, after in itertools.pairwise(states):
                assert after is before or after in NEXT[before]
            assert (job.provider_id is not None) or job.state not in (
                State.QUEUED,
                State.RUNNING,
                State.DONE,
            )
        keys = [key for (key,) in self.rows("SELECT key FROM unit")]
        for key, (_, state, there) in ledger.holders(keys).items():
            assert there == (state is State.DONE), key

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the ledger's file itself."""
        ledger = self.ledger
        with ledger._transaction(write=not query.startswith("SELECT")) as db:
            return db.execute(query, values).fetchall()

    def start(
        self, name: str, task: Callable[..., Any], *arguments: Any, together: Any = None
    ) -> Started:
        """Do something in a process of its own."""
        environment = {
            **self.server.environment(),
            "HOME": os.environ["HOME"],
            "QML_ALGOS_LEDGER": str(self.ledger_path),
        }
        folder = self.folder / name
        process = FORKS.Process(
            target=programs.in_process,
            args=(environment, folder, task, arguments, together),
        )
        process.start()
        return Started(process, folder)

    def start_showing(
        self,
        name: str,
        groups: Sequence[Sequence[int]] = (programs.PATTERNS,),
        together: Any = None,
        config: Path | None = None,
        **how: Any,
    ) -> Started:
        """`programs.show` in a process of its own."""
        arguments = (config or self.config, self.ledger_path, groups, how)
        return self.start(name, programs.show_in_process, *arguments, together=together)

    def command(self, *arguments: str, status: int = 0) -> Started:
        """Run the command line in a process of its own, to its end."""
        name = f"command-{next(self._numbers)}"
        started = self.start(name, programs.command, arguments)
        assert started.outcome == status, started.stderr
        return started


@dataclass
class Started:
    """A process, and what it leaves."""

    process: BaseProcess
    folder: Path

    def kill(self, *_: object) -> None:
        """SIGKILL; it is dead when this returns."""
        self.process.kill()
        self.process.join()

    @property
    def outcome(self) -> Any:
        """What it found, at its end."""
        self.process.join(timeout=60)
        assert self.process.exitcode == 0, self.stderr
        return json.loads((self.folder / "outcome").read_text())

    @property
    def stdout(self) -> str:
        return (self.folder / "stdout").read_text()

    @property
    def stderr(self) -> str:
        return (self.folder / "stderr").read_text()


@pytest.fixture
def world(
    server: LoopbackService, config: Path, ledger_path: Path, tmp_path: Path
) -> Iterator[World]:
    made = World(server, config, ledger_path, tmp_path)
    yield made
    made.close()
