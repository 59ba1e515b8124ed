"""Checks of what users give to support vector machines."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError


def as_sample_weights(sample_weight: ArrayLike | None, samples: int) -> NDArray[np.float64]:
    """Return one weight for each sample, 1 if none are given.

    Raises
    ------
    InvalidProblemError
        If they are not of shape ``(samples,)``, one is negative, NaN or infinite, or all are 0.
    """
    if sample_weight is None:
        return np.ones(samples)
    weights = np.asarray(sample_weight, dtype=np.float64)
    if weights.shape != (samples,):
        raise InvalidProblemError(
            f"sample_weight has shape {weights.shape}: one weight for each of {samples} samples is "
            "needed"
        )
    if not np.all(np.isfinite(weights)) or np.any(weights < 0):
        raise InvalidProblemError("sample_weight holds negative numbers, NaN or infinity")
    if not np.any(weights):
        raise InvalidProblemError("sample_weight is zero for all samples: none is left to fit")
    return weights


def require_two_classes(labels: NDArray[Any]) -> None:
    """Refuse labels that are all the same.

    Raises
    ------
    InvalidProblemError
        Naming the only class.
    """
    if np.all(labels == labels[0]):
        raise InvalidProblemError(
            f"y holds one class only, {labels[0]!r}, among samples of positive weight: a "
            "classifier needs two"
        )
