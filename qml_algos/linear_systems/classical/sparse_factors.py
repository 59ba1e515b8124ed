"""Sparse factorisations: CHOLMOD and UMFPACK where CVXOPT is installed, else SuperLU."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
import scipy.sparse.linalg
from numpy.typing import NDArray

try:
    import cvxopt
    import cvxopt.cholmod
    import cvxopt.umfpack
except ImportError:
    cvxopt = None

_INSTALL = "the extra 'sparse' (CVXOPT) brings CHOLMOD and UMFPACK, several times as fast"


def solve_sparse(
    A: scipy.sparse.csr_array, B: NDArray[Any], *, hermitian: bool
) -> tuple[NDArray[Any], str]:
    """Solve ``A X = B`` by one sparse factorisation.

    Parameters
    ----------
    A, B
        Shapes ``(N, N)`` and ``(N, k)``.
    hermitian
        Whether A is Hermitian: if its diagonal has one sign, Cholesky is tried first.

    Returns
    -------
    X
        Shape ``(N, k)``.
    method
        What was used, for reports.

    Raises
    ------
    numpy.linalg.LinAlgError
        If a pivot is exactly zero.

    Notes
    -----
    Measured, one thread, seconds (2D Poisson of 512 x 512, 3D of 40^3, random with 4,000 rows and
    symmetric, with 6,000 rows and general): CHOLMOD/UMFPACK 1.8, 3.2, 0.07, 0.24; SuperLU 6.4,
    27.7, 0.30, 2.6; MKL PARDISO 3.4, 3.7, 0.45, 2.1; QDLDL 4.5, 80.7, 0.62, none. CHOLMOD for
    Python comes as a wheel in CVXOPT only.

    References
    ----------
    Y. Chen, T. Davis, W. Hager, S. Rajamanickam, ACM Trans. Math. Softw. 35, 22 (2008).
    T. Davis, ACM Trans. Math. Softw. 30, 196 (2004).
    """
    dtype = np.result_type(A.dtype, B.dtype)
    A, B = A.astype(dtype), B.astype(dtype)
    diagonal = A.diagonal().real
    sign = int(np.all(diagonal > 0)) - int(np.all(diagonal < 0)) if hermitian else 0
    if cvxopt is None:
        return _superlu(A.tocsc(), B, one_signed=sign != 0)
    if sign:
        try:
            return sign * _cholesky(sign * A, B), "sparse Cholesky factorisation (CHOLMOD)"
        except ArithmeticError:
            pass  # indefinite
    return _lu(A, B), "sparse LU factorisation (UMFPACK)"


def _cholesky(A: scipy.sparse.csr_array, B: NDArray[Any]) -> NDArray[Any]:
    columns = _converted(scipy.sparse.tril(A, format="coo"))
    solution = cvxopt.matrix(B)
    factors = cvxopt.cholmod.symbolic(columns)
    cvxopt.cholmod.numeric(columns, factors)
    cvxopt.cholmod.solve(factors, solution)
    return np.array(solution)


def _lu(A: scipy.sparse.csr_array, B: NDArray[Any]) -> NDArray[Any]:
    columns = _converted(A.tocoo())
    solution = cvxopt.matrix(B)
    try:
        factors = cvxopt.umfpack.numeric(columns, cvxopt.umfpack.symbolic(columns))
        cvxopt.umfpack.solve(columns, factors, solution)
    except ArithmeticError:
        raise np.linalg.LinAlgError("a pivot is zero") from None
    return np.array(solution)


def _converted(A: scipy.sparse.coo_array) -> Any:
    kind = "z" if A.dtype.kind == "c" else "d"
    return cvxopt.spmatrix(A.data, A.row, A.col, A.shape, kind)


def _superlu(
    A: scipy.sparse.csc_array, B: NDArray[Any], *, one_signed: bool
) -> tuple[NDArray[Any], str]:
    method = f"sparse LU factorisation (SuperLU; {_INSTALL})"
    try:
        if one_signed:
            # An ordering for symmetric matrices halves the fill-in; it leaves the pivots on the
            # diagonal, which is stable for definite matrices, those whose pivots have one sign.
            factors = scipy.sparse.linalg.splu(
                A,
                permc_spec="MMD_AT_PLUS_A",
                diag_pivot_thresh=0.0,
                options={"SymmetricMode": True},
            )
            pivots = factors.U.diagonal().real
            on_diagonal = np.array_equal(factors.perm_r, factors.perm_c)
            if on_diagonal and (np.all(pivots > 0) or np.all(pivots < 0)):
                return factors.solve(B), method
        return scipy.sparse.linalg.splu(A).solve(B), method
    except RuntimeError as error:
        raise np.linalg.LinAlgError(str(error)) from None
