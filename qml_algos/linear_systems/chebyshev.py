"""Linear systems by a Chebyshev series as a linear combination of unitaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from circuits.block_encoding import BlockEncoding
from circuits.chebyshev_lcu import chebyshev_lcu
from circuits.inversion import InversionPolynomial
from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits
from qml_algos.linear_systems.polynomial import Transformation, build_inverse
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.program import Program
from qml_algos.validation import require_epsilon, require_kappa


@dataclass(frozen=True)
class ChebyshevLCU:
    r"""The solver of Childs, Kothari and Somma, with the polynomial of least degree.

    Encodings and polynomials are those of `QSVTInversion`; the polynomial is applied as a linear
    combination of Chebyshev polynomials of the walk operator instead, controlled by an index
    register of ``log2(degree)`` qubits. No phases have to be found, and on the way of definite
    matrices nothing is lost by it, since all coefficients are positive. On the other way the
    success probability is lower, by the square of the coefficients' sum.

    Parameters
    ----------
    epsilon
        Relative error of the normalised solution; see `QSVTInversion`.
    kappa
        Upper bound on the condition number; taken from the structure if not given.

    References
    ----------
    A. Childs, R. Kothari, R. Somma, SIAM J. Comput. 46, 1920 (2017), arXiv:1511.02306.
    """

    epsilon: float = 1e-2
    kappa: float | None = None
    name: ClassVar[str] = "chebyshev"

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
        qubits = problem.structure.layout.total_qubits + 2
        require_qubits(backend.config, qubits, f"Chebyshev LCU for {problem.size:,} unknowns")

    def build(self, problem: LinearSystem, *, filter_epsilon: float | None = None) -> Program:
        """Build the circuit; parameters and errors are those of `QSVTInversion.build`."""
        epsilon = filter_epsilon or self.epsilon
        return build_inverse(problem, epsilon, self.kappa, _transform, "ChebyshevLCU")


def _transform(
    encoding: BlockEncoding, polynomial: InversionPolynomial, adjoint: bool
) -> Transformation:
    series = polynomial.coefficients
    circuit = chebyshev_lcu(encoding, series, adjoint=adjoint)
    return Transformation(circuit, 1 / float(np.sum(np.abs(series))))
