"""The jobs the loopback has stored."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from . import program

QUEUED, RUNNING, COMPLETED, CANCELLED = "Queued", "Running", "Completed", "Cancelled"
FINAL = ("COMPLETED", "FAILED", "CANCELLED")
SECONDS_PER_JOB, SECONDS_PER_EXECUTION = 2.0, 0.00035


@dataclass(frozen=True)
class Outcome:
    """How a job ends: the status string as the service would send it, and why."""

    status: str = COMPLETED
    reason: str | None = None
    reason_code: int | None = None


@dataclass
class Job:
    """One stored job.

    Attributes
    ----------
    number : int
        Position among the jobs of this service; decides its random numbers.
    body : bytes
        The request as it came over the wire.
    created : datetime
        In UTC.
    max_execution_time : int or None
        Seconds; travels as the field "cost".
    cancels : int
        Times a cancellation was asked for, granted or not.
    latency : float
        Seconds from storing to the end: the first half queued, the second running.
    held : str or None
        The status the job is kept in until it is released.
    """

    id: str
    number: int
    body: bytes = field(repr=False)
    request: dict[str, Any] = field(repr=False)
    outcome: Outcome = Outcome()
    latency: float = 0.0
    held: str | None = None
    seed: int = 0
    readout_error: float = 0.0
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    cancels: int = 0
    stored_at: float = field(default_factory=time.monotonic, repr=False)

    def __post_init__(self) -> None:
        self.tags: list[str] = list(self.request.get("tags", []))
        self._started_at = self.stored_at
        self._ended_as: Outcome | None = None
        self._result: dict[str, Any] | None = None
        self._computing = threading.Lock()

    @property
    def backend(self) -> str:
        return self.request["backend"]

    @property
    def program_id(self) -> str:
        return self.request["program_id"]

    @property
    def max_execution_time(self) -> int | None:
        return self.request.get("cost")

    @property
    def session_id(self) -> str | None:
        return self.request.get("session_id")

    @property
    def params(self) -> dict[str, Any]:
        return self.request["params"]

    @property
    def status(self) -> str:
        return self.state.status

    @property
    def state(self) -> Outcome:
        """The status now, with its reason."""
        if self._ended_as is not None:
            return self._ended_as
        if self.held is not None:
            return Outcome(self.held)
        elapsed = time.monotonic() - self._started_at
        if elapsed < self.latency / 2:
            return Outcome(QUEUED)
        if elapsed < self.latency:
            return Outcome(RUNNING)
        return self.outcome

    @property
    def is_final(self) -> bool:
        return self.status not in (QUEUED, RUNNING)

    @property
    def estimated_seconds(self) -> float:
        """QPU seconds by the rule of thumb of IBM's documentation."""
        count = program.executions(self.params) if self.program_id == "executor" else 0
        return SECONDS_PER_JOB + SECONDS_PER_EXECUTION * count

    @property
    def used_seconds(self) -> int:
        """QPU seconds charged: none before the end, none if it never ran."""
        if self.status.upper() not in ("COMPLETED", "FAILED"):
            return 0
        return round(self.estimated_seconds)

    def hold(self, status: str) -> None:
        self.held = status

    def release(self) -> None:
        """Let a held job go on; its latency counts from now."""
        if self.held is not None:
            self.held = None
            self._started_at = time.monotonic()

    def cancel(self) -> bool:
        """Cancel unless it has ended; whether that was possible."""
        self.cancels += 1
        if self.is_final:
            return False
        self._ended_as = Outcome(CANCELLED, "Job cancelled by user")
        return True

    def result(self) -> dict[str, Any]:
        """The result, computed when first asked for."""
        with self._computing:
            if self._result is None:
                self._result = program.run(
                    self.params, [self.seed, self.number], self.readout_error
                )
            return self._result

    def described(self, with_params: bool) -> dict[str, Any]:
        """The answer to GET /jobs/{id}."""
        state = self.state
        description: dict[str, Any] = {
            "id": self.id,
            "backend": self.backend,
            "program": {"id": self.program_id},
            "created": self.created.isoformat().replace("+00:00", "Z"),
            "status": state.status,
            "state": {
                "status": state.status,
                "reason": state.reason,
                "reason_code": state.reason_code,
            },
            "tags": list(self.tags),
            "cost": self.max_execution_time,
            "private": self.request.get("private", False),
            "estimated_running_time_seconds": self.estimated_seconds,
            "usage": {"seconds": self.used_seconds},
        }
        if self.session_id is not None:
            description["session_id"] = self.session_id
        if with_params:
            description["params"] = self.params
        return description

    def metrics(self) -> dict[str, Any]:
        """The answer to GET /jobs/{id}/metrics."""
        begun = self.status != QUEUED
        return {
            "timestamps": {
                "created": self.created.isoformat().replace("+00:00", "Z"),
                "running": self.created.isoformat().replace("+00:00", "Z") if begun else None,
                "finished": _now() if self.is_final else None,
            },
            "usage": {
                "status": "completed" if self.is_final else "pending",
                "qpu_charge_time_seconds": self.used_seconds,
            },
        }


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


