"""Preconditioners of the Krylov solvers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import UnsuitableSolverError

Apply = Callable[[NDArray[Any]], NDArray[Any]]
"""Product of a linear operator with a vector."""

Preconditioner = Literal["amg", "jacobi"]
"""Algebraic multigrid (smoothed aggregation), or the diagonal."""


def require_preconditioner(preconditioner: str | None) -> None:
    """Refuse a name that is none of the preconditioners'.

    Raises
    ------
    ValueError
        Saying which there are.
    """
    if preconditioner is not None and preconditioner not in get_args(Preconditioner):
        raise ValueError(
            f"preconditioner = {preconditioner!r}: must be None, 'amg' (algebraic multigrid) or "
            "'jacobi' (the diagonal)"
        )


def jacobi(A: Any) -> NDArray[np.float64]:
    """Absolute values of the diagonal; the preconditioner divides by them.

    Raises
    ------
    UnsuitableSolverError
        If one is zero.
    """
    diagonal = np.abs(A.diagonal())
    if not np.all(diagonal):
        raise UnsuitableSolverError(
            "the preconditioner 'jacobi' divides by the diagonal of A, and it has a zero"
        )
    return np.asarray(diagonal)


def multigrid(A: Any, *, hermitian: bool) -> Apply:
    """One V-cycle of smoothed aggregation; Hermitian and definite if A is.

    Set-up and each cycle cost a few products with A, on matrices from elliptic equations.

    References
    ----------
    P. Vanek, J. Mandel, M. Brezina, Computing 56, 179 (1996).
    N. Bell, L. Olson, J. Schroder, B. Southworth, J. Open Source Softw. 8, 5495 (2023).
    """
    # Imported only when used: it takes a third of a second.
    from pyamg import smoothed_aggregation_solver

    matrix = scipy.sparse.csr_array(A)
    matrix.sort_indices()
    # pyamg's kernels take 32-bit indices.
    matrix = scipy.sparse.csr_array(
        (matrix.data, matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)),
        shape=matrix.shape,
    )
    symmetry = "hermitian" if hermitian else "nonsymmetric"
    hierarchy = smoothed_aggregation_solver(matrix, symmetry=symmetry)
    cycle = hierarchy.aspreconditioner(cycle="V")

    def apply(v: NDArray[Any]) -> NDArray[Any]:
        # pyamg mixes no types.
        if np.iscomplexobj(v) and not np.iscomplexobj(matrix):
            return cycle @ v.real + 1j * (cycle @ v.imag)
        product: NDArray[Any] = cycle @ v.astype(matrix.dtype)
        return product

    return apply
