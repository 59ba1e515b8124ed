"""Likelihoods under a distribution of which only samples are known."""

from __future__ import annotations

import numpy as np
import scipy.optimize
from numpy.typing import NDArray

from qml_algos.generative.checks import Categories
from qml_algos.generative.classical.trees import ChowLiuTree

_LARGEST = 600.0
"""Logarithm of a ratio of probabilities that counts as infinite."""
_MOST_NUMBERS = 2**62


def interpolated_log_likelihoods(
    samples: NDArray[np.int64], X: NDArray[np.int64], categories: Categories
) -> NDArray[np.float64]:
    r"""Log-likelihoods of data under a distribution estimated from samples of it.

    The estimate is :math:`w f(x) + (1 - w) q(x)`: shares f among the samples, and the Chow-Liu
    tree q of the samples, which gives every configuration a probability above 0. The weight w
    maximises the likelihood of each sample under the shares of the others (deleted
    interpolation); the tree keeps at least the weight of one sample.

    Parameters
    ----------
    samples
        Shape ``(N, variables)``, N at least 2.
    X
        Shape ``(any, variables)``.
    categories
        Of the variables.

    Returns
    -------
    ndarray
        In nats, shape ``(len(X),)``. With many samples these go to the likelihoods of the
        distribution itself where patterns recur; where none does, they are those of the tree.
        Cost: sorting the rows, and the fit of the tree.

    References
    ----------
    F. Jelinek, R. Mercer, "Interpolated estimation of Markov source parameters from sparse data",
    Pattern Recognition in Practice (North-Holland, 1980), 381.
    """
    both = np.concatenate([samples, X])
    _, first, which = np.unique(
        _pattern_numbers(both, categories), return_index=True, return_inverse=True
    )
    counts = np.bincount(which[: len(samples)], minlength=len(first))
    tree = ChowLiuTree(n_categories=categories.sizes).fit(samples).score_samples(both[first])
    seen = counts > 0
    weight = _weight(counts[seen], tree[seen])
    with np.errstate(divide="ignore"):
        shares = np.log(weight * counts / len(samples))
    logs: NDArray[np.float64] = np.logaddexp(shares, np.log1p(-weight) + tree)
    return logs[which[len(samples) :]]


def _pattern_numbers(X: NDArray[np.int64], categories: Categories) -> NDArray[np.int64]:
    """Return a number for each row, equal for equal rows: numbers are sorted faster."""
    numbers = np.zeros(len(X), dtype=np.int64)
    count = 1
    for column, size in zip(X.T, categories.sizes, strict=True):
        if count * size > _MOST_NUMBERS:
            present, numbers = np.unique(numbers, return_inverse=True)
            count = len(present)
        numbers = numbers * size + column
        count *= size
    return numbers


def _weight(counts: NDArray[np.intp], tree: NDArray[np.float64]) -> float:
    """Weight of the shares by which each sample is likeliest given the others."""
    total = int(counts.sum())
    with np.errstate(divide="ignore"):
        # Probabilities of the tree may underflow, ratios to them are kept from overflowing.
        logs = np.log((counts - 1) / (total - 1)) - tree
    ratios = np.exp(np.minimum(logs, _LARGEST))

    def slope(weight: float) -> float:
        return float(counts @ ((ratios - 1) / (1 + weight * (ratios - 1))))

    most = total / (total + 1)
    if slope(0.0) <= 0:
        return 0.0
    if slope(most) >= 0:
        return most
    # The likelihood is concave in the weight, so that this is its maximum.
    return float(scipy.optimize.brentq(slope, 0.0, most))
