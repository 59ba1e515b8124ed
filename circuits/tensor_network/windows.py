"""Gates of two qubits on the rows of a matrix, of which the qubits of a window are the index."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]


def applied(gate: Matrix, columns: Matrix, pair: tuple[int, int]) -> Matrix:
    """Apply a matrix of shape ``(4, 4)`` to a pair of qubits; place 0 is the most significant."""
    if pair[1] == pair[0] + 1:
        of_neighbours: Matrix = gate @ columns.reshape(2 ** pair[0], 4, -1)
        return of_neighbours.reshape(columns.shape)
    to_front, back = orders(columns.shape[0], pair)
    turned: Matrix = gate @ columns.take(to_front, axis=0).reshape(4, -1)
    return turned.reshape(columns.shape).take(back, axis=0)


def joined_in_zero(rows: Matrix) -> Matrix:
    """Add a qubit in 0 as the least significant one of the rows."""
    joined = np.zeros((2 * rows.shape[0], rows.shape[1]), dtype=rows.dtype)
    joined[::2] = rows
    return joined


@cache
def orders(rows: int, pair: tuple[int, int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row indices that bring a pair of qubits to the front, and those that bring it back."""
    window = rows.bit_length() - 1
    axes = [*pair, *(place for place in range(window) if place not in pair)]
    to_front = np.arange(rows).reshape((2,) * window).transpose(axes).ravel()
    return to_front, np.argsort(to_front)
