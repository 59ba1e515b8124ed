"""Answer a question about a spectrum: one call for quantum and classical solvers."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from qiskit import QuantumCircuit

from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_qubits, require_shots, seed_for, target_of
from qml_algos.fourier.caveats import caveats
from qml_algos.fourier.classical.fft import phase_of
from qml_algos.fourier.precision import sampling_error
from qml_algos.fourier.problem import Signal
from qml_algos.fourier.program import Program
from qml_algos.fourier.questions import DominantFrequencies, Question
from qml_algos.fourier.reading import Answer, from_shots, from_states, run
from qml_algos.fourier.solution import SpectrumSolution
from qml_algos.fourier.solvers import SOLVERS, ClassicalSolver, QuantumSolver, Solver
from qml_algos.results import Resources, circuit_costs, two_qubit_gates
from qml_algos.validation import seed_from


def solve(
    signal: Signal,
    solver: Solver,
    backend: str | Path | Backend | None = None,
    *,
    question: Question | None = None,
    shots: int | None = None,
    reference: SpectrumSolution | ArrayLike | None = None,
    random_state: int | np.random.Generator | None = None,
) -> SpectrumSolution:
    """Answer a question about the spectrum of a signal.

    Parameters
    ----------
    signal
        The samples.
    solver
        One of `qml_algos.fourier.SOLVERS`: quantum, ``QFT(...)``, or classical, ``FFT()``.
    backend
        Where a quantum solver runs: a name, the path of a TOML file, or an opened backend;
        ``"aer"``, the exact simulator, if not given. Classical solvers do not use it.
    question
        `DominantFrequencies`, `SpectralPower` or `RelativePhase`; the strongest frequency if not
        given.
    shots
        Repetitions in all, for what is read by shots. By default as many as the solver's epsilon
        takes, up to the backend's limit; on a noisy backend, where more would not help, the
        backend's default.
    reference
        Answer to the same question to compare with, for ``SpectrumSolution.error``.
    random_state
        Seed of the simulator's shots and of random sampling: the same one gives the same result. On
        a device it names a repetition: the same one, or none, gives the recorded result if there is
        one, another one is paid for anew.

    Returns
    -------
    SpectrumSolution
        The answer, its standard errors and its cost.

    Raises
    ------
    InvalidProblemError
        If the question does not fit the signal, or the reference not the question.
    UnsuitableSolverError
        If the solver does not answer this question, or not for this signal.
    UnknownNameError, ConfigError
        If there is no such backend or its file is wrong.
    TooLargeError
        If the signal does not fit the backend or memory, or shots exceed the backend's limit.
    MissingExtraError
        If the solver needs a package that is not installed.
    BudgetError, JobLostError, ServiceUnavailableError, LedgerError
        On a device: see `qml_algos.backends.jobs.recorder.Recorder`. Nothing that was paid for is
        lost; call again.
    """
    if not isinstance(signal, Signal):
        raise TypeError(f"signal: {type(signal).__name__} given, a Signal is needed")
    if not isinstance(solver, Solver):
        raise TypeError(
            f"solver: {solver!r} given, an instance of one of "
            f"{', '.join(kind.__name__ for kind in SOLVERS.values())} is needed"
        )
    asked = DominantFrequencies() if question is None else question
    if not isinstance(asked, Question):
        raise TypeError(
            f"question: {asked!r} given, DominantFrequencies, SpectralPower or RelativePhase is "
            "needed"
        )
    asked.require_for(signal)
    if isinstance(solver, QuantumSolver):
        solution = _solve_quantum(signal, solver, backend, asked, shots, random_state)
    else:
        solution = _solve_classically(signal, solver, asked, random_state)
    if reference is not None:
        solution = replace(solution, error=solution.error_against(reference))
    return solution


def _solve_classically(
    signal: Signal,
    solver: ClassicalSolver,
    question: Question,
    random_state: int | np.random.Generator | None,
) -> SpectrumSolution:
    return solver.solve(signal, question, np.random.default_rng(seed_from(random_state)))


def _solve_quantum(
    signal: Signal,
    solver: QuantumSolver,
    backend: str | Path | Backend | None,
    question: Question,
    shots: int | None,
    random_state: int | np.random.Generator | None,
) -> SpectrumSolution:
    device = open_backend("aer" if backend is None else backend)
    seed = seed_for(device, random_state)
    if shots is not None:
        require_shots(device.config, shots)
    require_qubits(device.config, (signal.size - 1).bit_length(), f"{signal!r}")
    target = target_of(device)
    program = solver.build(signal, question, exact=device.exact, target=target)
    if program.shots is None:
        return _from_state(signal, solver, device, question, program)
    if shots is None:
        limits = device.config.limits
        shots = limits.default_shots if device.noisy else min(program.shots, limits.max_shots)
    return _from_shots(signal, solver, device, question, program, shots, seed)


def _from_state(
    signal: Signal, solver: QuantumSolver, backend: Backend, question: Question, program: Program
) -> SpectrumSolution:
    start = time.perf_counter()
    *circuits, transform = backend.compile([*program.circuits, program.transform])
    compile_seconds = time.perf_counter() - start
    start = time.perf_counter()
    states = [backend.statevector(circuit) for circuit in circuits]
    done = time.perf_counter()
    answer = from_states(signal, question, states)
    postprocessing_seconds = time.perf_counter() - done
    resources = Resources(
        classical_seconds=0.0,
        **circuit_costs(circuits[0]),
        build_seconds=program.build_seconds,
        compile_seconds=compile_seconds,
        run_seconds=done - start,
        postprocessing_seconds=postprocessing_seconds,
        classically_diagonalised=False,
    )
    return _solution(
        signal, solver, backend, question, program, answer, resources, (circuits[0], transform)
    )


def _from_shots(
    signal: Signal,
    solver: QuantumSolver,
    backend: Backend,
    question: Question,
    program: Program,
    shots: int,
    seed: int,
) -> SpectrumSolution:
    executed, numbers = run(program.circuits, backend, shots, seed)
    done = time.perf_counter()
    answer = from_shots(signal, question, numbers)
    start = time.perf_counter()
    (transform,) = backend.compile([program.transform])
    resources = Resources(
        classical_seconds=0.0,
        **circuit_costs(executed.compiled[0]),
        shots=executed.shots,
        build_seconds=program.build_seconds,
        compile_seconds=executed.compile_seconds + time.perf_counter() - start,
        run_seconds=executed.run_seconds,
        postprocessing_seconds=start - done,
        classically_diagonalised=False,
    )
    compiled = (executed.compiled[0], transform)
    return _solution(signal, solver, backend, question, program, answer, resources, compiled)


def _solution(
    signal: Signal,
    solver: QuantumSolver,
    backend: Backend,
    question: Question,
    program: Program,
    answer: Answer,
    resources: Resources,
    compiled: tuple[QuantumCircuit, QuantumCircuit],
) -> SpectrumSolution:
    whole, transform = (two_qubit_gates(circuit) for circuit in compiled)
    budget = replace(program.budget, signal_noise=answer.signal_noise)
    if resources.shots is not None:
        budget = replace(budget, sampling=sampling_error(question, resources.shots))
    return SpectrumSolution(
        question=question,
        solver=solver.name,
        resources=resources,
        positions=answer.positions,
        powers=answer.powers,
        position_standard_errors=answer.position_errors,
        power_standard_errors=answer.power_errors,
        bin_width=signal.bin_width,
        phase=phase_of(answer),
        circuit=compiled[0],
        preparation_gates=max(whole - transform, 0),
        transform_gates=min(whole, transform),
        budget=budget,
        details=program.details,
        caveats=caveats(signal, question, program, answer, backend, resources.shots),
    )
