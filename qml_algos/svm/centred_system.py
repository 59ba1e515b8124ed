r"""The linear system of a least-squares support vector machine, its bias taken out first.

Suykens and Vandewalle's machine, with a weight w for each sample, solves

.. math::
    \begin{pmatrix} 0 & 1^T \\ 1 & K + (\gamma W)^{-1} \end{pmatrix}
    \begin{pmatrix} b \\ \alpha \end{pmatrix} = \begin{pmatrix} 0 \\ y \end{pmatrix}

which is indefinite and has a row more than there are samples: one qubit more where these are
:math:`2^m`. With :math:`\alpha = W^{1/2} \beta`, the unit vector u along :math:`W^{1/2} 1` and
:math:`P = 1 - u u^T`, the first row says :math:`P \beta = \beta`, and P times the others is

.. math:: (P W^{1/2} K W^{1/2} P + 1 / \gamma) \beta = P W^{1/2} y

The bias follows: it is the weighted mean of :math:`y - K \alpha`. Nothing is approximated, the
matrix is positive definite, and the largest eigenvalue of K, whose eigenvector is nearly constant
where all entries are positive, is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.linear_systems import Dense

_LARGEST_CONDITION = 0.01 / np.finfo(float).eps
"""Beyond it the ridge is lost in the rounding of the Gram matrix."""


@dataclass(frozen=True, eq=False)
class Centring:
    r"""The projector P, and what of the Gram matrix new points need.

    Attributes
    ----------
    roots
        Square roots of the weights, shape ``(N,)``, all positive.
    mean_column
        :math:`K \bar w`, with the weights over their sum in :math:`\bar w`; shape ``(N,)``.
    """

    roots: NDArray[np.float64]
    mean_column: NDArray[np.float64]

    def project(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Apply P to the last axis."""
        unit = self.roots / np.linalg.norm(self.roots)
        projected: NDArray[np.float64] = vectors - (vectors @ unit)[..., None] * unit
        return projected

    def query_vectors(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        r"""Vectors v such that :math:`\bar y + v^T \beta` is the decision, of new points.

        :math:`v = P W^{1/2} (k - K \bar w)`, and :math:`\bar y` is the weighted mean of the
        targets.

        Parameters
        ----------
        columns
            Rows k: kernel between new points and those of the system, shape ``(n, N)``.
        """
        return self.project(self.roots * (columns - self.mean_column))


@dataclass(frozen=True, eq=False)
class CentredSystem:
    r"""See above.

    Attributes
    ----------
    gram
        K, shape ``(N, N)``.
    centring
        P and the weights.
    matrix
        That of the system, shape ``(N, N)``. What it does to u is free, since right-hand sides
        have no part along it: u is an eigenvector, its eigenvalue the mean of all others, so that
        it is no end of the spectrum.
    condition_bound
        Upper bound on the condition number from row sums and the ridge:
        :math:`1 + \gamma \max_i \sum_j |(P W^{1/2} K W^{1/2} P)_{ij}|`.
    """

    gram: NDArray[np.float64]
    centring: Centring
    matrix: Dense
    condition_bound: float

    def right_hand_side(self, targets: NDArray[np.float64]) -> NDArray[np.float64]:
        r"""Return :math:`P W^{1/2} y`; shape ``(N,)``."""
        return self.centring.project(self.centring.roots * targets)

    def dual(self, solution: NDArray[Any]) -> NDArray[np.float64]:
        r"""Return :math:`\alpha = W^{1/2} P \beta`, which adds up to 0; shape ``(N,)``."""
        return self.centring.roots * self.centring.project(np.real(solution))

    def intercept(self, targets: NDArray[np.float64], dual: NDArray[np.float64]) -> float:
        """Return the bias b."""
        return float(np.average(targets - self.gram @ dual, weights=self.centring.roots**2))

    def residual(self, targets: NDArray[np.float64], solution: NDArray[Any]) -> float:
        """Return the norm of what a solution leaves of its right-hand side."""
        inside = self.centring.project(np.real(solution))
        left = self.right_hand_side(targets) - self.matrix.array @ inside
        return float(np.linalg.norm(left))


def centred_system(
    gram: NDArray[np.float64], weights: NDArray[np.float64], gamma: float
) -> CentredSystem:
    """Build the system, ``O(N^2)``.

    Parameters
    ----------
    gram
        Shape ``(N, N)``, symmetric and positive semidefinite, N at least 2.
    weights
        Shape ``(N,)``, positive.
    gamma
        Inverse of the ridge.

    Raises
    ------
    InvalidProblemError
        If gamma is so large that the ridge is below rounding.
    """
    roots = np.sqrt(weights)
    unit = roots / np.linalg.norm(roots)
    scaled = gram * np.outer(roots, roots)
    edge = scaled @ unit
    centred = scaled - np.outer(edge, unit) - np.outer(unit, edge)
    centred += float(unit @ edge) * np.outer(unit, unit)
    bound = 1 + gamma * float(np.abs(centred).sum(axis=1).max())
    if not bound < _LARGEST_CONDITION:
        raise InvalidProblemError(
            f"gamma = {gamma:g}: the ridge 1 / gamma is lost in the rounding of the Gram matrix; "
            f"the condition number would be {bound:.1e}, at most {_LARGEST_CONDITION:.1e} is solved"
        )
    spare = max(float(np.trace(centred)), 0.0) / (len(gram) - 1)
    matrix = centred + spare * np.outer(unit, unit) + np.eye(len(gram)) / gamma
    centring = Centring(roots, gram @ weights / weights.sum())
    return CentredSystem(gram, centring, Dense((matrix + matrix.T) / 2), bound)
