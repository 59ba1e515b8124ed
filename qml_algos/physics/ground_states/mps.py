"""Ground states as matrix-product states, by the interface of all solvers."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians.hamiltonian import SpinHamiltonian, require_hamiltonian
from qml_algos.physics.hamiltonians.scores import v_score
from qml_algos.physics.tensor_networks.dmrg import dmrg
from qml_algos.physics.tensor_networks.expectation import variance
from qml_algos.physics.threads import one_thread
from qml_algos.validation import require_count, require_positive, seed_from


class MPSGroundState(BaseEstimator):
    """Ground state as a matrix-product state, by the density-matrix renormalisation group.

    Best where the bonds of a chain are cut with little entanglement: open chains of hundreds of
    qubits, rings, narrow lattices. Sites are taken in the order of their numbers.

    Parameters
    ----------
    bond_dimension
        Schmidt vectors to keep at each bond at most.
    truncation
        Weight (sum of squared Schmidt values) that may be discarded at a bond instead.
    tolerance
        Relative change of the energy by a sweep at which to end; a tenth of the discarded weight,
        where that is larger.
    max_sweeps
        Sweeps, there and back, after which to end anyway; it takes 4 at least to converge.
    random_state
        Of the noise in the starting state: a seed, a generator, or ``None``.

    Attributes
    ----------
    energy_, energy_error_
        Mean energy of the state, and 0: no sampling.
    variance_, v_score_
        Of the Hamiltonian in the state.
    parameters_
        Number of entries of all cores, complex ones counted twice.
    state_
        `MPSState`.
    seconds_
        Of the processor, the variance left out.
    energies_
        After each sweep; shape ``(sweeps,)``.
    truncation_weight_
        The largest weight that was discarded at a bond in the last sweep.
    converged_
        Whether the energy had stopped changing.
    """

    def __init__(
        self,
        bond_dimension: int = 64,
        *,
        truncation: float = 1e-12,
        tolerance: float = 1e-9,
        max_sweeps: int = 20,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.bond_dimension = bond_dimension
        self.truncation = truncation
        self.tolerance = tolerance
        self.max_sweeps = max_sweeps
        self.random_state = random_state

    def fit(
        self,
        hamiltonian: SpinHamiltonian,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> MPSGroundState:
        """Find the ground state.

        Parameters
        ----------
        hamiltonian
            Any sum of Pauli operators on at least 2 qubits.
        progress
            Told how many sweeps are done, and how many there may be.

        Raises
        ------
        InvalidProblemError
            If it is no `SpinHamiltonian`, or a parameter is out of range.

        Warns
        -----
        ConvergenceWarning
            If the energy still changed in the last sweep.

        Notes
        -----
        Cost: O(n w D^3) for each sweep, and O(n w^2 D^3) once for the variance, for bonds w of the
        operator and D of the state; on one thread.
        """
        require_hamiltonian(hamiltonian)
        self._require_parameters()
        generator = np.random.default_rng(seed_from(self.random_state))
        start = time.process_time()
        with one_thread():
            run = dmrg(
                hamiltonian,
                bond_dimension=int(self.bond_dimension),
                truncation=self.truncation,
                tolerance=self.tolerance,
                max_sweeps=self.max_sweeps,
                generator=generator,
                progress=progress,
            )
            seconds = time.process_time() - start
            spread = variance(run.state.cores, hamiltonian, run.energy)
        self.state_ = run.state
        self.energy_, self.energy_error_ = run.energy, 0.0
        self.variance_ = spread
        self.v_score_ = v_score(run.energy, spread, hamiltonian)
        self.parameters_ = run.state.parameters
        self.seconds_ = seconds
        self.energies_ = np.array(run.energies)
        self.truncation_weight_ = run.weight
        self.converged_ = run.converged
        if not run.converged:
            warnings.warn(
                f"the energy still changed after {self.max_sweeps} sweeps; more sweeps or a larger "
                "tolerance are needed",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def _require_parameters(self) -> None:
        require_count("bond_dimension", self.bond_dimension)
        require_count("max_sweeps", self.max_sweeps)
        require_positive("tolerance", self.tolerance)
        require_positive("truncation", self.truncation, zero=True)
        if self.truncation >= 1:
            raise InvalidProblemError(f"truncation = {self.truncation}: must be below 1")
