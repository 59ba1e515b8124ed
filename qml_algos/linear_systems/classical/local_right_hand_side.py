"""Single entries of right-hand sides that are too long to be written down."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.linear_systems.right_hand_side import (
    ProductVector,
    RightHandSide,
    SmoothFunction,
    SparseVector,
)

Indices = NDArray[np.int64]


def entries_of(b: RightHandSide, indices: Indices) -> NDArray[Any]:
    """Return the entries of b at given places.

    Parameters
    ----------
    b
        Any right-hand side. Others than product, sparse and smooth ones are written down.
    indices
        Numbers of unknowns, in any shape; at least 0 and below N, which is at most 2^62.

    Returns
    -------
    numpy.ndarray
        In the shape of the indices, real or complex. Cost: O(1) for each, O(log N) of a product.

    Raises
    ------
    TooLargeError
        If b would have to be written down and is too long.
    """
    match b:
        case ProductVector():
            return _of_product(b, indices)
        case SparseVector():
            return _of_sparse(b, indices)
        case SmoothFunction():
            return _of_function(b, indices)
        case _:
            values: NDArray[Any] = b.vector()[indices]
            return values


def _of_product(b: ProductVector, indices: Indices) -> NDArray[Any]:
    found: NDArray[Any] = np.ones(indices.shape)
    rest = indices
    for factor in map(np.asarray, reversed(b.factors)):
        rest, digit = np.divmod(rest, factor.size)
        found = found * factor[digit]
    return found


def _of_sparse(b: SparseVector, indices: Indices) -> NDArray[Any]:
    keys = np.array(list(b.entries), dtype=np.int64)
    values = np.array(list(b.entries.values()))
    places = np.minimum(np.searchsorted(keys, indices), keys.size - 1)
    found = np.where(keys[places] == indices, values[places], 0.0)
    return found.real if b.real else found


def _of_function(b: SmoothFunction, indices: Indices) -> NDArray[Any]:
    layout = b.layout
    places = np.unravel_index(indices.ravel(), layout.shape)
    points = [
        (place + layout.first + b.offset) / math.ldexp(1.0, qubits)
        for place, qubits in zip(places, layout.qubits, strict=True)
    ]
    values: NDArray[Any] = np.asarray(b.function(*points)).reshape(indices.shape)
    return values
