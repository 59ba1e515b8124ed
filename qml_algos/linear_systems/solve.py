"""Solve a linear system: one call for quantum and classical solvers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_shots, runs_elsewhere
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.linear_systems.classical import ConjugateGradient, Direct
from qml_algos.linear_systems.hhl import HHL
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.program import Program
from qml_algos.linear_systems.readout import Reading, read_exact, read_shots
from qml_algos.linear_systems.solution import Estimate, Resources, Solution
from qml_algos.validation import numeric_array, seed_from

Solver = HHL | Direct | ConjugateGradient

SOLVERS: dict[str, type[Solver]] = {
    solver.name: solver for solver in (HHL, Direct, ConjugateGradient)
}
"""All solvers by the names that the command line takes."""


def solver_named(name: str) -> type[Solver]:
    """Return the class of a solver.

    Raises
    ------
    UnknownNameError
        If there is none of this name; the message lists the known ones.
    """
    if name not in SOLVERS:
        raise UnknownNameError("solver", name, SOLVERS)
    return SOLVERS[name]


def make_solver(name: str, epsilon: float) -> Solver:
    """Make a solver for a target error; direct ones have none.

    Raises
    ------
    UnknownNameError, ValueError
        If there is no such solver, or epsilon is not between 0 and 1.
    """
    kind = solver_named(name)
    return kind() if issubclass(kind, Direct) else kind(epsilon=epsilon)


def solve(
    problem: LinearSystem,
    solver: Solver,
    backend: str | Path | Backend | None = None,
    *,
    shots: int | None = None,
    observables: Mapping[str, ArrayLike] | None = None,
    reference: ArrayLike | None = None,
    random_state: int | np.random.Generator | None = None,
) -> Solution:
    r"""Solve ``A x = b``.

    Parameters
    ----------
    problem
        The system.
    solver
        ``HHL(...)``, ``Direct()`` or ``ConjugateGradient(...)``.
    backend
        Where a quantum solver runs: a name, the path of a TOML file, or an opened backend;
        ``"aer"``, the exact simulator, if not given. Classical solvers do not use it.
    shots
        Repetitions on a backend that is not exact. By default as many as the solver's epsilon
        takes, up to the backend's limit; on a noisy backend, where more would not help, the
        backend's default.
    observables
        Hermitian matrices M of shape (N, N), dense or sparse, by name: each adds an estimate of
        ``<x|M|x>``. With shots, a diagonal M is read from the same shots as x; another adds a
        circuit for every group of Paulis that are measured together, up to 3**n of them.
    reference
        Shape ``(N,)``: a solution to compare with, for ``Solution.error``.
    random_state
        Seed of the simulator's shots: the same one gives the same result. On a device it names a
        repetition: the same one, or none, gives the recorded result if there is one, another one
        is paid for anew.

    Returns
    -------
    Solution
        From shots it holds the absolute values of x, their standard errors and the observables;
        *signs are not measured*. From an exact simulation or a classical solver it holds x.

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
    matrices = _observables(observables or {}, problem.size)
    if isinstance(solver, HHL):
        solution = _solve_quantum(problem, solver, backend, shots, matrices, random_state)
    else:
        solution = solver.solve(problem)
    if solution.signs_known:
        x = solution.x
        exact = {name: Estimate(np.vdot(x, M @ x).real, 0.0) for name, M in matrices.items()}
        solution = replace(solution, observables=exact)
    if reference is not None:
        solution = replace(solution, error=solution.error_against(reference))
    return solution


def _solve_quantum(
    problem: LinearSystem,
    solver: HHL,
    backend: str | Path | Backend | None,
    shots: int | None,
    observables: Mapping[str, NDArray[Any]],
    random_state: int | np.random.Generator | None,
) -> Solution:
    device = open_backend("aer" if backend is None else backend)
    # A device's shots have no seed. There it counts repetitions, and the same program, run again,
    # asks for the same one.
    seed = 0 if runs_elsewhere(device) and random_state is None else seed_from(random_state)
    if shots is not None:
        require_shots(device.config, shots)
    solver.check_fits(problem, device)
    if device.exact:
        program = solver.build(problem)
        reading = read_exact(program, device)
    else:
        if shots is None and device.noisy:
            shots = device.config.limits.default_shots
        part = solver.epsilon if shots is not None else solver.epsilon / 2
        program = solver.build(problem, filter_epsilon=part)
        reading = read_shots(program, device, observables, shots, solver.epsilon / 2, seed)
    exact = device.exact
    return Solution(
        x=reading.x,
        signs_known=exact,
        solver=solver.name,
        resources=_resources(program, reading),
        residual=problem.residual(reading.x) if exact else None,
        standard_errors=reading.standard_errors,
        success_probability=reading.success_probability,
        observables=reading.observables,
        circuit=reading.circuit,
        caveats=_caveats(program, device, reading, solver.epsilon),
    )


def _resources(program: Program, reading: Reading) -> Resources:
    circuit = reading.circuit
    return Resources(
        classical_seconds=program.classical_seconds,
        qubits=len(_used(circuit)),
        two_qubit_gates=circuit.num_nonlocal_gates(),
        two_qubit_depth=circuit.depth(lambda instruction: len(instruction.qubits) == 2),
        depth=circuit.depth(),
        shots=reading.shots,
        build_seconds=program.build_seconds,
        compile_seconds=reading.compile_seconds,
        run_seconds=reading.run_seconds,
        classically_diagonalised=program.circuit.metadata["classically_diagonalised"],
    )


def _used(circuit: QuantumCircuit) -> set[object]:
    return {qubit for instruction in circuit.data for qubit in instruction.qubits}


def _caveats(
    program: Program, backend: Backend, reading: Reading, epsilon: float
) -> tuple[str, ...]:
    """Say what stands between these figures and a claim about a quantum computer."""
    caveats = []
    if program.circuit.metadata["classically_diagonalised"]:
        caveats.append(
            "Classically diagonalised: the circuit was built from the eigenvectors of A, which "
            "cost as much as solving the system. It cannot show a speedup."
        )
    caveats.append(
        "State preparation: loading an arbitrary b takes about 2^n two-qubit gates; they are "
        "counted."
    )
    if reading.shots is None:
        caveats.append(
            "Read-out: the whole vector was read from an exact simulation. A device would need "
            "about N / (4 epsilon^2 p) shots for its absolute values (success probability p)."
        )
    else:
        caveats.append("Read-out: shots give the absolute values of x, not its signs.")
        allowed = (program.unknowns - 1) / epsilon**2
        if not backend.noisy and reading.success_probability * reading.shots < 0.9 * allowed:
            caveats.append(
                "Shots: fewer were run than the target error takes; see the standard errors."
            )
    if runs_elsewhere(backend):
        caveats.append(f"Noise: measured on a device, {backend.name}.")
    elif backend.noisy:
        caveats.append(
            f"Noise: {backend.name} models gate and readout errors; no error mitigation was used."
        )
    return tuple(caveats)


def _observables(observables: Mapping[str, ArrayLike], size: int) -> dict[str, NDArray[Any]]:
    matrices: dict[str, NDArray[Any]] = {}
    for name, given in observables.items():
        matrix = numeric_array(given, f"observable {name!r}")
        if matrix.shape != (size, size):
            raise InvalidProblemError(
                f"observable {name!r} has shape {matrix.shape}: {(size, size)} is needed"
            )
        if np.max(np.abs(matrix - matrix.conj().T)) > 1e-12 * np.max(np.abs(matrix)):
            raise InvalidProblemError(f"observable {name!r} is not Hermitian")
        matrices[name] = matrix
    return matrices
