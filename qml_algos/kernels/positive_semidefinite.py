"""The positive semidefinite matrix nearest to a Gram matrix that was measured."""

from __future__ import annotations

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError, NotConvergedError
from qml_algos.validation import numeric_array

Array = NDArray[np.float64]

_TOLERANCE = 1e-8
_MOST_ITERATIONS = 1000


def nearest_positive_semidefinite(K: ArrayLike, *, unit_diagonal: bool = False) -> Array:
    r"""Project a matrix on the positive semidefinite ones, in the Frobenius norm.

    The nearest one to K is its symmetric part without the negative eigenvalues. Eigenvectors are
    orthogonal, repeated eigenvalues or not, because ``eigh`` finds them: those of ``eig`` are not.
    The negative part is taken off instead of putting the rest together anew, so that a matrix that
    is positive semidefinite stays what it is to rounding.

    The set being convex, the projection is never farther from the exact kernel than K is. With a
    unit diagonal, as states have with themselves, neither is that on the intersection with the
    matrices of unit diagonal, by Dykstra's alternating projections; rescaling rows and columns
    instead would give a unit diagonal, but may lead away.

    Parameters
    ----------
    K
        Shape ``(N, N)``, real. The mean with its transpose is taken.
    unit_diagonal
        Whether the result has ones on its diagonal. Takes some tens of eigendecompositions instead
        of one.

    Returns
    -------
    ndarray
        Shape ``(N, N)``, symmetric; its eigenvalues are not negative but for rounding. Time
        ``O(N**3)``.

    Raises
    ------
    InvalidProblemError
        If K is not real, square and finite.
    NotConvergedError
        If alternating projections have not come within 1e-8 after 1,000 rounds.

    References
    ----------
    N. J. Higham, Linear Algebra and its Applications 103, 103 (1988), theorem 2.1; IMA Journal of
    Numerical Analysis 22, 329 (2002), algorithm 3.3.
    """
    matrix = numeric_array(K, "K")
    if np.iscomplexobj(matrix):
        raise InvalidProblemError("K is complex: a Gram matrix of real entries is needed")
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise InvalidProblemError(f"K has shape {matrix.shape}: a square matrix is needed")
    symmetric = (matrix + matrix.T) / 2
    return _correlation(symmetric) if unit_diagonal else _clipped(symmetric)


def _clipped(symmetric: Array) -> Array:
    values, vectors = scipy.linalg.eigh(symmetric)
    below = values < 0
    if not below.any():
        return symmetric
    negative = (vectors[:, below] * values[below]) @ vectors[:, below].T
    found: Array = symmetric - (negative + negative.T) / 2
    return found


def _correlation(symmetric: Array) -> Array:
    diagonal = np.diag_indices(len(symmetric))
    current, carried = symmetric, np.zeros_like(symmetric)
    for _ in range(_MOST_ITERATIONS):
        shifted = current - carried
        positive = _clipped(shifted)
        carried = positive - shifted
        current = positive.copy()
        current[diagonal] = 1.0
        if np.linalg.norm(current - positive) <= _TOLERANCE * np.linalg.norm(current):
            # What is left of the diagonal is small; scaling keeps the matrix positive.
            scale = np.sqrt(positive[diagonal])
            found = positive / np.outer(scale, scale)
            found[diagonal] = 1.0
            return found
    raise NotConvergedError(
        f"K: alternating projections are not within {_TOLERANCE} after {_MOST_ITERATIONS} rounds; "
        "unit_diagonal=False takes one"
    )
