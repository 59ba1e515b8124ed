"""Bandwidths of the Gaussian kernels that models are trained with: given, or from the data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.validation import require_positive

Floats = NDArray[np.float64]
Bandwidth = float | Sequence[float] | str
"""One, several, or ``"median"``."""

_PAIRS = 4096
"""Pairs of samples whose distances are looked at."""


def require_bandwidth(bandwidth: Any) -> None:
    """Refuse what is neither numbers above 0 nor ``"median"``.

    Raises
    ------
    InvalidProblemError, UnknownNameError
        Saying what is accepted.
    """
    if isinstance(bandwidth, str):
        if bandwidth != "median":
            raise UnknownNameError("bandwidth", bandwidth, ["median"])
        return
    listed = _listed(bandwidth)
    if not listed:
        raise InvalidProblemError("bandwidth is empty: at least one number above 0 is needed")
    for number in listed:
        require_positive("bandwidth", number)


def chosen_bandwidths(
    bandwidth: Bandwidth, X: NDArray[np.int64], shares: Floats, generator: np.random.Generator
) -> tuple[float, ...]:
    """Return bandwidths as they were given, or the median distance and half of it."""
    if isinstance(bandwidth, str):
        median = median_bandwidth(X, shares, generator)
        return median, median / 2
    return tuple(map(float, _listed(bandwidth)))


def median_bandwidth(X: NDArray[np.int64], shares: Floats, generator: np.random.Generator) -> float:
    """Median Euclidean distance of samples, of those that differ; 1 if none do.

    Parameters
    ----------
    X
        Bits, shape ``(N, n)``.
    shares
        Of the samples; their sum is 1.
    generator
        Draws 4096 pairs of samples.

    References
    ----------
    A. Gretton et al., JMLR 13, 723 (2012).
    """
    first, second = generator.choice(len(X), size=(2, _PAIRS), p=shares)
    distances = np.count_nonzero(X[first] != X[second], axis=1)
    apart = distances[distances > 0]
    return math.sqrt(np.median(apart)) if apart.size else 1.0


def _listed(bandwidth: Any) -> list[Any]:
    return [bandwidth] if np.ndim(bandwidth) == 0 else list(bandwidth)
