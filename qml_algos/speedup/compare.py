"""Run quantum and classical solvers on the same systems at the same target error."""

from __future__ import annotations

import platform
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_shots
from qml_algos.errors import QmlAlgosError, UnknownNameError, UnsuitableSolverError
from qml_algos.linear_systems import (
    Circulant,
    Encoded,
    LinearSystem,
    PauliSum,
    Solution,
    Toeplitz,
    make_solver,
    solve,
    solver_named,
)
from qml_algos.linear_systems.solvers import QuantumSolver, Solver
from qml_algos.speedup.comparison import Comparison
from qml_algos.speedup.families import FAMILIES, make_system
from qml_algos.speedup.record import Row
from qml_algos.speedup.reference import is_fourier_diagonal, reference_solution
from qml_algos.validation import require_epsilon, seed_from

TASKS = ("linear-systems",)
DEFAULT_SIZES = (4, 8, 16)
DEFAULT_SOLVERS = ("hhl", "qsvt", "spectral", "direct", "cg", "fft")
"""Of them, ``spectral`` and ``fft`` only where a transform diagonalises the matrix, and ``qsvt``
not where it would take a large dense unitary."""

_FOURIER_SOLVERS = ("spectral", "fft")
_DENSELY_ENCODED = 16
"""Unknowns of a matrix without structure: with 56, a circuit has 300,000 two-qubit gates and takes
minutes to compile."""
_TIMING_RUNS = 7
_TIMING_SECONDS = 5.0

Progress = Callable[[int, int, str], None]
"""Called with (steps done, steps in all, what comes next)."""


