"""The steps of a comparison, one after the other or several at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from joblib import Parallel, cpu_count, delayed, effective_n_jobs
from qiskit import QuantumCircuit
from threadpoolctl import threadpool_limits

from qml_algos.backends import Backend
from qml_algos.backends.base import runs_elsewhere
from qml_algos.backends.recorded import RecordedBackend
from qml_algos.errors import TooLargeError
from qml_algos.speedup.contest import Contest, Setting
from qml_algos.speedup.points import Points
from qml_algos.speedup.record import Row
from qml_algos.speedup.step import run_step
from qml_algos.speedup.watch import Limits

Progress = Callable[[int, int, str], None]
"""Called with (steps done, steps in all, what comes next)."""

Step = tuple[str, str]
"""Name of a problem, and of a solver."""


@dataclass(frozen=True)
class Sweep:
    """Every solver on every problem that it is named for.

    Attributes
    ----------
    contest, cases, setting
        What is compared, and the problems by name.
    steps
        In the order of the rows.
    jobs
        Steps at a time, as joblib takes it.
    max_seconds
        Of simulating one circuit.
    points
        Where finished steps are kept; ``None`` for nowhere.
    """

    contest: Contest
    cases: Mapping[str, Any]
    setting: Setting
    steps: Sequence[Step]
    jobs: int | None
    max_seconds: float
    points: Points | None

    def run(self, progress: Progress | None) -> list[Row]:
        """Do what is not done yet.

        Solvers that run circuits come first, several at a time, and share the processors. Those
        that are timed come after them, alone and with one thread each: neighbours, that take part
        of the memory's bandwidth, would make them look slower than they are.

        Each step that is finished is kept at once.
        """
        report = progress or (lambda *_: None)
        keys = {step: self._key(step) for step in self.steps} if self.points else {}
        rows = {step: row for step, key in keys.items() if (row := self._found(key)) is not None}
        left = [step for step in self.steps if step not in rows]
        references = self._references(dict.fromkeys(name for name, _ in left))
        for step, row in self._done(left, references, len(rows), report):
            if self.points:
                self.points.keep(keys[step], row)
            rows[step] = row
        report(len(self.steps), len(self.steps), "done")
        return [replace(rows[step], problem=step[0]) for step in self.steps]

    def _key(self, step: Step) -> str | None:
        assert self.points is not None
        name, solver = step
        return self.points.key(self.contest, self.cases[name], solver, self.setting)

    def _found(self, key: str | None) -> Row | None:
        return None if self.points is None else self.points.find(key)

    def _references(self, names: Mapping[str, None]) -> dict[str, Any]:
        """Solve problems for errors to be measured against, or say why they are too large."""
        found: dict[str, Any] = {}
        for name in names:
            try:
                # Some are rows of their own, and timed.
                with threadpool_limits(limits=1):
                    found[name] = self.contest.reference(self.cases[name])
            except TooLargeError as error:
                found[name] = error
        return found

    def _done(
        self, left: Sequence[Step], references: Mapping[str, Any], done: int, report: Progress
    ) -> Iterator[tuple[Step, Row]]:
        """Yield finished steps: those that run circuits first."""
        jobs = effective_n_jobs(self.jobs) if self._portable() else 1
        quantum = [step for step in left if self._runs_circuits(step)]
        if jobs == 1 or len(quantum) == 1:
            quantum = []
        timed = [step for step in left if step not in quantum]
        threads = max(1, cpu_count() // jobs)
        if quantum:
            report(done, len(self.steps), f"{len(quantum)} steps, {jobs} at a time")
            for step, row in self._parallel(quantum, references, jobs, threads):
                done += 1
                yield step, row
                report(done, len(self.steps), f"{step[1]} on {step[0]} is done")
        for step in timed:
            report(done, len(self.steps), f"{step[1]} on {step[0]}")
            alone = 1 if not self._runs_circuits(step) else threads
            yield step, run_step(*self._arguments(step, references, 1, alone))
            done += 1

    def _parallel(
        self, steps: Sequence[Step], references: Mapping[str, Any], jobs: int, threads: int
    ) -> Iterator[tuple[Step, Row]]:
        calls = [
            delayed(_labelled)(
                step, self.setting.backend, *self._arguments(step, references, jobs, threads)
            )
            for step in steps
        ]
        try:
            parallel = Parallel(n_jobs=self.jobs, return_as="generator_unordered")
        except ValueError:
            # Some backends of joblib, Ray's among them, only return when all calls are done.
            for start in range(0, len(calls), jobs):
                yield from Parallel(n_jobs=self.jobs)(calls[start : start + jobs])
        else:
            yield from parallel(calls)

    def _arguments(
        self, step: Step, references: Mapping[str, Any], jobs: int, threads: int
    ) -> tuple[Any, ...]:
        name, solver = step
        limits = Limits(self.max_seconds, 1 / jobs) if self._simulated() else None
        problem = self.cases[name]
        return self.contest, problem, solver, references[name], self.setting, limits, threads

    def _runs_circuits(self, step: Step) -> bool:
        name, solver = step
        return self.contest.failed(self.cases[name], solver, self.setting).kind == "quantum"

    def _simulated(self) -> bool:
        """Whether circuits run on this machine, without a device behind it."""
        return not runs_elsewhere(self.setting.backend)

    def _portable(self) -> bool:
        """Whether steps may run in other processes: what is recorded goes through this one."""
        return self._simulated() and not isinstance(self.setting.backend, RecordedBackend)


def warm_up(backend: Backend) -> None:
    """Have the compiler load its plugins: it does on first use, which is no solver's cost."""
    backend.compile([QuantumCircuit(1)])


def _labelled(step: Step, backend: Backend, *arguments: Any) -> tuple[Step, Row]:
    """Run a step in a process where the compiler may not have been used yet."""
    warm_up(backend)
    return step, run_step(*arguments)
