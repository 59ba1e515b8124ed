"""In what bases qubits are measured, and the turns that a circuit ends with to that end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.physics.snapshots.snapshots import PAULI_ROTATIONS, Z, not_unitary
from qml_algos.validation import numeric_array, require_count

LETTERS = "XYZ"
"""Bases by the row of `PAULI_ROTATIONS`."""
NAMED = ("Z", "random-pauli")
_MOST_ROTATIONS = np.iinfo(np.int16).max
_ROUNDING = 1e-8


@dataclass(frozen=True, eq=False)
class Settings:
    """Bases to measure in, one after another.

    Attributes
    ----------
    indices
        Row of ``rotations`` for each qubit of each setting; shape ``(settings, qubits)``.
    rotations
        Unitaries of single qubits; shape ``(K, 2, 2)``.
    """

    indices: NDArray[np.int16]
    rotations: NDArray[np.complex128]

    @property
    def turned(self) -> bool:
        """Whether anything but Z of all qubits is measured."""
        return bool(self.turns.any())

    @property
    def turns(self) -> NDArray[np.float64]:
        """Turns about z and then about y for each qubit, radians; ``(settings, 2 * qubits)``.

        They take the axis that is measured to z, as `circuits.measurement.append_turns` wants
        them; after them the rotation differs by a phase of each outcome, which nothing shows.
        """
        axes = _axes(self.rotations)
        about_z = -np.arctan2(axes[:, 1], axes[:, 0])
        # Along z there is no angle about it, but rounding would make one.
        about_z[np.hypot(axes[:, 0], axes[:, 1]) < _ROUNDING] = 0.0
        about_y = -np.arctan2(np.hypot(axes[:, 0], axes[:, 1]), axes[:, 2])
        pairs = np.column_stack([about_z, about_y])
        pairs[np.abs(pairs) < _ROUNDING] = 0.0
        return pairs[self.indices].reshape(len(self.indices), -1)


def random_pauli_settings(count: int, qubits: int, generator: np.random.Generator) -> Settings:
    """Draw X, Y or Z for each qubit of each setting."""
    drawn = generator.integers(len(LETTERS), size=(count, qubits))
    return Settings(drawn.astype(np.int16), PAULI_ROTATIONS)


def fixed_settings(bases: Any, qubits: int) -> Settings:
    """Read the bases that a caller names.

    Parameters
    ----------
    bases
        ``"Z"``; strings of a letter X, Y or Z for each qubit, qubit 0 last; or unitaries of shape
        ``(settings, qubits, 2, 2)``, qubit 0 first.
    qubits
        Number of qubits.

    Raises
    ------
    UnknownNameError, InvalidProblemError, TooLargeError
        If they are none of these, or there are more than 32,767 different unitaries.
    """
    if isinstance(bases, str):
        if bases != "Z":
            raise UnknownNameError("bases", bases, NAMED)
        return Settings(np.full((1, qubits), Z, dtype=np.int16), PAULI_ROTATIONS)
    if not len(bases):
        raise InvalidProblemError("bases is empty: at least one is needed")
    if all(isinstance(label, str) for label in bases):
        rows = [pauli_row(label, qubits, "bases") for label in bases]
        return Settings(np.array(rows, dtype=np.int16), PAULI_ROTATIONS)
    return _unitary_settings(bases, qubits)


def pauli_row(label: str, qubits: int, where: str) -> list[int]:
    """Rows of `PAULI_ROTATIONS` for the letters of a label, qubit 0 first.

    Raises
    ------
    InvalidProblemError
        If it has another length, or another letter than X, Y and Z.
    """
    if len(label) != qubits or set(label) - set(LETTERS):
        raise InvalidProblemError(
            f"{where}: {label!r} is no basis of {qubits} qubits: a letter X, Y or Z is needed for "
            "each, that of qubit 0 last"
        )
    return [LETTERS.index(letter) for letter in reversed(label)]


def _unitary_settings(bases: Sequence[Any], qubits: int) -> Settings:
    unitaries = numeric_array(bases, "bases").astype(complex)
    if unitaries.shape[1:] != (qubits, 2, 2):
        raise InvalidProblemError(
            f"bases has shape {unitaries.shape}: (settings, {qubits}, 2, 2) is needed, a unitary "
            "of each qubit in each setting"
        )
    flat = unitaries.reshape(-1, 2, 2)
    if (wrong := not_unitary(flat)).size:
        setting, qubit = divmod(int(wrong[0]), qubits)
        raise InvalidProblemError(f"bases[{setting}, {qubit}] is not unitary")
    rotations, indices = np.unique(flat, axis=0, return_inverse=True)
    if len(rotations) > _MOST_ROTATIONS:
        raise TooLargeError(
            f"bases holds {len(rotations):,} different unitaries: at most {_MOST_ROTATIONS:,} are "
            "told apart"
        )
    return Settings(indices.reshape(unitaries.shape[:2]).astype(np.int16), rotations)


def _axes(rotations: NDArray[np.complex128]) -> NDArray[np.float64]:
    """Direction in space that each rotation takes to z; shape ``(K, 3)``."""
    measured = rotations.conj().swapaxes(1, 2) @ np.diag([1.0, -1.0]) @ rotations
    below = measured[:, 1, 0]
    return np.column_stack([below.real, below.imag, measured[:, 0, 0].real])


def require_bases_count(bases: Any, bases_count: int | None) -> None:
    """Refuse a number of bases that is none, or where bases are not drawn.

    Raises
    ------
    InvalidProblemError
        Naming it.
    """
    if bases_count is None:
        return
    require_count("bases_count", bases_count)
    if not isinstance(bases, str) or bases != "random-pauli":
        raise InvalidProblemError(
            f"bases_count = {bases_count}: only bases = 'random-pauli' are drawn, others are given"
        )
