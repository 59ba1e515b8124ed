"""Linear systems by reflection about the kernel of an augmented matrix."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from qiskit import QuantumCircuit

from circuits.augmented_projection import augmented_projection
from circuits.block_encoding import BlockEncoding
from circuits.inversion import InversionPolynomial, kernel_filter, kernel_reflection
from circuits.phases import signal_processing_phases
from circuits.qsvt import qsvt
from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits
from qml_algos.linear_systems.access import general_encoding
from qml_algos.linear_systems.deviation import allowed_deviation, resulting_distance
from qml_algos.linear_systems.pilot import acceptance_probability
from qml_algos.linear_systems.polynomial import prepare, smallest_singular_value
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.program import ErrorBudget, Program
from qml_algos.validation import require_epsilon, require_kappa

# The reflection errs by at most twice the filter's deviation, in a part of the state that is
# 1 / sqrt(2) long; where the norm was misjudged by this factor, by so much more.
_NORM_TOLERANCE = 1.25


@dataclass(frozen=True)
class KernelReflection:
    r"""The solver of Dalzell: linear in kappa altogether, success probability near 1 included.

    The solution stands in the kernel of an augmented matrix, beside a copy of b
    (`circuits.augmented_projection`). If its two parts have equal weight, the
    reflection about the kernel turns the copy of b into the solution. Their weights depend on the
    norm of the solution, which two runs of a filter that projects onto the kernel measure first.
    Where `QSVTInversion` pays :math:`\kappa \ln(1/\epsilon)` uses of A for a success probability
    that may be as low as :math:`1/\kappa^2`, this pays the same once.

    Parameters
    ----------
    epsilon
        Relative error of the normalised solution; see `QSVTInversion`.
    kappa
        Upper bound on the condition number; taken from the structure if not given.

    Notes
    -----
    ``2 l`` controlled uses of A and ``4 l`` of the right-hand side, l about
    :math:`\tfrac12 \kappa' \ln(3/\epsilon)` with :math:`\kappa' = \alpha / \sigma_{\min}`.

    References
    ----------
    A. Dalzell, arXiv:2406.12086: the reflection. L. Lin, Y. Tong, Quantum 4, 361 (2020),
    arXiv:1910.14596: the filter.
    """

    epsilon: float = 1e-2
    kappa: float | None = None
    name: ClassVar[str] = "kernel-reflection"

    def __post_init__(self) -> None:
        require_epsilon(self.epsilon)
        require_kappa(self.kappa)

    def check_fits(self, problem: LinearSystem, backend: Backend) -> None:
        """Refuse, before any work on it, a system that cannot fit the backend.

        Raises
        ------
        TooLargeError
            Naming what is needed and what there is.
        """
        qubits = 2 * problem.structure.layout.total_qubits + 4
        require_qubits(backend.config, qubits, f"KernelReflection for {problem.size:,} unknowns")

    def build(
        self,
        problem: LinearSystem,
        backend: Backend,
        seed: int,
        *,
        filter_epsilon: float | None = None,
    ) -> Program:
        """Measure the norm on the backend, then build the circuit.

        Parameters
        ----------
        problem
            The system.
        backend
            Where the norm is measured.
        seed
            Of the measurement's shots.
        filter_epsilon
            Part of ``epsilon`` that filter and preparation may use; all of it by default.

        Raises
        ------
        SingularMatrixError
            If A is singular to working precision.
        UnsuitableSolverError
            If the given kappa is too small for A.
        """
        start = time.perf_counter()
        structure, epsilon = problem.structure, filter_epsilon or self.epsilon
        problem.require_in_range()
        encoding = general_encoding(structure)
        gap = min(smallest_singular_value(structure, self.kappa) / encoding.alpha, 1 - 1e-9)
        classical_seconds = time.perf_counter() - start
        start = time.perf_counter()
        prepared, state_error = prepare(problem, epsilon, 1 / gap)
        if encoding.frame is not None:
            prepared = prepared.compose(encoding.frame)
        deviation = allowed_deviation(epsilon - state_error) / (np.sqrt(2) * _NORM_TOLERANCE)
        norm = _Norm(gap**-0.5, 0.0, 0)
        for run in range(2):
            norm = _measured_norm(encoding, prepared, gap, norm, backend, seed + run)
        polynomial = kernel_reflection(gap, deviation)
        circuit = _reflected(encoding, prepared, polynomial, 1 / norm.value)
        circuit.metadata = {"classically_diagonalised": False}
        achieved = np.sqrt(2) * _NORM_TOLERANCE * polynomial.deviation
        return Program(
            circuit=circuit,
            layout=structure.layout,
            accepted=0,
            # Both parts of the kernel's vector have the norm that was measured.
            factor=problem.right_hand_side.norm()
            * norm.value
            / (polynomial.scale * encoding.alpha),
            real=structure.real and problem.right_hand_side.real,
            budget=ErrorBudget(state_error, 0.0, resulting_distance(achieved)),
            access=encoding.description,
            classical_seconds=classical_seconds,
            build_seconds=time.perf_counter() - start,
            details={"degree": polynomial.degree, "alpha": encoding.alpha, "norm": norm.value},
            factor_error=norm.relative_error,
            pilot_shots=norm.shots,
        )


class _Norm(NamedTuple):
    """Norm of the solution in units of ``||b|| / alpha``, and the shots that all runs took."""

    value: float
    relative_error: float
    shots: int


def _measured_norm(
    encoding: BlockEncoding,
    prepared: QuantumCircuit,
    gap: float,
    guess: _Norm,
    backend: Backend,
    seed: int,
) -> _Norm:
    """Norm of the solution of ``(A / alpha) x = b / ||b||``, from how much of b is in the kernel.

    With the guess t the copy of b is found in the kernel with probability t^2 / (t^2 + norm^2).
    """
    # A deviation d adds at most d^2 to a probability that is at least about the gap.
    polynomial = kernel_filter(gap, 0.1 * np.sqrt(gap))
    circuit = _reflected(encoding, prepared, polynomial, min(1.0, 1 / guess.value))
    found, shots = acceptance_probability(circuit, encoding.system_qubits + 1, 0, backend, seed)
    share = float(np.clip(found.value / polynomial.scale**2, gap / 2, 1 - gap / 2))
    value = float(np.clip(guess.value * np.sqrt(1 / share - 1), 1.0, 1 / gap))
    error = found.standard_error / polynomial.scale**2 / (2 * share * (1 - share))
    return _Norm(value, error, guess.shots + shots)


def _reflected(
    encoding: BlockEncoding,
    prepared: QuantumCircuit,
    polynomial: InversionPolynomial,
    inverse_norm: float,
) -> QuantumCircuit:
    """Apply a polynomial of the augmented matrix to the copy of b."""
    n = encoding.system_qubits
    augmented = augmented_projection(encoding, prepared, inverse_norm)
    transformed = qsvt(augmented, signal_processing_phases(polynomial.coefficients))
    circuit = QuantumCircuit(*transformed.qregs, name="kernel_reflection")
    circuit.x(n)
    circuit.compose(prepared, range(n), inplace=True)
    circuit.compose(transformed, circuit.qubits, inplace=True)
    if encoding.frame is not None:
        circuit.compose(encoding.frame.inverse(), range(n), inplace=True)
    return circuit
