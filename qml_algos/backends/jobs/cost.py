"""What a request will cost, said before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qml_algos.errors import BudgetError


@dataclass(frozen=True)
class PlannedJob:
    """A job that would be sent.

    Attributes
    ----------
    circuits
        Number of PUBs, each one compiled circuit.
    parameter_sets
        Over all circuits.
    executions
        Parameter sets times shots.
    seconds
        Estimated quantum time; ``None`` for a backend that models no device.
    """

    circuits: int
    parameter_sets: int
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
        circuits = sum(job.circuits for job in self.jobs)
        sets = sum(job.parameter_sets for job in self.jobs)
        seconds = self.seconds
        time = "no quantum time (no device)" if seconds is None else f"about {seconds:,.1f} s"
        text = (
            f"{self.device}: {len(self.jobs)} jobs, {circuits} circuits, {sets:,} parameter sets, "
            f"{self.executions:,} executions, {time} of quantum time"
        )
        if self.recorded or self.pending:
            text += f"; {self.recorded} PUBs recorded already, {self.pending} on their way"
        return text


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
