"""Ends of spectra by numerical linear algebra, for matrices without a formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse
import scipy.sparse.linalg
from numpy.typing import NDArray

from qml_algos.errors import SingularMatrixError
from qml_algos.linear_systems.structures.base import Spectrum

ALL_VALUES = 1024
"""Up to this size a sparse matrix's spectrum comes from all its values, above from Lanczos."""

LANCZOS_TOLERANCE = 1e-3
"""Relative error of a squared singular value from Lanczos; bounds are widened by it."""


def dense_spectrum(matrix: NDArray[Any], *, hermitian: bool) -> Spectrum:
    """Spectrum of a dense matrix from all its eigenvalues or singular values, O(N^3).

    Raises
    ------
    SingularMatrixError
        If the matrix is singular to working precision.
    """
    if not hermitian:
        values = scipy.linalg.svdvals(matrix)
        condition_from(values)
        return Spectrum(float(values[-1]), float(values[0]))
    values = scipy.linalg.eigvalsh(matrix)
    condition_from(np.abs(values))
    return spectrum_of_values(values)


def spectrum_of_values(values: NDArray[np.float64]) -> Spectrum:
    """Spectrum of a Hermitian matrix from all its eigenvalues, in any order."""
    sizes = np.abs(values)
    ends = float(np.min(values)), float(np.max(values))
    return Spectrum(float(np.min(sizes)), float(np.max(sizes)), *ends)


def sparse_spectrum(matrix: scipy.sparse.csr_array, *, hermitian: bool) -> Spectrum:
    """Spectrum of a sparse matrix; above 1,024 unknowns from Lanczos on it and on its inverse.

    Lanczos finds the largest value from below, so both ends are moved outwards by its tolerance:
    the condition number is then an upper bound, at most 0.1 % too large, unless the random start
    vector misses an end of the spectrum, which has probability zero. Whether a Hermitian matrix is
    definite is told by the signs of its pivots; the eigenvalues of an indefinite one are only said
    to lie between plus and minus the largest.

    Costs one sparse factorisation.

    Raises
    ------
    SingularMatrixError
        If the matrix is singular to working precision.
    """
    size = matrix.shape[0]
    if size <= ALL_VALUES:
        return dense_spectrum(matrix.toarray(), hermitian=hermitian)
    columns = matrix.tocsc()
    factors = _factorise(columns, symmetric=hermitian)
    dtype = columns.dtype
    adjoint = columns.conj().T.tocsr()
    largest = np.sqrt(largest_eigenvalue(lambda v: adjoint @ (columns @ v), size, dtype))
    inverse = np.sqrt(
        largest_eigenvalue(
            lambda v: factors.solve(factors.solve(v.astype(dtype), "H")), size, dtype
        )
    )
    condition_from(np.array([1.0, largest * inverse]))
    smallest = 1 / inverse
    sign = _sign_of_pivots(factors) if hermitian else None
    if sign is None:
        return Spectrum(smallest, largest)
    if sign == 0:
        return Spectrum(smallest, largest, -largest, largest)
    ends = sorted((sign * smallest, sign * largest))
    return Spectrum(smallest, largest, *ends)


def largest_eigenvalue(
    product: Callable[[NDArray[Any]], NDArray[Any]], size: int, dtype: Any, which: str = "LA"
) -> float:
    """Upper bound on the largest eigenvalue of a Hermitian operator, by Lanczos.

    The one found is multiplied by ``1 + LANCZOS_TOLERANCE``, the accuracy it was sought with.
    """
    operator = scipy.sparse.linalg.LinearOperator((size, size), matvec=product, dtype=dtype)
    start = np.random.default_rng(0).normal(size=size)
    found = scipy.sparse.linalg.eigsh(
        operator, k=1, which=which, tol=LANCZOS_TOLERANCE, v0=start, return_eigenvectors=False
    )
    return float(found[0]) * (1 + LANCZOS_TOLERANCE)


def condition_from(singular_values: NDArray[np.float64]) -> float:
    """Condition number from singular values in any order.

    Raises
    ------
    SingularMatrixError
        If the smallest is zero to working precision.
    """
    largest, smallest = float(np.max(singular_values)), float(np.min(singular_values))
    floor = len(singular_values) * np.finfo(float).eps * largest
    if not smallest > floor:
        raise singular(smallest / largest if largest else 0.0)
    return largest / smallest


def singular(ratio: float) -> SingularMatrixError:
    """Error that says by how much a matrix is singular."""
    return SingularMatrixError(
        "A is singular to working precision: its smallest singular value is "
        f"{ratio:.1e} of its largest; the system has no unique solution"
    )


def _factorise(columns: scipy.sparse.csc_array, *, symmetric: bool) -> Any:
    # Without pivoting off the diagonal the pivots of a Hermitian matrix have the signs of its
    # eigenvalues. That is stable for definite matrices only, so it is not kept for others.
    try:
        if symmetric:
            factors = scipy.sparse.linalg.splu(
                columns,
                permc_spec="MMD_AT_PLUS_A",
                diag_pivot_thresh=0.0,
                options={"SymmetricMode": True},
            )
            if _sign_of_pivots(factors):
                return factors
        return scipy.sparse.linalg.splu(columns)
    except RuntimeError:
        raise singular(0.0) from None


def _sign_of_pivots(factors: Any) -> int:
    """Sign that all pivots on the diagonal have, 0 if they differ or others had to be taken."""
    pivots = factors.U.diagonal().real
    if not np.array_equal(factors.perm_r, factors.perm_c):
        return 0
    return int(np.all(pivots > 0)) - int(np.all(pivots < 0))
