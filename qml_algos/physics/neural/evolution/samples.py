"""Averages over configurations drawn by squared amplitude."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit.quantum_info import SparsePauliOp

from qml_algos.physics.hamiltonians import SpinHamiltonian
from qml_algos.physics.hamiltonians.connections import connections_of
from qml_algos.physics.neural.evolution.tangents import Tangent
from qml_algos.physics.neural.local_energies import LocalEnergies
from qml_algos.physics.neural.parametrisation import Parametrisation
from qml_algos.physics.neural.sampler import Chains
from qml_algos.results import Estimate

_WARM_UP = 10
"""Steps before the first average, for each qubit."""
_MEASUREMENTS = 10
"""Times that each chain is read for an expectation value."""


class Samples:
    """Averages in a state over Markov chains, one configuration of each.

    Parameters
    ----------
    hamiltonian
        Of the local energies.
    ties
        What the parameters stand for.
    magnetisation
        Sum of the spins, where it is conserved.
    count
        Of chains.
    generator
        Of random numbers.

    Notes
    -----
    Cost of a tangent: O(qubits * hidden * (F + steps)) for each chain, F the number of sets of
    spins that the Hamiltonian flips.
    """

    def __init__(
        self,
        hamiltonian: SpinHamiltonian,
        ties: Parametrisation,
        magnetisation: int | None,
        count: int,
        generator: np.random.Generator,
    ) -> None:
        self._ties = ties
        self._chains = Chains(
            ties.qubits, count, generator, magnetisation=magnetisation, complex_valued=True
        )
        self._energies = LocalEnergies(hamiltonian.connections)
        self._steps = _WARM_UP * ties.qubits

    def tangent(self, parameters: NDArray[Any]) -> Tangent:
        """Evaluate a state of the parameters given."""
        self._move(parameters)
        chains = self._chains
        count = chains.spins.shape[1]
        weights = np.full(count, 1 / count)
        derivatives = self._ties.log_derivatives(chains.spins, chains.tanh)
        return Tangent(weights, derivatives, self._energies(chains).astype(complex))

    def expectation(self, parameters: NDArray[Any], observable: SparsePauliOp) -> Estimate:
        """Average an observable; the standard error is that of independent chains."""
        values = LocalEnergies(connections_of(observable))
        rounds = []
        for _ in range(_MEASUREMENTS):
            self._move(parameters)
            rounds.append(values(self._chains).real)
        # Chains are independent of one another, configurations of one chain are not.
        means = np.mean(rounds, axis=0)
        return Estimate(float(means.mean()), float(means.std(ddof=1) / np.sqrt(len(means))))

    def _move(self, parameters: NDArray[Any]) -> None:
        self._chains.take(*self._ties.machine(parameters))
        self._chains.run(self._steps)
        self._steps = 2
