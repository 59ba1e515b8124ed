"""What every right-hand side offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from numpy.typing import NDArray
from qiskit import QuantumCircuit

from qml_algos.linear_systems.layout import Layout

Vector = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Preparation:
    """A circuit that prepares b, and how well.

    Attributes
    ----------
    circuit
        On as many qubits as the layout has, all in 0 before.
    error
        Bound on the distance of the state from b / ||b||, both of norm 1.
    """

    circuit: QuantumCircuit = field(repr=False)
    error: float


@runtime_checkable
class RightHandSide(Protocol):
    """A vector b as a value; it may be too long to be written down."""

    @property
    def size(self) -> int:
        """Number of entries N."""
        ...

    @property
    def real(self) -> bool:
        """Whether all entries are real."""
        ...

    def norm(self) -> float:
        """Euclidean norm, positive."""
        ...

    def total(self) -> complex:
        """Sum of all entries."""
        ...

    def vector(self) -> Vector:
        """Write the vector down; shape ``(N,)``.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        ...

    def prepare(self, layout: Layout, epsilon: float) -> Preparation:
        """Build a circuit that prepares b / ||b||, with an error of at most epsilon.

        The error of a solution is at most the condition number times as large.

        Raises
        ------
        UnsuitableSolverError
            If b cannot be prepared on this layout.
        """
        ...
