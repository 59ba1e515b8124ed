"""Sums of the same Pauli operators on many groups of qubits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit.quantum_info import PauliList, SparsePauliOp


def pauli_sum(
    letters: Sequence[str], groups: ArrayLike, coefficients: ArrayLike, qubits: int
) -> SparsePauliOp:
    """Sum, over all letters and groups of qubits, of the Pauli letter on each qubit of the group.

    Parameters
    ----------
    letters
        Of "X", "Y" and "Z".
    groups
        Qubits of each product; shape ``(groups, k)``.
    coefficients
        One for each group, or one for all.
    qubits
        Number of qubits.
    """
    places = np.atleast_2d(np.asarray(groups, dtype=np.int64))
    mask: NDArray[np.bool_] = np.zeros((len(places), qubits), dtype=bool)
    mask[np.arange(len(places))[:, None], places] = True
    z = np.concatenate([mask & (letter != "X") for letter in letters])
    x = np.concatenate([mask & (letter != "Z") for letter in letters])
    weights = np.tile(np.broadcast_to(np.asarray(coefficients, float), len(places)), len(letters))
    return SparsePauliOp(PauliList.from_symplectic(z, x), weights)
