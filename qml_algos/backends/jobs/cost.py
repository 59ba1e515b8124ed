"""What a request will cost, said before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qml_algos.backends.config import BackendConfig, IBMConfig
from qml_algos.backends.jobs.source import Source
from qml_algos.backends.jobs.units import Unit
from qml_algos.errors import BudgetError

DEFAULT_SECONDS_PER_JOB = 2.0
"""IBM's rule; a backend's file may say otherwise."""


@dataclass(frozen=True)
class PlannedJob:
    """A job that would be sent.

    Attributes
    ----------
    circuits
        Number of PUBs, each one compiled circuit.
    parameter_sets
        Over all circuits.
    shots
        Of each circuit and parameter set; ``None`` where a precision is asked for instead.
    executions
        Parameter sets times shots.
    seconds
        Estimated quantum time; ``None`` for a backend that models no device.
    """

    circuits: int
    parameter_sets: int
    shots: int | None
    executions: int
    seconds: float | None


@dataclass(frozen=True)
class Plan:
    """What a request needs beyond what is recorded.

    Quantum time is estimated by IBM's rule, ``per_job + (repetition delay + circuit length) *
    executions`` for each job.

    Attributes
    ----------
    backend, device
        Names of the backend's description and of the device.
    jobs
        To be sent.
    recorded
        PUBs whose results are recorded already; they cost nothing.
    pending
        PUBs on their way already.
    spent
        Estimated seconds sent before, by the same computation or opened backend.
    budget
        Seconds that may be sent without asking; ``None`` for no limit.
    """

    backend: str
    device: str
    jobs: tuple[PlannedJob, ...]
    recorded: int = 0
    pending: int = 0
    spent: float = 0.0
    budget: float | None = None

    @property
    def seconds(self) -> float | None:
        """Estimated quantum time of all jobs to be sent; ``None`` if unknown."""
        if any(job.seconds is None for job in self.jobs):
            return None
        return sum(job.seconds or 0.0 for job in self.jobs)

    @property
    def executions(self) -> int:
        """Of all jobs to be sent."""
        return sum(job.executions for job in self.jobs)

    @property
    def above_budget(self) -> bool:
        """Whether sending would exceed the budget."""
        return self.budget is not None and self.spent + (self.seconds or 0.0) > self.budget

    def __str__(self) -> str:
        shots = sorted({job.shots for job in self.jobs if job.shots is not None})
        text = ", ".join(
            [
                f"{self.device}: {_count(len(self.jobs), 'job')}",
                _count(sum(job.circuits for job in self.jobs), "circuit"),
                _count(sum(job.parameter_sets for job in self.jobs), "parameter set"),
                *([f"{' or '.join(f'{n:,}' for n in shots)} shots each"] if shots else []),
                _count(self.executions, "execution"),
                "no device whose time it takes"
                if self.seconds is None
                else f"about {self.seconds:,.1f} s of quantum time",
            ]
        )
        if self.recorded or self.pending:
            text += (
                f"; {_count(self.recorded, 'PUB')} recorded already, {self.pending} on their way"
            )
        return text


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


Approval = Callable[[Plan], None]
"""Called before anything is sent; raises to prevent it."""


def within_budget(plan: Plan) -> None:
    """Approve what stays within the budget.

    Raises
    ------
    BudgetError
        Naming the estimate, what was spent before, and the budget.
    """
    if plan.above_budget:
        raise BudgetError(
            f"{plan}: with {plan.spent:,.1f} s sent before, that is above the budget of "
            f"{plan.budget:,.1f} s of backend {plan.backend!r}. Nothing was sent. Use fewer shots "
            "or parameter sets, or raise 'budget' in the backend's file."
        )


def planned_job(part: Sequence[Unit], source: Source) -> PlannedJob:
    """Say what a job of some units takes."""
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
        shots=part[0].shots,
        executions=executions,
        seconds=seconds,
    )


def _seconds_per_job(config: BackendConfig) -> float:
    return config.timing.per_job if config.timing is not None else DEFAULT_SECONDS_PER_JOB


def require_time(config: BackendConfig, plan: Plan, left: float | None) -> None:
    """Refuse a job that the service would stop, and requests beyond what the account has left.

    Raises
    ------
    BudgetError
        Naming the estimate and the limit.
    """
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
