"""What every description of a matrix offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, TypeGuard

import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.linear_systems.layout import Layout

ROUNDING = 1e-14
"""Entries that differ by this fraction of the largest one count as equal."""

MAX_STORED = 2**27
"""Numbers that a matrix or vector written down may have: 1 GiB if real."""


@dataclass(frozen=True)
class Spectrum:
    """Bounds on the spectrum of a matrix.

    Attributes
    ----------
    smallest, largest
        All singular values that count lie between; both positive.
    lowest, highest
        All eigenvalues that count lie between, if the matrix is Hermitian; ``None`` if not.
    null_space
        Whether there is a null space beside, of known vectors (the constant one of a periodic or
        Neumann Laplacian). The solution sought is then the one of least norm.
    """

    smallest: float
    largest: float
    lowest: float | None = None
    highest: float | None = None
    null_space: bool = False

    @classmethod
    def of_eigenvalues(cls, lowest: float, highest: float, *, null_space: bool = False) -> Spectrum:
        """Of a definite Hermitian matrix with eigenvalues from lowest to highest."""
        ends = sorted((abs(lowest), abs(highest)))
        return cls(ends[0], ends[1], lowest, highest, null_space)

    @property
    def condition_number(self) -> float:
        """Upper bound on the condition number."""
        return self.largest / self.smallest

    @property
    def definite(self) -> bool:
        """Whether all eigenvalues that count have one sign."""
        return (
            self.lowest is not None
            and self.highest is not None
            and (self.lowest > 0 or self.highest < 0)
        )


class Structure(Protocol):
    """A square matrix as a value that says what is special about it.

    It may be far too large to be written down: only ``matrix`` needs memory.
    """

    @property
    def description(self) -> str:
        """In a few words, for reports: ``"tridiagonal Toeplitz"``."""
        ...

    @property
    def size(self) -> int:
        """Number of rows N."""
        ...

    @property
    def real(self) -> bool:
        """Whether all entries are real."""
        ...

    @property
    def hermitian(self) -> bool:
        """Whether the matrix equals its conjugate transpose."""
        ...

    @property
    def layout(self) -> Layout:
        """Where the unknowns stand in the register of a quantum solver."""
        ...

    @property
    def spectrum(self) -> Spectrum:
        """Bounds on eigenvalues and singular values.

        Raises
        ------
        SingularMatrixError
            If the matrix is singular to working precision.
        """
        ...

    def matrix(self) -> NDArray[Any] | scipy.sparse.csr_array:
        """Write the matrix down.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        ...


def is_hermitian(matrix: NDArray[Any] | scipy.sparse.csr_array) -> bool:
    """Whether a matrix equals its conjugate transpose, up to rounding of its largest entry."""
    difference = abs(matrix - matrix.conj().T).max()
    return bool(difference <= ROUNDING * abs(matrix).max())


def require_square(shape: tuple[int, ...]) -> None:
    """Refuse what is no square matrix.

    Raises
    ------
    InvalidProblemError
        Giving the shape.
    """
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] == 0:
        raise InvalidProblemError(f"A has shape {shape}: a square matrix is needed")


def require_storable(numbers: int, what: str) -> None:
    """Refuse to write down what would not fit into memory.

    Raises
    ------
    TooLargeError
        Saying what and how many numbers there are.
    """
    if numbers > MAX_STORED:
        raise TooLargeError(
            f"{what} has {numbers:,} numbers: at most {MAX_STORED:,} are written down"
        )


def is_structure(value: object) -> TypeGuard[Structure]:
    """Whether a value is a `Structure`, told from its class: its properties may be costly."""
    return all(hasattr(type(value), name) for name in ("spectrum", "layout", "matrix"))
