"""The recorder: asks the ledger first, sends what is missing once, and waits for the rest."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from qiskit import QuantumCircuit
from qiskit.primitives.containers import PubResult
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from qml_algos.backends.config import BackendConfig, IBMConfig
from qml_algos.backends.jobs.cost import Approval, Plan, PlannedJob, within_budget
from qml_algos.backends.jobs.executions import twirls_samples
from qml_algos.backends.jobs.ledger import Ledger
from qml_algos.backends.jobs.payload import dump_result, expected_of, load_result, require_expected
from qml_algos.backends.jobs.records import (
    AT_SERVICE,
    LOST,
    NEVER_SENT,
    PENDING,
    Job,
    State,
    job_id,
)
from qml_algos.backends.jobs.service import RemoteJob, Service
from qml_algos.backends.jobs.units import Unit, group
from qml_algos.errors import (
    BudgetError,
    ComputationChangedError,
    CorruptResultError,
    JobLostError,
    JobsPendingError,
    RequestRefusedError,
    ServiceUnavailableError,
    TooManyRequestsError,
    UnknownJobError,
)

_FETCHES = 4
DEFAULT_SECONDS_PER_JOB = 2.0
"""IBM's rule; a backend's file may say otherwise."""

T = TypeVar("T")

Progress = Callable[[Collection[Job]], None]
"""Called with the jobs waited for whenever they were asked about."""


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


@dataclass(frozen=True)
class Source:
    """Where units come from and go to.

    Attributes
    ----------
    config
        Description of the backend.
    device
        Name of what runs them.
    details
        What to write down beside a job: options, calibration date.
    seconds
        Quantum time of one execution of a circuit; see `Backend.seconds`.
    service
        A service elsewhere, or ``None`` if ``run_here`` does it.
    run_here
        Runs units on this machine.
    """

    config: BackendConfig
    device: str
    details: dict[str, object]
    seconds: Callable[[QuantumCircuit], float | None]
    service: Service | None = None
    run_here: Callable[[Sequence[Unit]], list[PubResult]] | None = None

    def __post_init__(self) -> None:
        assert (self.service is None) != (self.run_here is None)


class Recorder:
    """What is recorded where, and who says yes before anything is sent.

    Parameters
    ----------
    ledger
        The record.
    approve
        Called with a `Plan` before anything is sent; raises to prevent it.
    resubmit
        Whether jobs that failed or were cancelled are sent again.
    refresh
        Whether circuits are compiled anew, to the device's present calibration, instead of
        taking what the ledger kept. Everything is then new, and paid for anew.
    wait
        Whether to wait for results. If not, `JobsPendingError` says that jobs were sent.
    computation
        Id of the computation that requests belong to.
    progress
        See `Progress`.
    patience
        How long to wait for what.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        approve: Approval = within_budget,
        resubmit: bool = False,
        refresh: bool = False,
        wait: bool = True,
        computation: str | None = None,
        progress: Progress | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.ledger = ledger
        self.refresh = refresh
        self._approve = approve
        self._resubmit = resubmit
        self._wait = wait
        self._computation = computation
        self._progress = progress
        self._patience = patience or Patience()
        self._steps = 0
        self._sent_seconds: dict[str, float] = {}
        self._look_again: dict[str, float] = {}

    def __repr__(self) -> str:
        return f"Recorder({self.ledger!r})"

    # -- requests ---------------------------------------------------------------------------

    def request(self, source: Source, units: Sequence[Unit]) -> None:
        """Send what is neither recorded nor on its way.

        Raises
        ------
        BudgetError, RequestRefusedError, JobLostError, ComputationChangedError, LedgerError
            If it may not be sent; nothing was, then.
        ServiceUnavailableError
            If it is not known to have been sent. Asking again finds out, and sends it if not.
        JobsPendingError
            If the recorder does not wait.
        """
        self._check_step(units)
        if source.service is not None:
            self._send_missing(source, units)
        elif missing := self._missing(units):
            self._approve(self.plan(source, units, missing))
        if not self._wait and not self._all_done(units):
            jobs = len(self._jobs(units))
            raise JobsPendingError(
                f"{jobs} jobs are on their way to {source.device}"
                if source.service is not None
                else "what runs on this machine runs when it is resumed"
            )

    def results(self, source: Source, units: Sequence[Unit]) -> list[PubResult]:
        """Wait for units and return their results, in order.

        Raises
        ------
        JobLostError
            If a job failed or was cancelled; the results of all others are recorded first.
        """
        if source.run_here is not None:
            self._run_missing(source, units)
        else:
            self._await(source, units)
        return [load_result(self.ledger.result(unit.key)) for unit in units]

    def status(self, units: Sequence[Unit]) -> dict[str, State]:
        """States of the jobs that hold units, by id, as last heard."""
        return {job.id: job.state for job in self._jobs(units)}

    def cancel(self, source: Source, units: Sequence[Unit]) -> None:
        """Cancel the jobs that hold units."""
        for job in self._jobs(units):
            cancel(self.ledger, source.service, job, self._patience)

    # -- sending ----------------------------------------------------------------------------

    def _check_step(self, units: Sequence[Unit]) -> None:
        if self._computation is None:
            return
        digest = hashlib.sha256("".join(unit.key for unit in units).encode()).hexdigest()
        if not self.ledger.step(self._computation, self._steps, digest):
            raise ComputationChangedError(
                f"computation {self._computation}: its request number {self._steps + 1} is not "
                "the one recorded. Another version of a package, or changed data, gives other "
                "circuits; nothing was sent. Go back to what it was begun with ('qml-algos jobs' "
                "shows the versions), or begin anew."
            )
        self._steps += 1

    def _missing(self, units: Sequence[Unit]) -> list[Unit]:
        """Find the units to be sent: none, if some are lost and may not be sent again."""
        held = self.ledger.holders([unit.key for unit in units])
        missing = []
        for unit in units:
            job, state, _ = held.get(unit.key, ("", State.PLANNED, False))
            if state in LOST and not self._may_resubmit(job):
                return []
            if state in (*NEVER_SENT, *LOST):
                missing.append(unit)
        return missing

    def _may_resubmit(self, job: str) -> bool:
        """Whether a lost job may be sent again: only if it was lost before this recorder came."""
        return self._resubmit and job not in self._sent_seconds

    def _send_missing(self, source: Source, units: Sequence[Unit]) -> None:
        assert source.service is not None
        missing = self._missing(units)
        if missing:
            self._get_approval(source, units, missing)
        if not missing and not self._in_doubt(units):
            return
        with self.ledger.submitting():
            # Whoever held the right to send before may have sent some of it.
            for job in self._in_doubt(units):
                self.recover(source.service, job)
            limit = source.config.limits.max_executions
            jobs = [self._plan(source, part) for part in group(self._missing(units), limit)]
            for job, part in jobs:
                self._send(source.service, job, part)

    def _get_approval(self, source: Source, units: Sequence[Unit], missing: Sequence[Unit]) -> None:
        service = source.service
        assert service is not None
        plan = self.plan(source, units, missing)
        try:
            _require_time(source.config, plan, self._ask(service.seconds_left))
            self._approve(plan)
        except BudgetError as error:
            limit = source.config.limits.max_executions
            # Whoever has the right to send may be sending some of it just now.
            with self.ledger.submitting():
                for part in group(self._missing(units), limit):
                    job, _ = self._plan(source, part)
                    self.ledger.transition(job.id, State.REFUSED, str(error))
            raise

    def plan(self, source: Source, units: Sequence[Unit], missing: Sequence[Unit]) -> Plan:
        """Say what sending the missing ones of some units would take."""
        states = [state for _, state, _ in self.ledger.holders([u.key for u in units]).values()]
        config = source.config
        return Plan(
            backend=config.name,
            device=source.device,
            jobs=tuple(
                _planned(part, source) for part in group(missing, config.limits.max_executions)
            ),
            recorded=states.count(State.DONE),
            pending=sum(state in PENDING for state in states),
            spent=self._spent(),
            budget=config.budget if isinstance(config, IBMConfig) else None,
        )

    def _spent(self) -> float:
        """Estimated seconds sent so far, by the computation or else by this recorder."""
        if self._computation is None:
            return sum(self._sent_seconds.values())
        jobs = self.ledger.jobs(computation=self._computation)
        return sum(job.estimated or 0.0 for job in jobs if job.provider_id is not None)

    def _plan(self, source: Source, part: Sequence[Unit]) -> tuple[Job, Sequence[Unit]]:
        keys = [unit.key for unit in part]
        attempt = self.ledger.attempts(keys)
        planned = _planned(part, source)
        job = Job(
            id=job_id(keys, attempt),
            backend=source.config.name,
            device=source.device,
            state=State.PLANNED,
            executions=planned.executions,
            computation=self._computation,
            estimated=planned.seconds,
            details={
                **source.details,
                "attempt": attempt,
                "expected": [
                    expected_of(unit.pub, more_shots=twirls_samples(source.config)) for unit in part
                ],
            },
        )
        self.ledger.plan(job, keys)
        return job, part

    def _send(self, service: Service, job: Job, part: Sequence[Unit]) -> None:
        until = time.monotonic() + self._patience.outage
        while not self._sent(service, job, part, last_try=time.monotonic() >= until):
            time.sleep(self._patience.settle)
        self._sent_seconds[job.id] = job.estimated or 0.0

    def _sent(self, service: Service, job: Job, part: Sequence[Unit], *, last_try: bool) -> bool:
        """Send a job; ``False`` if it is sure that it was not, and may be tried again."""
        self.ledger.transition(job.id, State.SUBMITTING)
        try:
            provider_id = service.send([unit.pub for unit in part], job.tag)
        except (RequestRefusedError, ServiceUnavailableError) as error:
            # The client repeats requests by itself, so even a refusal may follow a success.
            self.ledger.note(job.id, str(error))
            if self.recover(service, job):
                return True
            if isinstance(error, TooManyRequestsError) and not last_try:
                return False
            raise
        self.ledger.transition(job.id, State.QUEUED, provider_id=provider_id)
        self._cancel_twins(service, job, provider_id)
        return True

    def _cancel_twins(self, service: Service, job: Job, keep: str) -> None:
        """Cancel other jobs of the same tag: the client repeats a request that was answered 5xx."""
        try:
            twins = [twin for twin in service.find(job.tag) if twin.provider_id != keep]
            for twin in twins:
                service.cancel(twin.provider_id)
                self.ledger.note(job.id, f"cancelled a twin, {twin.provider_id}")
        except (ServiceUnavailableError, RequestRefusedError) as error:
            # The job itself is safe.
            self.ledger.note(job.id, f"could not look for twins: {error}")

    def _cancel_late_twins(self, service: Service, job: Job) -> None:
        """Look for twins once more when they are sure to be listed."""
        now = time.monotonic()
        if now >= self._look_again.setdefault(job.id, now + self._patience.settle):
            self._look_again[job.id] = math.inf
            self._cancel_twins(service, job, job.provider_id or "")

    def _in_doubt(self, units: Sequence[Unit]) -> list[Job]:
        return [job for job in self._jobs(units) if job.state is State.SUBMITTING]

    def recover(self, service: Service, job: Job) -> bool:
        """Find out what became of a job that may have been sent; whether it was.

        To be called with the right to send, so that nobody is sending it now.
        """
        if self.ledger.job(job.id).state is not State.SUBMITTING:
            return True
        until = time.monotonic() + self._patience.settle
        while not (found := self._ask(lambda: service.find(job.tag))) and time.monotonic() < until:
            time.sleep(min(1.0, self._patience.settle / 4))
        if not found:
            self.ledger.transition(job.id, State.PLANNED, "the service does not know it: not sent")
            return False
        # The oldest that is alive: it has waited longest.
        found.sort(key=lambda remote: remote.state in LOST)
        kept = found[0]
        self.ledger.transition(
            job.id, State.QUEUED, "found by its tag", provider_id=kept.provider_id
        )
        self._cancel_twins(service, job, kept.provider_id)
        return True

    # -- waiting ----------------------------------------------------------------------------

    def _await(self, source: Source, units: Sequence[Unit]) -> None:
        assert source.service is not None
        pause = self._patience.first_poll
        while True:
            # A job that was never stored, after all, goes out again.
            self._send_missing(source, units)
            not_known = {
                job.id
                for job in self._jobs(units)
                if job.state in AT_SERVICE and not self._update(source.service, job)
            }
            jobs = self._jobs(units)
            if self._progress is not None:
                self._progress(jobs)
            if all(job.state is State.DONE for job in jobs):
                return
            lost = [job for job in jobs if job.state in LOST and not self._may_resubmit(job.id)]
            unknown = [job for job in jobs if job.id in not_known and job.state in AT_SERVICE]
            waiting = [job for job in jobs if job.state in PENDING and job not in unknown]
            if (lost or unknown) and not waiting:
                raise JobLostError(_lost_message(lost, unknown))
            time.sleep(pause)
            pause = min(pause * 1.5, self._patience.longest_poll)

    def _update(self, service: Service, job: Job) -> bool:
        """Ask for a job's state, and for its results once it is done.

        Returns whether anything can come of it still: the service knows it, or it is given up to
        be sent again.
        """
        assert job.provider_id is not None
        try:
            remote = self._ask(lambda: _understood(service.ask(job.provider_id or "")))
        except UnknownJobError as error:
            # Another account may know it: only the user can say that it is gone.
            if not self._may_resubmit(job.id):
                return False
            self.ledger.transition(
                job.id, State.FAILED, str(error), error=str(error), only_from=AT_SERVICE
            )
            return True
        if remote.state is State.DONE:
            results = self._fetch(service, job)
            self.ledger.complete(job.id, [dump_result(r) for r in results], remote.used)
        else:
            assert remote.state is not None
            lost = remote.state in LOST
            self.ledger.transition(
                job.id,
                remote.state,
                remote.message,
                used=remote.used,
                error=(remote.message or "no reason given") if lost else None,
                only_from=AT_SERVICE,  # another process may have been faster
            )
            if not lost:
                self._cancel_late_twins(service, job)
        return True

    def _fetch(self, service: Service, job: Job) -> list[PubResult]:
        """Fetch results; ones that are not what was asked for are fetched again a few times."""

        def fetched() -> list[PubResult]:
            results = self._ask(lambda: service.fetch(job.provider_id or ""))
            return require_expected(results, job.details.get("expected", ()))

        retrying = Retrying(
            retry=retry_if_exception_type(CorruptResultError),
            wait=wait_random_exponential(multiplier=self._patience.first_poll, max=30),
            stop=stop_after_attempt(_FETCHES),
            reraise=True,
        )
        return retrying(fetched)

    def _ask(self, question: Callable[[], T]) -> T:
        """Ask a service again while it does not answer; never used for sending."""
        retrying = Retrying(
            retry=retry_if_exception_type(ServiceUnavailableError),
            wait=wait_random_exponential(multiplier=self._patience.first_poll, max=30),
            stop=stop_after_delay(self._patience.outage),
            reraise=True,
        )
        return retrying(question)

    # -- on this machine --------------------------------------------------------------------

    def _run_missing(self, source: Source, units: Sequence[Unit]) -> None:
        assert source.run_here is not None
        held = self.ledger.holders([unit.key for unit in units])
        missing = [unit for unit in units if unit.key not in held]
        for part in group(missing, source.config.limits.max_executions):
            results = source.run_here(part)
            keys = [unit.key for unit in part]
            job = Job(
                id=job_id(keys),
                backend=source.config.name,
                device=source.device,
                state=State.PLANNED,
                executions=sum(unit.executions for unit in part),
                computation=self._computation,
                details=source.details,
            )
            self.ledger.record(job, keys, [dump_result(result) for result in results])

    # -- what is known ----------------------------------------------------------------------

    def _jobs(self, units: Sequence[Unit]) -> list[Job]:
        held = self.ledger.holders([unit.key for unit in units])
        return [self.ledger.job(name) for name in dict.fromkeys(job for job, *_ in held.values())]

    def _all_done(self, units: Sequence[Unit]) -> bool:
        held = self.ledger.holders([unit.key for unit in units])
        return all(unit.key in held and held[unit.key][2] for unit in units)


