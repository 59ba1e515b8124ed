"""What a quantum solver builds: circuits, and what is needed to read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qiskit import QuantumCircuit


@dataclass(frozen=True)
class ErrorBudget:
    """Bounds on the parts of the answer's error, in the answer's unit (see `solution`).

    Attributes
    ----------
    state_preparation
        From the distance of the prepared state from the signal.
    transform
        From the phases that the transform leaves out.
    sampling
        Of finitely many shots, as a root mean square.
    signal_noise
        Of frequencies, from what the signal holds beside tones, as a root mean square: without the
        phases of the spectrum, which shots do not show, noise cannot be told from tones there.
    """

    state_preparation: float = 0.0
    transform: float = 0.0
    sampling: float = 0.0
    signal_noise: float = 0.0

    @property
    def total(self) -> float:
        """Sum of all: the error promised."""
        return self.state_preparation + self.transform + self.sampling + self.signal_noise


@dataclass(frozen=True, eq=False)
class Program:
    """Circuits for one question.

    Attributes
    ----------
    transform
        The first of the circuits without the preparation; for the bill.
    circuits
        What is run: with measurements into a register ``outcome`` whose number is the bin; for an
        exact simulation without them, the amplitudes being the spectrum.
    form
        ``"full"``, ``"approximate"`` or ``"semiclassical"``.
    budget
        Error promised, without sampling.
    shots
        Repetitions of all circuits together that the precision takes; ``None`` if exact.
    build_seconds
        Time of building.
    details
        Figures: qubits of the signal, distance of the prepared state, of the transform.
    """

    transform: QuantumCircuit
    circuits: tuple[QuantumCircuit, ...]
    form: str
    budget: ErrorBudget
    shots: int | None
    build_seconds: float
    details: Mapping[str, float] = field(default_factory=dict)
