"""Evolution of matrices that a Fourier, sine or cosine transform diagonalises."""

from __future__ import annotations

from dataclasses import dataclass

from circuits.fourier_diagonal import FourierDiagonal
from circuits.fourier_evolution import FourierEvolution
from qml_algos.linear_systems.fourier_structures import diagonalised_by_transform
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures import Spectrum, Structure

MAX_TABLE_QUBITS = 12
"""The eigenvalues of matrices on up to so many qubits go into tables of rotations."""


@dataclass(frozen=True, eq=False)
class FourierMatrix:
    """A matrix known by its eigenvalues as a function of the mode; see `EvolvedMatrix`."""

    diagonal: FourierDiagonal
    structure: Structure
    dilated: bool = False
    exact: bool = True

    @property
    def layout(self) -> Layout:
        """That of the structure."""
        return self.structure.layout

    @property
    def spectrum(self) -> Spectrum:
        """That of the structure."""
        return self.structure.spectrum

    @property
    def description(self) -> str:
        """In words."""
        return f"evolution of a {self.structure.description} matrix through its transform"

    def evolution(self, unit: float, time: float, deviation: float) -> FourierEvolution:  # noqa: ARG002
        """Evolve exactly."""
        return FourierEvolution(self.diagonal, 1 / unit)


def fourier_matrix(structure: Structure) -> FourierMatrix | None:
    """Find the transform of a Hermitian matrix; ``None`` if there is none, or it is too large."""
    if structure.layout.total_qubits > MAX_TABLE_QUBITS or not structure.hermitian:
        return None
    diagonal = diagonalised_by_transform(structure)
    return None if diagonal is None else FourierMatrix(diagonal, structure)
