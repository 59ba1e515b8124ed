"""Rotations of four dimensions and unitaries as functions of free parameters, with derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]
Parameters = NDArray[np.float64]

_SEED = 0


def rotations_of(parameters: Parameters) -> Matrix:
    """Make each gate from two quaternions of any norm, one that acts from either side.

    Parameters
    ----------
    parameters
        Shape ``(gates, 2, 4)``, no quaternion zero.

    Returns
    -------
    array
        Shape ``(gates, 4, 4)``, real orthogonal matrices of determinant 1, all of which there are.

    References
    ----------
    J. L. Weiner, G. R. Wilkens, Amer. Math. Monthly 112, 69 (2005).
    """
    units = parameters / np.linalg.norm(parameters, axis=2, keepdims=True)
    products = units[:, 0, :, None] * units[:, 1, None, :]
    rotations: Matrix = (products.reshape(-1, 16) @ _BASIS).reshape(-1, 4, 4)
    return rotations


def quaternions_of(rotations: Matrix) -> Parameters:
    """Find unit quaternions of rotations."""
    products = rotations.reshape(-1, 16) @ _BASIS.T / 4
    left, _, right = np.linalg.svd(products.reshape(-1, 4, 4))
    # The singular values are 1, 0, 0, 0.
    return np.stack([left[:, :, 0], right[:, 0]], axis=1)


def derivative_by_quaternions(parameters: Parameters, by_gates: Matrix) -> Parameters:
    """Differentiate by the parameters, given the derivative by the entries of the rotations."""
    norms = np.linalg.norm(parameters, axis=2, keepdims=True)
    units = parameters / norms
    products = (by_gates.reshape(-1, 16) @ _BASIS.T).reshape(-1, 4, 4)
    first = products @ units[:, 1, :, None]
    second = products.swapaxes(1, 2) @ units[:, 0, :, None]
    both = np.stack([first, second], axis=1)[..., 0]
    derivative: Parameters = (both - units * np.sum(units * both, axis=2, keepdims=True)) / norms
    return derivative


def unitaries_of(matrices: Matrix) -> Matrix:
    """Unitary factors of polar decompositions."""
    left, _, right = np.linalg.svd(matrices)
    unitaries: Matrix = left @ right
    return unitaries


def derivative_by_matrices(matrices: Matrix, by_gates: Matrix) -> Matrix:
    """Differentiate by the matrices, given the derivative by the entries of the unitary factors."""
    left, values, right = np.linalg.svd(matrices)
    inner = _adjoint(left) @ by_gates @ _adjoint(right)
    inner = (inner - _adjoint(inner)) / (values[:, :, None] + values[:, None, :])
    derivative: Matrix = left @ inner @ right
    return derivative


def turned_a_little(gates: Matrix, size: float) -> Matrix:
    """Turn gates at random, always the same, by angles of about four times a small size."""
    generator = np.random.default_rng(_SEED)
    halves = size * generator.normal(size=gates.shape)
    if np.iscomplexobj(gates):
        halves = halves + 1j * size * generator.normal(size=gates.shape)
    halves = halves - _adjoint(halves)
    # Cayley's transform.
    turned: Matrix = np.linalg.solve(np.eye(4) - halves, np.eye(4) + halves) @ gates
    return turned


def _adjoint(matrices: Matrix) -> Matrix:
    return matrices.conj().swapaxes(-1, -2)


def _basis() -> NDArray[np.float64]:
    """Products of the matrices of quaternion units from the left and from the right.

    Shape ``(16, 16)``, of orthogonal rows: entries of the matrices for each pair of units.
    """
    signs = ((0, 1, 2, 3), (1, 0, 3, 2), (2, 3, 0, 1), (3, 2, 1, 0))
    negative = {(1, 1), (2, 2), (3, 3), (1, 3), (2, 1), (3, 2)}
    # table[a, b, c]: coefficient of unit c in the product of units a and b.
    table = np.zeros((4, 4, 4))
    for a in range(4):
        for b in range(4):
            table[a, b, signs[a][b]] = -1.0 if (a, b) in negative else 1.0
    from_left = table.swapaxes(1, 2)
    from_right = table.transpose(1, 2, 0)
    return np.einsum("aij,bjk->abik", from_left, from_right).reshape(16, 16)


_BASIS = _basis()
