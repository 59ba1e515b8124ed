"""Real restricted Boltzmann machines as vectors of parameters, with gradients."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.physics.neural.rbm import RBMState

Vector = NDArray[np.float64]
_FACTORS = 512
"""Up to 2 each, whose product is far from overflow."""


def parameters_of(machine: RBMState) -> Vector:
    """Weights, visible and hidden biases in one vector."""
    return np.concatenate([np.ravel(machine.W), machine.a, machine.b])


def machine_of(parameters: Vector, qubits: int) -> RBMState:
    """Undo `parameters_of`."""
    hidden = (len(parameters) - qubits) // (qubits + 1)
    W, a, b = np.split(parameters, [hidden * qubits, hidden * qubits + qubits])
    return RBMState(W.reshape(hidden, qubits), a, b)


def random_machine(
    qubits: int, hidden: int, spread: float, generator: np.random.Generator
) -> RBMState:
    """Draw normal weights; biases are zero."""
    W = generator.normal(0, spread, (hidden, qubits))
    return RBMState(W, np.zeros(qubits), np.zeros(hidden))


def values_and_slopes(machine: RBMState, s: Vector) -> tuple[Vector, Vector]:
    """Logarithms of ``psi(s)`` and the hidden units' means ``tanh(b + W s)``, from one exponential.

    Parameters
    ----------
    machine
        With real parameters.
    s
        Spins, shape ``(configurations, qubits)``.

    Returns
    -------
    tuple
        Shapes ``(configurations,)`` and ``(configurations, hidden)``.
    """
    angles = s @ machine.W.T + machine.b
    sizes = np.abs(angles)
    decayed = np.exp(-2 * sizes)
    # Factors from 1 to 2 are multiplied before a logarithm is taken, which is the dearest part.
    products = np.multiply.reduceat(1 + decayed, range(0, len(machine.b), _FACTORS), axis=1)
    values = s @ machine.a + sizes.sum(axis=1) + np.log(products).sum(axis=1)
    return values, np.sign(angles) * (1 - decayed) / (1 + decayed)


def pulled_back(s: Vector, slopes: Vector, weights: Vector) -> Vector:
    """Gradient of the sum of ``weights * log psi(s)`` by the parameters, as `parameters_of`."""
    weighted = slopes * weights[:, None]
    return np.concatenate([(weighted.T @ s).ravel(), weights @ s, weighted.sum(axis=0)])