def compare(
    task: str,
    *,
    sizes: Sequence[int] = DEFAULT_SIZES,
    family: str = "tridiagonal",
    systems: Mapping[str, LinearSystem] | None = None,
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
        ``"linear-systems"``.
    sizes, family
        Systems to draw, one of the family for each size. A size is the number of unknowns
        (``tridiagonal``, ``spd``, ``poisson``, ``general``), or of cells on every axis, a power
        of two (``dirichlet``, ``neumann``, ``periodic``, ``poisson2d``); see
        `qml_algos.speedup.families`.
    systems
        Systems of your own, by name. Those of ``sizes`` come before them; give ``sizes=()`` for
        yours alone.
    solvers
        Names: see `qml_algos.linear_systems.SOLVERS`. By default ``hhl``, ``direct`` and ``cg``;
        ``spectral`` and ``fft`` for systems that a transform diagonalises; ``qsvt`` for matrices
        whose structure gives a block encoding, and others of up to 16 unknowns.
    backend
        Where quantum solvers run.
    epsilon
        Relative error of the normalised solution asked of every solver.
    shots
        Repetitions of quantum circuits; by default what epsilon takes.
    random_state
        Seed of the systems and of the simulator.
    progress
        Called before every step.

    Returns
    -------
    Comparison
        A solver that does not apply to a system (conjugate gradients to an indefinite matrix, a
        circuit larger than the backend) has a row that says why; the others run.

    Raises
    ------
    UnknownNameError, ConfigError, ValueError
        If an argument is wrong; before anything runs.
    SingularMatrixError
        If one of the systems is singular.

    Notes
    -----
    Errors are measured against a solution by fast transforms where these apply, else by a direct
    solver. Neither takes dense matrices for sparse systems or for structured ones, so that
    classical solvers can be compared on a million unknowns; simulating a circuit for so many is
    another matter, and quantum solvers are then better left out.
    """
    if task not in TASKS:
        raise UnknownNameError("task", task, TASKS)
    if family not in FAMILIES:
        raise UnknownNameError("family", family, FAMILIES)
    require_epsilon(epsilon)
    for name in solvers or ():
        solver_named(name)
    device = open_backend(backend)
    if shots is not None:
        require_shots(device.config, shots)
    # The report names a number that draws the same again.
    drawn = seed_from(random_state)
    seed = int(random_state) if isinstance(random_state, int | np.integer) else drawn
    rng = np.random.default_rng(seed)
    cases = {f"{family} {size}": make_system(family, size, rng) for size in sizes}
    cases |= systems or {}
    if not cases or (solvers is not None and not solvers):
        raise ValueError("sizes, systems, solvers: nothing to compare")
    steps = [
        (name, problem, solver)
        for name, problem in cases.items()
        for solver in (_applicable(problem) if solvers is None else dict.fromkeys(solvers))
    ]
    references = {name: reference_solution(problem) for name, problem in cases.items()}
    # The compiler loads its plugins on first use, which is no solver's cost.
    device.compile([QuantumCircuit(1)])
    rows = []
    for done, (name, problem, solver) in enumerate(steps):
        if progress:
            progress(done, len(steps), f"{solver} on {name}")
        instance = make_solver(solver, epsilon)
        rows.append(_row(name, problem, instance, device, epsilon, shots, references[name], seed))
    if progress:
        progress(len(steps), len(steps), "done")
    settings: dict[str, object] = {
        "sizes": [int(size) for size in sizes],
        "family": family if sizes else None,
        "systems": list(systems or {}),
        "solvers": list(dict.fromkeys(solver for _, _, solver in steps)),
        "backend": device.name,
        "epsilon": float(epsilon),
        "shots": shots,
        "seed": seed,
    }
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return Comparison(task, tuple(rows), settings, _environment(), created)


def _applicable(problem: LinearSystem) -> list[str]:
    """Return the default solvers for a system."""
    left_out = () if is_fourier_diagonal(problem) else _FOURIER_SOLVERS
    structured = isinstance(problem.structure, Toeplitz | Circulant | PauliSum | Encoded)
    if not structured and problem.size > _DENSELY_ENCODED:
        left_out = (*left_out, "qsvt")
    return [name for name in DEFAULT_SOLVERS if name not in left_out]


def _row(
    name: str,
    problem: LinearSystem,
    solver: Solver,
    backend: Backend,
    epsilon: float,
    shots: int | None,
    reference: NDArray[np.generic],
    seed: int,
) -> Row:
    quantum = isinstance(solver, QuantumSolver)
    row = Row(
        system=name,
        size=problem.size,
        condition_number=_condition_number(problem),
        solver=solver.name,
        kind="quantum" if quantum else "classical",
        backend=backend.name if quantum else None,
        target_error=epsilon,
    )
    try:
        solution = solve(
            problem, solver, backend, shots=shots, reference=reference, random_state=seed
        )
    except QmlAlgosError as error:
        return replace(row, failure=str(error))
    row = _measured(row, solution)
    if quantum:
        return row
    first = solution.resources.classical_seconds
    return replace(row, classical_seconds=_median_seconds(problem, solver, first))


def _condition_number(problem: LinearSystem) -> float | None:
    """Return it, or None where the structure does not tell."""
    try:
        return problem.condition_number
    except UnsuitableSolverError:
        return None


def _measured(row: Row, solution: Solution) -> Row:
    """Add the figures of a solution; those of its resources have the same names in a row."""
    return replace(
        row,
        error=solution.error,
        error_of="x" if solution.signs_known else "|x|",
        promised_error=solution.promised_error,
        access=solution.access or None,
        gates_per_accepted_shot=solution.gates_per_accepted_shot,
        residual=solution.residual,
        success_probability=solution.success_probability,
        caveats=solution.caveats,
        **vars(solution.resources),
    )


def _median_seconds(problem: LinearSystem, solver: Solver, first: float) -> float:
    """Median of several runs: one run of a fast solver measures the machine's caches.

    The first counts where it was slow.
    """
    seconds = [first] if first > _TIMING_SECONDS / _TIMING_RUNS else []
    while not seconds or (len(seconds) < _TIMING_RUNS and sum(seconds) < _TIMING_SECONDS):
        seconds.append(solve(problem, solver).resources.classical_seconds)
    return statistics.median(seconds)


def _environment() -> dict[str, str]:
    packages = ("qml-algos", "qiskit", "qiskit-aer", "numpy", "scipy")
    found = {package: version(package) for package in packages}
    return {**found, "python": sys.version.split()[0], "machine": platform.machine()}
