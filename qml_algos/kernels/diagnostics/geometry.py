"""How much a quantum kernel sees that a classical one does not: the geometric difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.diagnostics.spectra import (
    Decomposition,
    decomposition,
    normalised,
    require_regular,
    require_regularisation,
)


@dataclass(frozen=True)
class GeometricDifference:
    r"""Geometric difference between a classical and a quantum kernel.

    Attributes
    ----------
    value
        :math:`g = \sqrt{\|\sqrt{K_Q} (K_C + \lambda)^{-1} \sqrt{K_Q}\|}`, spectral norms.
    generalisation
        :math:`\sqrt{\|\sqrt{K_Q} \sqrt{K_C} (K_C + \lambda)^{-2} \sqrt{K_C} \sqrt{K_Q}\|}`: the
        same for the error on new points of a regularised model; equal to g at
        :math:`\lambda = 0`.
    training
        :math:`\lambda \sqrt{\|\sqrt{K_Q} (K_C + \lambda)^{-2} \sqrt{K_Q}\|}`: for its error on
        the training points.
    samples
        N. A difference far below :math:`\sqrt N` rules out an advantage on these points, whatever
        the labels.
    """

    value: float
    generalisation: float
    training: float
    samples: int


def geometric_difference(
    K_classical: ArrayLike, K_quantum: ArrayLike, *, regularisation: float = 0.0
) -> GeometricDifference:
    r"""Compare what two kernels see in the same points.

    For all labels y the complexities ``s`` (`model_complexity`) obey
    :math:`s_C \le g^2 s_Q`: where g is small, the classical kernel learns whatever the
    quantum one does. With a regularisation of the classical model the same holds for its two terms.

    Parameters
    ----------
    K_classical, K_quantum
        Shape ``(N, N)``, positive semidefinite; both are brought to trace N.
    regularisation
        :math:`\lambda`, on that scale.

    Returns
    -------
    GeometricDifference
        Takes ``O(N^3)``.

    Raises
    ------
    InvalidProblemError
        If a matrix is no Gram matrix, shapes differ, or ``K_classical`` is singular and there is
        no regularisation.

    References
    ----------
    H.-Y. Huang et al., Nat. Commun. 12, 2631 (2021), arXiv:2011.01938; with regularisation,
    appendix F (F9).
    """
    classical = decomposition(K_classical, "K_classical")
    decomposition(K_quantum, "K_quantum")
    return difference_of(classical, normalised(K_quantum, "K_quantum"), regularisation)


def difference_of(
    classical: Decomposition, quantum: NDArray[np.float64], regularisation: float
) -> GeometricDifference:
    """Compare with a classical kernel that is decomposed already; see `geometric_difference`."""
    require_regularisation(regularisation)
    if len(quantum) != len(classical.values):
        raise InvalidProblemError(
            f"K_classical has {len(classical.values)} rows, K_quantum {len(quantum)}: both need "
            "the same points"
        )
    require_regular(classical.values, regularisation, "K_classical")
    values, shifted = classical.values, classical.values + regularisation
    # ||sqrt(Q) f(C) sqrt(Q)|| = ||sqrt(f(C)) Q sqrt(f(C))||, and f(C) is diagonal in C's basis.
    rotated = classical.vectors.T @ quantum @ classical.vectors
    return GeometricDifference(
        value=_largest(rotated, 1 / np.sqrt(shifted)),
        generalisation=_largest(rotated, np.sqrt(values) / shifted),
        training=regularisation * _largest(rotated, 1 / shifted),
        samples=len(quantum),
    )


def _largest(rotated: NDArray[np.float64], root: NDArray[np.float64]) -> float:
    """Square root of the largest eigenvalue of ``diag(root) @ rotated @ diag(root)``."""
    last = len(root) - 1
    scaled = rotated * np.outer(root, root)
    top = scipy.linalg.eigvalsh((scaled + scaled.T) / 2, subset_by_index=[last, last])
    return float(np.sqrt(max(top[0], 0.0)))
