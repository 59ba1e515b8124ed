"""The answer: what a solver found in the spectrum and what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from qml_algos.errors import InvalidProblemError
from qml_algos.fourier.program import ErrorBudget
from qml_algos.fourier.questions import DominantFrequencies, Question, RelativePhase
from qml_algos.results import Estimate, Resources
from qml_algos.validation import numeric_array

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SpectrumSolution:
    """The answer to a question about a spectrum.

    Attributes
    ----------
    question
        What was asked.
    solver
        Name of the solver.
    resources
        What it cost; state preparation included.
    positions
        In bins: of the tones found, strongest first, or the bins asked for; shape ``(k,)``. Of a
        real signal tones stand from 0 to N / 2, of a complex one from -N / 2 to N / 2.
    powers
        Share of each in the power of the signal; of a relative phase one entry, for both bins
        together.
    position_standard_errors, power_standard_errors
        From finitely many shots, of positions also from the noise in the signal, which interferes
        with tones in a way that shots do not show (see `likelihood`); from finitely many samples,
        of the sparse transform; 0 if exact.
    bin_width
        Of the signal, in the units of its rate.
    phase
        Radians, of a `RelativePhase`; else ``None``.
    error
        Against the reference given to ``solve``, or ``None``; see `error_against`.
    circuit
        The compiled circuit, the first if there are two; ``None`` for classical solvers.
    preparation_gates, transform_gates
        Two-qubit gates of one shot: of the transform compiled by itself, and all others.
    budget
        The error that a quantum solver promised, part by part, device noise excepted and for tones
        or bins of at least the threshold.
        ``None`` for classical solvers.
    details
        Figures of the solver.
    caveats
        What a reader must know beside the figures.
    """

    question: Question
    solver: str
    resources: Resources
    positions: Values
    powers: Values
    position_standard_errors: Values
    power_standard_errors: Values
    bin_width: float
    phase: Estimate | None = None
    error: float | None = None
    circuit: QuantumCircuit | None = None
    preparation_gates: int | None = None
    transform_gates: int | None = None
    budget: ErrorBudget | None = None
    details: Mapping[str, float] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()

    @property
    def frequencies(self) -> Values:
        """Of the tones or bins, in the units of the sample rate."""
        return self.positions * self.bin_width

    @property
    def frequency_standard_errors(self) -> Values:
        """In the units of the sample rate."""
        return self.position_standard_errors * self.bin_width

    @property
    def answer(self) -> Values:
        """What `error` compares: positions, shares of the power, or the phase; shape ``(k,)``."""
        if isinstance(self.question, DominantFrequencies):
            return self.positions
        if isinstance(self.question, RelativePhase):
            return np.array([self.phase.value if self.phase else np.nan])
        return self.powers

    @property
    def promised_error(self) -> float | None:
        """Total of the budget: what `error` stays below, device noise excepted."""
        return None if self.budget is None else self.budget.total

    @property
    def gates_in_all(self) -> int | None:
        """Two-qubit gates of all shots; ``None`` for classical solvers and exact simulations."""
        gates, shots = self.resources.two_qubit_gates, self.resources.shots
        return None if gates is None or shots is None else gates * shots

    def error_against(self, reference: SpectrumSolution | ArrayLike) -> float:
        """Distance from a reference, in the unit of the answer.

        For dominant frequencies, in bins, the largest distance of a frequency in either answer to
        the nearest in the other (that of Hausdorff), so that one that is missing or too many counts
        with its distance; infinite if only one answer has none. For powers and phases the largest
        deviation.

        Raises
        ------
        InvalidProblemError
            If the reference is of another shape, or answers another question.
        """
        if isinstance(reference, SpectrumSolution):
            if reference.question != self.question:
                raise InvalidProblemError(
                    f"reference answers {reference.question}: {self.question} is needed"
                )
            reference = reference.answer
        other = numeric_array(reference, "reference")
        if isinstance(self.question, DominantFrequencies):
            return _hausdorff(self.answer, np.atleast_1d(other))
        if other.shape != self.answer.shape:
            raise InvalidProblemError(
                f"reference has shape {other.shape}: {self.answer.shape} is needed"
            )
        deviation = self.answer - other
        if isinstance(self.question, RelativePhase):
            deviation = np.angle(np.exp(1j * deviation))
        return float(np.max(np.abs(deviation)))

    def __repr__(self) -> str:
        figures = [f"{self.solver}: {self._shown()}"]
        if self.error is not None:
            promised = "" if self.budget is None else f" (promised {self.budget.total:.1e})"
            figures.append(f"error {self.error:.1e}{promised}")
        if self.preparation_gates is not None:
            figures.append(
                f"two-qubit gates {self.preparation_gates:,} to prepare and "
                f"{self.transform_gates:,} to transform"
            )
        if self.resources.shots is not None:
            figures.append(f"{self.resources.shots:,} shots")
        return f"SpectrumSolution({', '.join(figures)})"

    def _shown(self) -> str:
        if isinstance(self.question, RelativePhase) and self.phase:
            return f"phase {self.phase.value:.4g} +- {self.phase.standard_error:.1g}"
        if isinstance(self.question, DominantFrequencies):
            return f"frequencies {_listed(self.frequencies)}"
        return f"powers {_listed(self.powers)}"


def _listed(values: Values) -> str:
    shown = ", ".join(f"{value:.5g}" for value in values[:5])
    return f"[{shown}{', ...' if values.size > 5 else ''}]"


def _hausdorff(found: Values, other: NDArray[Any]) -> float:
    if not found.size or not other.size:
        return 0.0 if found.size == other.size else float("inf")
    distances = np.abs(found[:, None] - other[None, :])
    return float(max(np.max(np.min(distances, axis=0)), np.max(np.min(distances, axis=1))))
