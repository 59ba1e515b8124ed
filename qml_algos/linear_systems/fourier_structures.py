"""Structures that a Fourier, sine or cosine transform of qubits diagonalises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.fourier_diagonal import Axis, FourierDiagonal
from qml_algos.linear_systems.structures import Circulant, KroneckerSum, Poisson, Structure


def diagonalised_by_transform(structure: Structure) -> FourierDiagonal | None:
    """Describe a matrix by axes and symbols.

    Returns
    -------
    FourierDiagonal or None
        ``None`` unless it is a Poisson problem, a circulant matrix of 2**n rows, n > 0, or a
        Kronecker sum of these whose axes all start at the same amplitude.
    """
    match structure:
        case Poisson():
            return _laplacian(structure)
        case Circulant() if structure.size > 1 and not structure.size & (structure.size - 1):
            even = all(
                structure.coefficients.get(_folded(-k, structure.size), 0.0) == value
                for k, value in structure.coefficients.items()
            )
            qubits = structure.size.bit_length() - 1
            return FourierDiagonal((Axis(qubits, "periodic", structure.eigenvalues, even),))
        case KroneckerSum():
            return _sum(structure)
        case _:
            return None


def _laplacian(structure: Poisson) -> FourierDiagonal:
    doubled = structure.boundary != "periodic"
    axes = [
        Axis(
            cells.bit_length() - 1,
            structure.boundary,
            _second_difference(cells << doubled, structure.scale),
        )
        for cells in structure.cells
    ]
    return FourierDiagonal(tuple(axes), structure.scale * structure.shift)


def _second_difference(ring: int, scale: float) -> Callable[[NDArray[np.int64]], NDArray[Any]]:
    return lambda k: 4 * scale * np.sin(np.pi * k / ring) ** 2


def _folded(offset: int, size: int) -> int:
    """Key that a circulant matrix keeps an offset under."""
    return (offset + (size - 1) // 2) % size - (size - 1) // 2


def _sum(structure: KroneckerSum) -> FourierDiagonal | None:
    parts = [diagonalised_by_transform(term) for term in structure.terms]
    known = [part for part in parts if part is not None]
    starts = {term.layout.first for term in structure.terms}
    if len(known) < len(parts) or len(starts) > 1:
        return None
    axes = [axis for part in known for axis in part.axes]
    return FourierDiagonal(tuple(axes), sum(part.offset for part in known))
