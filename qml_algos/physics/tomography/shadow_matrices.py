"""Density matrices and purities of a few qubits from snapshots in Pauli bases."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.pca.classical.snapshots import GROUPS, snapshot_sums
from qml_algos.physics.configurations import Bits
from qml_algos.physics.tomography.settings import by_setting
from qml_algos.results import Estimate

_LEAST = 3
"""Snapshots in each basis: pairs of two must be left when one is left out."""


def density_matrix_of(bits: Bits, bases: NDArray[np.int16]) -> NDArray[np.complex128]:
    """Average the inverted channels of the snapshots.

    Each basis has the same weight if all of them occur, and each snapshot otherwise.
    """
    sums, counts = _sums(bits, bases, groups=1)
    if len(counts) == 3 ** bits.shape[1]:
        found: NDArray[np.complex128] = (sums[:, 0] / counts[:, :1, None]).mean(axis=0)
        return found
    return np.asarray(sums[:, 0].sum(axis=0) / counts.sum())


def purity_of(bits: Bits, bases: NDArray[np.int16]) -> Estimate:
    """Trace of the square, from pairs of different snapshots; errors by leaving groups out.

    Raises
    ------
    InvalidProblemError
        If a basis has fewer than 3 snapshots.
    """
    qubits = bits.shape[1]
    sums, counts = _sums(bits, bases, groups=GROUPS)
    least = int(counts.sum(axis=1).min()) if len(counts) == 3**qubits else 0
    if least < _LEAST:
        raise InvalidProblemError(
            f"snapshots measure a basis of these {qubits} qubits {least} times: purities need at "
            f"least {_LEAST} in each of the {3**qubits} Pauli bases"
        )
    total, number = sums.sum(axis=1), counts.sum(axis=1)
    value = _purity(total, number, qubits)
    left_out = np.array(
        [_purity(total - sums[:, g], number - counts[:, g], qubits) for g in range(GROUPS)]
    )
    spread = np.sum((left_out - left_out.mean()) ** 2) * (GROUPS - 1) / GROUPS
    return Estimate(value, float(np.sqrt(spread)))


def _purity(sums: NDArray[np.complex128], counts: NDArray[np.int64], qubits: int) -> float:
    """Without the pairs of a snapshot with itself, each of which has 5^qubits."""
    means = sums / counts[:, None, None]
    squares = np.sum(np.abs(sums) ** 2, axis=(1, 2))
    own = (squares - counts * 5**qubits) / (counts * (counts - 1)) - squares / counts**2
    overall = np.sum(np.abs(means.mean(axis=0)) ** 2)
    return float(overall + own.sum() / len(counts) ** 2)


def _sums(
    bits: Bits, bases: NDArray[np.int16], groups: int
) -> tuple[NDArray[np.complex128], NDArray[np.int64]]:
    """Sum the snapshots of each basis and group, and count them."""
    size = 2 ** bits.shape[1]
    sums, numbers = [], []
    for place, (setting, outcomes) in enumerate(by_setting(bits, bases)):
        group = (np.arange(len(outcomes)) + place) % groups
        counts = np.bincount(group * size + outcomes, minlength=groups * size)
        counts = counts.reshape(groups, size)
        letters = "".join("XYZ"[letter] for letter in setting[::-1])
        sums.append(snapshot_sums(counts, letters))
        numbers.append(counts.sum(axis=1))
    return np.array(sums), np.array(numbers)
