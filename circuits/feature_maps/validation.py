"""Checks that feature maps share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def data_matrix(X: ArrayLike) -> NDArray[np.float64]:
    """Return data as floats of shape ``(N, features)``.

    Raises
    ------
    ValueError
        If they are not two-dimensional, real and finite.
    """
    return _finite(X, "X", 2, "a matrix of samples by features")


def weight_vector(weights: ArrayLike, expected: int) -> NDArray[np.float64]:
    """Return weights as floats of shape ``(expected,)``.

    Raises
    ------
    ValueError
        If they are not real and finite, or not as many.
    """
    array = _finite(weights, "weights", 1, "a vector")
    if array.size != expected:
        raise ValueError(f"weights has {array.size} entries: this map takes {expected}")
    return array


def cotangent_matrix(cotangent: ArrayLike, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return derivatives by the angles as floats of that shape.

    Raises
    ------
    ValueError
        If they are not real and finite, or of another shape.
    """
    array = _finite(cotangent, "cotangent", 2, "a matrix of samples by angles")
    if array.shape != shape:
        raise ValueError(f"cotangent has shape {array.shape}: the angles have {shape}")
    return array


def require_features(features: int, least: int = 1) -> int:
    """Return the number of features if there are at least so many.

    Raises
    ------
    ValueError
        If there are fewer.
    """
    if features < least:
        raise ValueError(f"features = {features}: this map takes at least {least}")
    return features


def require_positive(value: int, name: str) -> None:
    """Raise a ValueError unless a hyperparameter is an integer of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} = {value!r}: an integer of at least 1 is needed")


def require_choice(value: object, name: str, choices: tuple[str, ...]) -> None:
    """Raise a ValueError unless a hyperparameter is one of the names accepted."""
    if value not in choices:
        raise ValueError(f"{name} = {value!r}: accepted are {', '.join(map(repr, choices))}")


def _finite(values: ArrayLike, name: str, dimensions: int, kind: str) -> NDArray[np.float64]:
    array = np.asarray(values)
    if array.ndim != dimensions:
        raise ValueError(f"{name} has shape {array.shape}: {kind} is needed")
    if np.iscomplexobj(array):
        raise ValueError(f"{name} is complex: feature maps take real numbers")
    try:
        array = array.astype(np.float64, copy=False)
    except (TypeError, ValueError):
        raise ValueError(f"{name} has entries of type {array.dtype}: numbers are needed") from None
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{name} contains NaN or infinity: all entries must be finite")
    return array
