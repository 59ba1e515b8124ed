"""HHL: from a linear system to its circuit."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from qiskit import QuantumCircuit

from circuits.hhl import hhl
from circuits.product_formula import ProductFormulaEvolution
from circuits.reciprocal import ReciprocalFilter, reciprocal_filter
from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits
from qml_algos.errors import UnsuitableSolverError
from qml_algos.linear_systems.deviation import allowed_deviation, resulting_distance
from qml_algos.linear_systems.hhl.evolutions import (
    METHODS,
    EvolvedMatrix,
    Method,
    evolved_matrix,
    require_diagonalisable,
    structured_matrix,
)
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.program import ErrorBudget, Program
from qml_algos.linear_systems.structures import Spectrum
from qml_algos.validation import require_epsilon, require_kappa

_SMALLEST_CLOCK = 3
_STATE_SHARE = 0.25
_MATRIX_SHARE = 0.6
"""Of the relative error left: the number of steps grows with the square root of its inverse, the
clock with the logarithm only."""


@dataclass(frozen=True)
class HHL:
    r"""The quantum linear solver of Harrow, Hassidim and Lloyd.

    The structure of A decides how the circuit evolves under it:

    - a Poisson or circulant matrix, of up to 12 qubits: exactly, through the transform that
      diagonalises it (`circuits.fourier_evolution.FourierEvolution`), its eigenvalues in tables;
    - a sum of Pauli strings, or a symmetric tridiagonal Toeplitz matrix of 2**n rows, n up to 8:
      by a product formula whose steps are as long as a rigorous bound on their error allows
      (`circuits.product_formula`);
    - any other of up to 1,024 unknowns: in its eigenbasis, computed classically. That is as much
      work as solving the system, the circuit is marked *classically diagonalised*, and nothing
      found this way is a speedup.

    A Hermitian A is used as it is, with a two's-complement clock if it is indefinite; any other
    goes through its Hermitian dilation, one qubit more. Evolution time, clock size and rotation
    follow from kappa and epsilon (`circuits.reciprocal`).

    Parameters
    ----------
    epsilon
        Relative error of the normalised solution. On an exact backend it is split between the
        preparation of b, where that is not exact (up to a quarter), the evolution, where that is
        not exact (six tenths of the rest), and the filter. With shots these share one half and
        sampling has the other, as a root mean square, unless the number of shots is given to
        ``solve``.
    kappa
        Upper bound on the condition number; taken from the structure if not given.
    evolution
        ``"auto"``, as above; ``"transform"``; ``"product_formula"``, also for other matrices of
        2**n rows that are a sum of at most 256 Pauli strings; ``"diagonalised"``, for the
        eigenbasis in any case.
    order
        Of the product formula, even; that of 2 and 4 which takes fewer gates if not given.

    Notes
    -----
    With n qubits of data and a clock of m: n + m + 1 qubits (n + m + 2 if not Hermitian), and twice
    the CX of the evolution besides ``2**m + 2 m (m - 1)`` and those for b. In the eigenbasis the
    evolution and its basis take about ``4**n + 2 m 2**n`` in all. By a product formula, one
    evolution takes r (2**(m-1) - 1) steps, r their number in half a unit of time, each without
    control, and m - 1 times two controlled Pauli strings (`ProductFormulaEvolution`).

    Success probability ``(C ||x|| s / ||b||)**2`` with s the largest singular value and C between
    0.7 / kappa and 1 / kappa, so at least ``0.5 / kappa**2``.

    *Errors*: the filter sees the effective matrix of the product formula, which is off by at most
    :math:`\eta`; with :math:`\rho = \eta / (\sigma_{\min} - \eta)`, a relative deviation d of the
    filter and a relative error s of the state times kappa, that of the solution is at most
    :math:`(1 + \rho)(1 + d)(1 + s) - 1`.

    References
    ----------
    A. Harrow, A. Hassidim, S. Lloyd, Phys. Rev. Lett. 103, 150502 (2009), arXiv:0811.3171.
    """

    epsilon: float = 1e-2
    kappa: float | None = None
    evolution: Method = "auto"
    order: int | None = None
    name: ClassVar[str] = "hhl"

    def __post_init__(self) -> None:
        require_epsilon(self.epsilon)
        require_kappa(self.kappa)
        if self.evolution not in METHODS:
            raise ValueError(f"evolution = {self.evolution!r}: must be one of {', '.join(METHODS)}")
        if self.order is not None and (self.order < 2 or self.order % 2):
            raise ValueError(f"order = {self.order}: product formulas of even order are taken")

    def check_fits(self, problem: LinearSystem, backend: Backend) -> None:
        """Refuse, before any work on it, a system that cannot fit the backend or the machine.

        Raises
        ------
        TooLargeError
            Naming what is needed and what there is.
        """
        data_qubits = Layout.plain(problem.size).total_qubits
        qubits = data_qubits + (not problem.hermitian) + _SMALLEST_CLOCK + 1
        require_qubits(backend.config, qubits, f"HHL for {problem.size:,} unknowns")
        structured = self.evolution in ("transform", "product_formula") or structured_matrix(
            problem, self.evolution, self.order
        )
        if not structured:
            require_diagonalisable(problem)

    def build(self, problem: LinearSystem, *, filter_epsilon: float | None = None) -> Program:
        """Build the circuit.

        Parameters
        ----------
        problem
            The system.
        filter_epsilon
            Part of ``epsilon`` that preparation, evolution and filter may use; all of it by
            default.

        Raises
        ------
        SingularMatrixError
            If A is singular to working precision.
        UnsuitableSolverError
            If the kappa given is too small for A, kappa is too large for the clock, or the
            evolution asked for does not apply.
        """
        start = time.perf_counter()
        matrix = evolved_matrix(problem, self.evolution, self.order)
        smallest = self._smallest(matrix.spectrum)
        classical_seconds = time.perf_counter() - start
        start = time.perf_counter()
        distance = filter_epsilon or self.epsilon
        prepared, state_error = _prepared(problem, matrix, distance, smallest)
        plan = _plan(matrix, smallest, allowed_deviation(distance), state_error)
        evolution = matrix.evolution(plan.unit, plan.filter.time, plan.matrix_error)
        preparation = QuantumCircuit(evolution.system_qubits)
        preparation.compose(prepared, range(prepared.num_qubits), inplace=True)
        circuit = hhl(preparation, evolution, plan.filter)
        # Above the data: a dilation's qubit in 1 or workspace in 0; the clock in 0, the flag in 1.
        added = evolution.system_qubits - prepared.num_qubits
        accepted = matrix.dilated + (1 << (added + plan.filter.clock_qubits))
        details = {
            "clock qubits": plan.filter.clock_qubits,
            "kappa": plan.filter.kappa,
            "scale": plan.filter.scale,
        }
        if isinstance(evolution, ProductFormulaEvolution):
            details["order"] = evolution.formula.splitting.order
            details["steps"] = evolution.steps(plan.filter.time)
        return Program(
            circuit=circuit,
            layout=matrix.layout,
            accepted=accepted,
            factor=problem.right_hand_side.norm() / (plan.filter.scale * plan.unit),
            real=problem.real,
            budget=_budget(distance, plan, state_error),
            access=matrix.description,
            classical_seconds=classical_seconds,
            build_seconds=time.perf_counter() - start,
            details=details,
        )

    def _smallest(self, spectrum: Spectrum) -> float:
        """Lower bound on the singular values."""
        if self.kappa is None:
            return spectrum.smallest
        if self.kappa < spectrum.condition_number * (1 - 1e-9):
            raise UnsuitableSolverError(
                f"HHL: kappa = {self.kappa:.6g} is below the condition number "
                f"{spectrum.condition_number:.6g} of A"
            )
        return spectrum.largest / self.kappa


class _Plan(NamedTuple):
    """Filter, number that A is divided by, errors of the matrix: absolute, and of the solution."""

    filter: ReciprocalFilter
    unit: float
    matrix_error: float
    solution_error: float


def _prepared(
    problem: LinearSystem, matrix: EvolvedMatrix, distance: float, smallest: float
) -> tuple[QuantumCircuit, float]:
    """Prepare b, and bound the relative error of the solution that this makes."""
    # A component in a null space is amplified like one at the filter's largest value, 1.
    kappa = matrix.spectrum.largest / smallest * (1.5 if matrix.spectrum.null_space else 1)
    prepared = problem.right_hand_side.prepare(matrix.layout, _STATE_SHARE * distance / kappa)
    return prepared.circuit, kappa * prepared.error


def _plan(matrix: EvolvedMatrix, smallest: float, allowed: float, state_error: float) -> _Plan:
    """Split the relative error between matrix and filter, and design the filter."""
    left = (1 + allowed) / (1 + state_error) - 1
    relative = 0.0 if matrix.exact else _MATRIX_SHARE * left
    matrix_error = smallest * relative / (1 + relative)
    largest = matrix.spectrum.largest + matrix_error
    kappa = largest * (1 + relative) / smallest
    definite = matrix.spectrum.definite
    try:
        reciprocal = reciprocal_filter(kappa, (1 + left) / (1 + relative) - 1, definite=definite)
    except ValueError as error:
        raise UnsuitableSolverError(f"HHL: {error}") from None
    highest = matrix.spectrum.highest
    negative = definite and highest is not None and highest < 0
    unit = -largest if negative else largest
    return _Plan(reciprocal, unit, matrix_error / largest, relative)


def _budget(distance: float, plan: _Plan, state_error: float) -> ErrorBudget:
    state = resulting_distance(min(1.0, state_error))
    encoding = resulting_distance(plan.solution_error)
    return ErrorBudget(state, encoding, max(0.0, distance - state - encoding))
