"""Averages over all configurations, one of each orbit of the symmetries."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit.quantum_info import PauliList, SparsePauliOp

from qml_algos.physics.configurations import every_configuration, numbers_of, spins
from qml_algos.physics.hamiltonians import SpinHamiltonian
from qml_algos.physics.hamiltonians.connections import Connections, connections_of
from qml_algos.physics.neural.evolution.tangents import Tangent
from qml_algos.physics.neural.parametrisation import Parametrisation
from qml_algos.physics.neural.rbm import log_two_cosh
from qml_algos.results import Estimate


class FullSums:
    """Exact averages in a state, over one configuration of each orbit of its symmetries.

    Parameters
    ----------
    hamiltonian
        Unchanged by the symmetries of the parameters.
    ties
        What the parameters stand for.
    magnetisation
        Sum of the spins beyond which amplitudes vanish; ``None`` for no such rule.

    Notes
    -----
    Cost of a tangent: O(orbits * (hidden * qubits + F)), F the number of sets of spins that the
    Hamiltonian flips; it flips them once, and looks the amplitudes up after that.
    """

    def __init__(
        self, hamiltonian: SpinHamiltonian, ties: Parametrisation, magnetisation: int | None
    ) -> None:
        self._ties = ties
        bits = every_configuration(ties.qubits)
        least = np.arange(len(bits))
        for permutation in ties.permutations[1:]:
            np.minimum(least, numbers_of(bits[:, permutation]), out=least)
        chosen, self._orbit, sizes = np.unique(least, return_inverse=True, return_counts=True)
        self._bits = bits[chosen]
        self._spins = spins(self._bits).T
        self._sizes = sizes.astype(float)
        if magnetisation is not None:
            self._sizes *= self._spins.sum(axis=0) == magnetisation
        self._hamiltonian = self._table(hamiltonian.connections)

    def tangent(self, parameters: NDArray[Any]) -> Tangent:
        """Evaluate a state of the parameters given."""
        W, a, b = self._ties.machine(parameters)
        angles = W @ self._spins + b[:, None]
        logs = log_two_cosh(angles).sum(axis=0) + a @ self._spins
        derivatives = self._ties.log_derivatives(self._spins, np.tanh(angles))
        weights = self._weights(logs)
        kept = weights > 0
        energies = _local(self._hamiltonian, logs, self._sizes)
        return Tangent(weights[kept], derivatives[:, kept], energies[kept])

    def expectation(self, parameters: NDArray[Any], observable: SparsePauliOp) -> Estimate:
        """Average an observable, without error."""
        W, a, b = self._ties.machine(parameters)
        logs = log_two_cosh(W @ self._spins + b[:, None]).sum(axis=0) + a @ self._spins
        table = self._table(connections_of(averaged(observable, self._ties.permutations)))
        weights = self._weights(logs)
        kept = weights > 0
        return Estimate(float((_local(table, logs, self._sizes)[kept] @ weights[kept]).real), 0.0)

    def _weights(self, logs: NDArray[Any]) -> NDArray[np.float64]:
        weights = self._sizes * np.exp(2 * (logs.real - logs.real.max()))
        return np.asarray(weights / weights.sum())

    def _table(self, connections: Connections) -> tuple[NDArray[Any], NDArray[np.intp]]:
        """Matrix elements and orbits of the configurations that are connected to each orbit."""
        numbers = numbers_of(self._bits) ^ numbers_of(connections.flips)[:, None]
        return connections.elements(self._bits), self._orbit[numbers]


def _local(
    table: tuple[NDArray[Any], NDArray[np.intp]], logs: NDArray[Any], sizes: NDArray[np.float64]
) -> NDArray[np.complex128]:
    elements, orbits = table
    with np.errstate(invalid="ignore", over="ignore"):
        ratios = np.exp(logs[orbits] - logs)
    return np.asarray(np.sum(elements * ratios * (sizes[orbits] > 0), axis=0), dtype=complex)


def averaged(observable: SparsePauliOp, permutations: NDArray[np.int64]) -> SparsePauliOp:
    """Average an operator over permutations of the qubits: the same in a state that has them."""
    x, z = observable.paulis.x, observable.paulis.z
    moved = PauliList.from_symplectic(
        np.concatenate([z[:, permutation] for permutation in permutations]),
        np.concatenate([x[:, permutation] for permutation in permutations]),
    )
    coefficients = np.tile(observable.coeffs / len(permutations), len(permutations))
    return SparsePauliOp(moved, coefficients).simplify()
