"""Gate networks grown and optimised towards a matrix product state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.optimize
from numpy.typing import NDArray

from circuits.tensor_network.environments import environments
from circuits.tensor_network.gate_network import GateNetwork

Matrix = NDArray[Any]
Place = tuple[int, int, tuple[int, int]]

_REJECTED = 1e6
"""Loss where there is none: above that of any overlap."""


def optimised(network: GateNetwork, target: Sequence[Matrix], iterations: int) -> GateNetwork:
    """Turn all gates at once so that the fidelity grows; it never falls.

    Parameters
    ----------
    network
        Real if the target is; of an overlap with it that is not 0.
    target
        Normalised tensors ``(left bond, 2, right bond)``.
    iterations
        Largest number, of L-BFGS.

    Notes
    -----
    Each gate is the unitary factor of the polar decomposition of a matrix that is free; the
    matrices start as the gates. Determinants of real gates stay 1. What is minimised is the
    negative logarithm of the fidelity, which grows with the number of sites and no faster.
    """
    shape, dtype = network.gates.shape, network.gates.dtype
    real = not np.iscomplexobj(network.gates)

    def loss(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        left, values, right = np.linalg.svd(x.view(dtype).reshape(shape))
        gates = left @ right
        if real and np.any(np.linalg.det(gates) < 0):
            return _REJECTED, np.zeros_like(x)
        trial = network.with_gates(gates)
        around = environments(trial, target)
        if not around.overlap:
            return _REJECTED, np.zeros_like(x)
        # Derivative of the logarithm by the gates, then by the free matrices.
        by_gates = 2 * (around.of_gates(trial) / around.overlap).conj()
        inner = _adjoint(left) @ by_gates @ _adjoint(right)
        inner = (inner - _adjoint(inner)) / (values[:, :, None] + values[:, None, :])
        gradient = left @ inner @ right
        gradient = gradient.real if real else gradient
        flat = -np.ascontiguousarray(gradient).ravel().view(float)
        return -2 * math.log(abs(around.overlap)), flat

    start = np.ascontiguousarray(network.gates).ravel().view(float)
    found = scipy.optimize.minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": iterations, "maxcor": 30, "ftol": 1e-10, "gtol": 1e-10},
    )
    left, _, right = np.linalg.svd(found.x.view(dtype).reshape(shape))
    return network.with_gates(left @ right)


def _adjoint(matrices: Matrix) -> Matrix:
    return matrices.conj().swapaxes(-1, -2)


def with_more_gates(
    network: GateNetwork,
    target: Sequence[Matrix],
    pairs: Sequence[tuple[int, int]],
    gates: int,
    iterations: int,
) -> GateNetwork:
    """Add gates where they gain most, at most one in a block, and optimise all.

    Parameters
    ----------
    network
        Real if the target is.
    target
        Normalised tensors ``(left bond, 2, right bond)``.
    pairs
        Places in a window that a new gate may act on.
    gates
        Number of new ones, at most that of blocks.
    iterations
        Of `optimised`.

    Returns
    -------
    GateNetwork
        Of a fidelity no lower than before.

    Notes
    -----
    The gates start as identities. What one gains is judged with all others held: the largest
    overlap is then the sum of the singular values of its environment.

    References
    ----------
    M. Rudolph, J. Chen, J. Miller, A. Acharya, A. Perdomo-Ortiz, Quantum Sci. Technol. 9, 015012
    (2024), arXiv:2209.00595, for adding gates and optimising all; there whole staircases.
    """
    gains = sorted(_gains(network, target, pairs), reverse=True)
    places = [place for _, place in gains[:gates]]
    return optimised(network.with_identities(places), target, iterations)


def _gains(
    network: GateNetwork, target: Sequence[Matrix], pairs: Sequence[tuple[int, int]]
) -> list[tuple[float, Place]]:
    """For each block, the largest gain of overlap by one gate, and where."""
    around = environments(network, target)
    found = []
    for block in range(len(network.pairs)):
        options = [
            (float(gain), (block, before, pair))
            for pair in pairs
            for before, gain in enumerate(_largest(around.of_identity(block, pair)))
        ]
        found.append(max(options))
    return found


def _largest(environment: Matrix) -> NDArray[np.float64]:
    """Largest overlap that gates, real of determinant 1 or complex, reach in an environment."""
    left, values, right = np.linalg.svd(environment)
    largest: NDArray[np.float64] = values.sum(axis=-1)
    if not np.iscomplexobj(environment):
        largest = largest - 2 * values[..., -1] * (np.linalg.det(left @ right) < 0)
    return largest
