"""Gate networks grown and optimised towards a matrix product state."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import scipy.optimize
from numpy.typing import NDArray

from circuits.tensor_network.block_unitaries import overlap_of_gates
from circuits.tensor_network.environments import environments
from circuits.tensor_network.gate_network import GateNetwork
from circuits.tensor_network.rotations import (
    derivative_by_matrices,
    derivative_by_quaternions,
    quaternions_of,
    rotations_of,
    turned_a_little,
    unitaries_of,
)

Matrix = NDArray[Any]
Place = tuple[int, int, tuple[int, int]]

_REMEMBERED = 30
"""Steps of L-BFGS."""

_STALLED = 0.99
"""Ratio of losses, after and before gates were added, above which the gates are pushed."""

_PUSH = 0.1
"""Size, see `turned_a_little`."""

_REJECTED = 1e6
"""Loss where there is none: above that of any overlap."""


def optimised(
    network: GateNetwork, target: Sequence[Matrix], iterations: int, enough: float = 1.0
) -> GateNetwork:
    """Turn all gates at once so that the fidelity grows; it never falls.

    Parameters
    ----------
    network
        Real if the target is; of an overlap with it that is not 0.
    target
        Normalised tensors ``(left bond, 2, right bond)``.
    iterations
        Largest number, of L-BFGS.
    enough
        Fidelity at which to stop.

    Notes
    -----
    Each real gate is made of two quaternions, each complex one is the unitary factor of the polar
    decomposition of a matrix that is free. What is minimised is the negative logarithm of the
    fidelity, which grows with the number of sites and no faster.
    """
    dtype = network.gates.dtype
    overlap_of = overlap_of_gates(network, target)
    complex_gates = np.iscomplexobj(network.gates)
    parameters = network.gates if complex_gates else quaternions_of(network.gates)
    gates_of: Callable[[Matrix], Matrix] = unitaries_of if complex_gates else rotations_of
    derivative: Callable[[Matrix, Matrix], Matrix] = (
        derivative_by_matrices if complex_gates else derivative_by_quaternions
    )
    shape = parameters.shape

    def loss_of(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        free = x.view(dtype).reshape(shape)
        overlap, by_gates = overlap_of(gates_of(free))
        if not overlap:
            return _REJECTED, np.zeros_like(x)
        # Derivative of the logarithm by the gates, then by the parameters.
        of_logarithm = 2 * (by_gates / overlap).conj()
        gradient = derivative(free, of_logarithm if complex_gates else of_logarithm.real)
        flat = -np.ascontiguousarray(gradient).ravel().view(float)
        return -2 * math.log(abs(overlap)), flat

    def stops(intermediate_result: scipy.optimize.OptimizeResult) -> None:
        if intermediate_result.fun <= -math.log(enough):
            raise StopIteration

    found = scipy.optimize.minimize(
        loss_of,
        np.ascontiguousarray(parameters).ravel().view(float),
        jac=True,
        method="L-BFGS-B",
        callback=stops,
        options={"maxiter": iterations, "maxcor": _REMEMBERED, "ftol": 1e-10, "gtol": 1e-10},
    )
    return network.with_gates(gates_of(found.x.view(dtype).reshape(shape)))


def with_more_gates(
    network: GateNetwork,
    target: Sequence[Matrix],
    pairs: Sequence[tuple[int, int]],
    gates: int,
    iterations: int,
    enough: float = 1.0,
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
    iterations, enough
        Of `optimised`.

    Returns
    -------
    GateNetwork
        Of a fidelity no lower than before.

    Notes
    -----
    The gates start as identities. What one gains is judged with all others held: the largest
    overlap is then the sum of the singular values of its environment. A symmetric state may make a
    saddle point of the identities: where next to nothing is gained, all gates are turned a little,
    at random with a fixed seed, and optimised again.

    References
    ----------
    M. Rudolph, J. Chen, J. Miller, A. Acharya, A. Perdomo-Ortiz, Quantum Sci. Technol. 9, 015012
    (2024), arXiv:2209.00595, for adding gates and optimising all; there whole staircases.
    """
    gains = sorted(_gains(network, target, pairs), reverse=True)
    places = [place for _, place in gains[:gates]]
    larger = optimised(network.with_identities(places), target, iterations, enough)
    before, after = loss(network, target), loss(larger, target)
    if after <= max(_STALLED * before, -math.log(enough)):
        return larger
    pushed = larger.with_gates(turned_a_little(larger.gates, _PUSH))
    pushed = optimised(pushed, target, iterations, enough)
    return pushed if loss(pushed, target) < after else larger


def loss(network: GateNetwork, target: Sequence[Matrix]) -> float:
    """Negative logarithm of the fidelity, infinite if that is 0."""
    overlap = abs(environments(network, target).overlap)
    return -2 * math.log(overlap) if overlap else math.inf


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
