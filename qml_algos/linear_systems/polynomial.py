"""What the solvers that apply a polynomial of a block-encoded matrix share."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from qiskit import QuantumCircuit

from circuits.block_encoding import BlockEncoding
from circuits.costs.inversion import odd_inversion_degree
from circuits.inverse import inverse_circuit
from circuits.inversion import (
    InversionPolynomial,
    definite_inversion,
    odd_inversion,
)
from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits
from qml_algos.errors import UnsuitableSolverError
from qml_algos.linear_systems.access import definite_encoding, general_encoding
from qml_algos.linear_systems.deviation import allowed_deviation, resulting_distance
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.program import ErrorBudget, Program
from qml_algos.linear_systems.structures import Encoded, Structure
from qml_algos.validation import require_epsilon, require_kappa

_STATE_SHARE = 0.25
MAX_DEGREE = 20_000


@dataclass(frozen=True, eq=False)
class Transformation:
    """A circuit that applies a polynomial, and the factor it comes with (1 or less)."""

    circuit: QuantumCircuit
    factor: float


Transform = Callable[[BlockEncoding, InversionPolynomial, bool], Transformation]
"""From an encoding, a polynomial, and whether the adjoint is transformed, to the circuit."""


@dataclass(frozen=True)
class PolynomialSolver(ABC):
    """A solver that differs from others of its kind in how it applies the polynomial only."""

    epsilon: float = 1e-2
    kappa: float | None = None
    name: ClassVar[str]
    title: ClassVar[str]

    def __post_init__(self) -> None:
        require_epsilon(self.epsilon)
        require_kappa(self.kappa)

    @abstractmethod
    def transform(
        self, encoding: BlockEncoding, polynomial: InversionPolynomial, adjoint: bool
    ) -> Transformation:
        """Apply a polynomial to an encoded matrix, or to its adjoint."""

    def check_fits(self, problem: LinearSystem, backend: Backend) -> None:
        """Refuse, before any work on it, a system that cannot fit the backend.

        Raises
        ------
        TooLargeError
            Naming what is needed and what there is.
        """
        qubits = problem.structure.layout.total_qubits + 2
        require_qubits(backend.config, qubits, f"{self.title} for {problem.size:,} unknowns")

    def build(self, problem: LinearSystem, *, filter_epsilon: float | None = None) -> Program:
        """Build the circuit.

        Parameters
        ----------
        problem
            The system.
        filter_epsilon
            Part of ``epsilon`` that polynomial and preparation may use; all of it by default.

        Raises
        ------
        SingularMatrixError
            If A is singular to working precision.
        UnsuitableSolverError
            If the given kappa is too small for A, or the degree too large to be built.
        """
        epsilon = filter_epsilon or self.epsilon
        return build_inverse(problem, epsilon, self.kappa, self.transform, type(self).__name__)


def build_inverse(
    problem: LinearSystem, epsilon: float, kappa: float | None, transform: Transform, name: str
) -> Program:
    """Build the circuit of a solver: on the way of definite matrices where there is one.

    Raises
    ------
    SingularMatrixError
        If A is singular to working precision.
    UnsuitableSolverError
        If the given kappa is too small, or the degree needed is beyond ``MAX_DEGREE``.
    """
    start = time.perf_counter()
    problem.require_in_range()
    structure = problem.structure
    smallest = smallest_singular_value(structure, kappa)
    definite = definite_encoding(structure)
    encoding = general_encoding(structure) if definite is None else definite.centred
    classical_seconds = time.perf_counter() - start
    start = time.perf_counter()
    norm = encoding.alpha if definite is None else structure.spectrum.largest
    preparation, state_error = prepare(problem, epsilon, norm / smallest)
    deviation = allowed_deviation(epsilon - state_error)
    if definite is None:
        _require_buildable(odd_inversion_degree(encoding.alpha / smallest, deviation), name)
        polynomial = odd_inversion(encoding.alpha / smallest, deviation)
        opposite, unit = None, encoding.alpha
    else:
        polynomial = definite_inversion(
            encoding.alpha, min(1.0, definite.radius / encoding.alpha), deviation
        )
        opposite, unit = definite.opposite, definite.unit / definite.opposite.alpha
        _require_buildable(polynomial.degree, name)
    # The inverse takes the left singular vectors to the right ones.
    transformation = transform(encoding, polynomial, definite is None)
    circuit = inverse_circuit(preparation, transformation.circuit, encoding, opposite)
    return Program(
        circuit=circuit,
        layout=structure.layout,
        accepted=0,
        factor=problem.right_hand_side.norm() / (polynomial.scale * transformation.factor * unit),
        real=structure.real and problem.right_hand_side.real,
        budget=ErrorBudget(state_error, 0.0, resulting_distance(polynomial.deviation)),
        access=encoding.description,
        classical_seconds=classical_seconds,
        build_seconds=time.perf_counter() - start,
        details={"degree": polynomial.degree, "alpha": encoding.alpha},
    )


def _require_buildable(degree: int, name: str) -> None:
    if degree > MAX_DEGREE:
        raise UnsuitableSolverError(
            f"{name}: a polynomial of degree {degree:,} is needed, at most {MAX_DEGREE:,} is "
            "built; precondition the system or accept a larger epsilon"
        )


def smallest_singular_value(structure: Structure, kappa: float | None) -> float:
    """Lower bound on the singular values that count, from kappa if it is given.

    Raises
    ------
    UnsuitableSolverError
        If the given kappa is below the condition number.
    """
    if isinstance(structure, Encoded) and kappa is not None:
        return structure.encoding.alpha / kappa
    spectrum = structure.spectrum
    if kappa is None:
        return spectrum.smallest
    if kappa < spectrum.condition_number * (1 - 1e-6):
        raise UnsuitableSolverError(
            f"kappa = {kappa:.6g} is below the condition number {spectrum.condition_number:.6g} "
            "of A"
        )
    return spectrum.largest / kappa


def prepare(problem: LinearSystem, epsilon: float, kappa: float) -> tuple[QuantumCircuit, float]:
    """Prepare b, and bound what its error makes of the normalised solution's."""
    wanted = _STATE_SHARE * epsilon / kappa
    prepared = problem.right_hand_side.prepare(problem.structure.layout, wanted)
    return prepared.circuit, resulting_distance(min(1.0, kappa * prepared.error))
