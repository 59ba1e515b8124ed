"""What the ledger holds, as values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a job stands.

    PLANNED: recorded, never sent. SUBMITTING: may have been sent; the service knows. QUEUED and
    RUNNING: at the service. DONE: results are recorded. FAILED, CANCELLED: ended without
    results; not sent again unasked. REFUSED: not sent, for its cost.
    """

    PLANNED = "PLANNED"
    SUBMITTING = "SUBMITTING"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    REFUSED = "REFUSED"


NEVER_SENT = (State.PLANNED, State.REFUSED)
AT_SERVICE = (State.QUEUED, State.RUNNING)
PENDING = (State.SUBMITTING, *AT_SERVICE)
LOST = (State.FAILED, State.CANCELLED)

# What may follow what. A job that was never sent may be planned anew.
NEXT: dict[State, tuple[State, ...]] = {
    State.PLANNED: (State.SUBMITTING, State.REFUSED, State.CANCELLED, State.DONE),
    State.REFUSED: (State.PLANNED, State.CANCELLED),
    State.SUBMITTING: (State.PLANNED, State.REFUSED, *AT_SERVICE, *LOST, State.DONE),
    State.QUEUED: (*AT_SERVICE, State.DONE, *LOST),
    State.RUNNING: (*AT_SERVICE, State.DONE, *LOST),
    State.DONE: (),
    State.FAILED: (),
    # A job cancelled by us may have finished before the service heard of it.
    State.CANCELLED: (State.PLANNED,),
}


@dataclass(frozen=True)
class Job:
    """One job as the ledger knows it.

    Attributes
    ----------
    id
        Of the ledger, and in the tag that the service stores with the job.
    backend, device
        Name of the backend's description, and of the device it runs on.
    state
        See `State`.
    provider_id
        The service's own name for it, once known.
    computation
        The computation it was sent for, if any.
    executions
        Circuits, one for each parameter set, times shots.
    estimated, used
        Seconds of quantum time, before and after; ``None`` if not known.
    error
        What the service said when it ended without results.
    details
        Versions of the packages, options, calibration date.
    created, updated
        ISO 8601 times, UTC.
    """

    id: str
    backend: str
    device: str
    state: State
    executions: int
    provider_id: str | None = None
    computation: str | None = None
    estimated: float | None = None
    used: float | None = None
    error: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    created: str = ""
    updated: str = ""

    @property
    def tag(self) -> str:
        """The tag by which the service finds it again."""
        return f"qml:{self.id}"


@dataclass(frozen=True)
class Event:
    """One line of a job's history."""

    at: str
    job: str
    state: State
    note: str


@dataclass(frozen=True)
class Compilation:
    """A compiled circuit that was kept.

    Attributes
    ----------
    device
        It was compiled to.
    calibrated
        Date of the calibration, ISO 8601; ``None`` if the device has none.
    circuit
        QPY.
    """

    device: str
    calibrated: str | None
    circuit: bytes


@dataclass(frozen=True)
class Computation:
    """A task that can be resumed.

    Attributes
    ----------
    id
        What ``qml-algos resume`` takes.
    task
        Its name.
    arguments
        All that it takes to do it again.
    outcome
        ``None`` until it is finished, then what was printed.
    created, updated
        ISO 8601 times, UTC.
    """

    id: str
    task: str
    arguments: Mapping[str, Any]
    outcome: str | None
    created: str
    updated: str


def job_id(keys: Sequence[str], attempt: int = 0) -> str:
    """Id of a job from the units in it; the same units make the same job."""
    return hashlib.sha256(f"{attempt}{''.join(keys)}".encode()).hexdigest()[:16]
