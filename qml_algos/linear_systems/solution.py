"""The solution: what a solver found and what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from qml_algos.errors import InvalidProblemError
from qml_algos.linear_systems.program import ErrorBudget
from qml_algos.results import Estimate, Resources
from qml_algos.validation import numeric_array


@dataclass(frozen=True)
class Overlap:
    """``<v|x>`` for a given v, neither normalised, with its standard error (0 if exact).

    Attributes
    ----------
    value
        With its sign, or phase unless all is real; the absolute value if not ``phase_known``.
    standard_error
        Of the absolute value and, if complex, of what is across.
    phase_known
        Whether the method gave the phase, at three standard errors.
    """

    value: float | complex
    standard_error: float
    phase_known: bool


@dataclass(frozen=True, eq=False)
class Mitigated:
    """What the shots say after correction for read-out errors.

    Attributes
    ----------
    x
        Shape ``(N,)``: absolute values.
    standard_errors
        Bounds on theirs; what the calibration itself is uncertain of is not in them.
    success_probability
        Of the post-selection.
    observables
        Those that are diagonal.
    overhead
        Bound on how much larger variances are than without read-out errors.
    """

    x: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    success_probability: float
    observables: Mapping[str, Estimate]
    overhead: float


@dataclass(frozen=True, eq=False)
class Solution:
    """A solution of a linear system.

    Attributes
    ----------
    x
        Shape ``(N,)``, with norm; with sign and phase if ``signs_known``, else the absolute
        values of the entries.
    signs_known
        Classical solvers and exact simulation give signs and phases. Measuring in the
        computational basis gives ``|x_i|^2`` only; from shots, signs take circuits of their own.
    solver
        Name of the solver.
    resources
        What it cost.
    residual
        ``||b - A x|| / ||b||``, or ``None`` if the signs are not known.
    error
        Relative error of the normalised solution against the reference given to ``solve``, or
        ``None``; see `error_against`.
    standard_errors
        Shape ``(N,)``: of ``|x_i|``, from finitely many shots; ``None`` if there were none.
    success_probability
        Of the post-selection; ``None`` for classical solvers.
    observables
        ``<x|M|x>`` for each matrix M asked for, x not normalised.
    circuit
        The compiled circuit, without measurements; ``None`` for classical solvers.
    norm_standard_error
        Of `norm`, from shots; ``None`` if there were none.
    sign_error_probabilities
        Shape ``(N,)``: bound on the probability that an entry's sign relative to the largest entry
        is wrong (its phase, by more than a quarter turn); 0.5 where nothing is known, as for
        entries that cannot be told from 0. ``None`` unless signs were measured by shots.
    overlaps
        ``<v|x>`` for each vector v asked for, x not normalised.
    samples
        Indices i of unknowns, drawn with probability ``|x_i|^2 / ||x||^2``; ``None`` if not asked
        for.
    mitigated
        The figures corrected for read-out errors, beside the plain ones; ``None`` if not asked for.
    budget
        The error that a quantum solver promised, part by part, device noise excepted; ``None`` for
        classical solvers, which promise their epsilon.
    access
        How the circuit gets at A; empty for classical solvers.
    details
        Figures of the solver: degree, subnormalisation, clock qubits ...
    caveats
        What a reader must know beside the figures.
    """

    x: NDArray[Any]
    signs_known: bool
    solver: str
    resources: Resources
    residual: float | None
    error: float | None = None
    standard_errors: NDArray[np.float64] | None = None
    success_probability: float | None = None
    observables: Mapping[str, Estimate] = field(default_factory=dict)
    circuit: QuantumCircuit | None = None
    norm_standard_error: float | None = None
    sign_error_probabilities: NDArray[np.float64] | None = None
    overlaps: Mapping[str, Overlap] = field(default_factory=dict)
    samples: NDArray[np.int64] | None = None
    mitigated: Mitigated | None = None
    budget: ErrorBudget | None = None
    access: str = ""
    details: Mapping[str, float] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()

    @property
    def norm(self) -> float:
        """Euclidean norm of x."""
        return float(scipy.linalg.norm(self.x))

    @property
    def promised_error(self) -> float | None:
        """Total of the budget: what `error` stays below, device noise excepted."""
        return None if self.budget is None else self.budget.total

    @property
    def gates_per_accepted_shot(self) -> float | None:
        """Two-qubit gates divided by the success probability; ``None`` for classical solvers."""
        gates, success = self.resources.two_qubit_gates, self.success_probability
        return None if gates is None or not success else gates / success

    def error_against(self, reference: ArrayLike) -> float:
        r"""Relative error of the normalised solution.

        ``|| x / ||x|| - r / ||r|| ||`` for a reference r: direction, sign and phase count, the
        norm does not. Where signs are not known the absolute values are compared.

        Raises
        ------
        InvalidProblemError
            If the reference has another shape, is zero or not finite.
        """
        return normalised_error(self.x, reference, signs=self.signs_known)

    def __repr__(self) -> str:
        figures = [f"{self.solver}: {self.x.size} unknowns", f"norm {self.norm:.4g}"]
        if not self.signs_known:
            figures.append("absolute values only")
        if self.residual is not None:
            figures.append(f"residual {self.residual:.1e}")
        if self.error is not None:
            promised = "" if self.budget is None else f" (promised {self.budget.total:.1e})"
            figures.append(f"error {self.error:.1e}{promised}")
        if self.success_probability is not None:
            figures.append(f"success probability {self.success_probability:.3g}")
        if self.resources.two_qubit_gates is not None:
            figures.append(f"{self.resources.two_qubit_gates:,} two-qubit gates")
        return f"Solution({', '.join(figures)})"


def normalised_error(x: NDArray[Any], reference: ArrayLike, *, signs: bool = True) -> float:
    """Distance of two vectors after normalising both; of their absolute values if not ``signs``."""
    other = numeric_array(reference, "reference")
    if other.shape != x.shape:
        raise InvalidProblemError(f"reference has shape {other.shape}: {x.shape} is needed")
    if not np.any(other):
        raise InvalidProblemError("reference is zero: it has no direction to compare")
    if not signs:
        x, other = np.abs(x), np.abs(other)
    return float(scipy.linalg.norm(x / scipy.linalg.norm(x) - other / scipy.linalg.norm(other)))
