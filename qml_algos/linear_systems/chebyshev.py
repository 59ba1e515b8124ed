"""Linear systems by a Chebyshev series as a linear combination of unitaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from circuits.block_encoding import BlockEncoding
from circuits.chebyshev_lcu import chebyshev_lcu
from circuits.inversion import InversionPolynomial
from qml_algos.linear_systems.polynomial import PolynomialSolver, Transformation


@dataclass(frozen=True)
class ChebyshevLCU(PolynomialSolver):
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

    name: ClassVar[str] = "chebyshev"
    title: ClassVar[str] = "Chebyshev LCU"

    def transform(
        self, encoding: BlockEncoding, polynomial: InversionPolynomial, adjoint: bool
    ) -> Transformation:
        """Apply the polynomial."""
        series = polynomial.coefficients
        circuit = chebyshev_lcu(encoding, series, adjoint=adjoint)
        return Transformation(circuit, 1 / float(np.sum(np.abs(series))))
