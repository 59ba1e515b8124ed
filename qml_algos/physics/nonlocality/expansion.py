"""Products of measurements in any directions, written in Pauli operators."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qiskit.quantum_info import PauliList, SparsePauliOp

from qml_algos.errors import TooLargeError

MOST_TERMS = 2**20
_NEGLIGIBLE = 1e-15


def expanded_operator(
    settings: NDArray[np.int8],
    coefficients: NDArray[np.float64],
    directions: NDArray[np.float64],
) -> SparsePauliOp:
    """Expand party by party, and add up what has become equal before going on.

    Parameters
    ----------
    settings, coefficients, directions
        As of a `BellOperator`.

    Raises
    ------
    TooLargeError
        If there are more than 2^20 terms on the way.

    Notes
    -----
    At most ``min(terms * 3^k, 4^parties)`` Pauli operators, k being the parties in a correlation.
    """
    labels, values = settings.astype(np.int8), coefficients
    for party, observables in enumerate(directions):
        weights = _weights(observables)
        if np.count_nonzero(weights[labels[:, party]]) > MOST_TERMS:
            raise TooLargeError(
                f"{len(settings):,} correlations of {settings.shape[1]} parties in these "
                f"directions have more than {MOST_TERMS:,} Pauli operators"
            )
        labels, values = _expanded(labels, values, party, weights)
    # 0, 1, 2, 3 stand for I, X, Y, Z.
    paulis = PauliList.from_symplectic((labels == 2) | (labels == 3), (labels == 1) | (labels == 2))
    return SparsePauliOp(paulis, values)


def _weights(observables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Components of each observable along I, X, Y, Z; the last row is the identity's."""
    weights = np.zeros((len(observables) + 1, 4))
    weights[:-1, 1:] = observables
    weights[-1, 0] = 1.0
    weights[np.abs(weights) < _NEGLIGIBLE] = 0.0
    return weights


def _expanded(
    labels: NDArray[np.int8],
    values: NDArray[np.float64],
    party: int,
    weights: NDArray[np.float64],
) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """Replace the settings of one party, -1 for none, by Pauli operators 0 to 3."""
    chosen = labels[:, party]
    term, pauli = np.nonzero(weights[chosen])
    grown = labels[term]
    grown[:, party] = pauli
    rows, place = np.unique(grown, axis=0, return_inverse=True)
    grown_values = values[term] * weights[chosen][term, pauli]
    sums = np.bincount(place.ravel(), grown_values, minlength=len(rows))
    return rows, sums.astype(float)
