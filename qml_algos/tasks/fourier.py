"""A question about the spectrum of one signal as a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np

from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits, require_shots
from qml_algos.errors import UnsuitableSolverError
from qml_algos.fourier import (
    FFT,
    DominantFrequencies,
    Question,
    RelativePhase,
    Signal,
    SpectralPower,
    SpectrumSolution,
    draw,
    make_solver,
    solve,
    solver_named,
)
from qml_algos.fourier.solvers import QuantumSolver
from qml_algos.tasks.files import InputFile
from qml_algos.tasks.recording import fields_of
from qml_algos.validation import require_epsilon

Fit = Literal["pad", "trim"]
"""Zeros are added, or samples at the end left out, to make their number a power of two."""

_ALWAYS = ("solver", "epsilon", "shots", "seed", "signal", "family", "size", "count")


@dataclass(frozen=True)
class FourierTask:
    """Answer a question about one signal with one solver.

    Attributes
    ----------
    solver
        Its name.
    epsilon
        Target error, in the unit of the answer.
    shots
        Repetitions; by default what the target takes.
    seed
        Of the signal drawn, and of the shots.
    signal, rate, fit
        File with the samples, their rate unless the file tells, and how their number is made a
        power of two if it is to be; or
    family, size
        a signal to draw.
    count
        How many frequencies are asked for, unless
    bins
        the power in these is asked for, or
    phase
        the phase of the second of these two against the first.
    """

    name: ClassVar[str] = "fourier"

    solver: str
    epsilon: float
    shots: int | None
    seed: int
    signal: InputFile | None = None
    rate: float | None = None
    fit: Fit | None = None
    family: str | None = None
    size: int | None = None
    count: int = 1
    bins: tuple[int, ...] | None = None
    phase: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        solver_named(self.solver)
        require_epsilon(self.epsilon)
        question_of(self.count, self.bins, self.phase)

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> FourierTask:
        """Read what `to_json` wrote; see `fields_of`."""
        read = fields_of(cls, values, always=_ALWAYS, files=("signal",))
        for key in ("bins", "phase"):
            if read.get(key) is not None:
                read[key] = tuple(read[key])
        return cls(**read)

    def problem(self) -> Signal:
        """Read or draw the signal."""
        if self.signal is not None:
            return read_signal(self.signal.unchanged(), self.rate, self.fit)
        assert self.family is not None
        assert self.size is not None
        return draw(self.family, self.size, np.random.default_rng(self.seed))

    @property
    def question(self) -> Question:
        """What is asked."""
        return question_of(self.count, self.bins, self.phase)

    def check(self, backend: Backend) -> None:
        """Refuse what cannot be done there, before anything is recorded.

        Raises
        ------
        InvalidProblemError, TooLargeError, UnsuitableSolverError, ValueError
            Saying what is wrong.
        """
        problem, solver = self.problem(), make_solver(self.solver, self.epsilon)
        self.question.require_for(problem)
        if not isinstance(solver, QuantumSolver):
            if self.shots is not None:
                raise UnsuitableSolverError(
                    f"--shots: {self.solver} is a classical solver; this is for quantum ones"
                )
            return
        if self.shots is not None:
            require_shots(backend.config, self.shots)
        require_qubits(backend.config, (problem.size - 1).bit_length(), f"{problem!r}")

    def run(self, backend: Backend) -> SpectrumSolution:
        """Do it; the error is measured against the fast Fourier transform."""
        problem, question = self.problem(), self.question
        return solve(
            problem,
            make_solver(self.solver, self.epsilon),
            backend,
            question=question,
            shots=self.shots,
            reference=solve(problem, FFT(), question=question),
            random_state=self.seed,
        )

    def unknown_cost(self, backend: Backend) -> str | None:  # noqa: ARG002
        """All circuits go in one job."""
        return None


def read_signal(path: Path, rate: float | None, fit: Fit | None) -> Signal:
    """Read a signal, and make the number of its samples a power of two if that is asked for."""
    signal = Signal.from_file(path, rate)
    if fit is None:
        return signal
    return signal.padded() if fit == "pad" else signal.trimmed()


def question_of(
    count: int, bins: tuple[int, ...] | None, phase: tuple[int, ...] | None
) -> Question:
    """Make the question that options ask.

    Raises
    ------
    ValueError
        If they ask two.
    """
    if bins is not None and phase is not None:
        raise ValueError("--bins and --phase: give one of them")
    if phase is not None:
        return RelativePhase(phase)
    return DominantFrequencies(count) if bins is None else SpectralPower(bins)
