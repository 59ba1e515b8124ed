"""Gates of two qubits on the rows of a matrix, of which the qubits of a window are the index."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]


def applied(gate: Matrix, columns: Matrix, pair: tuple[int, int]) -> Matrix:
    """Apply a matrix of shape ``(4, 4)`` to a pair of qubits; place 0 is the most significant."""
    to_front, back = orders(columns.shape[0], pair)
    shape = columns.shape
    rows: Matrix = (gate @ columns[to_front].reshape(4, -1)).reshape(shape)[back]
    return rows


@cache
def orders(rows: int, pair: tuple[int, int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row indices that bring a pair of qubits to the front, and those that bring it back."""
    window = rows.bit_length() - 1
    axes = [*pair, *(place for place in range(window) if place not in pair)]
    to_front = np.arange(rows).reshape((2,) * window).transpose(axes).ravel()
    return to_front, np.argsort(to_front)
