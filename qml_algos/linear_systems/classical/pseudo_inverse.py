"""The exact answer for matrices of low rank."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, ClassVar

import scipy.linalg
from numpy.typing import NDArray

from qml_algos.errors import UnsuitableSolverError
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.solution import Solution
from qml_algos.linear_systems.structures import LowRank
from qml_algos.linear_systems.structures.spectra import condition_from
from qml_algos.results import Resources


@dataclass(frozen=True)
class PseudoInverse:
    r"""Least-squares solution of least norm, for a matrix given as ``left @ right^H``.

    With ``left = Q S`` and ``right = P T`` (Q, P of orthonormal columns) it is
    :math:`P (S T^H)^{-1} Q^H b`. Cost: ``O(N r^2)`` for rank r: every entry of the factors is
    read, which sampling methods avoid. The error is rounding times the condition number.

    References
    ----------
    G. Golub, C. Van Loan, Matrix Computations, 4th ed., section 5.5.
    """

    name: ClassVar[str] = "pseudo-inverse"

    def solve(self, problem: LinearSystem) -> Solution:
        """Solve.

        Raises
        ------
        UnsuitableSolverError
            If A is not given by factors of low rank.
        SingularMatrixError
            If the factors are not of full rank.
        """
        structure = problem.structure
        if not isinstance(structure, LowRank):
            raise UnsuitableSolverError(
                f"PseudoInverse needs a LowRank matrix; A is {structure.description}: use Direct"
            )
        b = problem.b
        start = time.perf_counter()
        Q, S = scipy.linalg.qr(structure.left, mode="economic")
        P, T = scipy.linalg.qr(structure.right, mode="economic")
        core = S @ T.conj().T
        condition_from(scipy.linalg.svdvals(core))
        x = P @ scipy.linalg.solve(core, Q.conj().T @ b)
        seconds = time.perf_counter() - start
        return Solution(
            x=x,
            signs_known=True,
            solver=self.name,
            resources=Resources(classical_seconds=seconds),
            residual=factored_residual(structure, b, x),
        )


def factored_residual(A: LowRank, b: NDArray[Any], x: NDArray[Any]) -> float:
    """Relative residual ``||b - A x|| / ||b||``, in O(N r); b need not be in the range of A."""
    product = A.left @ (A.right.conj().T @ x)
    return float(scipy.linalg.norm(b - product) / scipy.linalg.norm(b))
