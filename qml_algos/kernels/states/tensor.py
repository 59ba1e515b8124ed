"""Products along ranges of qubits, for many rows at once.

An array of shape ``(R, 2**(high - low))`` holds for each row a function of the bits ``low`` to
``high - 1``; one row stands for all where rows are the same.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.kernels.states.scratch import Scratch

Range = tuple[int, int]
"""First bit, and the bit after the last."""


def multiply(
    first: NDArray[Any],
    of_first: Range,
    second: NDArray[Any],
    of_second: Range,
    of_product: Range,
    out: NDArray[Any],
) -> NDArray[Any]:
    """Write the product of two functions, of a range that holds both of theirs, into ``out``."""
    shapes = _shapes(of_first, of_second, of_product)
    arrays = (first, second, out)
    spread = [a.reshape(len(a), *shape) for a, shape in zip(arrays, shapes, strict=True)]
    np.multiply(spread[0], spread[1], out=spread[2])
    return out


@lru_cache(maxsize=4096)
def _shapes(*ranges: Range) -> list[list[int]]:
    """Shapes that broadcast functions of ranges against each other, the last of which holds all."""
    low, high = ranges[-1]
    points = sorted({point for bits in ranges for point in bits}, reverse=True)
    pieces = [(top, end) for top, end in pairwise(points) if low <= end and top <= high]
    return [
        [2 ** (top - end) if low <= end and top <= high else 1 for top, end in pieces]
        for low, high in ranges
    ]


def apply(states: NDArray[Any], matrices: NDArray[Any], low: int, scratch: Scratch) -> NDArray[Any]:
    """Apply a matrix to the bits from ``low`` on.

    Parameters
    ----------
    states
        Shape ``(R, D)`` or ``(1, D)``.
    matrices
        Shape ``(R, K, K)`` or ``(1, K, K)``, K a power of 2.
    """
    size = matrices.shape[-1]
    rows = max(len(states), len(matrices))
    out = scratch.empty((rows, states.shape[1]), states.dtype)
    if low == 0:
        rows_of = (array.reshape(len(array), -1, size) for array in (states, out))
        turned = matrices.swapaxes(1, 2).astype(states.dtype, copy=False)
        np.matmul(next(rows_of), turned, out=next(rows_of))
        return out
    width = 1 << low
    if np.iscomplexobj(states) and not np.iscomplexobj(matrices):
        # A real matrix acts on real and imaginary parts alike.
        width, parts = 2 * width, (states.view(matrices.dtype), out.view(matrices.dtype))
    else:
        parts = states, out
    given, result = (part.reshape(len(part), -1, size, width) for part in parts)
    np.matmul(matrices[:, None], given, out=result)
    return out


def cross(left: NDArray[Any], right: NDArray[Any], low: int, size: int) -> NDArray[Any]:
    """``sum over the other bits of left_a right_b``, of shape ``(R, size, size)``."""
    grids = [array.reshape(len(array), -1, size, 1 << low) for array in (left, right)]
    if low == 0:
        first, second = (grid[..., 0] for grid in grids)
        return np.matmul(first.swapaxes(1, 2), second)
    return np.matmul(grids[0], grids[1].swapaxes(2, 3)).sum(axis=1)
