"""Overlaps, energies and variances of matrix-product states, by contraction from the left."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qiskit.quantum_info import SparsePauliOp

from qml_algos.generative.mps.chain import Core
from qml_algos.physics.hamiltonians.hamiltonian import SpinHamiltonian
from qml_algos.physics.tensor_networks.mpo import MatrixProductOperator, matrix_product_operator


def overlap(bra: Sequence[Core], ket: Sequence[Core]) -> complex:
    """Return ``<bra|ket>``; cost O(n D^3)."""
    left: Core = np.ones((1, 1))
    for upper, lower in zip(bra, ket, strict=True):
        left = transferred(left, upper, lower)
    return complex(left[0, 0])


def transferred(left: Core, bra: Core, ket: Core) -> Core:
    """Take a site into the overlaps of all states left of it; shape ``(bra bond, ket bond)``."""
    return np.tensordot(bra.conj(), np.tensordot(left, ket, 1), ((0, 1), (0, 1)))


def expectation(cores: Sequence[Core], operator: MatrixProductOperator) -> float:
    """Mean of a Hermitian operator of bonds w in a state of norm 1; cost O(n w D^3)."""
    left: Core = np.ones((1, 1, 1))
    for core, matrix in zip(cores, operator.cores, strict=True):
        left = grown(left, core, matrix)
    return float(left[0, 0, 0].real)


def grown(left: Core, core: Core, matrix: Core) -> Core:
    """Take one site more into what stands left of it.

    Parameters
    ----------
    left
        Shape ``(bra bond, operator bond, ket bond)``.
    core, matrix
        Of the site, of state and operator.
    """
    moved = np.tensordot(left, core, 1)  # bra, operator, bit, ket
    moved = np.tensordot(moved, matrix, ((1, 2), (0, 2)))  # bra, ket, bit, operator
    return np.tensordot(core.conj(), moved, ((0, 1), (0, 2))).transpose(0, 2, 1)


def variance(cores: Sequence[Core], hamiltonian: SpinHamiltonian, energy: float) -> float:
    """Mean of ``(H - E)^2`` in a state of norm 1, for its mean energy E.

    E is taken off before squaring: what is left to cancel is of the size of the rounding of E^2,
    some 1e-16 of it, below which a variance is not to be trusted.

    Notes
    -----
    Cost: O(n w^2 D^3) for bonds w of the operator and D of the state.
    """
    identity = SparsePauliOp("I" * hamiltonian.qubits, -energy)
    matrices = matrix_product_operator(hamiltonian.operator + identity).cores
    left: Core = np.ones((1, 1, 1, 1))
    for core, matrix in zip(cores, matrices, strict=True):
        moved = np.tensordot(left, core, 1)  # bra, upper, lower, bit, ket
        moved = np.tensordot(moved, matrix, ((2, 3), (0, 2)))  # bra, upper, ket, bit, lower
        moved = np.tensordot(moved, matrix, ((1, 3), (0, 2)))  # bra, ket, lower, bit, upper
        left = np.tensordot(core.conj(), moved, ((0, 1), (0, 3))).transpose(0, 3, 2, 1)
    return max(float(left[0, 0, 0, 0].real), 0.0)
