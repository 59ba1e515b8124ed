"""Cost functions of the variational linear solver, and the value that guarantees a precision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator, SparsePauliOp

from circuits.state_preparation import state_preparation
from qml_algos.backends.gradients import AdjointGradient
from qml_algos.linear_systems.deviation import allowed_deviation
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.problem import LinearSystem

CostKind = Literal["global", "local"]


@dataclass(frozen=True, eq=False)
class LinearCost:
    r"""How far ``A |v>`` is from ``|b>``: an expectation value over another.

    .. math:: C(v) = \frac{\langle v| A^\dagger U (1 - D) U^\dagger A |v\rangle}
                          {\langle v| A^\dagger A |v\rangle},\qquad U|0\rangle = |b\rangle

    D is diagonal: for the global cost 1 at ``|0...0>`` and 0 elsewhere, for the local one the
    fraction of qubits in 0. Both are zero exactly at the solution.

    Attributes
    ----------
    kind
        ``"global"`` or ``"local"``.
    unit
        Norm of a column of A.
    matrix
        A over ``unit``, padded to ``(2**n, 2**n)``.
    b
        The right-hand side, padded, normalised.
    real
        Whether both are real.

    References
    ----------
    C. Bravo-Prieto, R. LaRose, M. Cerezo, Y. Subasi, L. Cincio, P. Coles, Quantum 7, 1188 (2023),
    section on cost functions, arXiv:1909.05820.
    """

    kind: CostKind
    unit: float
    matrix: NDArray[Any] = field(repr=False)
    b: NDArray[Any] = field(repr=False)
    real: bool

    @classmethod
    def of(cls, problem: LinearSystem, kind: CostKind) -> LinearCost:
        """Write down the cost of a system; the padding has neither part in b nor in kappa."""
        layout = Layout.plain(problem.size)
        places = layout.gather(np.arange(2**layout.total_qubits))
        dense = problem.dense()
        # The norm of a column lies between the smallest and the largest singular value.
        unit = float(np.max(scipy.linalg.norm(dense, axis=0)))
        matrix = np.eye(2**layout.total_qubits, dtype=dense.dtype)
        matrix[np.ix_(places, places)] = dense / unit
        b = layout.spread(problem.b / scipy.linalg.norm(problem.b))
        return cls(kind, unit, matrix, b, not (np.iscomplexobj(matrix) or np.iscomplexobj(b)))

    @property
    def qubits(self) -> int:
        """Number of qubits n of the ansatz."""
        return int(self.b.size).bit_length() - 1

    @cached_property
    def preparation(self) -> QuantumCircuit:
        """U: prepares ``|b>``."""
        return state_preparation(self.b)

    @cached_property
    def numerator(self) -> NDArray[Any]:
        """Operator of the numerator, shape ``(2**n, 2**n)``."""
        zeros = self.qubits - np.bitwise_count(np.arange(self.b.size))
        wrong = 1 - zeros / self.qubits if self.kind == "local" else 1.0 * (zeros < self.qubits)
        unitary = Operator(self.preparation).data
        half = np.sqrt(wrong)[:, np.newaxis] * (unitary.conj().T @ self.matrix)
        operator = half.conj().T @ half
        return operator.real if self.real else operator

    @cached_property
    def denominator(self) -> NDArray[Any]:
        """Operator of the denominator, shape ``(2**n, 2**n)``."""
        return self.matrix.conj().T @ self.matrix

    def exact(
        self, ansatz: QuantumCircuit
    ) -> Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]]:
        """Exact cost and gradient of an ansatz, as a function of its angles."""
        adjoint = AdjointGradient(ansatz, [self.numerator, self.denominator])

        def evaluate(angles: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            (above, below), (slope_above, slope_below) = adjoint(angles)
            value = above / below
            return float(value), (slope_above - value * slope_below) / below

        return evaluate

    @property
    def pauli_terms(self) -> int:
        """Number of Paulis that A, padded, is a sum of."""
        return len(SparsePauliOp.from_operator(self.matrix))


def cost_needed(kind: CostKind, qubits: int, kappa: float, epsilon: float) -> float:
    r"""Cost below which the normalised solution is certain to be within ``epsilon``.

    With ``x' = f v``, where f minimises the residual, ``||b - A x'|| = sqrt(C_G) ||b||``, so that
    ``||x - x'|| <= kappa sqrt(C_G) ||x||``: the angle between x and x', phase included, has at
    most the sine ``kappa sqrt(C_G)``. Unit vectors at a distance epsilon make an angle of
    ``2 arcsin(epsilon / 2)``. This is the bound ``C_G >= epsilon^2 / kappa^2`` of the paper, whose
    epsilon is the trace distance, the sine of the angle; and ``C_G <= n C_L``.

    References
    ----------
    C. Bravo-Prieto et al., Quantum 7, 1188 (2023), section on the operational meaning of cost
    functions, arXiv:1909.05820.
    """
    sine = allowed_deviation(epsilon) if epsilon < np.sqrt(2) else 1.0
    return float((sine / kappa) ** 2) / (qubits if kind == "local" else 1)
