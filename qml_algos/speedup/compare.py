"""Run quantum and classical solvers on the same problems at the same target error."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from qiskit import QuantumCircuit

from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_shots
from qml_algos.errors import QmlAlgosError, UnknownNameError
from qml_algos.lazy import LazyMapping
from qml_algos.speedup.comparison import Comparison
from qml_algos.speedup.contest import Contest, Setting
from qml_algos.speedup.record import Row
from qml_algos.validation import require_epsilon, seed_from

CONTESTS = LazyMapping(
    {
        "linear-systems": "qml_algos.speedup.linear_systems:LinearSystemsContest",
        "fourier": "qml_algos.speedup.fourier:FourierContest",
        "pca": "qml_algos.speedup.pca:PCAContest",
        "svm": "qml_algos.speedup.svm:SVMContest",
        "generative": "qml_algos.speedup.generative:GenerativeContest",
    }
)
"""All tasks that can be compared on, by name."""

Progress = Callable[[int, int, str], None]
"""Called with (steps done, steps in all, what comes next)."""


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
    progress: Progress | None = None,
) -> Comparison:
    """Compare solvers.

    Parameters
    ----------
    task
        ``"linear-systems"``, ``"fourier"``, ``"pca"``, ``"svm"`` or ``"generative"``; or one of
        `CONTESTS` with other options than its default ones.
    sizes, family
        Problems to draw, one of the family for each size: see the ``families`` of the task's
        package. Without ``problems``, a few sizes by default.
    problems
        Your own, by name: a `LinearSystem`, a `Signal`, an array of data, `LabelledData` or a
        `DensityProblem`. Those of ``sizes`` come before them.
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
    progress
        Called before every step.

    Returns
    -------
    Comparison
        A solver that does not apply to a problem (conjugate gradients to an indefinite matrix, a
        circuit larger than the backend) has a row that says why; the others run.

    Raises
    ------
    UnknownNameError, ConfigError, ValueError
        If an argument is wrong; before anything runs.
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
    rows = _rows(contest, cases, steps, Setting(device, epsilon, shots, seed), progress)
    settings: dict[str, object] = {
        "sizes": [int(size) for size in sizes],
        "family": family if sizes else None,
        "problems": list(problems or {}),
        "solvers": list(dict.fromkeys(solver for _, solver in steps)),
        "backend": device.name,
        "epsilon": float(epsilon),
        "shots": shots,
        "seed": seed,
    }
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return Comparison(contest.name, tuple(rows), settings, _environment(), created)


def _contest(task: str | Contest) -> Contest:
    if not isinstance(task, str):
        return task
    if task not in CONTESTS:
        raise UnknownNameError("task", task, CONTESTS)
    contest: Contest = CONTESTS[task]()
    return contest


def _rows(
    contest: Contest,
    cases: Mapping[str, Any],
    steps: Sequence[tuple[str, str]],
    setting: Setting,
    progress: Progress | None,
) -> list[Row]:
    references = {name: contest.reference(problem) for name, problem in cases.items()}
    # The compiler loads its plugins on first use, which is no solver's cost.
    setting.backend.compile([QuantumCircuit(1)])
    rows = []
    for done, (name, solver) in enumerate(steps):
        if progress:
            progress(done, len(steps), f"{solver} on {name}")
        try:
            row = contest.row(cases[name], solver, references[name], setting)
        except QmlAlgosError as error:
            row = replace(contest.failed(cases[name], solver, setting), failure=str(error))
        rows.append(replace(row, problem=name))
    if progress:
        progress(len(steps), len(steps), "done")
    return rows


def _environment() -> dict[str, str]:
    packages = ("qml-algos", "qiskit", "qiskit-aer", "numpy", "scipy")
    found = {package: version(package) for package in packages}
    return {**found, "python": sys.version.split()[0], "machine": platform.machine()}
