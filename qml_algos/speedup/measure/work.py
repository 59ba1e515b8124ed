"""Floating-point operations and memory traffic of numerical kernels, in closed form.

An addition, a multiplication, a division and a square root are one operation each, of real
numbers; `COMPLEX` of them on average for one of complex numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

COMPLEX = 4.0
"""A complex multiplication and addition take 8 operations where real ones take 2."""

DOUBLE = 8.0
"""Bytes of a number; twice as many of a complex one."""


@dataclass(frozen=True)
class Work:
    """What a computation takes, whatever machine it runs on.

    Attributes
    ----------
    flops
        Floating-point operations in double precision.
    bytes_moved
        Bytes between memory and processor, at least: every array that does not fit into caches is
        read or written as often as the algorithm passes over it.
    """

    flops: float
    bytes_moved: float


def elimination_flops(rows: int, lower: int, upper: int) -> float:
    """Gaussian elimination of a band without interchanges: ``n (l + 2 l u)`` but for the corner.

    A full matrix has ``lower = upper = rows - 1``: ``2/3 n^3`` to leading order.

    Parameters
    ----------
    rows
        n.
    lower, upper
        Bandwidths.

    References
    ----------
    S. Blackford, J. Dongarra, LAPACK Working Note 41: operation counts.
    """
    rest = np.arange(min(rows, max(lower, upper)), dtype=float)
    below, beside = np.minimum(lower, rest), np.minimum(upper, rest)
    return (rows - rest.size) * lower * (1.0 + 2 * upper) + float(
        np.sum(below + 2 * below * beside)
    )


def cholesky_flops(rows: int, band: int) -> float:
    """Cholesky factorisation of a band: ``n (k + 1)^2`` but for the corner; full ``n^3 / 3``.

    Parameters
    ----------
    rows
        n.
    band
        Bandwidth k on one side; ``rows - 1`` of a full matrix.

    References
    ----------
    As for `elimination_flops`.
    """
    rest = np.arange(min(rows, band), dtype=float)
    return (rows - rest.size) * (band + 1.0) ** 2 + float(np.sum((rest + 1) ** 2))


def substitution_flops(rows: int, lower: int, upper: int, *, unit: bool) -> float:
    """Forward and backward substitution of one right-hand side.

    Parameters
    ----------
    rows, lower, upper
        Of the triangular factors.
    unit
        Whether the lower one has a diagonal of ones, as after elimination.
    """
    rest = np.arange(min(rows, max(lower, upper)), dtype=float)
    corner = np.sum(2 * np.minimum(lower, rest) + 2 * np.minimum(upper, rest))
    divisions = rows * (1.0 if unit else 2.0)
    return (rows - rest.size) * 2.0 * (lower + upper) + float(corner) + divisions


def transform_flops(points: int, *, real: bool) -> float:
    """Fast Fourier, sine or cosine transform: ``5 N log2 N``, half of it if real.

    The convention of benchmarks, not a count: split-radix algorithms take a fifth less.

    References
    ----------
    FFTW, benchmark methodology (fftw.org/speed).
    """
    return (2.5 if real else 5.0) * points * math.log2(max(points, 2))


def symmetric_eigen_flops(rows: int) -> float:
    """All eigenvalues and eigenvectors of a symmetric matrix: ``9 n^3``, to leading order.

    References
    ----------
    G. Golub, C. Van Loan, Matrix Computations, 4th ed., section 8.3 (unverified).
    """
    return 9.0 * rows**3


def singular_value_flops(rows: int, columns: int) -> float:
    """Thin singular value decomposition of m rows and n <= m columns: ``6 m n^2 + 20 n^3``.

    References
    ----------
    G. Golub, C. Van Loan, Matrix Computations, 4th ed., figure 8.6.1, R-SVD
    (unverified).
    """
    m, n = max(rows, columns), min(rows, columns)
    return 6.0 * m * n**2 + 20.0 * n**3


def principal_component_flops(samples: int, features: int, method: str) -> float | None:
    """Principal components of a real matrix of data, by the methods that are exact.

    Parameters
    ----------
    samples, features
        m and n.
    method
        ``"covariance"``: :math:`2 m n^2` for the covariance matrix, and its eigenvectors.
        ``"svd"``: the singular value decomposition. ``None`` for any other.
    """
    match method:
        case "covariance":
            return 2.0 * samples * features**2 + symmetric_eigen_flops(features)
        case "svd":
            return singular_value_flops(samples, features)
        case _:
            return None