def cancel(
    ledger: Ledger, service: Service | None, job: Job, patience: Patience | None = None
) -> State:
    """Cancel a job and return its state after that.

    One that finished before the service heard of it keeps its state; its results can be fetched.
    """
    if job.state is State.SUBMITTING:
        assert service is not None
        with ledger.submitting():
            Recorder(ledger, patience=patience).recover(service, job)
        job = ledger.job(job.id)
    if job.state in AT_SERVICE:
        assert service is not None
        assert job.provider_id is not None
        try:
            service.cancel(job.provider_id)
            ended = service.ask(job.provider_id).state in LOST
        except UnknownJobError:
            ended = True
        if ended:
            ledger.transition(job.id, State.CANCELLED, "cancelled by us", error="cancelled by us")
    elif job.state in NEVER_SENT:
        ledger.transition(job.id, State.CANCELLED, "cancelled by us", error="cancelled by us")
    return ledger.job(job.id).state


def _planned(part: Sequence[Unit], source: Source) -> PlannedJob:
    executions = sum(unit.executions for unit in part)
    circuits = {id(unit.pub.circuit): unit.pub.circuit for unit in part}
    each = {name: source.seconds(circuit) for name, circuit in circuits.items()}
    seconds = None
    if None not in each.values():
        seconds = _seconds_per_job(source.config) + sum(
            (each[id(unit.pub.circuit)] or 0.0) * unit.executions for unit in part
        )
    return PlannedJob(
        circuits=len(part),
        parameter_sets=sum(max(1, int(unit.pub.parameter_values.size)) for unit in part),
        executions=executions,
        seconds=seconds,
    )


