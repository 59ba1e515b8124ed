"""Rows of data drawn by squared length and read: what a dequantised algorithm sees of the data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.sampling import (
    Indices,
    SampledMatrix,
    SampledProduct,
    SampledVector,
)
from qml_algos.validation import require_finite

_BLOCK = 1 << 20
"""Entries of a stored array that are read at once."""
_PILOT = 1000
"""Rows whose mean stands for that of all, until all have been read."""
_ROUNDINGS = 100.0
"""Rounding errors of a length that can come together."""


@dataclass(frozen=True, eq=False)
class RowAccess:
    """How rows are drawn and read, and what is known of all of them.

    Attributes
    ----------
    shape
        Numbers of rows and of columns.
    draw
        ``(count, generator)`` to indices of rows, drawn independently.
    probability
        Indices of rows to the probability with which each is drawn.
    read
        Indices of rows to the rows, whole, less ``mean`` where that is known.
    mean
        Mean row; ``None`` if it has to be estimated from the rows drawn.
    total
        Sum of all squared entries after centring; ``None`` if it has to be estimated.
    """

    shape: tuple[int, int]
    draw: Callable[[int, np.random.Generator], Indices]
    probability: Callable[[Indices], NDArray[np.float64]]
    read: Callable[[Indices], NDArray[np.float64]]
    mean: NDArray[np.float64] | None
    total: float | None


def stored_rows(array: Any) -> RowAccess:
    """Give access to a dense, memory-mapped or sparse array, after one pass over its entries.

    The pass takes O(nnz) time and keeps O(rows) numbers. The mean is known only at its end, so
    a dense array is measured about the mean m of some of its rows instead, and row i is drawn with
    probability proportional to ``||a_i - m||^2 + ||mu - m||^2``, which is at least half of
    ``||a_i - mu||^2``: oversampling (Chia et al. 2020) by ``2 + 4 M ||mu - m||^2 / ||X||_F^2`` at
    most.

    Parameters
    ----------
    array
        Shape ``(M, N)``, real numbers.

    Raises
    ------
    InvalidProblemError
        If an entry is NaN or infinite, or all rows are equal.
    """
    lengths, mean, offset = _sparse_pass(array) if scipy.sparse.issparse(array) else _pass(array)
    total = float(lengths.sum() - lengths.size * offset)
    scale = float(lengths.sum() + lengths.size * (mean @ mean))
    rounding = _ROUNDINGS * float(np.finfo(array.dtype).eps)
    # About a point near the mean lengths are differences squared, and otherwise of squares.
    if total <= (rounding if scipy.sparse.issparse(array) else rounding**2) * scale:
        raise _rank_zero(lengths.size)
    weights = lengths + offset
    sampler, whole = SampledVector(np.sqrt(weights)), weights.sum()

    def read(rows: Indices) -> NDArray[np.float64]:
        chosen = array[rows]
        dense = chosen.toarray() if scipy.sparse.issparse(chosen) else chosen
        return np.asarray(dense, dtype=np.float64) - mean

    return RowAccess(
        shape=(int(array.shape[0]), int(array.shape[1])),
        draw=sampler.sample,
        probability=lambda rows: weights[rows] / whole,
        read=read,
        mean=mean,
        total=total,
    )


def factored_rows(product: SampledProduct) -> RowAccess:
    """Give access to a product of factors, centred exactly: ``(left - mean(left)) right^T``.

    Takes ``O((M + N) r^2)`` time; the product is never written down.

    Raises
    ------
    InvalidProblemError
        If the factors are complex, or all rows of the product are equal.
    """
    left, right = np.asarray(product.left), np.asarray(product.right)
    if np.iscomplexobj(left) or np.iscomplexobj(right):
        raise InvalidProblemError("X has complex factors: principal components need real data")
    centre = left.mean(axis=0)
    centred = left - centre
    rounding = _ROUNDINGS * float(np.finfo(float).eps)
    if np.linalg.norm(centred) <= rounding * np.linalg.norm(left):
        raise _rank_zero(len(left))
    matrix = SampledProduct(centred, right)
    columns = np.arange(right.shape[0])
    return RowAccess(
        shape=matrix.shape,
        draw=matrix.sample_rows,
        probability=lambda rows: (matrix.row_norms(rows) / matrix.frobenius_norm) ** 2,
        read=lambda rows: matrix.entries(rows, columns),
        mean=right @ centre,
        total=matrix.frobenius_norm**2,
    )


def sampled_rows(matrix: SampledMatrix) -> RowAccess:
    """Give access to any matrix that can be sampled, of whose mean row nothing is known.

    Half of the rows are drawn uniformly, half by squared length. A row so has a probability of at
    least ``||a_i - mu||^2 / (8 ||A||_F^2)``; the mean is estimated from the rows drawn, which
    changes the covariance in second order only.
    """
    count = matrix.shape[0]
    columns = np.arange(matrix.shape[1])

    def draw(number: int, generator: np.random.Generator) -> Indices:
        uniform = generator.integers(count, size=number)
        return np.where(
            generator.random(number) < 0.5, uniform, matrix.sample_rows(number, generator)
        )

    def read(rows: Indices) -> NDArray[np.float64]:
        block = matrix.entries(rows, columns)
        if np.iscomplexobj(block):
            raise InvalidProblemError("X has complex entries: principal components need real data")
        require_finite(block, "X")
        return np.asarray(block, dtype=np.float64)

    return RowAccess(
        shape=matrix.shape,
        draw=draw,
        probability=lambda rows: (
            0.5 / count + 0.5 * (matrix.row_norms(rows) / matrix.frobenius_norm) ** 2
        ),
        read=read,
        mean=None,
        total=None,
    )


def _rank_zero(rows: int) -> InvalidProblemError:
    return InvalidProblemError(
        f"X has {rows} equal rows: its covariance has rank zero, and no components"
    )


Moments = tuple[NDArray[np.float64], NDArray[np.float64], float]
"""Squared distances of the rows from a point, their mean, and its squared distance from it."""


def _pass(array: NDArray[Any]) -> Moments:
    count = len(array)
    point = np.asarray(array[:: max(1, count // _PILOT)], dtype=np.float64).mean(axis=0)
    near = point.astype(array.dtype)
    lengths, sums = np.empty(count), np.zeros(array.shape[1])
    for rows in _blocks(*array.shape):
        with np.errstate(invalid="ignore", over="ignore"):
            block = array[rows] - near
        lengths[rows] = np.einsum("ij,ij->i", block, block)
        sums += np.ones(len(block), dtype=block.dtype) @ block
    # An entry that is no number, anywhere, shows in the length of its row.
    bad = np.flatnonzero(~np.isfinite(lengths))
    if bad.size:
        require_finite(array[bad[0]], f"row {bad[0]} of X")
        require_finite(array, "X")
        raise InvalidProblemError(f"row {bad[0]} of X is too large to be squared: rescale the data")
    step = sums / count
    return lengths, near.astype(np.float64) + step, float(step @ step)


def _sparse_pass(array: Any) -> Moments:
    require_finite(array, "X")
    mean = np.asarray(array.mean(axis=0)).ravel()
    squares = np.asarray(array.multiply(array).sum(axis=1)).ravel()
    lengths = squares - 2 * np.asarray(array @ mean).ravel() + mean @ mean
    # Rounding may leave a row at the mean slightly below zero.
    return np.maximum(lengths, 0.0), mean, 0.0


def _blocks(rows: int, columns: int) -> Iterator[slice]:
    step = max(1, _BLOCK // columns)
    return (slice(start, start + step) for start in range(0, rows, step))
