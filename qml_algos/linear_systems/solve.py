"""Solve a linear system: one call for quantum and classical solvers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_shots, seed_for
from qml_algos.linear_systems.amplification import AmplificationMethod, amplified
from qml_algos.linear_systems.caveats import caveats
from qml_algos.linear_systems.pilot import acceptance_probability
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.program import ErrorBudget, Program
from qml_algos.linear_systems.readout import (
    OverlapMethod,
    Reading,
    as_observables,
    read_exact,
    read_shots,
)
from qml_algos.linear_systems.readout.overlaps import as_vectors
from qml_algos.linear_systems.readout.reading import draw_samples, exact_overlap
from qml_algos.linear_systems.right_hand_side import RightHandSide
from qml_algos.linear_systems.solution import Solution
from qml_algos.linear_systems.solvers import (
    SOLVERS,
    AdaptiveSolver,
    ClassicalSolver,
    QuantumSolver,
    Solver,
)
from qml_algos.results import Estimate, Resources, circuit_costs
from qml_algos.validation import seed_from

# A sampler starts its random numbers anew for every job. Reading counts seeds up from the one it
# is given; what runs before it starts far above.
_AMPLIFICATION, _TRAINING = 10_000, 20_000


@dataclass(frozen=True, eq=False)
class _Request:
    """What is to be read beside x, and how."""

    observables: Mapping[str, Any]
    overlaps: Mapping[str, RightHandSide]
    overlap_method: OverlapMethod
    signs: bool
    samples: int
    mitigation: bool


def solve(
    problem: LinearSystem,
    solver: Solver,
    backend: str | Path | Backend | None = None,
    *,
    shots: int | None = None,
    observables: Mapping[str, Any] | None = None,
    overlaps: Mapping[str, ArrayLike | RightHandSide] | None = None,
    overlap_method: OverlapMethod = "uncompute",
    signs: bool = False,
    samples: int = 0,
    mitigation: bool = False,
    amplification: AmplificationMethod | None = None,
    reference: ArrayLike | None = None,
    random_state: int | np.random.Generator | None = None,
) -> Solution:
    r"""Solve ``A x = b``.

    Parameters
    ----------
    problem
        The system.
    solver
        One of `qml_algos.linear_systems.SOLVERS`: quantum, ``HHL(...)``, or classical,
        ``Direct()``.
    backend
        Where a quantum solver runs: a name, the path of a TOML file, or an opened backend;
        ``"aer"``, the exact simulator, if not given. Classical solvers do not use it.
    shots
        Repetitions on a backend that is not exact. By default as many as the solver's epsilon
        takes, up to the backend's limit; on a noisy backend, where more would not help, the
        backend's default.
    observables
        By name, each adds an estimate of ``<x|M|x>``: Hermitian matrices M of shape (N, N), dense
        or sparse, or vectors of shape (N,) for diagonal ones. With shots, a diagonal M is read
        from the same shots as x; another adds a circuit for every group of Paulis that are
        measured together, up to 3**n of them.
    overlaps
        Vectors v by name: each adds an estimate of ``<v|x>``.
    overlap_method
        ``"uncompute"``, ``"swap"`` or ``"hadamard"``: how overlaps are measured by shots.
    signs
        With shots, measure the signs (phases) of x too: a circuit for each qubit of x, twice as
        many if it is complex.
    samples
        How many indices to draw with probability ``|x_i|^2 / ||x||^2``.
    mitigation
        With shots, also estimate from counts corrected for read-out errors.
    amplification
        ``"grover"``, ``"exact"`` or ``"fixed_point"`` amplitude amplification of the quantum
        solver's success probability, which is measured first.
    reference
        Shape ``(N,)``: a solution to compare with, for ``Solution.error``.
    random_state
        Seed of the simulator's shots: the same one gives the same result. On a device it names a
        repetition: the same one, or none, gives the recorded result if there is one, another one
        is paid for anew.

    Returns
    -------
    Solution
        From shots it holds the absolute values of x (its signs only if they were asked for), their
        standard errors and the observables. From an exact simulation or a classical solver it
        holds x.

    Raises
    ------
    InvalidProblemError, SingularMatrixError
        If the system has no unique solution or an argument's shape or values are wrong.
    UnsuitableSolverError
        If the solver does not apply to this system.
    UnknownNameError, ConfigError
        If there is no such backend or its file is wrong.
    TooLargeError
        If the circuit does not fit the backend, or shots exceed its limit.
    NothingAcceptedError
        If no shot passed the post-selection.
    BudgetError, JobLostError, ServiceUnavailableError, LedgerError
        On a device: see `qml_algos.backends.jobs.recorder.Recorder`. Nothing that was paid for is
        lost; call again.
    """
    if not isinstance(problem, LinearSystem):
        raise TypeError(f"problem: {type(problem).__name__} given, a LinearSystem is needed")
    if not isinstance(solver, Solver):
        raise TypeError(
            f"solver: {solver!r} given, an instance of one of "
            f"{', '.join(kind.__name__ for kind in SOLVERS.values())} is needed"
        )
    request = _Request(
        as_observables(observables or {}, problem.size),
        as_vectors(overlaps or {}, problem.size),
        overlap_method,
        signs,
        samples,
        mitigation,
    )
    if isinstance(solver, QuantumSolver):
        solution = _solve_quantum(
            problem, solver, backend, shots, request, amplification, random_state
        )
    else:
        solution = _solve_classically(problem, solver, request, random_state)
    if reference is not None:
        solution = replace(solution, error=solution.error_against(reference))
    return solution


def _solve_classically(
    problem: LinearSystem,
    solver: ClassicalSolver,
    request: _Request,
    random_state: int | np.random.Generator | None,
) -> Solution:
    solution = solver.solve(problem)
    x = solution.x
    return replace(
        solution,
        observables={
            name: Estimate(matrix.value(x), 0.0) for name, matrix in request.observables.items()
        },
        overlaps={name: exact_overlap(vector, x) for name, vector in request.overlaps.items()},
        samples=draw_samples(x, request.samples, seed_from(random_state))
        if request.samples
        else None,
    )


def _solve_quantum(
    problem: LinearSystem,
    solver: QuantumSolver,
    backend: str | Path | Backend | None,
    shots: int | None,
    request: _Request,
    amplification: AmplificationMethod | None,
    random_state: int | np.random.Generator | None,
) -> Solution:
    device = open_backend("aer" if backend is None else backend)
    seed = seed_for(device, random_state)
    if shots is not None:
        require_shots(device.config, shots)
    solver.check_fits(problem, device)
    if shots is None and device.noisy:
        shots = device.config.limits.default_shots
    sampled = not device.exact and shots is None
    program = _program(problem, solver, device, solver.epsilon / (2 if sampled else 1), seed)
    if amplification is not None:
        found = acceptance_probability(
            program.circuit, program.data_qubits, program.accepted, device, seed + _AMPLIFICATION
        )
        shots_so_far = program.pilot_shots + found.shots
        program = amplified(program, found.probability, amplification)
        program = replace(program, pilot_shots=shots_so_far)
    start = time.perf_counter()
    reading = _read(problem, program, device, request, shots, solver.epsilon / 2, seed)
    seconds = time.perf_counter() - start
    return Solution(
        x=reading.x,
        signs_known=reading.signs_known,
        solver=solver.name,
        resources=_resources(program, reading, seconds),
        residual=problem.residual(reading.x) if device.exact else None,
        standard_errors=reading.standard_errors,
        success_probability=reading.success_probability,
        observables=reading.observables,
        circuit=reading.circuit,
        norm_standard_error=reading.norm_standard_error,
        sign_error_probabilities=reading.sign_error_probabilities,
        overlaps=reading.overlaps,
        samples=reading.samples,
        mitigated=reading.mitigated,
        budget=_with_sampling(program, reading),
        access=program.access,
        details=program.details,
        caveats=caveats(program, device, reading, solver.epsilon),
    )


def _with_sampling(program: Program, reading: Reading) -> ErrorBudget:
    """Add the root mean square error of the absolute values from the shots that passed."""
    if reading.accepted_shots is None:
        return program.budget
    sampling = np.sqrt((program.unknowns - 1) / (4 * reading.accepted_shots))
    return replace(program.budget, sampling=float(sampling))


def _program(
    problem: LinearSystem, solver: QuantumSolver, backend: Backend, epsilon: float, seed: int
) -> Program:
    if isinstance(solver, AdaptiveSolver):
        return solver.build(problem, backend, seed + _TRAINING, filter_epsilon=epsilon)
    return solver.build(problem, filter_epsilon=epsilon)


def _read(
    problem: LinearSystem,
    program: Program,
    backend: Backend,
    request: _Request,
    shots: int | None,
    sampling_error: float,
    seed: int,
) -> Reading:
    if backend.exact:
        return read_exact(
            program,
            backend,
            observables=request.observables,
            overlaps=request.overlaps,
            samples=request.samples,
            seed=seed,
        )
    return read_shots(
        program,
        backend,
        request.observables,
        shots,
        sampling_error,
        seed,
        overlaps=request.overlaps,
        overlap_method=request.overlap_method,
        signs=request.signs,
        # <A^dagger b | x> = ||b||^2: the sign of x as a whole is known without measuring it.
        phase_reference=problem.A.conj().T @ problem.b
        if request.signs or request.overlaps
        else None,
        samples=request.samples,
        mitigation=request.mitigation,
    )


def _resources(program: Program, reading: Reading, seconds: float) -> Resources:
    """Sum up, with the seconds that reading took in all."""
    return Resources(
        classical_seconds=program.classical_seconds,
        **circuit_costs(reading.circuit),
        shots=None if reading.shots is None else reading.shots + program.pilot_shots,
        build_seconds=program.build_seconds,
        compile_seconds=reading.compile_seconds,
        run_seconds=reading.run_seconds,
        postprocessing_seconds=max(0.0, seconds - reading.compile_seconds - reading.run_seconds),
        classically_diagonalised=program.circuit.metadata["classically_diagonalised"],
    )
