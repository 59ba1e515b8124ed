"""How HHL evolves under a matrix: the method that its structure calls for."""

from __future__ import annotations

from typing import Literal, Protocol, get_args

from circuits.evolution import Evolution
from qml_algos.errors import TooLargeError, UnsuitableSolverError
from qml_algos.linear_systems.hhl.diagonalised import DiagonalisedMatrix
from qml_algos.linear_systems.hhl.fourier import fourier_matrix
from qml_algos.linear_systems.hhl.pauli_sums import pauli_matrix
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.structures import Spectrum

MAX_DENSE_UNKNOWNS = 1024
"""Largest system diagonalised: its basis change takes half a million CX already."""

Method = Literal["auto", "transform", "product_formula", "diagonalised"]
METHODS = get_args(Method)
_LACKING = {
    "transform": "not diagonal in a Fourier, sine or cosine basis",
    "product_formula": "no sum of few Pauli strings",
}


class EvolvedMatrix(Protocol):
    """A matrix, or its Hermitian dilation, under which a register is evolved."""

    @property
    def layout(self) -> Layout:
        """Where the unknowns stand in the lowest qubits."""
        ...

    @property
    def dilated(self) -> bool:
        """Whether the next qubit holds the dilation: 0 with b, 1 with the solution."""
        ...

    @property
    def spectrum(self) -> Spectrum:
        """Bounds on the singular values, or eigenvalues, of the matrix."""
        ...

    @property
    def exact(self) -> bool:
        """Whether the evolution is."""
        ...

    @property
    def description(self) -> str:
        """How the matrix is evolved, for reports."""
        ...

    def evolution(self, unit: float, time: float, deviation: float) -> Evolution:
        """Evolve under the matrix divided by ``unit``, by multiples of ``time``.

        The effective matrix deviates from that by at most ``deviation`` in the spectral norm.
        """
        ...


def evolved_matrix(problem: LinearSystem, method: Method, order: int | None) -> EvolvedMatrix:
    """Choose how to evolve.

    Raises
    ------
    UnsuitableSolverError
        If a transform or product formula is asked for that the matrix has not.
    TooLargeError
        If the matrix has no structure that helps and is too large to be diagonalised.
    """
    structured = structured_matrix(problem, method, order)
    if structured is not None:
        problem.require_in_range()
        return structured
    if method in _LACKING:
        raise UnsuitableSolverError(
            f"HHL: evolution = {method!r}: a {problem.structure.description} matrix of "
            f"{problem.size:,} rows is {_LACKING[method]}"
        )
    require_diagonalisable(problem)
    return DiagonalisedMatrix.of(problem)


def structured_matrix(
    problem: LinearSystem, method: Method, order: int | None
) -> EvolvedMatrix | None:
    """Choose how to evolve without the eigenvectors; ``None`` if that is not to be, or cannot."""
    if method in ("auto", "transform"):
        found = fourier_matrix(problem.structure)
        if found is not None:
            return found
    if method in ("auto", "product_formula"):
        return pauli_matrix(problem.structure, order, thorough=method == "product_formula")
    return None


def require_diagonalisable(problem: LinearSystem) -> None:
    """Refuse what is too large for a dense eigendecomposition.

    Raises
    ------
    TooLargeError
        Naming both sizes.
    """
    if problem.size > MAX_DENSE_UNKNOWNS:
        raise TooLargeError(
            f"HHL diagonalises a {problem.structure.description} matrix as a dense one: "
            f"{problem.size:,} unknowns, at most {MAX_DENSE_UNKNOWNS:,}; QSVTInversion has no "
            "such limit"
        )
