"""Rows of the inverse on a window, with a bound on what lies beyond it."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
import scipy.sparse.csgraph
import scipy.sparse.linalg
from numpy.typing import NDArray

from qml_algos.errors import UnsuitableSolverError
from qml_algos.linear_systems.classical.local_window import Neighbourhood, Window

MAX_WINDOW = 2**16
"""Unknowns of a window."""

_MAX_WORK = 5e10
"""Operations that factorising it may take, by a bound from its bandwidth: half a minute."""

_SURELY_FAST = 2**11
"""Unknowns whose dense elimination would be within that."""

_SMALLEST_RADIUS = 4
_GROWTH = (1.2, 4.0)
"""A radius grows at least and at most by this."""


@dataclass(frozen=True, eq=False)
class GreenRows:
    r"""Rows of an approximate inverse, zero outside of a window.

    With :math:`G` these rows, :math:`R = G A - I_{rows}`, so that
    :math:`x_i = (G b)_i - (R x)_i` for the exact solution x: the entry ``(G b)_i`` is off by at
    most the sum of :math:`|R_{ij}|` times the largest entry of x.

    Attributes
    ----------
    weights
        G on the window; shape ``(k, w)``.
    truncation
        Largest sum of absolute values of a row of R, rounding included.
    radius
        Of the window.
    window
        Where the rows stand.
    flops
        Of the factorisation and the substitutions: counted from sparse factors; of a small window,
        which is dense, :math:`2/3 w^3 + 2 k w^2`.
    """

    weights: NDArray[Any]
    truncation: float
    radius: int
    window: Window
    flops: float


def green_rows(
    place: Neighbourhood, first: int, count: int, truncation: float, *, radius: int | None = None
) -> GreenRows:
    """Find rows of the inverse, on a window as small as keeps to a truncation.

    Parameters
    ----------
    place
        The matrix.
    first, count
        Consecutive unknowns.
    truncation
        Largest that is allowed, see `GreenRows`.
    radius
        To start with: one that sufficed elsewhere.

    Raises
    ------
    UnsuitableSolverError
        If a window would be more than half of the system, or larger than `MAX_WINDOW`, or if its
        factors would be nearly full.
    """
    size, radius = math.prod(place.shape), radius or _SMALLEST_RADIUS
    while True:
        window = place.window(first, count, radius)
        _require_small(window, size, truncation)
        found = _on_window(window, radius)
        if found.truncation <= truncation:
            return found
        radius = _larger(radius, found.truncation, truncation)


def _require_small(window: Window, size: int, truncation: float) -> None:
    """Refuse a window that is no small part of the system, or whose factors are no small work."""
    unknowns = window.unknowns.size
    if 2 * unknowns > size:
        raise UnsuitableSolverError(
            f"a truncation of {truncation:.1e} takes a window of {unknowns:,} unknowns or more, "
            f"and the system has {size:,}: local solving saves nothing here; use Direct"
        )
    slow = (
        f"the inverse of A does not decay to {truncation:.1e} on a window of {unknowns:,} unknowns"
    )
    if unknowns > MAX_WINDOW:
        raise UnsuitableSolverError(
            f"{slow}, and larger ones are not tried: A is not local, or its condition number too "
            "large"
        )
    if unknowns > _SURELY_FAST and _elimination_bound(window) > _MAX_WORK:
        raise UnsuitableSolverError(
            f"{slow} that could be factorised in less than a minute: unknowns have too many "
            "neighbours at a distance for A to be local"
        )


def _elimination_bound(window: Window) -> float:
    """Operations of a banded elimination after reordering: no sparse one takes many more."""
    inner = scipy.sparse.csr_array(window.rows[:, window.inside])
    order = scipy.sparse.csgraph.reverse_cuthill_mckee(inner)
    place = np.argsort(order)
    entries = inner.tocoo()
    band = float(np.abs(place[entries.row] - place[entries.col]).max())
    return 2 * order.size * band**2


def _larger(radius: int, reached: float, wanted: float) -> int:
    """Radius at which an exponential decay would get there, a little more for safety."""
    least, most = _GROWTH
    factor = most
    if reached < 1:
        factor = min(max(1.05 * math.log(wanted) / math.log(reached), least), most)
    return math.ceil(factor * radius)


def _on_window(window: Window, radius: int) -> GreenRows:
    rows, (size, count) = window.rows, (window.unknowns.size, window.centre.size)
    units = np.zeros((size, count), dtype=rows.dtype)
    units[window.centre, np.arange(count)] = 1
    inner = rows[:, window.inside]
    try:
        solved, work = _solved_dense(inner, units) if _is_dense(rows) else _solved(inner, units)
    except (RuntimeError, np.linalg.LinAlgError):  # a window may be singular where A is not
        return GreenRows(units.T, math.inf, radius, window, 0.0)
    residual = rows.T @ solved
    residual[window.inside] -= units
    truncation = float(np.nan_to_num(np.abs(residual), nan=math.inf).sum(axis=0).max())
    return GreenRows(solved.T, truncation, radius, window, work)


def _is_dense(rows: NDArray[Any] | scipy.sparse.csr_array) -> bool:
    return isinstance(rows, np.ndarray)


def _solved_dense(inner: NDArray[Any], units: NDArray[Any]) -> tuple[NDArray[Any], float]:
    size, count = units.shape
    return np.linalg.solve(inner.T, units), 2 / 3 * size**3 + 2.0 * count * size**2


def _solved(inner: scipy.sparse.csr_array, units: NDArray[Any]) -> tuple[NDArray[Any], float]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", scipy.sparse.linalg.MatrixRankWarning)
        factors = scipy.sparse.linalg.splu(inner.T.tocsc())
    return factors.solve(units), _flops(factors, units.shape[1])


def _flops(factors: scipy.sparse.linalg.SuperLU, columns: int) -> float:
    """Operations of an elimination with these factors and of substitutions, real ones.

    A pivot with l entries below and u to its right takes l divisions and l u multiplications and
    subtractions.
    """
    lower, upper = factors.L.tocsc(), factors.U.tocsr()
    below, beside = np.diff(lower.indptr) - 1.0, np.diff(upper.indptr) - 1.0
    elimination = float(np.sum(below + 2 * below * beside))
    return elimination + 2.0 * columns * float(lower.nnz + upper.nnz)
