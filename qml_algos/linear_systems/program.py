"""What a quantum solver builds: a circuit, and what is needed to read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qiskit import QuantumCircuit

from qml_algos.linear_systems.layout import Layout


@dataclass(frozen=True)
class ErrorBudget:
    """Bounds on the parts of the relative error of the normalised solution.

    Attributes
    ----------
    state_preparation
        Distance of the prepared right-hand side from b, magnified by the condition number.
    encoding
        Of the block encoding, or of the evolution.
    inversion
        Of the polynomial or filter in place of 1/x.
    sampling
        Of finitely many shots, as a root mean square.
    """

    state_preparation: float = 0.0
    encoding: float = 0.0
    inversion: float = 0.0
    sampling: float = 0.0

    @property
    def total(self) -> float:
        """Sum of all: the error promised."""
        return self.state_preparation + self.encoding + self.inversion + self.sampling


@dataclass(frozen=True, eq=False)
class Program:
    """A circuit and what is needed to read it.

    Attributes
    ----------
    circuit
        Not compiled, without measurements. ``metadata["classically_diagonalised"]`` says whether
        building it took the eigenvectors of A.
    layout
        Where the unknowns stand in the lowest ``layout.total_qubits`` qubits ...
    accepted
        ... where the other qubits, read as a number with the lowest as least significant bit,
        have this value.
    factor
        ``x = factor * amplitudes``.
    real
        Whether A and b are real, and so x; the amplitudes are then real up to rounding.
    budget
        The error promised, part by part.
    access
        How the circuit gets at A, in words: "block encoding of a tridiagonal Toeplitz matrix".
    details
        Figures of this solver: degree, subnormalisation, clock qubits ...
    classical_seconds, build_seconds
        Time of classical work on the matrix, and of building the circuit.
    factor_error
        Relative standard error of ``factor``, where measurements went into it.
    pilot_shots
        Repetitions that were run before the circuit was complete.
    """

    circuit: QuantumCircuit
    layout: Layout
    accepted: int
    factor: complex
    real: bool
    budget: ErrorBudget
    access: str
    classical_seconds: float
    build_seconds: float
    details: Mapping[str, float] = field(default_factory=dict)
    factor_error: float = 0.0
    pilot_shots: int = 0

    @property
    def data_qubits(self) -> int:
        """Number of qubits that hold the solution."""
        return self.layout.total_qubits

    @property
    def unknowns(self) -> int:
        """Number of unknowns."""
        return self.layout.unknowns
