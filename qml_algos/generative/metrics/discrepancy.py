r"""Maximum mean discrepancy with the Gaussian kernel of the Hamming distance.

The kernel of rows x and y that differ in h places is :math:`\exp(-h / 2 \sigma^2)`, with the
bandwidth :math:`\sigma`: for bits, the Gaussian kernel of their Euclidean distance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.checks import as_discrete
from qml_algos.generative.data.configurations import configuration_count
from qml_algos.validation import require_positive

_ROWS = 1024
"""Rows of the kernel matrix that are held at a time."""


def mmd_squared(X: ArrayLike, Y: ArrayLike, bandwidth: float = 1.0) -> float:
    """Estimate the squared discrepancy of two distributions from samples of each, without bias.

    The U-statistic: the mean kernel of different rows of X, and of Y, less twice that of rows of X
    and Y. Its mean is the squared discrepancy of the distributions, so that it falls below 0 as
    often as above where they agree.

    Parameters
    ----------
    X, Y
        Shapes ``(N, variables)`` and ``(M, variables)``, categories; two rows or more of each.
    bandwidth
        Above 0.

    Raises
    ------
    InvalidProblemError
        If an argument is not as described.

    Notes
    -----
    Time O((N + M)^2 times categories), memory O(N + M): the kernel is not held whole.

    References
    ----------
    A. Gretton et al., JMLR 13, 723 (2012), Eq. (3).
    """
    require_positive("bandwidth", bandwidth)
    first, second = as_discrete(X, "X"), as_discrete(Y, "Y")
    if first.shape[1] != second.shape[1]:
        raise InvalidProblemError(
            f"X has {first.shape[1]} columns and Y {second.shape[1]}: as many are needed"
        )
    for name, rows in (("X", first), ("Y", second)):
        if len(rows) < 2:
            raise InvalidProblemError(f"{name} has one row: two are needed to compare them")
    sizes = np.maximum(first.max(axis=0), second.max(axis=0)) + 1
    one, other = _one_hot(first, sizes), _one_hot(second, sizes)
    n, m = len(one), len(other)
    kernel = np.exp(-(first.shape[1] - np.arange(first.shape[1] + 1)) / (2 * bandwidth**2))
    # A row is like itself: the kernel is 1.
    within = (_kernel_sum(one, one, kernel) - n) / (n * (n - 1))
    beyond = (_kernel_sum(other, other, kernel) - m) / (m * (m - 1))
    return within + beyond - 2 * _kernel_sum(one, other, kernel) / (n * m)


def mmd_squared_exact(
    p: ArrayLike, q: ArrayLike, categories: Sequence[int], bandwidth: float = 1.0
) -> float:
    r"""Squared discrepancy of two distributions that are written down.

    The kernel is a product over variables: its square root, applied to p - q one variable after the
    other, has the discrepancy as its length. For bits this is the Walsh-Hadamard sum
    :math:`\sum_s \tau^{|s|} (1 - \tau)^{n - |s|} |\hat p(s) - \hat q(s)|^2` with
    :math:`\tau = (1 - e^{-1 / 2 \sigma^2}) / 2` and expectation values :math:`\hat p(s)` of
    parities.

    Parameters
    ----------
    p, q
        Probabilities in the order of `all_configurations`.
    categories
        Number of categories of each variable.
    bandwidth
        Above 0.

    Returns
    -------
    float
        At least 0.

    Raises
    ------
    InvalidProblemError
        If an argument is not as described.
    TooLargeError
        If there are more than 2**20 configurations.

    Notes
    -----
    Time O(variables times configurations).

    References
    ----------
    E. Recio-Armengol et al., arXiv:2503.02934, for the sum over parities.
    """
    require_positive("bandwidth", bandwidth)
    count = configuration_count(categories)
    one, other = np.asarray(p, dtype=np.float64), np.asarray(q, dtype=np.float64)
    for name, values in (("p", one), ("q", other)):
        if values.shape != (count,) or not np.all(np.isfinite(values)):
            raise InvalidProblemError(
                f"{name}: a finite probability of each of {count} configurations is needed"
            )
    # Variable 0 is the last axis: its numbers run fastest.
    difference = (one - other).reshape(tuple(reversed(categories)))
    unlike = math.exp(-1 / (2 * bandwidth**2))
    for axis, size in enumerate(reversed(categories)):
        mean = difference.mean(axis=axis, keepdims=True)
        difference = (
            math.sqrt(1 - unlike) * (difference - mean) + math.sqrt(1 + (size - 1) * unlike) * mean
        )
    return float(np.sum(difference**2))


def _one_hot(X: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return rows whose inner products count equal entries; exact in single precision."""
    offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    hot = np.zeros((len(X), int(sizes.sum())), dtype=np.float32)
    np.put_along_axis(hot, X + offsets, 1, axis=1)
    return hot


def _kernel_sum(
    one: NDArray[np.float32], other: NDArray[np.float32], kernel: NDArray[np.float64]
) -> float:
    """Sum the kernel, given for each number of equal entries, over all pairs of rows."""
    pairs = np.zeros(len(kernel), dtype=np.int64)
    for start in range(0, len(one), _ROWS):
        equal = one[start : start + _ROWS] @ other.T
        pairs += np.bincount(equal.astype(np.int64).ravel(), minlength=len(kernel))
    return float(pairs @ kernel)
