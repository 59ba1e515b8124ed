"""How far principal components are from others."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray


def subspace_angle(components: ArrayLike, reference: ArrayLike) -> float:
    """Largest principal angle between the spaces that the rows span, in radians.

    Parameters
    ----------
    components, reference
        Shape ``(k, n_features)`` each, of full rank.

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    A. Bjorck, G. Golub, Math. Comp. 27, 579 (1973).
    """
    first, second = np.asarray(components), np.asarray(reference)
    if first.shape != second.shape:
        raise ValueError(f"components has shape {first.shape}, reference {second.shape}")
    return float(np.max(scipy.linalg.subspace_angles(first.conj().T, second.conj().T)))


def eigenvalue_error(ratios: ArrayLike, reference: ArrayLike) -> float:
    """Largest difference of eigenvalues, as shares of the total variance.

    Raises
    ------
    ValueError
        If the numbers of eigenvalues differ.
    """
    first: NDArray[Any] = np.asarray(ratios)
    second: NDArray[Any] = np.asarray(reference)
    if first.shape != second.shape:
        raise ValueError(f"ratios has shape {first.shape}, reference {second.shape}")
    return float(np.max(np.abs(first - second)))
