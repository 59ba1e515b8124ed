"""Snapshots in Pauli bases, sorted by the basis of a few qubits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.configurations import Bits, numbers_of
from qml_algos.physics.snapshots.snapshots import PAULI_ROTATIONS, Snapshots

_ROUNDING = 1e-8
_Z = np.diag([1, -1])


def pauli_bases(snapshots: Snapshots) -> NDArray[np.int16]:
    """Return the basis of each bit, 0, 1, 2 for X, Y, Z, whatever the order of the rotations.

    Raises
    ------
    InvalidProblemError
        If a rotation that is used measures something else.
    """
    used = np.unique(snapshots.bases)
    paulis = np.zeros(len(snapshots.rotations), dtype=np.int16)
    for row in used:
        measured = _observable(snapshots.rotations[row])
        alike = [np.allclose(measured, _observable(U), atol=_ROUNDING) for U in PAULI_ROTATIONS]
        if not any(alike):
            raise InvalidProblemError(
                f"snapshots are in bases other than X, Y and Z, rotation {row} for one: classical "
                "shadows are of Pauli bases"
            )
        paulis[row] = alike.index(True)
    found: NDArray[np.int16] = paulis[snapshots.bases]
    return found


def by_setting(
    bits: Bits, bases: NDArray[np.int16]
) -> Iterator[tuple[NDArray[np.int16], NDArray[np.int64]]]:
    """Go through the settings that occur, each with the numbers of its outcomes, in their order."""
    settings, which = np.unique(bases, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    outcomes = numbers_of(bits)[order]
    ends = np.cumsum(np.bincount(which.ravel()))
    yield from zip(settings, np.split(outcomes, ends[:-1]), strict=True)


def require_random(bases: NDArray[np.int16], qubits: NDArray[np.int64]) -> None:
    """Refuse bases that cannot have been drawn uniformly for each qubit.

    Any will do if all settings occur at least twice. Otherwise each qubit needs all three bases,
    and X, Y and Z shares of a third, within five standard deviations; the setting that occurs
    least tells how often each was repeated.

    Parameters
    ----------
    bases
        Shape ``(samples, k)``.
    qubits
        Numbers of the k qubits, for messages.

    Raises
    ------
    InvalidProblemError
        Naming a qubit and a basis that it was never measured in, or the shares.
    """
    settings, counts = np.unique(bases, axis=0, return_counts=True)
    if len(settings) == 3 ** len(qubits) and counts.min() > 1:
        return
    for letter, name in enumerate("XYZ"):
        missing = np.flatnonzero(~np.any(settings == letter, axis=0))
        if missing.size:
            raise InvalidProblemError(
                f"snapshots never measure qubit {qubits[missing[0]]} in {name}: random Pauli "
                "bases are needed, each qubit in X, Y and Z"
            )
        share = float(np.mean(bases == letter))
        if abs(share - 1 / 3) > 5 * np.sqrt(2 / 9 * counts.min() / bases.size):
            raise InvalidProblemError(
                f"snapshots have {name} as {share:.0%} of the letters of their bases: this takes "
                "bases drawn uniformly, a third of each letter"
            )


def _observable(U: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Return what a measurement of Z after a rotation measures."""
    return np.asarray(U.conj().T @ _Z @ U)
