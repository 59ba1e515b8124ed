"""Checks of what users give to support vector machines."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError


def require_positive(name: str, value: object, *, zero: bool = False) -> None:
    """Refuse a parameter that is no finite positive number.

    Parameters
    ----------
    name, value
        Of the parameter.
    zero
        Whether 0 is accepted too.

    Raises
    ------
    InvalidProblemError
        Naming the parameter and what is accepted.
    """
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not np.isfinite(value) or value < 0 or (value == 0 and not zero):  # type: ignore[call-overload,operator]
        accepted = "at least 0" if zero else "above 0"
        raise InvalidProblemError(f"{name} = {value!r}: must be a finite number {accepted}")


def require_count(name: str, value: object) -> None:
    """Refuse a parameter that is no positive integer.

    Raises
    ------
    InvalidProblemError
        Naming the parameter and what is accepted.
    """
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < 1:  # type: ignore[operator]
        raise InvalidProblemError(f"{name} = {value!r}: must be a positive integer")


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
