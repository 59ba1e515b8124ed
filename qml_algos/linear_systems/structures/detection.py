"""Finding out what is special about a matrix that was written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.linear_systems.structures.base import ROUNDING, Structure
from qml_algos.linear_systems.structures.circulant import Circulant
from qml_algos.linear_systems.structures.dense import Dense
from qml_algos.linear_systems.structures.kronecker import KroneckerSum
from qml_algos.linear_systems.structures.poisson import Boundary, Poisson
from qml_algos.linear_systems.structures.sparse import Sparse
from qml_algos.linear_systems.structures.toeplitz import Toeplitz

_SPARSE = 0.25
"""A dense array counts as sparse below this fraction of nonzero entries."""

_DECIMALS = 14


def detect(A: NDArray[Any] | scipy.sparse.sparray) -> Structure:
    """Describe a matrix by the most special structure that it has.

    Parameters
    ----------
    A
        Square, dense or of any scipy sparse form.

    Returns
    -------
    Structure
        The first that fits of: `Poisson` (any boundary, shift and scale; one axis or several),
        `Circulant`, `Toeplitz` with at most N nonzero diagonals, `KroneckerSum` of these (or of
        general terms), `Sparse`, `Dense`. What is found agrees with A entry by entry, up to
        1e-14 of the largest one; nothing is guessed.

    Notes
    -----
    Cost: O(nnz log nnz), once for every divisor of N in the search for Kronecker sums.
    """
    entries = scipy.sparse.csr_array(A, copy=True)
    entries.eliminate_zeros()
    entries.sum_duplicates()
    found = _special(entries) if entries.nnz else None
    if found is not None:
        return found
    if scipy.sparse.issparse(A) or entries.nnz < _SPARSE * entries.shape[0] ** 2:
        return Sparse(entries)
    return Dense(np.asarray(A))


def _special(entries: scipy.sparse.csr_array) -> Structure | None:
    searches: tuple[Callable[[scipy.sparse.csr_array], Structure | None], ...] = (
        _poisson_on_one_axis,
        _circulant,
        _toeplitz,
        _kronecker_sum,
    )
    return next((found for search in searches if (found := search(entries)) is not None), None)


def _agrees(entries: scipy.sparse.csr_array, candidate: scipy.sparse.csr_array) -> bool:
    difference = abs(entries - candidate).max()
    return bool(difference <= ROUNDING * abs(entries).max())


def _poisson_on_one_axis(entries: scipy.sparse.csr_array) -> Poisson | None:
    size = entries.shape[0]
    if size < 3 or not entries.nnz <= 3 * size:
        return None
    ends, inner = complex(entries[0, 0]), complex(entries[1, 1])
    scale = -complex(entries[0, 1])
    if not scale or scale.imag or inner.imag:
        return None
    boundary: Boundary = "periodic" if entries[0, size - 1] else "dirichlet"
    if abs(ends - inner) > ROUNDING * abs(entries).max():
        boundary = "neumann"
    cells = size + (boundary == "dirichlet")
    if cells & (cells - 1):
        return None
    shift = round(inner.real / scale.real - 2, _DECIMALS)
    found = Poisson((cells,), boundary, shift, scale.real)
    return found if _agrees(entries, found.matrix()) else None


def _circulant(entries: scipy.sparse.csr_array) -> Circulant | None:
    size = entries.shape[0]
    row = entries[[0], :].tocoo()
    if size < 2 or not row.nnz or row.nnz * size != entries.nnz:
        return None
    columns = row.coords[-1].tolist()
    found = Circulant(size, dict(zip(columns, row.data.tolist(), strict=True)))
    return found if _agrees(entries, found.matrix()) else None


def _toeplitz(entries: scipy.sparse.csr_array) -> Toeplitz | None:
    size = entries.shape[0]
    row, column = entries[[0], :].tocoo(), entries[:, [0]].tocoo()
    above = zip(row.coords[-1].tolist(), row.data.tolist(), strict=True)
    below = zip((-column.coords[0]).tolist(), column.data.tolist(), strict=True)
    coefficients = dict([*above, *below])
    expected = sum(size - abs(offset) for offset in coefficients)
    if size < 2 or not 0 < len(coefficients) <= size or expected != entries.nnz:
        return None
    found = Toeplitz(size, coefficients)
    return found if _agrees(entries, found.matrix()) else None


def _kronecker_sum(entries: scipy.sparse.csr_array) -> Structure | None:
    parts = _finest_terms(entries)
    if len(parts) < 2:
        return None
    terms = [detect(part) for part in _balanced(parts, complex(entries[0, 0]))]
    return _grid(terms) or KroneckerSum(tuple(terms))


def _finest_terms(entries: scipy.sparse.csr_array) -> list[scipy.sparse.csr_array]:
    """Terms of the Kronecker sum with as many as there are, each with 0 as its first entry."""
    for fast in _divisors(entries.shape[0]):
        slow = entries.shape[0] // fast
        if entries.nnz > entries.shape[0] * (slow + fast - 1):
            continue
        first: Any = entries[0, 0]
        outer = _shifted(entries[::fast, ::fast], -first)
        inner = _shifted(entries[:fast, :fast], -first)
        total = scipy.sparse.csr_array(scipy.sparse.kronsum(inner, outer))
        if _agrees(entries, _shifted(total, first)):
            return [*_finest_terms(outer), inner]
    return [entries]


def _balanced(
    terms: list[scipy.sparse.csr_array], first: complex
) -> Iterator[scipy.sparse.csr_array]:
    """Share out the diagonal by the size of the other entries, so that terms are like the sum.

    Only the sum of the terms' diagonals is told by the matrix. In the row of each that is largest
    off the diagonal, a share in proportion keeps diagonally dominant terms that.
    """
    sums = [abs(term).sum(axis=1) - np.abs(term.diagonal()) for term in terms]
    weights = np.array([float(rows.max()) for rows in sums])
    shares = weights / weights.sum() if weights.any() else np.full(len(terms), 1 / len(terms))
    had = [
        complex(term.diagonal()[int(rows.argmax())]) for term, rows in zip(terms, sums, strict=True)
    ]
    total = first + sum(had)
    for term, share, entry in zip(terms, shares.tolist(), had, strict=True):
        value = share * total - entry
        yield _shifted(term, value if value.imag else value.real)


def _grid(terms: list[Structure]) -> Poisson | None:
    """One Laplacian in place of several on one axis each, if boundary and scale agree."""
    axes = [term for term in terms if isinstance(term, Poisson)]
    first = axes[0] if axes else None
    if first is None or len(axes) < len(terms):
        return None
    agree = all(
        term.boundary == first.boundary
        and abs(term.scale - first.scale) <= ROUNDING * abs(first.scale)
        for term in axes
    )
    if not agree:
        return None
    cells = tuple(term.cells[0] for term in axes)
    shift = round(sum(term.shift for term in axes), _DECIMALS - 1)
    return Poisson(cells, first.boundary, shift, first.scale)


def _shifted(matrix: scipy.sparse.csr_array, value: complex) -> scipy.sparse.csr_array:
    shifted = scipy.sparse.csr_array(matrix + value * scipy.sparse.eye_array(matrix.shape[0]))
    shifted.eliminate_zeros()
    return shifted


def _divisors(size: int) -> Iterator[int]:
    """Divisors other than 1 and the number itself, in increasing order."""
    return (number for number in range(2, size // 2 + 1) if size % number == 0)
