"""Direct solvers: factorise, and substitute."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import scipy.linalg
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import SingularMatrixError
from qml_algos.linear_systems.classical.sparse_factors import solve_sparse
from qml_algos.linear_systems.problem import LinearSystem, Matrix
from qml_algos.linear_systems.solution import Solution
from qml_algos.linear_systems.structures import Toeplitz
from qml_algos.results import Resources

# Up to this many diagonals on either side a sparse matrix is solved as banded, whatever is zero
# within: measured on grids of 40,000 points, a band of 64 takes as long as CHOLMOD and UMFPACK.
_BANDWIDTH = 64
# Up to this size the dense solver is the fastest for sparse matrices too (measured: 30 us against
# 130 us at 16 unknowns, equal at 128).
_DENSE_UNKNOWNS = 100
# Beyond it a matrix counts as singular: rounding leaves the singular ones at 1e14 and more.
_LARGEST_CONDITION = 0.01 / np.finfo(float).eps
# Up to so many diagonals each is picked out of all entries; beyond, every entry finds its own.
_FEW_DIAGONALS = 8
_DENSE = "dense factorisation (LAPACK)"
_BANDED_CHOLESKY = "banded Cholesky factorisation (LAPACK)"


@dataclass(frozen=True)
class Direct:
    r"""Direct factorisation, chosen by structure.

    Dense matrices go to ``scipy.linalg.solve``, which looks for diagonal, tridiagonal, banded,
    triangular, Hermitian and positive definite structure, and so do small sparse ones; larger
    sparse ones go to LAPACK's banded solvers if their band is narrow, else to a sparse
    factorisation (see `sparse_factors.solve_sparse`). The error is rounding times the condition
    number, so there is no precision to choose. Which method it was stands in the caveats.

    Cost: ``O(N^3)`` dense, ``O(N w^2)`` for bandwidth w; sparse depends on the fill-in.
    """

    name: ClassVar[str] = "direct"

    def solve(self, problem: LinearSystem) -> Solution:
        """Solve; raises `SingularMatrixError` where there is no unique solution."""
        A, b = problem.A, problem.b
        dominant = _dominant_toeplitz(problem)
        start = time.perf_counter()
        if dominant is None:
            x, method = _solve(A, b, hermitian=problem.hermitian)
        else:
            x, method = _solve_dominant(dominant, b)
        seconds = time.perf_counter() - start
        if method.text == _DENSE:
            method = _with_band(method, A)
        return Solution(
            x=x,
            signs_known=True,
            solver=self.name,
            resources=Resources(classical_seconds=seconds),
            residual=problem.residual(x),
            details=method.details(),
            caveats=(f"Method: {method.text}.",),
        )


class _Method(NamedTuple):
    """How a system was solved, and the band of the factors if it is known."""

    text: str
    lower: int | None = None
    upper: int | None = None
    cholesky: bool = False

    def details(self) -> dict[str, float]:
        """Figures for the solution."""
        if self.lower is None or self.upper is None:
            return {}
        band = {"lower_bandwidth": float(self.lower), "upper_bandwidth": float(self.upper)}
        return {**band, "cholesky": float(self.cholesky)}


def _with_band(method: _Method, A: Matrix) -> _Method:
    """Add the band, and whether it was Cholesky, by the rule of ``scipy.linalg.solve``."""
    dense = A if isinstance(A, np.ndarray) else A.toarray()
    lower, upper = scipy.linalg.bandwidth(dense)
    cholesky = scipy.linalg.ishermitian(dense) and bool(np.all(dense.diagonal().real > 0))
    return method._replace(lower=lower, upper=upper, cholesky=cholesky)


def _dominant_toeplitz(problem: LinearSystem) -> Toeplitz | None:
    """Return the structure of a narrow band whose diagonal outweighs all else in its rows.

    Its eigenvalues are as far from zero as the diagonal outweighs the rest (Gershgorin), so that
    neither a second right-hand side nor reading the entries is needed.
    """
    found = problem.structure
    small = problem.size <= _DENSE_UNKNOWNS
    if small or not isinstance(found, Toeplitz) or not found.hermitian:
        return None
    diagonal = np.real(found.coefficients.get(0, 0.0))
    beside = sum(abs(value) for k, value in found.coefficients.items() if k)
    sure = diagonal + beside < _LARGEST_CONDITION * (diagonal - beside)
    return found if sure and found.bandwidth <= _BANDWIDTH else None


def _solve_dominant(found: Toeplitz, b: NDArray[Any]) -> tuple[NDArray[Any], _Method]:
    """Solve by Cholesky's method from the coefficients alone."""
    width = found.bandwidth
    column = [found.coefficients.get(k, 0.0) for k in range(width, -1, -1)]
    band = np.empty((width + 1, found.size), dtype=np.result_type(*column, float), order="F")
    band[:] = np.array(column)[:, None]
    x = scipy.linalg.solveh_banded(band, b, overwrite_ab=True, check_finite=False)
    return x, _Method(_BANDED_CHOLESKY, width, width, cholesky=True)


