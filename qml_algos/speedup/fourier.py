"""Spectra of signals as a contest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

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
from qml_algos.fourier.families import FAMILIES
from qml_algos.fourier.solvers import QuantumSolver
from qml_algos.linear_systems.right_hand_side import DenseVector
from qml_algos.speedup.contest import Demand, Setting
from qml_algos.speedup.measure import measure
from qml_algos.speedup.measure.work import transform_flops
from qml_algos.speedup.record import Row

DEFAULT_SOLVERS = ("qft", "fft")
_OUTPUTS = {
    DominantFrequencies: "set of frequencies",
    SpectralPower: "set of shares",
    RelativePhase: "phase",
}
_TRANSFORMS = ("fft", "fftw")
_SPARSE_FROM = 2**16
"""Samples from which the sparse transform is compared: below, it reads most of them."""


@dataclass(frozen=True)
class FourierContest:
    """Answer a question about the spectrum of a signal.

    Attributes
    ----------
    question
        The same for all signals.
    """

    question: Question = field(default_factory=lambda: DominantFrequencies(3))

    name = "fourier"
    default_sizes = (64, 256, 1024, 2**16, 2**17, 2**18, 2**20)

    @property
    def families(self) -> Collection[str]:
        """Of signals, the first the default."""
        return FAMILIES

    def draw(self, family: str, size: int, rng: np.random.Generator) -> Signal:
        """Draw a signal."""
        return draw(family, size, rng)

    def require_solver(self, name: str) -> None:
        """Refuse an unknown one."""
        solver_named(name)

    def default_solvers(self, problem: Signal) -> list[str]:
        """Name those of `DEFAULT_SOLVERS`, and the sparse transform where it may be faster."""
        frequencies = isinstance(self.question, DominantFrequencies)
        sparse = frequencies and problem.size >= _SPARSE_FROM
        return [*DEFAULT_SOLVERS, "sparse-fft"] if sparse else [*DEFAULT_SOLVERS]

    def reference(self, problem: Signal) -> SpectrumSolution:
        """Solve it by the fast Fourier transform."""
        return solve(problem, FFT(), question=self.question)

    def demand(self, problem: Signal, solver: str) -> Demand:
        """Memory of samples, spectrum and workspace; a gate for each sample that is loaded."""
        if issubclass(solver_named(solver), QuantumSolver):
            return Demand(gates=problem.size if isinstance(problem.samples, DenseVector) else 0)
        return Demand(memory=3 * 16 * problem.size if solver in _TRANSFORMS else 0)

    def row(
        self, problem: Signal, solver: str, reference: SpectrumSolution, setting: Setting
    ) -> Row:
        """Run a solver."""
        instance = make_solver(solver, setting.epsilon)
        quantum = isinstance(instance, QuantumSolver)

        def run() -> SpectrumSolution:
            return solve(
                problem,
                instance,
                setting.backend,
                question=self.question,
                shots=setting.shots if quantum else None,
                reference=reference,
                random_state=setting.seed,
            )

        if quantum:
            solution, costs = run(), {}
        else:
            measured = measure(run, seconds_of=lambda found: found.resources.classical_seconds)
            solution, costs = measured.value, measured.costs(_flops(problem, solver))
        return replace(
            self.failed(problem, solver, setting),
            error=solution.error,
            promised_error=solution.promised_error,
            preparation_gates=solution.preparation_gates,
            gates_per_accepted_shot=solution.resources.two_qubit_gates,
            caveats=solution.caveats,
            **{**vars(solution.resources), **costs},
        )

    def failed(self, problem: Signal, solver: str, setting: Setting) -> Row:
        """Return what is known without a solution."""
        quantum = issubclass(solver_named(solver), QuantumSolver)
        return Row(
            problem="",
            size=problem.size,
            condition_number=None,
            solver=solver,
            kind="quantum" if quantum else "classical",
            backend=setting.backend.name if quantum else None,
            target_error=setting.epsilon,
            output=_OUTPUTS[type(self.question)],
            error_of=self.question.error_is,
        )


def _flops(problem: Signal, solver: str) -> float | None:
    """Operations of a transform of all samples, by the convention; of others none are known."""
    if solver not in _TRANSFORMS:
        return None
    return transform_flops(problem.size, real=problem.real)
