"""How well a Gram matrix fits the labels: kernel-target alignment."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.multiclass import type_of_target

from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.checks import as_gram, as_targets

_CONSTANT = 1e-14
"""Norm left by centring, relative to that before, which rounding alone can leave."""


def kernel_target_alignment(K: ArrayLike, y: ArrayLike, *, centred: bool = True) -> float:
    r"""Cosine between a Gram matrix and the one that the labels would have.

    .. math:: A = \frac{\langle K, T \rangle_F}{\|K\|_F \|T\|_F}

    with the `target_gram` T of y, both matrices centred before: :math:`H K H` with
    :math:`H = 1 - \mathbf{1}\mathbf{1}^T / N`.

    Parameters
    ----------
    K
        Shape ``(N, N)``, symmetric.
    y
        Shape ``(N,)``: class labels, or real targets of a regression.
    centred
        Whether to centre both. Without it, alignment says little where classes are unbalanced.

    Returns
    -------
    float
        Between -1 and 1; 0 at least, if K is positive semidefinite. Takes ``O(N^2)``.

    Raises
    ------
    InvalidProblemError
        If K is not symmetric or not finite, shapes do not match, or K or y is constant, so that
        nothing is left to compare.

    References
    ----------
    N. Cristianini, J. Shawe-Taylor, A. Elisseeff, J. Kandola, NIPS 14 (2001); centred: C. Cortes,
    M. Mohri, A. Rostamizadeh, J. Mach. Learn. Res. 13, 795 (2012), definition 4.
    """
    gram = as_gram(K)
    target = target_gram(as_targets(y, len(gram)))
    first, second = (centred_gram(gram), centred_gram(target)) if centred else (gram, target)
    for name, before, after in (("K", gram, first), ("y", target, second)):
        if not np.linalg.norm(after) > _CONSTANT * np.linalg.norm(before):
            raise InvalidProblemError(f"{name} is constant: it has no alignment")
    lengths = np.linalg.norm(first) * np.linalg.norm(second)
    return float(np.sum(first * second) / lengths)


def target_gram(y: NDArray[Any]) -> NDArray[np.float64]:
    r"""Gram matrix that labels would have.

    :math:`y y^T` for real targets. For c classes 1 where labels agree and ``-1 / (c - 1)`` where
    not, the Gram matrix of the corners of a simplex: the same for two classes, taken as 1 and -1.
    """
    if type_of_target(y).startswith("continuous"):
        return np.outer(y, y).astype(float)
    classes, codes = np.unique(y, return_inverse=True)
    same = codes[:, None] == codes[None, :]
    return np.where(same, 1.0, -1.0 / max(len(classes) - 1, 1))


def centred_gram(K: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gram matrix of the same points after their mean, in the feature space, is subtracted."""
    means = K.mean(axis=0)
    centred: NDArray[np.float64] = K - means[:, None] - means[None, :] + means.mean()
    return centred
