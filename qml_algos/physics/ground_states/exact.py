"""Exact ground states, by the interface of all solvers."""

from __future__ import annotations

import time
from collections.abc import Callable

from sklearn.base import BaseEstimator

from qml_algos.physics.hamiltonians.hamiltonian import SpinHamiltonian, require_hamiltonian
from qml_algos.physics.hamiltonians.scores import energy_and_variance, v_score
from qml_algos.physics.hamiltonians.spectrum import exact_ground_state
from qml_algos.physics.states.statevector import StatevectorState


class ExactGroundState(BaseEstimator):
    """Ground state by sparse diagonalisation, to 24 qubits.

    Attributes
    ----------
    energy_, energy_error_
        Ground energy, and 0.
    variance_, v_score_
        Of the Hamiltonian in the state: zero but for rounding.
    parameters_
        Number of amplitudes, complex ones counted twice.
    state_
        `StatevectorState`.
    seconds_
        Of the processor.
    """

    def fit(
        self,
        hamiltonian: SpinHamiltonian,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> ExactGroundState:
        """Find the ground state.

        Parameters
        ----------
        hamiltonian
            At most 24 qubits.
        progress
            Told of the one step when it is done.

        Raises
        ------
        InvalidProblemError
            If it is no `SpinHamiltonian`.
        TooLargeError
            Above 24 qubits.

        Notes
        -----
        Cost: as `exact_ground_state`.
        """
        require_hamiltonian(hamiltonian)
        start = time.process_time()
        state = StatevectorState(exact_ground_state(hamiltonian).states[0])
        energy, variance = energy_and_variance(hamiltonian, state.amplitudes)
        self.state_ = state
        self.energy_, self.energy_error_ = energy, 0.0
        self.variance_ = variance
        self.v_score_ = v_score(energy, variance, hamiltonian)
        self.parameters_ = state.parameters
        self.seconds_ = time.process_time() - start
        if progress is not None:
            progress(1, 1)
        return self
