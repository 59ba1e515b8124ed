"""Fidelity with a pure state from snapshots in random Pauli bases."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.configurations import Bits
from qml_algos.physics.snapshots.snapshots import PAULI_ROTATIONS
from qml_algos.physics.tomography.settings import by_setting
from qml_algos.results import Estimate


def fidelity_with(state: NDArray[np.complex128], bits: Bits, bases: NDArray[np.int16]) -> Estimate:
    """Average the state's expectation value in the snapshots' inverted channels.

    With all Pauli bases measured at least twice, each has the same weight, and their choice leaves
    no error; otherwise the snapshots have, and those of one basis count as a group.

    Parameters
    ----------
    state
        Normalised, shape ``(2**qubits,)``.
    bits, bases
        Of the snapshots.
    """
    qubits = bits.shape[1]
    means, variances, counts = (
        np.array(column)
        for column in zip(
            *(_moments(state, *setting) for setting in by_setting(bits, bases)), strict=True
        )
    )
    if len(counts) == 3**qubits and counts.min() > 1:
        errors = variances / (counts - 1)
        return Estimate(float(means.mean()), float(np.sqrt(errors.sum()) / len(counts)))
    if len(counts) < 2:
        raise InvalidProblemError("snapshots are in one basis: errors need at least two")
    value = float(counts @ means / counts.sum())
    deviations = counts * (means - value) / counts.sum()
    spread = np.linalg.norm(deviations) * np.sqrt(len(counts) / (len(counts) - 1))
    return Estimate(value, float(spread))


def _moments(
    state: NDArray[np.complex128], setting: NDArray[np.int16], outcomes: NDArray[np.int64]
) -> tuple[float, float, int]:
    """Mean, variance and number of the values of one basis's outcomes."""
    # 3 U^H |b><b| U - 1 on each qubit: for each, 3 times what it is alone, less both outcomes.
    values = np.abs(_rotated(state, setting)) ** 2
    for qubit in range(len(setting)):
        pairs = values.reshape(-1, 2, 2**qubit)
        values = (3 * pairs - pairs.sum(axis=1, keepdims=True)).ravel()
    seen = values[outcomes]
    return float(seen.mean()), float(seen.var()), len(seen)


def _rotated(state: NDArray[np.complex128], setting: NDArray[np.int16]) -> NDArray[np.complex128]:
    """Amplitudes of the outcomes in a basis."""
    for qubit, letter in enumerate(setting):
        pairs = state.reshape(-1, 2, 2**qubit)
        state = np.einsum("ab,xby->xay", PAULI_ROTATIONS[letter], pairs).ravel()
    return state
