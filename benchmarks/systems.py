"""Families of linear systems used by the benchmarks."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["right_hand_side", "spd", "tri"]


def tri(n: int) -> sp.csr_array:
    """Tridiagonal Toeplitz matrix with 1 on the diagonal and -1/3 next to it.

    Parameters
    ----------
    n
        Number of rows.

    Returns
    -------
    scipy.sparse.csr_array
        The symmetric positive definite matrix.
    """
    off_diagonal = np.full(n - 1, -1 / 3)
    diagonals = [off_diagonal, np.ones(n), off_diagonal]
    return sp.csr_array(sp.diags_array(diagonals, offsets=[-1, 0, 1]))


def spd(n: int, kappa: float, rng: np.random.Generator) -> sp.csr_array:
    """Random sparse symmetric positive definite matrix with a given condition number.

    The off-diagonal pattern is a random Hamiltonian path (so that the matrix never falls apart
    into independent blocks) with about ``n / 2`` more random pairs; all entries are normally
    distributed. A multiple of the identity is then added to reach the condition number, and the
    matrix is scaled to a largest eigenvalue of 1.

    Parameters
    ----------
    n
        Number of rows, at least 2.
    kappa
        Condition number, greater than 1.
    rng
        Source of randomness.

    Returns
    -------
    scipy.sparse.csr_array
        The symmetric positive definite matrix.
    """
    if n < 2 or kappa <= 1:
        raise ValueError("spd needs n >= 2 and kappa > 1")
    path = rng.permutation(n)
    pairs = np.vstack([np.column_stack([path[:-1], path[1:]]), rng.integers(n, size=(n // 2, 2))])
    symmetric = np.diag(rng.normal(size=n))
    for i, j in pairs[pairs[:, 0] != pairs[:, 1]]:
        symmetric[i, j] = symmetric[j, i] = rng.normal()
    low, high = np.linalg.eigvalsh(symmetric)[[0, -1]]
    shift = (high - kappa * low) / (kappa - 1)
    return sp.csr_array((symmetric + shift * np.eye(n)) / (high + shift))


def right_hand_side(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Random right-hand side: normally distributed entries, scaled to unit norm.

    Parameters
    ----------
    n
        Number of entries.
    rng
        Source of randomness.

    Returns
    -------
    numpy.ndarray
        The unit vector.
    """
    b = rng.normal(size=n)
    return np.asarray(b / np.linalg.norm(b))
