"""``qml-algos run``, ``submit``, ``resume``, ``cancel``, ``cost`` and ``jobs``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.prompt import Confirm

from qml_algos.backends import Ledger, Recorder, backend
from qml_algos.backends.base import runs_elsewhere
from qml_algos.backends.jobs.cost import Plan, within_budget
from qml_algos.backends.jobs.records import NEVER_SENT, PENDING, Computation, Job
from qml_algos.cli.arguments import add_setting
from qml_algos.cli.faces import FACES, Face
from qml_algos.cli.showing import show_events, show_jobs
from qml_algos.errors import JobsPendingError, LedgerError
from qml_algos.tasks import Task, task_from_json

Commands = Any  # argparse keeps the type to itself


def add(commands: Commands, faces: Sequence[Face]) -> None:
    """Add the commands, for those tasks."""
    for name, run, help_text in (
        ("run", _run, "do a task and wait for it"),
        ("submit", _submit, "send a task's jobs and return at once"),
        ("cost", _cost, "say what a task would cost; nothing is sent"),
    ):
        command = commands.add_parser(name, help=help_text)
        task = command.add_subparsers(required=True, metavar="TASK")
        for face in faces:
            _add_task(task, face, run, sends=run is not _cost)
    resume = commands.add_parser("resume", help="go on with a computation and print its solution")
    resume.add_argument("id", metavar="ID", help="of the computation; its beginning is enough")
    resume.add_argument(
        "--resubmit", action="store_true", help="send jobs that failed or were cancelled again"
    )
    _add_yes(resume)
    resume.set_defaults(run=_resume)
    stop = commands.add_parser("cancel", help="cancel a computation's jobs")
    stop.add_argument("id", metavar="ID")
    stop.set_defaults(run=_cancel)
    jobs = commands.add_parser("jobs", help="list computations and jobs, as last heard")
    jobs.add_argument("id", metavar="ID", nargs="?", help="show the history of its jobs")
    jobs.set_defaults(run=_jobs)


def _add_task(tasks: Commands, face: Face, run: Callable[..., None], *, sends: bool) -> None:
    task = tasks.add_parser(face.NAME, help=face.HELP)
    face.add_problem(task)
    face.add_run(task)
    add_setting(task, face.EPSILON_HELP)
    if sends:
        task.add_argument("--dry-run", action="store_true", help="as 'cost': nothing is sent")
        _add_yes(task)
    task.set_defaults(run=run, task=face.task)


def _add_yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--yes", action="store_true", help="do not ask before sending more than the budget"
    )


# -- commands -----------------------------------------------------------------------------------


def _run(options: argparse.Namespace) -> None:
    if options.dry_run:
        _cost(options)
        return
    ledger, computation = _begin(options)
    _go_on(ledger, computation, approve=approval(yes=options.yes))


def _submit(options: argparse.Namespace) -> None:
    if options.dry_run:
        _cost(options)
        return
    ledger, computation = _begin(options)
    try:
        _go_on(ledger, computation, approve=approval(yes=options.yes), wait=False)
    except JobsPendingError as pending:
        print(computation.id)
        print(f"{pending}. Go on with: qml-algos resume {computation.id}", file=sys.stderr)


def _resume(options: argparse.Namespace) -> None:
    ledger = Ledger()
    computation = ledger.computation(options.id)
    if computation.outcome is not None:
        print(computation.outcome)
        return
    _go_on(ledger, computation, approve=approval(yes=options.yes), resubmit=options.resubmit)


def _cost(options: argparse.Namespace) -> None:
    task = options.task(options)
    device = backend(options.backend, recorder=Recorder(Ledger(), approve=_stop))
    task.check(device)
    try:
        task.run(device)
    except _StoppedError as stopped:
        print(stopped.plan)
        if stopped.plan.budget is not None:
            above = "above" if stopped.plan.above_budget else "within"
            print(f"That is {above} the budget of {stopped.plan.budget:,.1f} s.")
        unknown = task.unknown_cost(device)
        if unknown is not None:
            print(f"That is the first step, not all: {unknown}. Later steps cost more.")
    else:
        print(f"{device.name}: nothing needs sending.")


def _cancel(options: argparse.Namespace) -> None:
    recorder = Recorder(Ledger())
    computation = recorder.ledger.computation(options.id)
    _, where = _recorded(computation)
    jobs = [
        job
        for job in recorder.ledger.jobs(computation=computation.id)
        if job.state in (*PENDING, *NEVER_SENT)
    ]
    device = backend(where, recorder=recorder)
    if not jobs or not runs_elsewhere(device):
        print(f"computation {computation.id} has no jobs to cancel")
        return
    from qml_algos.backends.ibm import IBMBackend

    assert isinstance(device, IBMBackend)
    for job, state in zip(jobs, recorder.cancel(device.service, jobs), strict=True):
        print(f"job {job.id} ({job.provider_id or 'never sent'}): {state}")


def _jobs(options: argparse.Namespace) -> None:
    ledger = Ledger()
    if options.id is None:
        show_jobs(ledger, Console())
    else:
        show_events(ledger, ledger.computation(options.id), Console())


# -- how ----------------------------------------------------------------------------------------


def _begin(options: argparse.Namespace) -> tuple[Ledger, Computation]:
    """Check everything that can be, then record the computation."""
    ledger = Ledger()
    task, device = options.task(options), backend(options.backend, recorder=Recorder(ledger))
    task.check(device)
    own_file = options.backend.endswith(".toml")
    where = str(Path(options.backend).absolute()) if own_file else device.name
    return ledger, ledger.begin(task.name, {"task": task.to_json(), "backend": where})


def _recorded(computation: Computation) -> tuple[Task, str]:
    """Task of a computation, and name or path of its backend."""
    try:
        arguments = computation.arguments
        return task_from_json(computation.task, arguments["task"]), str(arguments["backend"])
    except (KeyError, TypeError) as error:
        raise LedgerError(
            f"computation {computation.id}: its record is damaged: {error!r}"
        ) from None


def _go_on(ledger: Ledger, computation: Computation, **how: Any) -> None:
    """Do a computation, or what is left of it, and print its solution."""
    task, where = _recorded(computation)
    with _waiting(computation) as progress:
        recorder = Recorder(ledger, computation=computation.id, progress=progress, **how)
        device = backend(where, recorder=recorder)
        solution = task.run(device)
    text = FACES[task.name].describe(device.name, solution)
    ledger.finish(computation.id, text)
    print(text)


@contextmanager
def _waiting(computation: Computation) -> Iterator[Callable[[Collection[Job]], None]]:
    """Show what is waited for; on Ctrl-C say that nothing is lost."""
    status = Console(stderr=True).status("")

    def show(jobs: Collection[Job]) -> None:
        states = Counter(str(job.state) for job in jobs)
        devices = ", ".join(sorted({job.device for job in jobs}))
        counts = ", ".join(f"{count} {state}" for state, count in states.items())
        status.update(f"{devices}: {counts}")
        status.start()

    try:
        yield show
    except KeyboardInterrupt:
        raise InterruptedComputation(computation.id) from None
    finally:
        status.stop()


class InterruptedComputation(KeyboardInterrupt):
    """Ctrl-C while a computation went on; its jobs go on without us."""


class _StoppedError(Exception):
    """Carries a plan out of a computation that goes no further."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(str(plan))
        self.plan = plan


def _stop(plan: Plan) -> NoReturn:
    raise _StoppedError(plan)


def approval(*, yes: bool) -> Callable[[Plan], None]:
    """Say what will be sent; ask where it is above the budget."""

    def approve(plan: Plan) -> None:
        console = Console(stderr=True)
        if plan.budget is not None:
            console.print(str(plan), soft_wrap=True, highlight=False)
        if not plan.above_budget or yes:
            return
        if not sys.stdin.isatty():
            within_budget(plan)
        question = f"That is above the budget of {plan.budget:,.1f} s. Send it?"
        if not Confirm.ask(question, console=console, default=False):
            within_budget(plan)

    return approve
