"""Finding the angles of an ansatz: attempts from random starts, with more layers as needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
import scipy.optimize
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.ansatz import hardware_efficient_ansatz, parameter_count
from qml_algos.linear_systems.variational.costs import LinearCost

_PATIENCE = 20
"""Iterations in which the cost has to fall by ``_PROGRESS``, or an attempt is given up."""

_PROGRESS = 0.05

_CORRECTIONS = 20
"""Steps that L-BFGS remembers."""


@dataclass(frozen=True, eq=False)
class Descent:
    """Where an attempt, or all of them, ended.

    Attributes
    ----------
    ansatz, parameters
        The circuit and its angles.
    layers
        Entangling layers of the circuit.
    cost
        Reached.
    converged
        Whether it is as low as needed.
    iterations, evaluations
        Steps of the optimiser, and cost functions with gradients computed.
    """

    ansatz: QuantumCircuit
    parameters: NDArray[np.float64]
    layers: int
    cost: float
    converged: bool
    iterations: int
    evaluations: int


class Optimiser(Protocol):
    """Goes down from a starting point until the cost is as low as needed or falls no more."""

    def descend(
        self, ansatz: QuantumCircuit, start: NDArray[np.float64], max_iterations: int
    ) -> tuple[NDArray[np.float64], float, bool, int, int]:
        """Return parameters, cost, whether converged, iterations and evaluations."""
        ...


def train(
    optimiser: Optimiser,
    cost: LinearCost,
    layers: int | Literal["auto"],
    max_iterations: int,
    generator: np.random.Generator,
) -> Descent:
    """Make attempts until one converges or the iterations are used up; return the best.

    Every attempt starts at random angles. With ``layers="auto"`` the first has one entangling
    layer and each next one twice as many, up to twice as many parameters as a state of the
    register has: in circuits that deep, attempts rarely end elsewhere than at the minimum.
    """
    deepest = _deepest(cost) if layers == "auto" else layers
    depth = min(1, deepest) if layers == "auto" else layers
    best: Descent | None = None
    iterations = evaluations = 0
    while best is None or (not best.converged and iterations < max_iterations):
        ansatz = hardware_efficient_ansatz(cost.qubits, depth, real=cost.real)
        start = generator.uniform(-np.pi, np.pi, ansatz.num_parameters)
        parameters, value, converged, steps, computed = optimiser.descend(
            ansatz, start, max_iterations - iterations
        )
        # An attempt without a step uses up one too, or the loop might not end.
        iterations, evaluations = iterations + max(steps, 1), evaluations + computed
        if best is None or converged or value < best.cost:
            best = Descent(ansatz, parameters, depth, value, converged, iterations, evaluations)
        depth = min(2 * depth, deepest)
    return replace(best, iterations=iterations, evaluations=evaluations)


def _deepest(cost: LinearCost) -> int:
    if cost.qubits == 1:
        return 0
    wanted = 2 * cost.b.size * (1 if cost.real else 2)
    return -(-wanted // parameter_count(cost.qubits, 0, real=cost.real)) - 1


@dataclass(frozen=True, eq=False)
class SimulatedDescent:
    """L-BFGS on exact costs and gradients.

    Attributes
    ----------
    cost
        To be minimised.
    needed
        Value at which to stop.
    """

    cost: LinearCost
    needed: float

    def descend(
        self, ansatz: QuantumCircuit, start: NDArray[np.float64], max_iterations: int
    ) -> tuple[NDArray[np.float64], float, bool, int, int]:
        """See `Optimiser`."""
        history: list[float] = []

        def watch(intermediate_result: scipy.optimize.OptimizeResult) -> None:
            history.append(float(intermediate_result.fun))
            if history[-1] <= self.needed or stagnates(history):
                raise StopIteration

        found = scipy.optimize.minimize(
            self.cost.exact(ansatz),
            start,
            jac=True,
            method="L-BFGS-B",
            callback=watch,
            options={
                "maxiter": max_iterations,
                "maxfun": 10 * max_iterations,
                "maxcor": _CORRECTIONS,
                "ftol": 0.0,
                "gtol": 0.0,
            },
        )
        value = float(found.fun)
        return found.x, value, value <= self.needed, len(history), int(found.nfev)


def stagnates(history: list[float]) -> bool:
    """Whether the lowest cost has hardly fallen for a while."""
    if len(history) <= _PATIENCE:
        return False
    return min(history[-_PATIENCE:]) > (1 - _PROGRESS) * min(history[:-_PATIENCE])
