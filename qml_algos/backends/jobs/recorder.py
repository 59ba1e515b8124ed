"""The recorder: asks the ledger first, sends what is missing once, and waits for the rest."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Sequence

from qiskit.primitives.containers import PubResult

from qml_algos.backends.config import IBMConfig
from qml_algos.backends.jobs.cost import Approval, Plan, planned_job, require_time, within_budget
from qml_algos.backends.jobs.courier import Courier, Patience
from qml_algos.backends.jobs.executions import twirls_samples
from qml_algos.backends.jobs.ledger import Ledger
from qml_algos.backends.jobs.payload import dump_result, expected_of, load_result
from qml_algos.backends.jobs.records import (
    AT_SERVICE,
    LOST,
    NEVER_SENT,
    PENDING,
    Job,
    State,
    job_id,
)
from qml_algos.backends.jobs.service import Service
from qml_algos.backends.jobs.source import Source
from qml_algos.backends.jobs.units import Unit, group, portions
from qml_algos.errors import (
    BudgetError,
    ComputationChangedError,
    JobLostError,
    JobsPendingError,
)

Progress = Callable[[Collection[Job]], None]
"""Called with the jobs waited for whenever they were asked about."""


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
        self._couriers: dict[Service, Courier] = {}

    def __repr__(self) -> str:
        return f"Recorder({self.ledger!r})"

    # -- requests ---------------------------------------------------------------------------

    def request(self, source: Source, units: Sequence[Unit]) -> None:
        """Send what is neither recorded nor on its way.

        Raises
        ------
        BudgetError, RequestRefusedError, JobLostError, ComputationChangedError, LedgerError
            If it may not be sent. Nothing was, then, but for the first ones of several jobs where
            the service itself refuses a later one; those are on record.
        ServiceUnavailableError
            If it is not known to have been sent. Asking again finds out, and sends it if not.
        JobsPendingError
            If the recorder does not wait.
        """
        self._check_step(units)
        if source.service is not None:
            self._send_missing(source, source.service, units)
        elif self._approve is not within_budget and (missing := self._missing(units)):
            # What runs here has no budget.
            self._approve(self.plan(source, units, missing))
        if not self._wait and not self._all_done(units):
            jobs = len(self.jobs(units))
            raise JobsPendingError(
                f"{jobs} job(s) on their way to {source.device}"
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
        fresh: dict[str, PubResult] = {}
        if source.service is not None:
            self._await(source, source.service, units)
        elif source.run_here is not None:
            fresh = self._run_missing(source, source.run_here, units)
        return [
            fresh[unit.key] if unit.key in fresh else load_result(self.ledger.result(unit.key))
            for unit in units
        ]

    def cancel(self, service: Service, jobs: Sequence[Job]) -> list[State]:
        """Cancel jobs that have not ended, and return their states after that.

        One that finished before the service heard of it keeps its state; its results can be
        fetched.
        """
        return [self._courier(service).cancel(job) for job in jobs]

    def jobs(self, units: Sequence[Unit]) -> list[Job]:
        """All jobs that hold units."""
        held = self.ledger.holders([unit.key for unit in units])
        return [self.ledger.job(name) for name in dict.fromkeys(job for job, *_ in held.values())]

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

    def _courier(self, service: Service) -> Courier:
        if service not in self._couriers:
            self._couriers[service] = Courier(self.ledger, service, self._patience)
        return self._couriers[service]

    def _send_missing(self, source: Source, service: Service, units: Sequence[Unit]) -> None:
        missing = self._missing(units)
        if missing:
            self._get_approval(source, service, units, missing)
        if not missing and not self._in_doubt(units):
            return
        courier = self._courier(service)
        with self.ledger.submitting(), courier.together():
            # Whoever held the right to send before may have sent some of it.
            for job in self._in_doubt(units):
                courier.recover(job)
            missing = self._missing(units)
            account = courier.account() if missing else None
            for job, part in self._planned(source, missing, account=account):
                courier.send(job, [unit.pub for unit in part])
                self._sent_seconds[job.id] = job.estimated or 0.0

    def _get_approval(
        self, source: Source, service: Service, units: Sequence[Unit], missing: Sequence[Unit]
    ) -> None:
        plan = self.plan(source, units, missing)
        try:
            require_time(source.config, plan, self._courier(service).seconds_left())
            self._approve(plan)
        except BudgetError as error:
            # Whoever has the right to send may be sending some of it just now.
            with self.ledger.submitting():
                for job, _ in self._planned(source, self._never_sent(units)):
                    self.ledger.transition(job.id, State.REFUSED, str(error))
            raise

    def _never_sent(self, units: Sequence[Unit]) -> list[Unit]:
        held = self.ledger.holders([unit.key for unit in units])
        return [u for u in units if u.key not in held or held[u.key][1] in NEVER_SENT]

    def plan(self, source: Source, units: Sequence[Unit], missing: Sequence[Unit]) -> Plan:
        """Say what sending the missing ones of some units would take."""
        states = [state for _, state, _ in self.ledger.holders([u.key for u in units]).values()]
        config = source.config
        return Plan(
            backend=config.name,
            device=source.device,
            jobs=tuple(
                planned_job(part, source) for part in group(missing, config.limits.max_executions)
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

    def _planned(
        self, source: Source, units: Sequence[Unit], *, account: str | None = None
    ) -> list[tuple[Job, Sequence[Unit]]]:
        """Gather units to jobs and write all of them down."""
        parts = group(units, source.config.limits.max_executions)
        return [(self._plan(source, part, account), part) for part in parts]

    def _plan(self, source: Source, part: Sequence[Unit], account: str | None) -> Job:
        keys = [unit.key for unit in part]
        attempt = self.ledger.attempts(keys)
        planned = planned_job(part, source)
        more_shots = twirls_samples(source.config)
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
                "account": account,
                "attempt": attempt,
                "expected": [expected_of(unit.pub, more_shots=more_shots) for unit in part],
            },
        )
        self.ledger.plan(job, keys)
        return job

    def _in_doubt(self, units: Sequence[Unit]) -> list[Job]:
        return [job for job in self.jobs(units) if job.state is State.SUBMITTING]

    # -- waiting ----------------------------------------------------------------------------

    def _await(self, source: Source, service: Service, units: Sequence[Unit]) -> None:
        pause = self._patience.first_poll
        while True:
            # A job that was never stored, after all, goes out again.
            self._send_missing(source, service, units)
            unknown = self._update(service, units)
            jobs = self.jobs(units)
            if self._progress is not None:
                self._progress(jobs)
            if all(job.state is State.DONE for job in jobs):
                return
            lost = [job for job in jobs if job.state in LOST and not self._may_resubmit(job.id)]
            waiting = [job for job in jobs if job.state in PENDING and job.id not in unknown]
            if (lost or unknown) and not waiting:
                raise JobLostError(_lost_message(lost, [j for j in jobs if j.id in unknown]))
            time.sleep(pause)
            pause = min(pause * 1.5, self._patience.longest_poll)

    def _update(self, service: Service, units: Sequence[Unit]) -> set[str]:
        """Ask for all jobs on their way; the ids of those that the service does not know."""
        unknown = set()
        for job in self.jobs(units):
            if job.state not in AT_SERVICE or self._courier(service).update(job):
                continue
            # Another account may know it: only the user can say that it is gone.
            if self._may_resubmit(job.id):
                note = "the service does not know it"
                self.ledger.transition(job.id, State.FAILED, note, error=note, only_from=AT_SERVICE)
            else:
                unknown.add(job.id)
        return unknown

    # -- on this machine --------------------------------------------------------------------

    def _run_missing(
        self,
        source: Source,
        run_here: Callable[[Sequence[Unit]], list[PubResult]],
        units: Sequence[Unit],
    ) -> dict[str, PubResult]:
        """Run what is not recorded and record it; the results that were."""
        fresh: dict[str, PubResult] = {}
        held = self.ledger.holders([unit.key for unit in units])
        for portion in portions(units):
            left = [unit for unit in portion if unit.key not in held]
            if not left:
                continue
            keys = [unit.key for unit in left]
            job = Job(
                id=job_id(keys),
                backend=source.config.name,
                device=source.device,
                state=State.PLANNED,
                executions=sum(unit.executions for unit in left),
                computation=self._computation,
                details=source.details,
            )
            results = dict(zip(keys, run_here(left), strict=True))
            recorded = self.ledger.record(job, {k: dump_result(r) for k, r in results.items()})
            fresh |= {key: results[key] for key in recorded}
        return fresh

    # -- what is known ----------------------------------------------------------------------

    def _all_done(self, units: Sequence[Unit]) -> bool:
        held = self.ledger.holders([unit.key for unit in units])
        return all(unit.key in held and held[unit.key][2] for unit in units)


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
