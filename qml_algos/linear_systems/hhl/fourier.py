"""Evolution of matrices that a Fourier, sine or cosine transform diagonalises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.spectral import Axis, FourierDiagonal, FourierEvolution
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures import Circulant, Poisson, Spectrum, Structure

MAX_TABLE_QUBITS = 12
"""The eigenvalues of matrices on up to so many qubits go into tables of rotations."""


@dataclass(frozen=True, eq=False)
class FourierMatrix:
    """A matrix known by its eigenvalues as a function of the mode; see `EvolvedMatrix`."""

    diagonal: FourierDiagonal
    factor: float
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
        return FourierEvolution(self.diagonal, self.factor / unit)


def fourier_matrix(structure: Structure) -> FourierMatrix | None:
    """Find the transform of a Poisson or circulant matrix; ``None`` if there is none.

    Circulant ones need 2**n rows and a real spectrum.
    """
    if structure.layout.total_qubits > MAX_TABLE_QUBITS:
        return None
    if isinstance(structure, Poisson):
        axes = [
            Axis(qubits, structure.boundary, _second_difference(qubits, structure.boundary))
            for qubits in structure.layout.qubits
        ]
        diagonal = FourierDiagonal(tuple(axes), structure.shift)
        return FourierMatrix(diagonal, structure.scale, structure)
    if isinstance(structure, Circulant) and structure.hermitian and structure.layout.full:
        axis = Axis(structure.layout.total_qubits, "periodic", structure.eigenvalues, even=False)
        return FourierMatrix(FourierDiagonal((axis,)), 1.0, structure)
    return None


def _second_difference(qubits: int, boundary: str) -> Callable[[NDArray[np.int64]], NDArray[Any]]:
    points = 2 ** (qubits + (boundary != "periodic"))

    def eigenvalues(modes: NDArray[np.int64]) -> NDArray[Any]:
        values: NDArray[np.float64] = 4 * np.sin(np.pi * modes / points) ** 2
        return values

    return eigenvalues