def _solve(A: Matrix, b: NDArray[Any], *, hermitian: bool) -> tuple[NDArray[Any], _Method]:
    """Solve for b, and with the same factors for a random vector that shows a singular A.

    Rounding makes singular matrices look regular; the solution for a random right-hand side is
    then about ``1 / sigma_min`` long, over sqrt(N), whatever b is. Times the Frobenius norm that is
    at most the condition number.
    """
    unit_A, unit_b = abs(A).max(), abs(b).max()
    probe = np.random.default_rng(0).normal(size=b.size)
    scaled = A / unit_A if unit_A else A
    try:
        if not unit_A:
            raise np.linalg.LinAlgError("it is zero")
        both = np.column_stack([b / unit_b, probe])
        answers, method = _factorised(scaled, both, hermitian=hermitian)
    except (np.linalg.LinAlgError, scipy.linalg.LinAlgWarning) as error:
        raise SingularMatrixError(
            f"A is singular to working precision ({error}); the system has no unique solution"
        ) from None
    growth = scipy.linalg.norm(answers[:, 1]) / scipy.linalg.norm(probe)
    entries = scaled if isinstance(scaled, np.ndarray) else scaled.data
    length = max(scipy.linalg.norm(entries), np.sqrt(b.size))
    if not growth * length < _LARGEST_CONDITION:
        raise SingularMatrixError(
            "A is singular to working precision; the system has no unique solution"
        )
    return answers[:, 0] * (unit_b / unit_A), method


def _factorised(A: Matrix, B: NDArray[Any], *, hermitian: bool) -> tuple[NDArray[Any], _Method]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", scipy.linalg.LinAlgWarning)
        if isinstance(A, np.ndarray) or A.shape[0] <= _DENSE_UNKNOWNS:
            dense = A if isinstance(A, np.ndarray) else A.toarray()
            return scipy.linalg.solve(dense, B), _Method(_DENSE)
        rows = np.repeat(np.arange(A.shape[0], dtype=A.indices.dtype), np.diff(A.indptr))
        offsets = A.indices - rows
        lower, upper = int(max(0, -offsets.min())), int(max(0, offsets.max()))
        if max(lower, upper) <= _BANDWIDTH:
            return _banded(A, lower, upper, B, hermitian=hermitian)
        solution, text = solve_sparse(A, B, hermitian=hermitian)
        return solution, _Method(text)


def _banded(
    A: scipy.sparse.csr_array, lower: int, upper: int, B: NDArray[Any], *, hermitian: bool
) -> tuple[NDArray[Any], _Method]:
    if hermitian:
        try:
            band = _diagonals(A, 0, upper)
            solution = scipy.linalg.solveh_banded(band, B, overwrite_ab=True, check_finite=False)
            return solution, _Method(_BANDED_CHOLESKY, lower, upper, cholesky=True)
        except np.linalg.LinAlgError:
            pass  # indefinite: no Cholesky factor
    band = _diagonals(A, lower, upper)
    solution = scipy.linalg.solve_banded((lower, upper), band, B, check_finite=False)
    return solution, _Method("banded LU factorisation (LAPACK)", lower, upper)


def _diagonals(A: scipy.sparse.csr_array, lower: int, upper: int) -> NDArray[Any]:
    """Diagonals of a band in the order that LAPACK takes them, the highest first."""
    band = np.zeros((lower + upper + 1, A.shape[0]), dtype=A.dtype, order="F")
    if lower + upper <= _FEW_DIAGONALS:
        for k in range(-lower, upper + 1):
            diagonal = A.diagonal(k)
            band[upper - k, max(k, 0) : max(k, 0) + diagonal.size] = diagonal
        return band
    entries = A.tocoo()
    offsets = entries.col - entries.row
    kept = (offsets >= -lower) & (offsets <= upper)
    np.add.at(band, (upper - offsets[kept], entries.col[kept]), entries.data[kept])
    return band
