"""Principal components of quantum data from single copies: classical shadows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_shots, seed_for
from qml_algos.backends.execution import Executed, execute
from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.pca.classical.snapshots import (
    REGISTER,
    Ensemble,
    Plan,
    grouped_sums,
    plan_snapshots,
    shadow_copies,
    snapshot_circuits,
)
from qml_algos.pca.state import chosen_qubits
from qml_algos.results import Resources, circuit_costs
from qml_algos.validation import numeric_array, require_epsilon

Array = NDArray[np.complex128]


class ShadowPCA(BaseEstimator):
    r"""Eigenvectors of a state that a circuit prepares, from measurements of single copies.

    Each copy is measured in a random basis; the outcome, through the inverse of the measurement
    channel, is an unbiased estimate of the density matrix (a *snapshot*). The eigenvectors of the
    mean are the components. It needs no memory, no second copy and no circuit deeper than the
    preparation, and so is what quantum PCA has to beat on quantum data.

    Eigenvalues of a mean are biased, the largest upwards: the jackknife over 20 groups takes the
    bias out to first order and gives the standard errors (Efron 1982, sections 2 and 3).

    **Cost.** ``copies`` runs of the circuit. For a standard error of an eigenvalue of at most
    ``epsilon``, ``3^n / epsilon^2`` copies in Pauli bases, or ``3 / epsilon^2`` in Clifford bases,
    which take O(n^2) more two-qubit gates each, are always enough; the components need
    ``O(3^n)`` or ``O(2^n)`` copies (matrix Bernstein). Classically ``O(4^n)`` a basis.

    **Bases.** All Pauli bases in equal shares leave no error from the choice; with half of those of
    four qubits the error of a GHZ state's eigenvalue is 25 times larger. Clifford bases are always
    a choice, and on stabiliser states few of them carry most of the weight: with fewer than some
    hundreds the stated errors are too small by up to a factor of two.

    Parameters
    ----------
    n_components
        Number of components; at most ``2**n``.
    backend
        A name, the path of a TOML file, or an opened backend.
    copies
        Of the state; rounded up to equal shares of the bases. ``None``: as many as ``epsilon``
        always takes.
    epsilon
        Standard error that an eigenvalue may have; ``None`` to take what the copies give.
    ensemble
        ``"pauli"`` or ``"clifford"``.
    bases
        Number of different bases, each a circuit. ``None`` for all Pauli bases if there are at
        most 1,000 and copies enough, otherwise as many as copies, up to 1,000.
    random_state
        Seed or generator.

    Attributes
    ----------
    components_, components_standard_error_
        Eigenvectors as rows of amplitudes, qubit 0 the least significant bit, largest entry
        positive, and the standard errors of the entries; shape ``(n_components, 2**n)``, complex
        and real.
    explained_variance_, explained_variance_standard_error_
        Eigenvalues of the density matrix. They may leave [0, 1] within their errors.
    explained_variance_ratio_, singular_values_, mean_
        The eigenvalues over the trace, which is 1; their square roots; zeros.
    n_components_, n_features_in_
        k and ``2**n``.
    subspace_error_
        Root mean square of the Frobenius norm of the sines between the subspace and the true one.
    density_matrix_
        Mean of the snapshots: Hermitian, of trace 1, not always positive.
    copies_, bases_
        Copies used, and number of bases.
    resources_
        `Resources`; gates are those of the largest circuit.

    References
    ----------
    H.-Y. Huang, R. Kueng and J. Preskill, Nature Physics 16, 1050 (2020), arXiv:2002.08953;
    B. Efron, The Jackknife, the Bootstrap and Other Resampling Plans (SIAM, 1982).
    """

    def __init__(
        self,
        n_components: int = 1,
        *,
        backend: str | Path | Backend = "aer",
        copies: int | None = 20_000,
        epsilon: float | None = None,
        ensemble: Ensemble = "pauli",
        bases: int | None = None,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.n_components = n_components
        self.backend = backend
        self.copies = copies
        self.epsilon = epsilon
        self.ensemble = ensemble
        self.bases = bases
        self.random_state = random_state

    def fit_circuit(
        self, circuit: QuantumCircuit, system_qubits: int | Sequence[int] | None = None
    ) -> ShadowPCA:
        """Find the components of the state of some qubits.

        Parameters
        ----------
        circuit
            Prepares one copy from zeros; it may measure and reset qubits on the way.
        system_qubits
            How many of the lowest qubits have the state, or which ones, the least significant
            first; the others are traced out. ``None`` for all.

        Raises
        ------
        InvalidProblemError
            If qubits or components are not there, or copies or bases are too few.
        UnsuitableSolverError
            If the copies do not promise ``epsilon``: the message says how many do.
        TooLargeError
            If there are more than 8 system qubits, or more shots than the backend takes.
        """
        system = _system(circuit, system_qubits)
        _require_components(self.n_components, len(system))
        device = open_backend(self.backend)
        seed = seed_for(device, self.random_state)
        start = time.perf_counter()
        plan = self._plan(len(system), np.random.default_rng(seed))
        require_shots(device.config, plan.shots)
        circuits = snapshot_circuits(circuit, system, plan)
        built = time.perf_counter()
        executed = execute(circuits, device, plan.shots, seed)
        ran = time.perf_counter()
        self._keep(*grouped_sums(executed, plan))
        reading = time.perf_counter() - ran
        self.copies_, self.bases_ = plan.copies, len(plan.bases)
        self.resources_ = _resources(executed, built - start, reading)
        return self

    def transform(self, X: ArrayLike) -> Array:
        """Overlaps ``<component|x>`` of states given as rows of amplitudes."""
        self._require_fitted()
        states = numeric_array(X, "X")
        if states.ndim != 2 or states.shape[1] != self.n_features_in_:
            raise InvalidProblemError(
                f"X has shape {states.shape}: states of {self.n_features_in_} amplitudes as rows "
                "are needed"
            )
        overlaps: Array = states @ self.components_.conj().T
        return overlaps

    def inverse_transform(self, X: ArrayLike) -> Array:
        """Vectors of amplitudes that have given overlaps, and no others."""
        self._require_fitted()
        vectors: Array = np.asarray(X) @ self.components_
        return vectors

    def _require_fitted(self) -> None:
        if not hasattr(self, "components_"):
            raise NotFittedError("this ShadowPCA is not fitted yet: call fit_circuit first")

    def _plan(self, qubits: int, generator: np.random.Generator) -> Plan:
        copies = self.copies
        if copies is None and self.epsilon is None:
            raise InvalidProblemError("copies = None and epsilon = None: one of them is needed")
        if self.epsilon is not None:
            require_epsilon(self.epsilon)
        needed = 1 if self.epsilon is None else shadow_copies(qubits, self.epsilon, self.ensemble)
        copies = needed if copies is None else copies
        if isinstance(copies, bool) or not isinstance(copies, int | np.integer) or copies < 1:
            raise InvalidProblemError(f"copies = {copies!r}: must be None or a positive integer")
        _require_bases(self.bases)
        plan = plan_snapshots(qubits, int(copies), self.bases, self.ensemble, generator)
        independent = plan.copies if plan.complete else len(plan.bases)
        if independent < needed:
            what = "copies" if plan.complete else "bases"
            raise UnsuitableSolverError(
                f"epsilon = {self.epsilon}: promised from {needed:,} {what} on, and not from "
                f"{independent:,}. Give so many {what}, a larger epsilon, or epsilon=None for the "
                "error that these turn out to have"
            )
        return plan

    def _keep(self, sums: Array, numbers: NDArray[np.int64]) -> None:
        count, groups = self.n_components, len(numbers)
        mean = sums.sum(axis=0) / numbers.sum()
        values, vectors = _leading(mean, count)
        vectors = _phased(vectors, vectors[np.abs(vectors).argmax(axis=0), range(count)])
        others = [
            _leading((sums.sum(axis=0) - part) / (numbers.sum() - number), count)
            for part, number in zip(sums, numbers, strict=True)
        ]
        without = np.array([value for value, _ in others])
        turned = [_phased(other, np.sum(vectors.conj() * other, axis=0)) for _, other in others]
        inflation = (groups - 1) / groups
        self.n_components_, self.n_features_in_ = count, len(mean)
        self.density_matrix_, self.mean_ = mean, np.zeros(len(mean))
        self.components_ = vectors.T
        self.components_standard_error_ = np.sqrt(
            inflation * sum(np.abs(other - vectors) ** 2 for other in turned)
        ).T
        self.explained_variance_ = groups * values - (groups - 1) * without.mean(axis=0)
        self.explained_variance_standard_error_ = np.sqrt(
            inflation * np.sum((without - without.mean(axis=0)) ** 2, axis=0)
        )
        self.explained_variance_ratio_ = self.explained_variance_
        self.singular_values_ = np.sqrt(np.maximum(self.explained_variance_, 0))
        outside = [count - np.linalg.norm(vectors.conj().T @ other) ** 2 for _, other in others]
        self.subspace_error_ = float(np.sqrt(inflation * max(sum(outside), 0.0)))


def _leading(matrix: Array, count: int) -> tuple[NDArray[np.float64], Array]:
    values, vectors = np.linalg.eigh(matrix)
    return values[::-1][:count], vectors[:, ::-1][:, :count]


def _phased(vectors: Array, references: Array) -> Array:
    """Turn every column so that its reference becomes positive."""
    turned: Array = vectors * np.exp(-1j * np.angle(references))
    return turned


def _system(circuit: QuantumCircuit, given: int | Sequence[int] | None) -> list[int]:
    if not isinstance(circuit, QuantumCircuit):
        raise InvalidProblemError(
            f"circuit is a {type(circuit).__name__}: a QuantumCircuit that prepares the state is "
            "needed"
        )
    if any(register.name == REGISTER for register in circuit.cregs):
        raise InvalidProblemError(f"circuit has a register named {REGISTER!r}: rename it")
    if circuit.num_parameters:
        raise InvalidProblemError(
            f"circuit has {circuit.num_parameters} free parameters: assign them first"
        )
    return chosen_qubits(circuit, given)


def _require_components(count: int, qubits: int) -> None:
    whole = isinstance(count, int | np.integer) and not isinstance(count, bool)
    if not whole or not 1 <= count <= 2**qubits:
        raise InvalidProblemError(
            f"n_components = {count!r}: a state of {qubits} qubits has 1 to {2**qubits} components"
        )


def _require_bases(bases: int | None) -> None:
    whole = isinstance(bases, int | np.integer) and not isinstance(bases, bool)
    if bases is not None and (not whole or bases < 1):
        raise InvalidProblemError(f"bases = {bases!r}: must be None or a positive integer")


def _resources(executed: Executed, building: float, reading: float) -> Resources:
    largest: dict[str, Any] = max(
        (circuit_costs(circuit) for circuit in executed.compiled),
        key=lambda costs: (costs["two_qubit_gates"], costs["depth"]),
    )
    return Resources(
        classical_seconds=reading,
        shots=executed.shots,
        build_seconds=building,
        compile_seconds=executed.compile_seconds,
        run_seconds=executed.run_seconds,
        **largest,
    )
