"""Checks of Gram matrices and their labels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.validation import numeric_array

_SYMMETRIC = 1e-8
"""Relative to the largest entry; beyond what rounding makes of entries computed pair by pair."""


def as_gram(K: ArrayLike, name: str = "K") -> NDArray[np.float64]:
    """Return a Gram matrix, made exactly symmetric.

    Parameters
    ----------
    K
        Shape ``(N, N)``, real, symmetric up to rounding.
    name
        Of the argument, for messages.

    Raises
    ------
    InvalidProblemError
        If it is no such matrix, or holds NaN or infinity.
    """
    gram = numeric_array(K, name)
    if np.iscomplexobj(gram):
        raise InvalidProblemError(f"{name} is complex: a Gram matrix of real entries is needed")
    if gram.ndim != 2 or gram.shape[0] != gram.shape[1] or not gram.size:
        raise InvalidProblemError(f"{name} has shape {gram.shape}: a square matrix is needed")
    skew = float(np.max(np.abs(gram - gram.T)))
    if skew > _SYMMETRIC * float(np.max(np.abs(gram))):
        raise InvalidProblemError(
            f"{name} is not symmetric: entries differ from their mirror images by up to {skew:.1e}"
        )
    symmetric: NDArray[np.float64] = (gram + gram.T) / 2
    return symmetric


def as_targets(y: ArrayLike, samples: int) -> NDArray[Any]:
    """Return labels or values, one for each row of a Gram matrix.

    Raises
    ------
    InvalidProblemError
        If y is not of shape ``(samples,)``, or holds NaN or infinity.
    """
    targets = np.asarray(y)
    if targets.shape != (samples,):
        raise InvalidProblemError(f"y has shape {targets.shape}: K has {samples} rows")
    if targets.dtype.kind == "f" and not np.all(np.isfinite(targets)):
        raise InvalidProblemError("y contains NaN or infinity: all must be finite")
    return targets
