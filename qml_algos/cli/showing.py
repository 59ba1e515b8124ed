"""Solutions, jobs and their history as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from qml_algos.backends import Ledger
from qml_algos.backends.jobs.records import Computation, Job
from qml_algos.linear_systems import Solution
from qml_algos.tasks import Task

_SHOWN = 32
_DOUBTFUL = 1e-3
"""Probability of a wrong sign above which it is shown."""


def describe(task: Task, backend: str, solution: Solution) -> str:
    """Text of a solution: the same whenever it is printed."""
    lines = [f"{task.name}: {solution.x.size:,} unknowns, solver {solution.solver}"]
    if solution.circuit is not None:
        lines[0] += f" on {backend}"
        lines += _of_circuit(solution)
    lines += _of_error(solution)
    lines += _of_vector(solution)
    lines += [f"Note: {caveat}" for caveat in solution.caveats]
    return "\n".join(lines)


def _of_circuit(solution: Solution) -> Iterator[str]:
    resources, gates = solution.resources, solution.gates_per_accepted_shot
    shots = "exact" if resources.shots is None else f"{resources.shots:,} shots"
    yield (
        f"{resources.qubits} qubits, {resources.two_qubit_gates:,} two-qubit gates, {shots}, "
        f"success probability {solution.success_probability:.4g}"
        + ("" if gates is None else f", {gates:,.0f} two-qubit gates per accepted shot")
    )
    yield f"access to A: {solution.access}"
    if solution.details:
        yield ", ".join(f"{name} {value:.6g}" for name, value in solution.details.items())


def _of_error(solution: Solution) -> Iterator[str]:
    """Error promised, and what is known of the one achieved."""
    budget, known = solution.budget, []
    if budget is not None:
        parts = ", ".join(f"{name} {value:.1e}" for name, value in vars(budget).items() if value)
        promised = f"relative error promised: {budget.total:.1e}"
        known.append(f"{promised} ({parts})" if parts else promised)
    if solution.error is not None:
        signs = "" if solution.signs_known else " of |x|"
        known.append(f"achieved{signs}, against a classical solution: {solution.error:.1e}")
    if solution.residual is not None:
        known.append(f"residual {solution.residual:.1e}")
    if known:
        yield "; ".join(known)


def _of_vector(solution: Solution) -> Iterator[str]:
    yield _heading(solution)
    wrong, corrected = solution.sign_error_probabilities, solution.mitigated
    for index, value in enumerate(solution.x[:_SHOWN]):
        line = f"  {index:>4}  {value:.6g}"
        if solution.standard_errors is not None:
            line += f" +- {solution.standard_errors[index]:.2g}"
        if corrected is not None:
            line += f"  {corrected.x[index]:.6g} +- {corrected.standard_errors[index]:.2g}"
        if wrong is not None and wrong[index] > _DOUBTFUL:
            line += f"  sign wrong with probability {wrong[index]:.1g}"
        yield line
    if solution.x.size > _SHOWN:
        yield f"  ... and {solution.x.size - _SHOWN:,} more"


def _heading(solution: Solution) -> str:
    heading = "x" if solution.signs_known else "|x| (signs are not measured)"
    if solution.sign_error_probabilities is not None:
        heading += f" (signs are wrong with probabilities below {_DOUBTFUL:g} unless said)"
    if solution.mitigated is not None:
        heading += (
            "; |x| corrected for read-out errors (success probability "
            f"{solution.mitigated.success_probability:.4g})"
        )
    return heading


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
