"""How a circuit gets at a matrix: the block encoding that its structure calls for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.banded_encoding import circulant_block_encoding, toeplitz_block_encoding
from circuits.block_encoding import BlockEncoding, DefiniteEncoding
from circuits.dense_encoding import dilation_block_encoding
from circuits.path_encoding import path_block_encoding
from circuits.pauli_encoding import pauli_block_encoding
from circuits.sparse_encoding import xor_block_encoding
from qml_algos.errors import TooLargeError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures import (
    Circulant,
    Encoded,
    PauliSum,
    Structure,
    Toeplitz,
)

MAX_DILATION_QUBITS = 6
"""Matrices up to this many qubits are encoded by a dense unitary, about ``2 * 4**n`` cx a use."""

MAX_TABLE_QUBITS = 10
"""Larger ones go through a look-up table of all entries, up to this many qubits."""


# A matrix this close to a multiple of the identity takes a polynomial of degree 1 either way.
_NO_CONTRAST = 1e-3


def is_dense(access: str) -> bool:
    """Whether an encoding of this description took classical work of the order of solving."""
    return access.startswith("dilation")


def general_encoding(structure: Structure) -> BlockEncoding:
    """Encode A; what its layout leaves unused is decoupled.

    Raises
    ------
    TooLargeError
        If the matrix has no structure that helps and is too large to be written down.
    """
    match structure:
        case Encoded():
            return structure.encoding
        case Toeplitz() if _is_path(structure):
            diagonal, neighbour = _path_entries(structure)
            return path_block_encoding(structure.layout.total_qubits, diagonal, neighbour)
        case Toeplitz() | Circulant() if _is_banded(structure):
            return _banded(structure, structure.coefficients)
        case PauliSum():
            return pauli_block_encoding(structure.operator)
        case _:
            return _encoding_of_entries(structure)


def definite_encoding(structure: Structure) -> DefiniteEncoding | None:
    """Encode a definite A as ``unit * (1 - K)``, or return ``None`` where that is not possible.

    It takes an encoding of ``1 - A / unit`` whose subnormalisation is (nearly) below 1.
    """
    match structure:
        case Toeplitz() if _is_path(structure):
            return _definite_path(structure)
        case Toeplitz() | Circulant() if structure.hermitian and _is_banded(structure):
            return _definite_banded(structure)
        case PauliSum():
            return _definite_pauli(structure)
        case Encoded():
            return None
        case _:
            return _definite_dilation(structure)


def _definite_path(structure: Toeplitz) -> DefiniteEncoding | None:
    diagonal, neighbour = _path_entries(structure)
    n = structure.layout.total_qubits
    ratio = -neighbour / diagonal if diagonal else np.inf
    radius = abs(2 * ratio) * np.cos(np.pi / (structure.size + 1))
    if not radius < 1:
        return None
    return DefiniteEncoding(
        centred=path_block_encoding(n, 0.0, ratio),
        opposite=path_block_encoding(n, 1.0, ratio),
        unit=diagonal,
        radius=float(radius),
    )


def _definite_banded(structure: Toeplitz | Circulant) -> DefiniteEncoding | None:
    rest = {k: value for k, value in structure.coefficients.items() if k}
    centre = float(np.real(structure.coefficients.get(0, 0.0)))
    weight = sum(map(abs, rest.values()))
    if not rest or weight >= abs(centre):
        return None
    remainder = {k: -value / centre for k, value in rest.items()}
    return DefiniteEncoding(
        centred=_banded(structure, remainder),
        opposite=_banded(structure, {0: 1.0, **remainder}),
        unit=centre,
        radius=weight / abs(centre),
    )


def _banded(structure: Toeplitz | Circulant, coefficients: Mapping[int, complex]) -> BlockEncoding:
    if isinstance(structure, Circulant):
        return circulant_block_encoding(structure.layout.total_qubits, coefficients)
    return toeplitz_block_encoding(structure.size, coefficients)


def _is_banded(structure: Toeplitz | Circulant) -> bool:
    """Whether shifts encode it: a circulant needs 2**n rows to wrap around."""
    return structure.size > 1 and (isinstance(structure, Toeplitz) or structure.layout.full)


def _definite_pauli(structure: PauliSum) -> DefiniteEncoding | None:
    operator = structure.operator.simplify()
    identity = ~(operator.paulis.x.any(axis=1) | operator.paulis.z.any(axis=1))
    centre = float(np.sum(operator.coeffs[identity]).real)
    rest = operator[~identity] if (~identity).any() else None
    if rest is None or not np.sum(np.abs(rest.coeffs)) < abs(centre):
        return None
    weight = float(np.sum(np.abs(rest.coeffs)))
    return DefiniteEncoding.from_remainder(pauli_block_encoding(-1.0 * rest), centre, weight)


def _definite_dilation(structure: Structure) -> DefiniteEncoding | None:
    layout, spectrum = structure.layout, structure.spectrum
    if not spectrum.definite or spectrum.null_space or layout.total_qubits > MAX_DILATION_QUBITS:
        return None
    assert spectrum.lowest is not None
    assert spectrum.highest is not None
    centre = (spectrum.lowest + spectrum.highest) / 2
    radius = (spectrum.highest - spectrum.lowest) / 2
    bound = radius / abs(centre)
    if bound < _NO_CONTRAST:
        return None
    K = np.eye(structure.size) - _dense(structure) / centre
    # What the layout leaves unused is K = 0: there A is its centre.
    padded = _embedded(K, layout, 0.0)
    opposite = np.eye(padded.shape[0]) + padded
    return DefiniteEncoding(
        centred=dilation_block_encoding(padded, bound),
        opposite=dilation_block_encoding(opposite, 1 + bound),
        unit=centre,
        radius=bound,
    )


def _encoding_of_entries(structure: Structure) -> BlockEncoding:
    layout, largest = structure.layout, structure.spectrum.largest
    if layout.total_qubits <= MAX_DILATION_QUBITS:
        return dilation_block_encoding(_embedded(_dense(structure), layout, largest), largest)
    if layout.total_qubits > MAX_TABLE_QUBITS:
        raise TooLargeError(
            f"a matrix that is {structure.description} is encoded by a table of its entries: "
            f"{structure.size:,} unknowns, at most {2**MAX_TABLE_QUBITS:,}"
        )
    return xor_block_encoding(_embedded(_dense(structure), layout, 0.0))


def _is_path(structure: Toeplitz) -> bool:
    """Whether it is a real symmetric tridiagonal matrix of 2**n rows."""
    return (
        set(structure.coefficients) - {0} == {-1, 1}
        and structure.real
        and structure.hermitian
        and structure.layout.full
    )


def _path_entries(structure: Toeplitz) -> tuple[float, float]:
    entries = structure.coefficients
    return float(np.real(entries.get(0, 0.0))), float(np.real(entries[1]))


def _dense(structure: Structure) -> NDArray[Any]:
    matrix = structure.matrix()
    return matrix if isinstance(matrix, np.ndarray) else matrix.toarray()


def _embedded(matrix: NDArray[Any], layout: Layout, unused: float) -> NDArray[Any]:
    """Put a matrix on the amplitudes of its unknowns, and a number on the rest's diagonal."""
    size = 2**layout.total_qubits
    places = layout.gather(np.arange(size))
    embedded = unused * np.eye(size, dtype=matrix.dtype)
    embedded[np.ix_(places, places)] = matrix
    return embedded
