"""What the classical solvers of linear systems take, in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

from qml_algos.linear_systems import LinearSystem, LowRank, Solution
from qml_algos.speedup.measure.work import (
    COMPLEX,
    DOUBLE,
    Work,
    cholesky_flops,
    elimination_flops,
    substitution_flops,
    transform_flops,
)

_INDEX = 4.0
"""Bytes of a column index of a sparse matrix."""
_DIRECT_SIDES = 2
"""Right-hand sides of `Direct`: b, and the random one that shows a singular A."""
_RESTART = 100
"""Steps of `GMRES` between restarts."""
_CG = (14, 23)
_MINRES = (16, 26)
"""Operations of one iteration on each unknown beside the product with A, and numbers that vector
operations read or write for each."""


def work_of(problem: LinearSystem, solution: Solution) -> Work | None:
    """Return what finding a solution took.

    Parameters
    ----------
    problem
        The system.
    solution
        Of a classical solver without preconditioner. The number of iterations is its own.

    Returns
    -------
    Work or None
        ``None`` where no formula tells: the fill-in of a sparse factorisation, random samples.
        Bounds on the spectrum that had to be computed are not in it.

    Notes
    -----
    With n unknowns and z nonzero entries: ``direct`` on a band of w on either side
    :math:`n (w + 1)^2 + 2 n (4 w + 2)`, full :math:`n^3 / 3` or :math:`2 n^3 / 3`; ``cg``
    :math:`2 z + 14 n` an iteration, ``minres`` :math:`2 z + 16 n`, ``gmres``
    :math:`2 z + (8 k + 5) n` in step k after a restart; ``fft`` two transforms;
    ``pseudo-inverse`` :math:`8 n r^2` for rank r.
    """
    factor = 1.0 if problem.real else COMPLEX
    match solution.solver:
        case "direct":
            found = _direct(problem, solution)
        case "cg":
            found = _iterative(problem, solution, *_CG)
        case "minres":
            found = _iterative(problem, solution, *_MINRES)
        case "gmres":
            found = _gmres(problem, solution)
        case "fft":
            found = _transforms(problem)
        case "pseudo-inverse":
            found = _low_rank(problem)
        case _:
            found = None
    if found is None:
        return None
    return Work(factor * found.flops, (1.0 if problem.real else 2.0) * found.bytes_moved)


def _direct(problem: LinearSystem, solution: Solution) -> Work | None:
    if "lower_bandwidth" not in solution.details:
        return None
    n = problem.size
    lower, upper = (int(solution.details[f"{side}_bandwidth"]) for side in ("lower", "upper"))
    cholesky = bool(solution.details["cholesky"])
    factors = cholesky_flops(n, upper) if cholesky else elimination_flops(n, lower, upper)
    sides = _DIRECT_SIDES * substitution_flops(n, lower, upper, unit=not cholesky)
    stored = n * (min(n, (0 if cholesky else lower) + upper + 1) + 4.0 * _DIRECT_SIDES)
    return Work(factors + sides, 2 * DOUBLE * stored)


def _iterative(problem: LinearSystem, solution: Solution, each: int, passes: int) -> Work:
    n, nonzeros = problem.size, _nonzeros(problem.A)
    rounds = solution.details["iterations"]
    moved = _matrix_bytes(problem.A) + DOUBLE * passes * n
    return Work(rounds * (2.0 * nonzeros + each * n), rounds * moved)


def _gmres(problem: LinearSystem, solution: Solution) -> Work:
    n, nonzeros = problem.size, _nonzeros(problem.A)
    steps = 1 + np.arange(int(solution.details["iterations"])) % min(_RESTART, n)
    flops = float(np.sum(2.0 * nonzeros + (8.0 * steps + 5.0) * n))
    moved = float(np.sum(_matrix_bytes(problem.A) + DOUBLE * (4.0 * steps + 6.0) * n))
    return Work(flops, moved)


def _transforms(problem: LinearSystem) -> Work:
    n = problem.size
    flops = 2 * transform_flops(n, real=True) + 2.0 * n
    return Work(flops, DOUBLE * 7 * n)


def _low_rank(problem: LinearSystem) -> Work | None:
    if not isinstance(problem.structure, LowRank):
        return None
    n, rank = problem.structure.left.shape
    return Work(8.0 * rank**2 * (n - rank / 3) + 4.0 * n * rank, DOUBLE * 8 * n * rank)


def _nonzeros(A: Any) -> int:
    return int(A.size if isinstance(A, np.ndarray) else A.nnz)


def _matrix_bytes(A: Any) -> float:
    if isinstance(A, np.ndarray):
        return DOUBLE * A.size
    return (DOUBLE + _INDEX) * A.nnz + _INDEX * A.shape[0]
