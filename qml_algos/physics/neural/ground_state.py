"""Ground states as restricted Boltzmann machines, by the interface of all solvers."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from sklearn.base import BaseEstimator

from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.physics.hamiltonians.hamiltonian import SpinHamiltonian, require_hamiltonian
from qml_algos.physics.hamiltonians.scores import v_score
from qml_algos.physics.neural.local_energies import LocalEnergies
from qml_algos.physics.neural.parametrisation import Parametrisation
from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.neural.sampler import Chains
from qml_algos.physics.neural.training import Estimate, Schedule, Training, estimate
from qml_algos.physics.threads import one_thread
from qml_algos.validation import require_count, require_positive, seed_from

_FEWEST_CHAINS = 16
"""Of fewer, the spread of their means is no error."""
_WARM_UP = 20
"""Moves before the first step, and before the final samples."""
_FINAL_MOVES = 5
"""Between final samples."""


class RBMGroundState(BaseEstimator):
    """Ground state as a restricted Boltzmann machine, by variational Monte Carlo.

    Stochastic reconfiguration, a descent in imaginary time, on samples of parallel Markov chains.
    Where the ground state is known to be positive but for signs (`SpinHamiltonian.sign_qubits`),
    parameters are real, in single precision, and the Hamiltonian's permutations are built in; else
    parameters are complex and without symmetry, 5 to 20 times as dear.

    Parameters
    ----------
    alpha
        Hidden units for each spin.
    symmetric
        Whether to build in `SpinHamiltonian.symmetries`, where parameters are real.
    chains
        Markov chains, each of which gives a sample to each step; at least 16.
    iterations
        Steps of the descent.
    moves
        Of the chains between steps; each flips many spins.
    learning_rate, final_learning_rate
        Imaginary time of the first and the last step, in units of one over the Hamiltonian's
        largest coefficient.
    final_samples
        Of which the energy is the mean.
    warm_start
        Whether to go on from the parameters of the last fit.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Attributes
    ----------
    energy_, energy_error_
        Mean energy and its standard error, which accounts for autocorrelation, not for
        configurations too rare to be sampled: in nearly exact states those may matter more.
    variance_, v_score_
        Of the Hamiltonian in the state.
    parameters_
        Number of free parameters, a complex one counted twice.
    state_
        `RBMState`, of the Hamiltonian as it was given: signs are in its visible biases.
    seconds_
        Of the processor.
    energies_, energy_errors_
        At each step, and the error if samples were independent; shape ``(iterations,)``.
    coefficients_
        The free parameters; shape ``(parameters,)``.

    Notes
    -----
    The default rates suit critical points, where chains mix slowly: with a first rate of 0.3 they
    fell behind on critical Ising rings, and the energy rose again. Lattices in two dimensions need
    more iterations, and a smaller last rate.

    Cost of an iteration, for n qubits, m = alpha n hidden units, and a Hamiltonian that flips F
    sets of one or two spins: O(chains m (n moves + n + F)), nearly all in products of matrices, and
    O(parameters^2 chains) for the least-squares problem. G. Carleo and M. Troyer, Science 355, 602
    (2017), arXiv:1606.02318.
    """

    def __init__(
        self,
        alpha: float = 2,
        *,
        symmetric: bool = True,
        chains: int = 1000,
        iterations: int = 150,
        moves: int = 2,
        learning_rate: float = 0.1,
        final_learning_rate: float = 0.1,
        final_samples: int = 20_000,
        warm_start: bool = False,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.alpha = alpha
        self.symmetric = symmetric
        self.chains = chains
        self.iterations = iterations
        self.moves = moves
        self.learning_rate = learning_rate
        self.final_learning_rate = final_learning_rate
        self.final_samples = final_samples
        self.warm_start = warm_start
        self.random_state = random_state

    def fit(
        self,
        hamiltonian: SpinHamiltonian,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> RBMGroundState:
        """Find the ground state.

        On an interrupt by the keyboard, the state reached and the energy of its last step are kept
        before the interrupt is passed on.

        Parameters
        ----------
        hamiltonian
            Any sum of Pauli operators; fast where terms flip at most two spins.
        progress
            Told how many iterations are done, and how many there are.

        Raises
        ------
        InvalidProblemError
            If it is no `SpinHamiltonian`, or a parameter is out of range.
        UnsuitableSolverError
            If ``warm_start`` is set and the last fit had other parameters.
        """
        require_hamiltonian(hamiltonian)
        self._require_parameters()
        began = time.process_time()
        training = self._begin(hamiltonian)
        schedule = Schedule(
            int(self.iterations),
            int(self.moves),
            (self.learning_rate, self.final_learning_rate),
        )
        try:
            with one_thread():
                training.warm_up(_WARM_UP)
                for step in range(schedule.iterations):
                    training.step(schedule, step)
                    if progress is not None:
                        progress(step + 1, schedule.iterations)
                training.chains.run(_WARM_UP)
                found = estimate(
                    training.chains, training.local_energies, int(self.final_samples), _FINAL_MOVES
                )
        except KeyboardInterrupt:
            if training.energies:
                last = training.energies[-1], training.errors[-1], training.variances[-1]
                self._keep(hamiltonian, training, Estimate(*last), began)
            raise
        self._keep(hamiltonian, training, found, began)
        return self

    def _begin(self, hamiltonian: SpinHamiltonian) -> Training:
        positive = hamiltonian.sign_qubits is not None
        turned = hamiltonian.without_signs() if positive else hamiltonian
        parametrisation = self._parametrisation(turned, positive)
        generator = np.random.default_rng(seed_from(self.random_state))
        parameters = parametrisation.start(generator)
        if self.warm_start and hasattr(self, "coefficients_"):
            if self.coefficients_.shape != parameters.shape:
                raise UnsuitableSolverError(
                    f"warm_start: the last fit had {len(self.coefficients_)} parameters, this one "
                    f"has {len(parameters)}"
                )
            parameters = self.coefficients_
        local_energies = LocalEnergies(turned.connections)
        flips = local_energies.flips
        pairs = np.column_stack([flips.first, flips.second])[flips.product == -1]
        chains = Chains(
            turned.qubits,
            int(self.chains),
            generator,
            magnetisation=turned.magnetisation,
            pairs=pairs,
            complex_valued=parametrisation.complex_valued,
        )
        coefficients = np.abs(turned.operator.coeffs)
        coupling = float(np.max(coefficients[_is_no_identity(turned)], initial=0.0)) or 1.0
        return Training(parametrisation, parameters, chains, local_energies, coupling)

    def _parametrisation(self, turned: SpinHamiltonian, positive: bool) -> Parametrisation:
        identity = np.arange(turned.qubits)[None]
        known = turned.symmetries if positive and self.symmetric else None
        permutations = identity if known is None else known
        filters = max(1, round(self.alpha * turned.qubits / len(permutations)))
        # A positive ground state does not change under a flip of all spins that H commutes with.
        even = not np.any(turned.operator.paulis.z.sum(axis=1) % 2)
        balanced = turned.magnetisation in (None, 0)
        return Parametrisation(
            permutations,
            filters,
            biased=not (positive and even and balanced),
            complex_valued=not positive,
        )

    def _keep(
        self, hamiltonian: SpinHamiltonian, training: Training, found: Estimate, began: float
    ) -> None:
        W, a, b = training.parametrisation.machine(training.parameters)
        if hamiltonian.sign_qubits:
            # exp(i pi / 2 s) = i s
            a = a.astype(complex)
            a[list(hamiltonian.sign_qubits)] += 0.5j * np.pi
        self.state_ = RBMState(W, a, b, hamiltonian.magnetisation)
        self.energy_, self.energy_error_ = found.energy, found.error
        self.variance_ = found.variance
        self.v_score_ = v_score(found.energy, found.variance, hamiltonian)
        twice = 2 if training.parametrisation.complex_valued else 1
        self.parameters_ = twice * training.parametrisation.count
        self.coefficients_ = training.parameters
        self.energies_ = np.array(training.energies)
        self.energy_errors_ = np.array(training.errors)
        self.seconds_ = time.process_time() - began

    def _require_parameters(self) -> None:
        require_positive("alpha", self.alpha)
        for name in ("chains", "iterations", "moves", "final_samples"):
            require_count(name, getattr(self, name))
        if self.chains < _FEWEST_CHAINS:
            raise InvalidProblemError(
                f"chains = {self.chains}: at least {_FEWEST_CHAINS} are needed, for errors are "
                "found from the spread between chains"
            )
        require_positive("learning_rate", self.learning_rate)
        require_positive("final_learning_rate", self.final_learning_rate)


def _is_no_identity(hamiltonian: SpinHamiltonian) -> np.ndarray:
    paulis = hamiltonian.operator.paulis
    return np.any(paulis.x | paulis.z, axis=1)
