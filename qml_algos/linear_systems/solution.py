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
from qml_algos.validation import numeric_array


@dataclass(frozen=True)
class Resources:
    """Costs of a solution; ``None`` where a figure does not apply.

    Attributes
    ----------
    qubits, two_qubit_gates, two_qubit_depth, depth
        Of the compiled circuit that reads the solution, in the backend's gates: for the
        simulators {cx, rz, sx, x} with all-to-all connectivity. State preparation included.
    shots
        Repetitions run in all; ``None`` for an exact simulation.
    classical_seconds
        Solving time of a classical solver; for a quantum one, classical work on the matrix
        before circuits are built.
    build_seconds, compile_seconds, run_seconds
        Building circuits, compiling them, running them and fetching results.
    classically_diagonalised
        Whether building the circuit took the eigenvectors of A: such a circuit cannot show a
        speedup.
    """

    classical_seconds: float
    qubits: int | None = None
    two_qubit_gates: int | None = None
    two_qubit_depth: int | None = None
    depth: int | None = None
    shots: int | None = None
    build_seconds: float | None = None
    compile_seconds: float | None = None
    run_seconds: float | None = None
    classically_diagonalised: bool | None = None


@dataclass(frozen=True)
class Estimate:
    """A measured number with its standard error (0 if exact)."""

    value: float
    standard_error: float


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
        computational basis gives ``|x_i|^2`` only, and so does every solution from shots.
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
    caveats: tuple[str, ...] = ()

    @property
    def norm(self) -> float:
        """Euclidean norm of x."""
        return float(scipy.linalg.norm(self.x))

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
            figures.append(f"error {self.error:.1e}")
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
