"""Computations, jobs and their history as text."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table

from qml_algos.backends import Ledger
from qml_algos.backends.jobs.records import Computation, Job


def show_jobs(ledger: Ledger, console: Console) -> None:
    """Print all computations and jobs."""
    computations = ledger.computations()
    if not computations and not ledger.jobs():
        console.print(f"No jobs in {ledger.path}.", soft_wrap=True)
        return
    table = _table("computation", "task", "backend", "begun (UTC)", "jobs", "")
    for known in computations:
        states = Counter(str(job.state) for job in ledger.jobs(computation=known.id))
        table.add_row(
            known.id,
            known.task,
            str(known.arguments["backend"]),
            known.created[:19],
            ", ".join(f"{count} {state}" for state, count in states.items()),
            "finished" if known.outcome is not None else "",
        )
    console.print(table)
    table = _table("job", "computation", "device", "state", "executions", "s est.", "s used", "id")
    for job in ledger.jobs():
        table.add_row(*_job_row(job))
    console.print(table)


def show_events(ledger: Ledger, computation: Computation, console: Console) -> None:
    """Print the history of a computation's jobs."""
    for job in ledger.jobs(computation=computation.id):
        console.print(f"job {job.id} at {job.device}: {job.state}", highlight=False)
        for event in ledger.events(job.id):
            line = f"  {event.at[:19]}  {event.state:<10}  {event.note}"
            console.print(line, soft_wrap=True, highlight=False, markup=False)
        versions = job.details.get("versions", {})
        console.print("  " + ", ".join(f"{k} {v}" for k, v in versions.items()), highlight=False)
    if computation.outcome is not None:
        console.print(computation.outcome, soft_wrap=True, highlight=False, markup=False)


def _table(*headings: str) -> Table:
    table = Table(box=None)
    for heading in headings:
        right = heading in ("executions", "s est.", "s used")
        table.add_column(heading, justify="right" if right else "left")
    return table


def _job_row(job: Job) -> list[str]:
    return [
        job.id,
        job.computation or "",
        job.device,
        str(job.state),
        f"{job.executions:,}",
        "" if job.estimated is None else f"{job.estimated:.1f}",
        "" if job.used is None else f"{job.used:.1f}",
        job.provider_id or "",
    ]
