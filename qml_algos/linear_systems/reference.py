"""The classical solution that errors are measured against."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from qml_algos.errors import UnsuitableSolverError
from qml_algos.linear_systems import Direct, FastTransform, LinearSystem, solve
from qml_algos.linear_systems.spectral import fourier_diagonal


def is_fourier_diagonal(problem: LinearSystem) -> bool:
    """Whether a Fourier, sine or cosine transform on qubits diagonalises the matrix."""
    try:
        fourier_diagonal(problem.structure)
    except UnsuitableSolverError:
        return False
    return True


def reference_solution(problem: LinearSystem) -> NDArray[Any]:
    """Solve by fast transforms where these apply, else directly.

    Raises
    ------
    SingularMatrixError
        If there is no unique solution.
    TooLargeError
        If it does not fit into memory.
    """
    solver = FastTransform() if is_fourier_diagonal(problem) else Direct()
    return solve(problem, solver).x
