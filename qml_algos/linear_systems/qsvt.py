"""Linear systems by the quantum singular value transformation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from circuits.block_encoding import BlockEncoding
from circuits.inversion import InversionPolynomial
from circuits.phases import signal_processing_phases
from circuits.qsvt import qsvt
from qml_algos.linear_systems.polynomial import PolynomialSolver, Transformation


@dataclass(frozen=True)
class QSVTInversion(PolynomialSolver):
    r"""Matrix inversion by a polynomial, through the quantum singular value transformation.

    The matrix is block-encoded as its structure suggests (`qml_algos.linear_systems.access`), and
    the polynomial of least degree is applied to it:

    - a definite matrix :math:`c (1 - K)` whose K can be encoded with a subnormalisation below 1
      takes degree :math:`\tfrac12 \sqrt\kappa \ln(2/\epsilon)`, with one use of ``1 + K``;
    - any other takes an odd polynomial of degree :math:`\kappa' \ln(2/\epsilon)`, where
      :math:`\kappa' = \alpha / \sigma_{\min}`.

    Parameters
    ----------
    epsilon
        Relative error of the normalised solution. On an exact backend it is split between the
        polynomial and, where it is not exact, the preparation of b (a quarter, magnified by
        kappa); with shots half goes there and half to sampling.
    kappa
        Upper bound on the condition number; taken from the structure if not given.

    Notes
    -----
    Success probability ``(C ||x|| u / ||b||)**2`` with u the unit of A and C the polynomial's
    scale: between :math:`0.7 / \kappa'^2` and 1, as it depends on b.

    References
    ----------
    A. Gilyen, Y. Su, G. Low, N. Wiebe, STOC 2019, arXiv:1806.01838. D. Orsucci, V. Dunjko,
    Quantum 5, 573 (2021), arXiv:2101.11868, for definite matrices.
    """

    name: ClassVar[str] = "qsvt"
    title: ClassVar[str] = "QSVT"

    def transform(
        self, encoding: BlockEncoding, polynomial: InversionPolynomial, adjoint: bool
    ) -> Transformation:
        """Apply the polynomial."""
        phases = signal_processing_phases(polynomial.coefficients)
        return Transformation(qsvt(encoding, phases, adjoint=adjoint), 1.0)
