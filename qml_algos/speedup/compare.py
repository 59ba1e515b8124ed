"""Run quantum and classical solvers on the same problems at the same target error."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from qml_algos.backends import Backend, Ledger
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_shots
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.lazy import LazyMapping
from qml_algos.speedup.comparison import Comparison
from qml_algos.speedup.contest import Contest, Setting
from qml_algos.speedup.options import options_of
from qml_algos.speedup.points import Points
from qml_algos.speedup.sweep import Progress, Sweep, warm_up
from qml_algos.validation import require_epsilon, require_positive, seed_from

CONTESTS = LazyMapping(
    {
        "linear-systems": "qml_algos.speedup.linear_systems:LinearSystemsContest",
        "fourier": "qml_algos.speedup.fourier:FourierContest",
        "pca": "qml_algos.speedup.pca:PCAContest",
        "svm": "qml_algos.speedup.svm:SVMContest",
        "generative": "qml_algos.speedup.generative:GenerativeContest",
        "ground-state": "qml_algos.speedup.ground_state:GroundStateContest",
    }
)
"""All tasks that can be compared on, by name."""

DEFAULT_MAX_SECONDS = 60.0
"""Of simulating one circuit, as estimated: what takes longer is projected."""


def compare(
    task: str | Contest,
    *,
    sizes: Sequence[int] | None = None,
    family: str | None = None,
    problems: Mapping[str, Any] | None = None,
    solvers: Sequence[str] | None = None,
    backend: str | Path | Backend = "aer",
    epsilon: float = 1e-2,
    shots: int | None = None,
    random_state: int | np.random.Generator | None = None,
    max_seconds: float = DEFAULT_MAX_SECONDS,
    jobs: int | None = None,
    ledger: Ledger | None = None,
    resume: bool = True,
    progress: Progress | None = None,
) -> Comparison:
    """Compare solvers.

    Parameters
    ----------
    task
        ``"linear-systems"``, ``"fourier"``, ``"pca"``, ``"svm"``, ``"generative"`` or
        ``"ground-state"``; or one of `CONTESTS` with other options than its default ones.
    sizes, family
        Problems to draw, one of the family for each size: see the ``families`` of the task's
        package. Without ``problems``, a few sizes by default.
    problems
        Your own, by name: a `LinearSystem`, a `Signal`, an array of data, `LabelledData`, a
        `DensityProblem` or a `SpinHamiltonian`. Those of ``sizes`` come before them.
    solvers
        Names. By default a few quantum and classical ones that suit the problem.
    backend
        Where quantum solvers run.
    epsilon
        Error asked of every solver: see the task's solvers for what of.
    shots
        Repetitions of quantum circuits; by default what epsilon takes.
    random_state
        Seed of the problems and of the simulator.
    max_seconds
        Of simulating one circuit, estimated from its gates and qubits.
    jobs
        Solvers that run circuits at a time, as joblib takes it: ``-1`` for one on each processor;
        its ``parallel_config`` may take them to other machines. Classical solvers are timed after
        those, one by one, with one thread. What goes to a device, or through a recorder, goes in
        order, whatever ``jobs`` is.
    ledger
        Where each finished point is kept at once; by default nowhere. After an interruption, or
        with some more sizes, the same call goes on from there.
    resume
        Whether points that the ledger has are read; else all are measured, and replaced.
    progress
        Called when a step is finished, or begins, with (steps done, steps in all, what it is).

    Returns
    -------
    Comparison
        A solver that does not apply to a problem (conjugate gradients to an indefinite matrix) has
        a row that says why; the others run. What is too large for the backend, for the memory that
        is free, or for ``max_seconds`` is not tried: its row is projected, with the costs of its
        circuit where that was built before.

    Raises
    ------
    UnknownNameError, ConfigError, ValueError
        If an argument is wrong; before anything runs.
    LedgerError
        If the ledger cannot be read or written.
    InvalidProblemError
        If one of the problems has no solution.

    Notes
    -----
    Errors are measured against a classical solution: of linear systems by fast transforms where
    these apply, else by a direct solver. Neither takes dense matrices for sparse systems or for
    structured ones, so that classical solvers can be compared on a million unknowns; simulating a
    circuit for so many is another matter, and quantum solvers are then better left out.
    """
    contest = _contest(task)
    if sizes is None:
        sizes = () if problems else contest.default_sizes
    if family is None:
        family = next(iter(contest.families))
    if family not in contest.families:
        raise UnknownNameError("family", family, contest.families)
    require_epsilon(epsilon)
    for name in solvers or ():
        contest.require_solver(name)
    require_positive("max_seconds", max_seconds)
    _require_jobs(jobs)
    device = open_backend(backend)
    if shots is not None:
        require_shots(device.config, shots)
    # The report names a number that draws the same again.
    drawn = seed_from(random_state)
    seed = int(random_state) if isinstance(random_state, int | np.integer) else drawn
    rng = np.random.default_rng(seed)
    cases = {f"{family} {size}": contest.draw(family, size, rng) for size in sizes}
    cases |= problems or {}
    if not cases or (solvers is not None and not solvers):
        raise ValueError("sizes, problems, solvers: nothing to compare")
    steps = [
        (name, solver)
        for name, problem in cases.items()
        for solver in (
            contest.default_solvers(problem) if solvers is None else dict.fromkeys(solvers)
        )
    ]
    environment = _environment()
    warm_up(device)
    sweep = Sweep(
        contest,
        cases,
        Setting(device, epsilon, shots, seed),
        steps,
        jobs,
        max_seconds,
        None if ledger is None else Points(ledger, environment, resume),
    )
    rows = sweep.run(progress)
    settings: dict[str, object] = {
        "sizes": [int(size) for size in sizes],
        "family": family if sizes else None,
        "problems": list(problems or {}),
        "solvers": list(dict.fromkeys(solver for _, solver in steps)),
        "backend": device.name,
        "epsilon": float(epsilon),
        "shots": shots,
        "seed": seed,
        "max_seconds": float(max_seconds),
        "jobs": jobs,
        "options": options_of(contest),
    }
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return Comparison(contest.name, tuple(rows), settings, environment, created)


def _contest(task: str | Contest) -> Contest:
    if not isinstance(task, str):
        return task
    if task not in CONTESTS:
        raise UnknownNameError("task", task, CONTESTS)
    contest: Contest = CONTESTS[task]()
    return contest


def _require_jobs(jobs: int | None) -> None:
    whole = isinstance(jobs, int | np.integer) and not isinstance(jobs, bool)
    if jobs is not None and (not whole or jobs == 0):
        raise InvalidProblemError(
            f"jobs = {jobs!r}: must be a positive number of steps at a time, -1 for one on each "
            "processor, or None"
        )


def _environment() -> dict[str, str]:
    packages = ("qml-algos", "qiskit", "qiskit-aer", "numpy", "scipy")
    found = {package: version(package) for package in packages}
    return {**found, "python": sys.version.split()[0], "machine": platform.machine()}
