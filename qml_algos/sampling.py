"""Sampling and query access: what dequantised algorithms have instead of a quantum memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import scipy.linalg
import scipy.sparse
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.validation import as_floating, numeric_array, require_finite

Indices = NDArray[np.int64]

_LEAST_BATCH = 1024
"""Candidates drawn at once by rejection, at least: fewer cost as much."""


class SampledMatrix(Protocol):
    """A matrix that can be sampled by squared lengths, and read entry by entry.

    It need not be stored anywhere. For the times of `sample_solution` to hold, each method takes
    O(log N) for every index that it is given or returns.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and of columns."""
        ...

    @property
    def frobenius_norm(self) -> float:
        """Square root of the sum of all squared entries."""
        ...

    def sample_rows(self, count: int, generator: np.random.Generator) -> Indices:
        """Draw rows i with probability ``||A_i||^2 / ||A||_F^2``."""
        ...

    def sample_columns(self, rows: Indices, generator: np.random.Generator) -> Indices:
        """Draw for every row given a column j with probability ``|A_ij|^2 / ||A_i||^2``."""
        ...

    def row_norms(self, rows: Indices) -> NDArray[np.float64]:
        """Euclidean norms of rows."""
        ...

    def entries(self, rows: Indices, columns: Indices) -> NDArray[Any]:
        """Entries where rows and columns cross; shape ``(len(rows), len(columns))``."""
        ...


class SampledVector:
    """A vector with sampling and query access.

    Building takes O(N) time and holds N running sums beside the entries; a sample takes O(log N).
    (A binary tree would change an entry in O(log N), too; nothing here changes entries.)

    Parameters
    ----------
    values
        Shape ``(N,)``, real or complex, not zero.

    Raises
    ------
    InvalidProblemError
        If it is no such vector.
    """

    def __init__(self, values: ArrayLike) -> None:
        self._values = numeric_array(values, "values")
        if self._values.ndim != 1 or not np.any(self._values):
            raise InvalidProblemError(
                f"values has shape {self._values.shape}: a vector that is not zero is needed"
            )
        self._sums = _running(np.abs(self._values) ** 2)

    @property
    def size(self) -> int:
        """Number of entries N."""
        return int(self._values.size)

    @property
    def norm(self) -> float:
        """Euclidean norm."""
        return float(np.sqrt(self._sums[-1]))

    def sample(self, count: int, generator: np.random.Generator) -> Indices:
        """Draw indices with probability ``|v_j|^2 / ||v||^2``."""
        return _drawn(self._sums, count, generator)

    def entries(self, indices: Indices) -> NDArray[Any]:
        """Entries at indices."""
        return self._values[indices]


@dataclass(frozen=True, eq=False)
class SampledProduct:
    """``A = left @ right^H`` with sampling and query access; A itself is never written down.

    With ``right = Q T``, Q of orthonormal columns, ``A = (left T^H) Q^H``: rows have the lengths of
    those of the first factor, and the entries of a row are drawn by rejection from the columns of
    Q, with r tries on average.

    Building takes ``O((M + N) r^2)`` time and ``2 M r + 2 N r + M`` numbers; a sample or an entry
    takes ``O(r log N)``.

    Parameters
    ----------
    left, right
        Shapes ``(M, r)`` and ``(N, r)``, real or complex.

    Raises
    ------
    InvalidProblemError
        If shapes do not match or the product is zero.

    References
    ----------
    E. Tang, Proc. 51st STOC, 217 (2019), Proposition 4.3 (rejection sampling).
    """

    left: ArrayLike = field(repr=False)
    right: ArrayLike = field(repr=False)

    def __post_init__(self) -> None:
        left, right = numeric_array(self.left, "left"), numeric_array(self.right, "right")
        if left.ndim != 2 or right.ndim != 2 or left.shape[1] != right.shape[1]:
            raise InvalidProblemError(
                f"left has shape {left.shape} and right {right.shape}: (M, r) and (N, r) are needed"
            )
        orthonormal, triangle = scipy.linalg.qr(right, mode="economic")
        weighted = left @ triangle.conj().T
        if not np.any(weighted):
            raise InvalidProblemError("left @ right^H is zero")
        object.__setattr__(self, "left", weighted)
        object.__setattr__(self, "right", orthonormal)
        object.__setattr__(self, "_rows", _running((np.abs(weighted) ** 2).sum(axis=1)))
        object.__setattr__(self, "_columns", _running((np.abs(orthonormal) ** 2).T))

    @property
    def _factors(self) -> tuple[NDArray[Any], NDArray[Any]]:
        left: Any = self.left
        right: Any = self.right
        return left, right

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and of columns."""
        left, right = self._factors
        return int(left.shape[0]), int(right.shape[0])

    @property
    def frobenius_norm(self) -> float:
        """Square root of the sum of all squared entries."""
        sums: Any = self.__dict__["_rows"]
        return float(np.sqrt(sums[-1]))

    def sample_rows(self, count: int, generator: np.random.Generator) -> Indices:
        """Draw rows by squared length."""
        return _drawn(self.__dict__["_rows"], count, generator)

    def sample_columns(self, rows: Indices, generator: np.random.Generator) -> Indices:
        """Draw a column for every row, by squared entries."""
        found = np.empty(rows.size, dtype=np.int64)
        waiting = np.arange(rows.size)
        while waiting.size:
            # Several tries at once for the last few, of which the first accepted counts.
            tries = max(1, _LEAST_BATCH // waiting.size)
            candidates, accepted = self._tried(np.repeat(rows[waiting], tries), generator)
            accepted = accepted.reshape(-1, tries)
            done = accepted.any(axis=1)
            first = accepted.argmax(axis=1)[:, None]
            chosen = np.take_along_axis(candidates.reshape(-1, tries), first, axis=1)[:, 0]
            found[waiting[done]] = chosen[done]
            waiting = waiting[~done]
        return found

    def _tried(
        self, rows: Indices, generator: np.random.Generator
    ) -> tuple[Indices, NDArray[np.bool_]]:
        """Propose a column for every row, and tell which are accepted."""
        left, right = self._factors
        weights = left[rows]
        squares = np.abs(weights) ** 2
        term = _choices(squares, generator)
        candidates = np.empty(rows.size, dtype=np.int64)
        for k, sums in enumerate(self.__dict__["_columns"]):
            chosen = np.flatnonzero(term == k)
            candidates[chosen] = _drawn(sums, chosen.size, generator)
        vectors = right[candidates]
        entries = np.abs(np.einsum("ik,ik->i", weights, vectors.conj())) ** 2
        bound = squares.shape[1] * np.einsum("ik,ik->i", squares, np.abs(vectors) ** 2)
        return candidates, generator.random(rows.size) * bound < entries

    def row_norms(self, rows: Indices) -> NDArray[np.float64]:
        """Euclidean norms of rows."""
        norms: NDArray[np.float64] = np.linalg.norm(self._factors[0][rows], axis=1)
        return norms

    def entries(self, rows: Indices, columns: Indices) -> NDArray[Any]:
        """Entries where rows and columns cross."""
        left, right = self._factors
        block: NDArray[Any] = left[rows] @ right[columns].conj().T
        return block


class SampledEntries:
    """A stored matrix, dense or sparse, with sampling and query access.

    Building takes O(nnz) time and holds a running sum for every nonzero entry beside the matrix;
    a sample takes O(log nnz).

    Parameters
    ----------
    matrix
        Shape ``(M, N)``, not zero.

    Raises
    ------
    InvalidProblemError
        If an entry is no finite number, or all are zero.
    """

    def __init__(self, matrix: ArrayLike | scipy.sparse.sparray) -> None:
        given = matrix if scipy.sparse.issparse(matrix) else numeric_array(matrix, "matrix")
        entries = as_floating(scipy.sparse.csr_array(given), "matrix")
        entries.sum_duplicates()
        entries.eliminate_zeros()
        require_finite(entries, "matrix")
        if not entries.nnz:
            raise InvalidProblemError("matrix is zero")
        self._matrix = entries
        self._sums = _running(np.abs(entries.data) ** 2)
        before = np.concatenate([[0.0], self._sums])[entries.indptr]
        self._starts, self._weights = before[:-1], np.diff(before)
        self._row_sums = _running(self._weights)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and of columns."""
        rows, columns = self._matrix.shape
        return int(rows), int(columns)

    @property
    def frobenius_norm(self) -> float:
        """Square root of the sum of all squared entries."""
        return float(np.sqrt(self._sums[-1]))

    def sample_rows(self, count: int, generator: np.random.Generator) -> Indices:
        """Draw rows by squared length."""
        return _drawn(self._row_sums, count, generator)

    def sample_columns(self, rows: Indices, generator: np.random.Generator) -> Indices:
        """Draw a column for every row, by squared entries."""
        marks = self._starts[rows] + generator.random(rows.size) * self._weights[rows]
        places = np.searchsorted(self._sums, marks, side="right")
        # Rounding may lead out of a row that weighs little.
        ends = self._matrix.indptr
        places = np.clip(places, ends[rows], ends[rows + 1] - 1)
        return np.asarray(self._matrix.indices[places], dtype=np.int64)

    def row_norms(self, rows: Indices) -> NDArray[np.float64]:
        """Euclidean norms of rows."""
        return np.sqrt(self._weights[rows])

    def entries(self, rows: Indices, columns: Indices) -> NDArray[Any]:
        """Entries where rows and columns cross."""
        block: NDArray[Any] = self._matrix[rows][:, columns].toarray()
        return block


def _running(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum up to and including each weight, along the last axis."""
    sums: NDArray[np.float64] = np.cumsum(weights, axis=-1)
    return sums


def _drawn(sums: NDArray[np.float64], count: int, generator: np.random.Generator) -> Indices:
    marks = generator.random(count) * sums[-1]
    # Looked up in order, and so with few cache misses.
    order = np.argsort(marks)
    found = np.empty(count, dtype=np.int64)
    # Zero weights, where the sum stands still, are never drawn.
    found[order] = np.searchsorted(sums, marks[order], side="right")
    return np.minimum(found, sums.size - 1)


def _choices(weights: NDArray[np.float64], generator: np.random.Generator) -> Indices:
    """Draw a column for every row of a table of weights."""
    sums = _running(weights)
    marks = generator.random(len(weights)) * sums[:, -1]
    return np.minimum((sums <= marks[:, None]).sum(axis=1), weights.shape[1] - 1)
