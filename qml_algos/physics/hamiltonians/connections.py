"""Matrix elements of a sum of Pauli operators, grouped by the spins that they flip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit.quantum_info import SparsePauliOp

from qml_algos.physics.configurations import Bits


@dataclass(frozen=True, eq=False)
class Connections:
    r"""The configurations that a Hamiltonian connects, and the matrix elements between them.

    A Pauli operator of masks x and z is ``i^(x.z) X^x Z^z``, so that ``<s|P|s xor x> = (-i)^(x.z)
    (-1)^(z.s)``. Terms with the same x are added up.

    Attributes
    ----------
    flips
        Different masks x, shape ``(F, qubits)``; row f says which bits group f flips.
    phases
        Masks z of all terms, shape ``(terms, qubits)``, ordered by group.
    coefficients
        Of all terms, ``(-i)^(x.z)`` included; real if all are.
    starts
        First term of each group; shape ``(F,)``.
    """

    flips: NDArray[np.bool_]
    phases: NDArray[np.bool_]
    coefficients: NDArray[np.complex128] | NDArray[np.float64]
    starts: NDArray[np.int64]

    def elements(self, bits: Bits) -> NDArray[np.complex128] | NDArray[np.float64]:
        """Matrix elements ``<s|H|s xor x_f>`` for each group f and row s; shape ``(F, samples)``.

        Takes O(terms * samples * qubits), as one product of matrices.
        """
        parities = self.phases.astype(float) @ bits.T.astype(float)
        signs = 1.0 - 2.0 * np.mod(parities, 2.0)
        return np.add.reduceat(self.coefficients[:, None] * signs, self.starts, axis=0)


def connections_of(operator: SparsePauliOp) -> Connections:
    """Group the terms of an operator by the spins that they flip."""
    operator = operator.simplify(atol=0)
    x, z = operator.paulis.x, operator.paulis.z
    order = np.lexsort(x.T)
    x, z = x[order], z[order]
    coefficients = operator.coeffs[order] * (-1j) ** (x & z).sum(axis=1)
    if np.all(coefficients.imag == 0):
        coefficients = coefficients.real
    new = np.concatenate([[True], np.any(x[1:] != x[:-1], axis=1)])
    starts = np.flatnonzero(new)
    return Connections(x[starts], z, coefficients, starts)