def _seconds_per_job(config: BackendConfig) -> float:
    return config.timing.per_job if config.timing is not None else DEFAULT_SECONDS_PER_JOB


def _require_time(config: BackendConfig, plan: Plan, left: float | None) -> None:
    """Refuse a job that the service would stop, and requests beyond what the account has left."""
    if isinstance(config, IBMConfig):
        for job in plan.jobs:
            if job.seconds is not None and job.seconds > config.max_execution_time:
                overhead = _seconds_per_job(config)
                room = config.max_execution_time - overhead
                fits = int(job.executions * room / (job.seconds - overhead))
                split = f"limits.max_executions = {fits} splits it into jobs that fit, or "
                raise BudgetError(
                    f"{plan}: a job of {job.executions:,} executions takes about "
                    f"{job.seconds:,.1f} s and would be stopped after max_execution_time = "
                    f"{config.max_execution_time} s. Nothing was sent; "
                    f"{split if fits > 0 else ''}raise max_execution_time."
                )
    if left is not None and (left <= 0 or (plan.seconds or 0.0) > left):
        raise BudgetError(
            f"{plan}: the account has {max(left, 0):,.1f} s of quantum time left. Nothing was sent."
        )


def _understood(remote: RemoteJob) -> RemoteJob:
    """Refuse, for now, a word for a job's state that is not known; the next may be."""
    if remote.state is None:
        raise ServiceUnavailableError(
            f"job {remote.provider_id}: the service says {remote.message!r}, which is not known"
        )
    return remote


def _lost_message(lost: Sequence[Job], unknown: Sequence[Job]) -> str:
    named = [
        f"job {job.id} ({job.provider_id or 'never sent'}) is {job.state}: {job.error}"
        for job in lost
    ]
    named += [
        f"job {job.id} ({job.provider_id}) is not known to the account in use; if it belongs to "
        "another one, use that"
        for job in unknown
    ]
    return (
        f"{'; '.join(named)}. All other results are recorded. Nothing is sent again unasked: that "
        "takes 'qml-algos resume ID --resubmit', or Recorder(resubmit=True)."
    )
