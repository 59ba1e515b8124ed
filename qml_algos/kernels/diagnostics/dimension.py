"""How many directions of its feature space a kernel uses on given points."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.diagnostics.spectra import decomposition, require_regularisation


def effective_dimension(K: ArrayLike, *, regularisation: float) -> float:
    r"""Degrees of freedom of kernel ridge regression: :math:`\mathrm{tr}\, K (K + \lambda)^{-1}`.

    Parameters
    ----------
    K
        Shape ``(N, N)``, positive semidefinite; it is brought to trace N.
    regularisation
        :math:`\lambda`, on that scale; positive.

    Returns
    -------
    float
        From 0 to the rank of K.

    Raises
    ------
    InvalidProblemError
        If K is no Gram matrix, or the regularisation is not positive.

    References
    ----------
    T. Zhang, Neural Comput. 17, 2077 (2005).
    """
    return degrees_of_freedom(decomposition(K).values, regularisation)


def degrees_of_freedom(values: NDArray[np.float64], regularisation: float) -> float:
    """Return `effective_dimension` from eigenvalues of sum N."""
    require_regularisation(regularisation)
    if regularisation == 0:
        raise InvalidProblemError("regularisation = 0: must be above 0; the rank is the limit")
    return float(np.sum(values / (values + regularisation)))


def approximate_dimension(K: ArrayLike) -> float:
    r"""Dimension that the points span, small directions discounted.

    :math:`\sum_{k=1}^N \frac{1}{N - k + 1} \sum_{l \ge k} t_l` with the eigenvalues
    :math:`t_1 \ge \dots \ge t_N`: 1 if all points coincide, N if all are orthogonal.

    Parameters
    ----------
    K
        Shape ``(N, N)``, positive semidefinite; it is brought to trace N.

    Raises
    ------
    InvalidProblemError
        If K is no Gram matrix.

    References
    ----------
    H.-Y. Huang et al., Nat. Commun. 12, 2631 (2021), supplement.
    """
    return spanned_dimension(decomposition(K).values)


def spanned_dimension(values: NDArray[np.float64]) -> float:
    """Return `approximate_dimension` from eigenvalues, ascending, of sum N."""
    return float(np.sum(np.cumsum(values) / np.arange(1, len(values) + 1)))
