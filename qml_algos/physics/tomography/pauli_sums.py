"""Expectation values of sums of Pauli operators from snapshots in Pauli bases."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qiskit.quantum_info import SparsePauliOp

from qml_algos.errors import InvalidProblemError
from qml_algos.results import Estimate


def expectation_of(
    operator: SparsePauliOp, spins: NDArray[np.int8], bases: NDArray[np.int16]
) -> Estimate:
    """Average each Pauli operator over the snapshots whose bases measure it, and add up.

    Given its bases, an outcome has the operator's expectation value as its mean in each of them, so
    that neither how the bases were drawn nor how often each was repeated matters. The error has the
    covariances of operators that the same snapshots measure.

    Parameters
    ----------
    operator
        On as many qubits as there are rows, with real coefficients.
    spins, bases
        Outcomes +1 and -1, and 0, 1, 2 for X, Y, Z; shape ``(qubits, samples)``.

    Raises
    ------
    InvalidProblemError
        If fewer than two snapshots measure one of the operators.
    """
    operator = operator.simplify()
    value, deviations = 0.0, np.zeros(spins.shape[1])
    for pauli, coefficient in zip(operator.paulis, operator.coeffs.real, strict=True):
        support = np.flatnonzero(pauli.x | pauli.z)
        if not len(support):
            value += float(coefficient)
            continue
        letters = np.where(pauli.x, np.where(pauli.z, 1, 0), 2)[support]
        measured = np.ones(spins.shape[1], dtype=bool)
        for qubit, letter in zip(support, letters, strict=True):
            measured &= bases[qubit] == letter
        [rows] = np.nonzero(measured)
        if len(rows) < 2:
            named = " ".join(
                f"{'XYZ'[letter]}_{qubit}" for qubit, letter in zip(support, letters, strict=True)
            )
            raise InvalidProblemError(
                f"operator has the term {named}, which {len(rows)} of the snapshots measure: 2 "
                "are needed for an error"
            )
        parities = np.prod(spins[support][:, rows], axis=0, dtype=float)
        mean = parities.mean()
        value += float(coefficient * mean)
        # Over the root of m (m - 1) instead of m, for the mean being that of the same outcomes.
        root = np.sqrt(len(rows) * (len(rows) - 1))
        deviations[rows] += coefficient * (parities - mean) / root
    return Estimate(value, float(np.linalg.norm(deviations)))