class JobStore:
    """All jobs of a service, safe to use from several threads."""

    def __init__(self, seed: int, readout_error: float) -> None:
        self._seed, self._readout_error = seed, readout_error
        self._lock = threading.RLock()
        self._jobs: dict[str, Job] = {}
        self._count = 0
        self._hold: str | None = None
        self._outcomes: deque[Outcome] = deque()

    def add(self, identifier: str, body: bytes, latency: float) -> Job:
        """Store a request; what was queued for the next job, and a hold, apply to it."""
        request = json.loads(body)
        with self._lock:
            job = Job(
                id=identifier,
                number=self._count,
                body=body,
                request=request,
                outcome=self._outcomes.popleft() if self._outcomes else Outcome(),
                latency=latency,
                held=self._hold,
                seed=self._seed,
                readout_error=self._readout_error,
            )
            self._count += 1
            self._jobs[identifier] = job
            return job

    def next_outcome(self, outcome: Outcome, count: int) -> None:
        with self._lock:
            self._outcomes.extend([outcome] * count)

    def hold(self, status: str) -> None:
        with self._lock:
            self._hold = status

    def release(self) -> None:
        """Let held jobs go on, and new ones too."""
        with self._lock:
            self._hold = None
            for job in self._jobs.values():
                job.release()

    def forget(self, identifier: str) -> None:
        with self._lock:
            del self._jobs[identifier]

    def get(self, identifier: str) -> Job | None:
        with self._lock:
            return self._jobs.get(identifier)

    def all(self) -> dict[str, Job]:
        """A copy, oldest first."""
        with self._lock:
            return dict(self._jobs)

    def clear(self) -> None:
        with self._lock:
            self._jobs.clear()
            self._count = 0
            self._outcomes.clear()
            self._hold = None


def selected(jobs: Iterable[Job], query: dict[str, list[str]], lag: float) -> list[Job]:
    """Jobs that match the query of GET /jobs, in its order, before limit and offset.

    ``lag`` is the age in seconds below which a job is not listed yet.
    """
    now = time.monotonic()
    found = [job for job in jobs if now - job.stored_at >= lag and _matches(job, query)]
    newest_first = query.get("sort", ["DESC"])[0].upper() != "ASC"
    return sorted(found, key=lambda job: job.number, reverse=newest_first)


def _matches(job: Job, query: dict[str, list[str]]) -> bool:
    pending = {"true": True, "false": False}.get(query.get("pending", [""])[0])
    wanted = {
        "backend": job.backend,
        "program": job.program_id,
        "session_id": job.session_id,
    }
    return (
        set(query.get("tags", [])) <= set(job.tags)
        and (pending is None or pending is not job.is_final)
        and all(value in query.get(key, [value]) for key, value in wanted.items())
        and all(job.created >= _time(text) for text in query.get("created_after", []))
        and all(job.created <= _time(text) for text in query.get("created_before", []))
    )


def _time(text: str) -> datetime:
    # A "+" of the offset that was not percent-encoded arrives as a space.
    found = datetime.fromisoformat(text.replace(" ", "+").replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
