"""The courier: takes a job to a service once, finds it again, and brings its results back."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar

from qiskit.primitives.containers import PubResult
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from qml_algos.backends.jobs.ledger import Ledger
from qml_algos.backends.jobs.payload import dump_result, require_expected
from qml_algos.backends.jobs.records import AT_SERVICE, LOST, NEVER_SENT, Job, State
from qml_algos.backends.jobs.service import Pub, RemoteJob, Service
from qml_algos.errors import (
    CorruptResultError,
    RequestRefusedError,
    ServiceUnavailableError,
    TooManyRequestsError,
    UnknownJobError,
)

T = TypeVar("T")

_FETCHES = 4
_LONGEST_PAUSE = 30.0
# Of several jobs with one tag, the one that has come furthest is kept: it may be paid for already.
_BEST_FIRST = (State.DONE, State.RUNNING, State.QUEUED, None, *LOST)


@dataclass(frozen=True)
class Patience:
    """How long to wait for what, in seconds.

    Attributes
    ----------
    settle
        After a job may have been sent, until it is sure to be found by its tag.
    outage
        While a service does not answer, before that is an error.
    first_poll, longest_poll
        Between one question for a job's state and the next, at first and in the end.
    """

    settle: float = 20.0
    outage: float = 900.0
    first_poll: float = 1.0
    longest_poll: float = 30.0


class Courier:
    """Between the ledger and one service.

    Parameters
    ----------
    ledger
        Where every step is written down before it is made.
    service
        Where jobs run.
    patience
        How long to wait for what.
    """

    def __init__(self, ledger: Ledger, service: Service, patience: Patience) -> None:
        self._ledger = ledger
        self._service = service
        self._patience = patience
        self._look_again: dict[str, float] = {}

    def seconds_left(self) -> float | None:
        """Quantum time left to the account; see `Service.seconds_left`."""
        return self._ask(self._service.seconds_left)

    def account(self) -> str:
        """Something that tells the account from others; see `Service.account`."""
        return self._ask(self._service.account)

    def together(self) -> AbstractContextManager[None]:
        """Jobs sent within run close together, where the service can do that."""
        return self._service.together()

    def send(self, job: Job, pubs: Sequence[Pub]) -> None:
        """Send a planned job. To be called with the right to send.

        Raises
        ------
        RequestRefusedError, ServiceUnavailableError
            If it was not sent; it is planned still. Or it is not known whether it was; it is
            SUBMITTING then, and `recover` finds out.
        """
        until = time.monotonic() + self._patience.outage
        while not self._sent(job, pubs, last_try=time.monotonic() >= until):
            time.sleep(self._patience.settle)

    def _sent(self, job: Job, pubs: Sequence[Pub], *, last_try: bool) -> bool:
        """Send a job; ``False`` if it is sure that it was not, and may be tried again."""
        self._ledger.transition(job.id, State.SUBMITTING)
        try:
            provider_id = self._service.send(pubs, job.tag)
        except (RequestRefusedError, ServiceUnavailableError) as error:
            # The client repeats requests by itself, so even a refusal may follow a success.
            self._ledger.note(job.id, str(error))
            if self.recover(job):
                return True
            if isinstance(error, TooManyRequestsError) and not last_try:
                return False
            raise
        self._ledger.transition(job.id, State.QUEUED, provider_id=provider_id)
        self._settle_twins(job)
        return True

    def recover(self, job: Job) -> bool:
        """Find out what became of a job that may have been sent; whether it was.

        To be called with the right to send, so that nobody is sending it now.

        Raises
        ------
        RequestRefusedError
            If it was sent with another account: this one cannot say.
        """
        if self._ledger.job(job.id).state is not State.SUBMITTING:
            return True
        if not self._knows(job):
            raise RequestRefusedError(
                f"job {job.id} was being sent with another account when that was interrupted, and "
                "only that account can tell whether it arrived. Use it, or give the job up with "
                "'qml-algos cancel'."
            )
        until = time.monotonic() + self._patience.settle
        while not (found := self._ask(lambda: self._service.find(job.tag))):
            if time.monotonic() >= until:
                break
            time.sleep(min(1.0, self._patience.settle / 4))
        if not found:
            self._ledger.transition(job.id, State.PLANNED, "the service does not know it: not sent")
            return False
        self._ledger.transition(
            job.id, State.QUEUED, "found by its tag", provider_id=_best_first(found)[0].provider_id
        )
        self._settle_twins(job)
        return True

    def _knows(self, job: Job) -> bool:
        """Whether the account in use is the one that a job was planned with."""
        return job.details.get("account") in (None, self.account())

    def _settle_twins(self, job: Job) -> None:
        """Keep one job of a tag: the client repeats a request that was answered 5xx."""
        known = self._ledger.job(job.id).provider_id or ""
        try:
            listed = self._service.find(job.tag)
            if known not in [remote.provider_id for remote in listed]:
                listed.append(RemoteJob(known, State.QUEUED))  # it may not be listed yet
            kept, *twins = _best_first(listed)
            if twins:
                self._ledger.adopt(job.id, kept.provider_id)
            for twin in twins:
                self._service.cancel(twin.provider_id)
                self._ledger.note(job.id, f"cancelled a twin, {twin.provider_id}")
        except (ServiceUnavailableError, RequestRefusedError) as error:
            # The job itself is safe.
            self._ledger.note(job.id, f"could not look for twins: {error}")

    def update(self, job: Job) -> bool:
        """Ask for a job's state, and for its results once it is done; whether it is known.

        Raises
        ------
        ServiceUnavailableError
            If the service did not answer, or not in words that are known, for long.
        CorruptResultError
            If what it gives are not the results of the job.
        """
        assert job.provider_id is not None
        name = job.provider_id
        try:
            remote = self._ask(lambda: _understood(self._service.ask(name)))
        except UnknownJobError:
            return False
        assert remote.state is not None
        if remote.state is State.DONE:
            results = self._fetch(job, name)
            self._ledger.complete(job.id, [dump_result(r) for r in results], remote.used)
            return True
        lost = remote.state in LOST
        self._ledger.transition(
            job.id,
            remote.state,
            remote.message,
            used=remote.used,
            error=(remote.message or "no reason given") if lost else None,
            only_from=AT_SERVICE,  # another process may have been faster
        )
        if not lost:
            self._look_for_late_twins(job)
        return True

    def _look_for_late_twins(self, job: Job) -> None:
        """Look once more when they are sure to be listed."""
        now = time.monotonic()
        if now >= self._look_again.setdefault(job.id, now + self._patience.settle):
            self._look_again[job.id] = math.inf
            self._settle_twins(job)

    def _fetch(self, job: Job, name: str) -> list[PubResult]:
        """Fetch results; ones that are not what was asked for are fetched again a few times."""

        def fetched() -> list[PubResult]:
            results = self._ask(lambda: self._service.fetch(name))
            return require_expected(results, job.details.get("expected", ()))

        retrying = Retrying(
            retry=retry_if_exception_type(CorruptResultError),
            wait=self._pause(),
            stop=stop_after_attempt(_FETCHES),
            reraise=True,
        )
        return retrying(fetched)

    def cancel(self, job: Job) -> State:
        """Cancel a job and return its state after that.

        One that finished before the service heard of it keeps its state; its results can be
        fetched.
        """
        if job.state is State.SUBMITTING:
            with self._ledger.submitting():
                if not self._knows(job):
                    note = "given up; another account may have it"
                    self._ledger.transition(job.id, State.CANCELLED, note, error=note)
                    return State.CANCELLED
                self.recover(job)
            job = self._ledger.job(job.id)
        at_service = job.provider_id is not None and job.state in AT_SERVICE
        if job.state in NEVER_SENT or (at_service and self._ended(job.provider_id or "")):
            note = "cancelled by us"
            self._ledger.transition(job.id, State.CANCELLED, note, error=note)
        return self._ledger.job(job.id).state

    def _ended(self, name: str) -> bool:
        """Cancel a job at the service; whether it will give no results."""
        try:
            self._service.cancel(name)
            return self._service.ask(name).state in LOST
        except UnknownJobError:
            return True

    def _ask(self, question: Callable[[], T]) -> T:
        """Ask a service again while it does not answer; never used for sending."""
        retrying = Retrying(
            retry=retry_if_exception_type(ServiceUnavailableError),
            wait=self._pause(),
            stop=stop_after_delay(self._patience.outage),
            reraise=True,
        )
        return retrying(question)

    def _pause(self) -> wait_random_exponential:
        return wait_random_exponential(multiplier=self._patience.first_poll, max=_LONGEST_PAUSE)


def _best_first(jobs: Sequence[RemoteJob]) -> list[RemoteJob]:
    """Sort jobs with one tag: the one that has come furthest first, of equal ones the oldest."""
    return sorted(jobs, key=lambda remote: _BEST_FIRST.index(remote.state))


def _understood(remote: RemoteJob) -> RemoteJob:
    """Refuse, for now, a word for a job's state that is not known; the next may be."""
    if remote.state is None:
        raise ServiceUnavailableError(
            f"job {remote.provider_id}: the service says {remote.message!r}, which is not known"
        )
    return remote
