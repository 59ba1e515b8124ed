"""Kitaev's toric code: qubits on the bonds of a torus, stars and plaquettes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians.hamiltonian import Reference, SpinHamiltonian
from qml_algos.physics.hamiltonians.pauli_sums import pauli_sum
from qml_algos.validation import require_count


def toric_code(rows: int, columns: int | None = None) -> SpinHamiltonian:
    """Make the toric code, minus the sum of ``X X X X`` on stars and ``Z Z Z Z`` on plaquettes.

    Parameters
    ----------
    rows, columns
        Sites of the torus, at least 2 along each direction; square by default. There are ``2 rows
        columns`` qubits: the bond from site ``s = row * columns + column`` to the next column is
        qubit s, that to the next row is qubit ``rows * columns + s``.

    Returns
    -------
    SpinHamiltonian
        Layers: plaquettes, stars; all terms commute. No negative amplitudes. Reference: minus the
        number of terms, with four ground states.

    Raises
    ------
    InvalidProblemError
        If a direction has fewer than 2 sites.

    Notes
    -----
    A. Kitaev, Annals of Physics 303, 2 (2003).
    """
    rows, columns = _shape(rows, columns)
    sites = rows * columns
    layers = tuple(
        pauli_sum(letter, groups, -1.0, 2 * sites)
        for letter, groups in (("Z", plaquettes(rows, columns)), ("X", stars(rows, columns)))
    )
    return SpinHamiltonian(
        layers[0] + layers[1],
        name=f"toric code {rows}x{columns}",
        layers=layers,
        symmetries=_translations(rows, columns),
        sign_qubits=(),
        reference=Reference(-2.0 * sites, "all terms commute"),
    )


def stars(rows: int, columns: int | None = None) -> NDArray[np.int64]:
    """Return the four qubits around each site; shape ``(rows * columns, 4)``.

    Raises
    ------
    InvalidProblemError
        If a direction has fewer than 2 sites.
    """
    right, down = _bonds(*_shape(rows, columns))
    around = (right, np.roll(right, 1, axis=1), down, np.roll(down, 1, axis=0))
    return np.column_stack([bonds.ravel() for bonds in around])


def plaquettes(rows: int, columns: int | None = None) -> NDArray[np.int64]:
    """Return the four qubits around each face; shape ``(rows * columns, 4)``.

    Face s has site s at its upper left corner.

    Raises
    ------
    InvalidProblemError
        If a direction has fewer than 2 sites.
    """
    right, down = _bonds(*_shape(rows, columns))
    around = (right, np.roll(right, -1, axis=0), down, np.roll(down, -1, axis=1))
    return np.column_stack([bonds.ravel() for bonds in around])


def _shape(rows: int, columns: int | None) -> tuple[int, int]:
    columns = rows if columns is None else columns
    for name, value in (("rows", rows), ("columns", columns)):
        require_count(name, value)
        if value < 2:
            raise InvalidProblemError(f"{name} = {value}: a toric code needs at least 2")
    return int(rows), int(columns)


def _bonds(rows: int, columns: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Qubits of the bonds to the right of each site and below it; shape ``(rows, columns)``."""
    sites = np.arange(rows * columns).reshape(rows, columns)
    return sites, sites + rows * columns


def _translations(rows: int, columns: int) -> NDArray[np.int64]:
    bonds = np.stack(_bonds(rows, columns))
    steps = np.ndindex(rows, columns)
    return np.array([np.roll(bonds, step, axis=(1, 2)).ravel() for step in steps])
