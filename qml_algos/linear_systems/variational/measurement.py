"""Costs and gradients from circuits on a backend that is read by shots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp

from qml_algos.backends import Backend
from qml_algos.backends.estimator import DEFAULT_PRECISION
from qml_algos.linear_systems.variational.costs import LinearCost
from qml_algos.linear_systems.variational.training import stagnates

SIGMAS = 3
"""Standard errors that a measured cost must lie below the one needed: wrong once in 740 times."""

_RATE, _MEMORY, _SQUARED_MEMORY = 0.1, 0.9, 0.99


class Measured(NamedTuple):
    """A cost with its standard error, the denominator it holds, and perhaps the gradient."""

    value: float
    standard_error: float
    denominator: float
    gradient: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CostMeasurement:
    r"""Measures a cost of the states of one ansatz.

    Numerator and denominator are Pauli sums, measured in the state of the ansatz itself: at most
    ``3**n`` bases, no ancilla, no controlled gates. For the few qubits that today's noise leaves
    this is less than the ``O(n L**2)`` Hadamard tests for A of L Paulis, and every circuit is
    shallower. A gradient by the parameter-shift rule runs each basis ``2 P + 1`` times as often,
    all in one job.

    Attributes
    ----------
    backend
        Where circuits run.
    compiled
        The ansatz.
    observables
        Numerator and denominator on the compiled circuit's qubits.

    References
    ----------
    M. Schuld, V. Bergholm, C. Gogolin, J. Izaac, N. Killoran, Phys. Rev. A 99, 032331 (2019),
    arXiv:1811.11184 (parameter shifts).
    """

    backend: Backend
    compiled: QuantumCircuit
    observables: tuple[SparsePauliOp, SparsePauliOp]

    @classmethod
    def of(cls, backend: Backend, cost: LinearCost, ansatz: QuantumCircuit) -> CostMeasurement:
        """Compile the ansatz and bring the operators onto its qubits."""
        [compiled] = backend.compile([ansatz])
        above, below = (
            SparsePauliOp.from_operator(operator).apply_layout(compiled.layout)
            for operator in (cost.numerator, cost.denominator)
        )
        return cls(backend, compiled, (above, below))

    def measure(
        self,
        parameters: NDArray[np.float64],
        seed: int,
        *,
        precision: float = DEFAULT_PRECISION,
        gradient: bool = False,
    ) -> Measured:
        """Measure the cost.

        Parameters
        ----------
        parameters
            Shape ``(P,)``, radians.
        seed
            Of the shots on a simulator, and of nothing else.
        precision
            Standard error of every Pauli: ``1 / precision**2`` shots for each basis.
        gradient
            Whether to measure the gradient too; it is empty otherwise.

        Returns
        -------
        Measured
            Numerator and denominator are read from the same shots; the standard error given is
            the largest that any correlation between them allows.
        """
        shifts = np.pi / 2 * np.eye(parameters.size)
        sets = parameters + np.vstack([0 * shifts[:1], shifts, -shifts] if gradient else [0.0])
        observables = [[observable] for observable in self.observables]
        pub = (self.compiled, observables, sets, precision)
        data = self.backend.estimator(seed).run([pub]).result()[0].data
        # The denominator is at least the smallest eigenvalue; shots may say otherwise.
        above, below = data.evs[0], np.maximum(data.evs[1], np.finfo(float).tiny)
        value = above[0] / below[0]
        error = (data.stds[0, 0] + abs(value) * data.stds[1, 0]) / below[0]
        plus, minus = np.split(np.array([above[1:], below[1:]]), 2, axis=1)
        slope_above, slope_below = (plus - minus) / 2
        slope = (slope_above - value * slope_below) / below[0]
        return Measured(float(value), float(error), float(below[0]), slope)


@dataclass(frozen=True, eq=False)
class MeasuredDescent:
    """Adam on measured costs and gradients.

    Stops when the cost measured lies ``SIGMAS`` standard errors below the one needed, for which it
    is measured again with as many shots as that takes, up to the backend's limit.

    Attributes
    ----------
    cost
        To be minimised.
    needed
        Value at which to stop.
    backend
        Where costs are measured.
    seeds
        One for each job.

    References
    ----------
    D. Kingma, J. Ba, ICLR 2015, arXiv:1412.6980.
    """

    cost: LinearCost
    needed: float
    backend: Backend
    seeds: Iterator[int] = field(default_factory=count)

    def descend(
        self, ansatz: QuantumCircuit, start: NDArray[np.float64], max_iterations: int
    ) -> tuple[NDArray[np.float64], float, bool, int, int]:
        """See `training.Optimiser`."""
        measurement = CostMeasurement.of(self.backend, self.cost, ansatz)
        parameters, mean, square = start, np.zeros(start.size), np.zeros(start.size)
        best, lowest = start, np.inf
        history: list[float] = []
        evaluations = 0
        for step in range(1, max_iterations + 1):
            measured = measurement.measure(parameters, next(self.seeds), gradient=True)
            evaluations += 1
            if measured.value < lowest:
                best, lowest = parameters, measured.value
            if measured.value < self.needed:
                evaluations += 1
                if (certain := self._certain(measurement, parameters, measured)) is not None:
                    return parameters, certain, True, step, evaluations
            history.append(measured.value)
            if stagnates(history):
                break
            mean = _MEMORY * mean + (1 - _MEMORY) * measured.gradient
            square = _SQUARED_MEMORY * square + (1 - _SQUARED_MEMORY) * measured.gradient**2
            size = np.sqrt(square / (1 - _SQUARED_MEMORY**step)) + 1e-12
            parameters = parameters - _RATE * mean / (1 - _MEMORY**step) / size
        return best, lowest, False, len(history), evaluations

    def _certain(
        self,
        measurement: CostMeasurement,
        parameters: NDArray[np.float64],
        first: Measured,
    ) -> float | None:
        """Cost plus its error, measured well enough to be compared, if that is low enough."""
        room = (self.needed - max(first.value, 0.0)) / (SIGMAS * first.standard_error)
        finest = float(self.backend.config.limits.max_shots) ** -0.5
        precision = max(finest, DEFAULT_PRECISION * min(1.0, 0.7 * room))
        again = measurement.measure(parameters, next(self.seeds), precision=precision)
        bound = again.value + SIGMAS * again.standard_error
        return bound if bound <= self.needed else None
