"""Time evolution of restricted Boltzmann machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit.quantum_info import SparsePauliOp
from sklearn.base import BaseEstimator

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians import SpinHamiltonian
from qml_algos.physics.hamiltonians.hamiltonian import require_hamiltonian
from qml_algos.physics.neural.evolution.full_sums import FullSums
from qml_algos.physics.neural.evolution.integration import Integrator, adaptive, steps_of
from qml_algos.physics.neural.evolution.result import EvolvedStates
from qml_algos.physics.neural.evolution.samples import Samples
from qml_algos.physics.neural.evolution.tangents import Configurations
from qml_algos.physics.neural.evolution.ties import tied_parameters
from qml_algos.physics.neural.parametrisation import Parametrisation
from qml_algos.physics.neural.rbm import MAX_STATEVECTOR_QUBITS, RBMState
from qml_algos.physics.threads import one_thread
from qml_algos.results import Estimate
from qml_algos.validation import numeric_array, require_count, require_positive, seed_from

Progress = Callable[[int, int], None]

_CUTOFF = 1e-4
_NOISE = 0.3
"""Cutoff of samples, times the root of their number."""


class TimeEvolution(BaseEstimator):
    r"""Evolve a restricted Boltzmann machine by the time-dependent variational principle.

    The complex parameters move so that the state follows ``-i H psi`` as closely as it can, by
    least squares at each instant. Imaginary times lead to the ground state by the same equations.

    Parameters
    ----------
    exact_qubits
        Up to so many qubits, at most 20, all configurations are summed, one of each orbit of the
        symmetries, and the step adapts to `tolerance`; above, configurations are sampled.
    tolerance
        Of an adaptive step, relative to parameters above 1 and absolute below.
    samples
        Markov chains, if sampled.
    step
        Longest step of time, if sampled.
    cutoff
        Singular values below this share of the largest are damped; by default 1e-4 for sums, and
        ``0.3 / sqrt(samples)`` for samples, which know no more.
    random_state
        Seed or generator of the samples.

    Notes
    -----
    Each evaluation takes O(parameters^2 * configurations) and, over all configurations, O(hidden *
    qubits * orbits) more. G. Carleo and M. Troyer, Science 355, 602 (2017), arXiv:1606.02318.
    """

    def __init__(
        self,
        exact_qubits: int = 14,
        tolerance: float = 1e-5,
        samples: int = 1000,
        step: float = 0.02,
        cutoff: float | None = None,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.exact_qubits = exact_qubits
        self.tolerance = tolerance
        self.samples = samples
        self.step = step
        self.cutoff = cutoff
        self.random_state = random_state

    def evolve(
        self,
        state: RBMState,
        hamiltonian: SpinHamiltonian,
        times: ArrayLike,
        observables: Mapping[str, SpinHamiltonian | SparsePauliOp] | None = None,
        *,
        progress: Progress | None = None,
    ) -> EvolvedStates:
        """Evolve a state under a Hamiltonian, and read observables on the way.

        Parameters
        ----------
        state
            At the first of the times. Where its filters are moved by the Hamiltonian's symmetries,
            as those of `RBMGroundState`, it keeps them, and so few parameters evolve. All weights 0
            is a point that it cannot leave in most directions: start from small random ones.
        hamiltonian
            On the same qubits.
        times
            Shape ``(T,)``, in units of one over the Hamiltonian's. Complex ones are joined by
            straight lines: ``-1j * tau`` is evolution by ``exp(-tau H)``.
        observables
            Hermitian, by name.
        progress
            Called with the times done, and their number.

        Returns
        -------
        EvolvedStates
            States, observables with standard errors, and how well the motion was followed.

        Raises
        ------
        InvalidProblemError
            If state, Hamiltonian, observables, times and parameters do not fit one another.
        NotConvergedError
            If the parameters grow without bound, or so fast that steps become too small.
        """
        self._require_parameters()
        read = _checked(state, hamiltonian, observables)
        path = _times(times)
        ties, parameters = tied_parameters(state, hamiltonian)
        ensemble = self._ensemble(state, hamiltonian, ties)
        run = _Run(ensemble, ties, read, self._cutoff(hamiltonian.qubits), state.magnetisation)
        integrate = self._integrator(hamiltonian.qubits)
        with one_thread():
            for done, interval in enumerate(np.diff(path, prepend=path[0]), 1):
                if interval:
                    parameters = integrate(run.velocity, parameters, complex(interval))
                run.record(parameters)
                if progress is not None:
                    progress(done, len(path))
        return run.result(path)

    def _summed(self, qubits: int) -> bool:
        return qubits <= self.exact_qubits

    def _ensemble(
        self, state: RBMState, hamiltonian: SpinHamiltonian, ties: Parametrisation
    ) -> Configurations:
        if self._summed(state.qubits):
            return FullSums(hamiltonian, ties, state.magnetisation)
        generator = np.random.default_rng(seed_from(self.random_state))
        return Samples(hamiltonian, ties, state.magnetisation, self.samples, generator)

    def _integrator(self, qubits: int) -> Integrator:
        return adaptive(self.tolerance) if self._summed(qubits) else steps_of(self.step)

    def _cutoff(self, qubits: int) -> float:
        if self.cutoff is not None:
            return self.cutoff
        return _CUTOFF if self._summed(qubits) else _NOISE / np.sqrt(self.samples)

    def _require_parameters(self) -> None:
        require_count("samples", self.samples)
        require_count("exact_qubits", self.exact_qubits)
        if self.exact_qubits > MAX_STATEVECTOR_QUBITS:
            raise InvalidProblemError(
                f"exact_qubits = {self.exact_qubits}: all configurations are summed for at most "
                f"{MAX_STATEVECTOR_QUBITS}"
            )
        for name in ("tolerance", "step"):
            require_positive(name, getattr(self, name))
        if self.cutoff is not None:
            require_positive("cutoff", self.cutoff)


class _Run:
    """What is kept while a state evolves."""

    def __init__(
        self,
        ensemble: Configurations,
        ties: Parametrisation,
        observables: Mapping[str, SparsePauliOp],
        cutoff: float,
        magnetisation: int | None,
    ) -> None:
        self._ensemble, self._ties, self._cutoff = ensemble, ties, cutoff
        self._observables, self._magnetisation = observables, magnetisation
        self._states: list[RBMState] = []
        self._read: dict[str, list[Estimate]] = {name: [] for name in observables}
        self._residuals: list[float] = []
        self._evaluations = 0

    def velocity(self, parameters: NDArray[Any]) -> NDArray[np.complex128]:
        self._evaluations += 1
        return self._ensemble.tangent(parameters).rate(self._cutoff)

    def record(self, parameters: NDArray[Any]) -> None:
        self._states.append(RBMState(*self._ties.machine(parameters), self._magnetisation))
        tangent = self._ensemble.tangent(parameters)
        self._residuals.append(tangent.residual(tangent.rate(self._cutoff)))
        for name, observable in self._observables.items():
            self._read[name].append(self._ensemble.expectation(parameters, observable))

    def result(self, times: NDArray[Any]) -> EvolvedStates:
        return EvolvedStates(
            times,
            tuple(self._states),
            {name: np.array([one.value for one in read]) for name, read in self._read.items()},
            {
                name: np.array([one.standard_error for one in read])
                for name, read in self._read.items()
            },
            np.array(self._residuals),
            self._evaluations,
        )


def _checked(
    state: RBMState,
    hamiltonian: SpinHamiltonian,
    observables: Mapping[str, SpinHamiltonian | SparsePauliOp] | None,
) -> dict[str, SparsePauliOp]:
    """Return the operators to read by name, or refuse what does not fit the state."""
    if not isinstance(state, RBMState) or not len(state.b):
        raise InvalidProblemError("state must be an RBMState with at least one hidden unit")
    require_hamiltonian(hamiltonian)
    given = {**(observables or {}), "energy": hamiltonian}
    if observables and "energy" in observables:
        raise InvalidProblemError('observables: the name "energy" is the Hamiltonian\'s')
    read = {}
    for name, one in given.items():
        # Checks that it is Hermitian.
        known = one if isinstance(one, SpinHamiltonian) else SpinHamiltonian(one, name=name)
        if known.qubits != state.qubits:
            raise InvalidProblemError(
                f"{name} has {known.qubits} qubits, state {state.qubits}: they must be the same"
            )
        read[name] = known.operator
    return read


def _times(times: ArrayLike) -> NDArray[Any]:
    path = numeric_array(times, "times")
    if path.ndim != 1 or not len(path):
        raise InvalidProblemError(f"times has shape {path.shape}: a list of times is needed")
    return path
