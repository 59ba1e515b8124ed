"""Sums of Pauli operators as matrix-product operators of least bond dimension."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from qiskit.quantum_info import SparsePauliOp

from qml_algos.physics.threads import one_thread

_PRECISION = 1e-13
"""Rows that depend on others to this precision, of the largest, need no bond of their own."""
_LETTERS = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, 1], [-1, 0]], [[1, 0], [0, -1]]])
"""I, X, i Y and Z: real, so that a real matrix has a real representation."""


@dataclass(frozen=True, eq=False)
class MatrixProductOperator:
    """An operator as a product of cores, one for each qubit, qubit 0 first.

    Attributes
    ----------
    cores
        Shapes ``(left bond, 2, 2, right bond)``, the axes between for the bit of the row and of the
        column of the operator's matrix; real if the matrix is.
    """

    cores: tuple[NDArray[Any], ...] = field(repr=False)

    @property
    def qubits(self) -> int:
        """Number of qubits."""
        return len(self.cores)

    @property
    def bond_dimensions(self) -> tuple[int, ...]:
        """Dimension of the bond to the right of each core but the last."""
        return tuple(core.shape[3] for core in self.cores[:-1])

    def __repr__(self) -> str:
        widest = max(self.bond_dimensions, default=1)
        return f"MatrixProductOperator({self.qubits} qubits, bonds up to {widest})"


def matrix_product_operator(operator: SparsePauliOp) -> MatrixProductOperator:
    """Write a sum of Pauli operators as a matrix-product operator.

    A bond is a finite-state machine's memory of what stands left of it: the operators that are
    begun, nothing, or a finished term. Of these states as many are kept as the matrix of
    coefficients has independent rows, so that each bond is as small as can be: 3 for the Ising
    chain, 5 for the Heisenberg chain, and what precision asks for where couplings fall with
    distance.

    Parameters
    ----------
    operator
        Any sum of Pauli operators.

    Notes
    -----
    The rows that are kept are chosen by a pivoted QR factorisation and stay what they are: no
    singular vectors are mixed, zeros remain zeros. A term whose coefficient is 1e-13 of the largest
    may be lost. Cost: O(n T log T) for T terms, and O(T D^2) at each bond of dimension D. G. M.
    Crosswhite, D. Bacon, Phys. Rev. A 78, 012356 (2008).
    """
    operator = operator.simplify(atol=0)
    x, z = operator.paulis.x, operator.paulis.z
    letters = (x + 3 * z - 2 * (x & z)).astype(np.int8)  # I, X, Y, Z are 0 .. 3.
    table = operator.coeffs * (-1j) ** (x & z).sum(axis=1)
    table = (table if np.any(table.imag != 0) else table.real)[None]
    cores = []
    with one_thread():
        for _ in range(operator.num_qubits):
            rest, places = np.unique(letters[:, 1:], axis=0, return_inverse=True)
            grown = np.zeros((len(table), 4, len(rest)), dtype=table.dtype)
            grown[:, letters[:, 0], places.reshape(-1)] = table
            factors, table = _independent_rows(grown.reshape(-1, len(rest)))
            cores.append(np.einsum("apb,pst->astb", factors.reshape(len(grown), 4, -1), _LETTERS))
            letters = rest
    cores[-1] = cores[-1] * table[0, 0]
    return MatrixProductOperator(tuple(cores))


def _independent_rows(matrix: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Write a matrix as a product of factors with some of its own rows, as few as suffice."""
    triangle, order = scipy.linalg.qr(matrix.T, mode="r", pivoting=True)
    sizes = np.abs(np.diag(triangle))
    rank = max(int(np.sum(sizes > _PRECISION * sizes[0])), 1)
    factors = np.zeros((len(matrix), rank), dtype=matrix.dtype)
    factors[order[:rank]] = np.eye(rank)
    if sizes[0] > 0:
        others = scipy.linalg.solve_triangular(triangle[:rank, :rank], triangle[:rank, rank:])
        factors[order[rank:]] = others.T
    factors[np.abs(factors) < _PRECISION] = 0
    return factors, matrix[order[:rank]]
