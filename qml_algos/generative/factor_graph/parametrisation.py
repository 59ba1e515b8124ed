r"""Invertible matrices with a bounded condition number, by five angles each.

Up to a scale, which P does not see, and a phase on each row, which a measured qubit does not see,
every invertible matrix is

.. math:: M = R_y(\alpha)\, e^{(s + i\beta) Z} R_y(\gamma) R_z(\delta),

its singular value decomposition with Euler angles. The condition number is
:math:`e^{2|s|}`, so a bound on it is a box for s, which L-BFGS-B keeps exactly; a penalty on a
general complex M would only discourage. Of a hidden qubit :math:`\alpha` and :math:`\beta` turn
nothing that is traced out, and stay 0.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Array = NDArray[np.complex128]

ANGLES = 5
"""Parameters of a qubit: alpha, beta, s, gamma, delta."""

_GAUGE = 2
_Z = np.array([1.0, -1.0])
_Y = np.array([[0, -1j], [1j, 0]])


def free_parameters(qubits: int, hidden: Collection[int]) -> NDArray[np.bool_]:
    """Tell which parameters change the distribution; shape ``(qubits, 5)``."""
    free = np.ones((qubits, ANGLES), dtype=bool)
    free[list(hidden), :_GAUGE] = False
    return free


def random_parameters(
    generator: np.random.Generator, free: NDArray[np.bool_], condition_number: float
) -> Floats:
    """Draw angles evenly, and s evenly within half its box; shape ``(qubits, 5)``."""
    found = generator.uniform(-np.pi, np.pi, free.shape)
    most = np.log(condition_number) / 2
    found[:, 2] = generator.uniform(-most / 2, most / 2, len(free))
    return np.where(free, found, 0.0)


def bounds(free: NDArray[np.bool_], condition_number: float) -> list[tuple[float, float]]:
    """Return the box of the free parameters, in their order."""
    most = np.log(condition_number) / 2
    limits = np.full((*free.shape, 2), [-np.inf, np.inf])
    limits[:, 2] = [-most, most]
    return [(float(low), float(high)) for low, high in limits[free]]


def matrices_and_slopes(parameters: Floats) -> tuple[Array, Array]:
    """Return the matrices and their derivatives.

    Parameters
    ----------
    parameters
        Shape ``(m, 5)``.

    Returns
    -------
    matrices
        Shape ``(m, 2, 2)``.
    slopes
        Shape ``(m, 5, 2, 2)``.
    """
    alpha, beta, s, gamma, delta = parameters.T
    left, right = _rotation(alpha), _rotation(gamma)
    middle = np.exp((s + 1j * beta)[:, None] * _Z)
    last = np.exp(-0.5j * delta[:, None] * _Z)
    head = left * middle[:, None, :]
    tail = right * last[:, None, :]
    found = head @ tail
    turned = -0.5j * _Y
    slopes = [
        turned @ found,
        (1j * head * _Z) @ tail,
        (head * _Z) @ tail,
        head @ (turned @ tail),
        found * (-0.5j * _Z),
    ]
    return found, np.stack(slopes, axis=1)


def _rotation(angle: Floats) -> Array:
    """Rotations about y, shape ``(m, 2, 2)``."""
    cosine, sine = np.cos(angle / 2), np.sin(angle / 2)
    rows = [np.stack([cosine, -sine], -1), np.stack([sine, cosine], -1)]
    return np.stack(rows, axis=-2).astype(complex)
