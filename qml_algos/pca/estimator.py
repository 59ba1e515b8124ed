"""A scikit-learn estimator of principal components on quantum circuits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from qml_algos.backends import Backend, backend
from qml_algos.backends.base import require_shots, seed_for
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.pca.method import Found, Settings
from qml_algos.pca.methods import METHODS
from qml_algos.pca.phase_estimation import EVOLUTIONS, MOST_CLOCK_QUBITS
from qml_algos.pca.progress import progress_bar
from qml_algos.pca.state import (
    DensityInput,
    input_from_circuit,
    input_from_data,
    input_from_matrix,
)
from qml_algos.validation import require_epsilon


class QuantumPCA(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    r"""Principal component analysis by quantum circuits.

    Data is centred and loaded into amplitudes, which leaves a register of ``ceil(log2(features))``
    qubits in the covariance matrix over its trace. A density matrix, or a circuit that prepares
    one, can be given instead: `fit_density_matrix`, `fit_circuit`.

    Parameters
    ----------
    n_components
        Number of components; ``None`` for all that explain at least ``epsilon`` of the variance.
    method
        ``"phase-estimation"``, ``"density-matrix-exponentiation"``, ``"variational"`` or
        ``"two-copy"`` (the first component only); see `METHODS`.
    centre
        Whether to subtract each feature's mean.
    scale
        Whether to divide each feature by its standard deviation, constant ones excepted.
    epsilon
        Error that an eigenvalue may have, as a share of the total variance. It sets the first
        length of the clock: half of epsilon moves it by one outcome.
    backend
        Name of a backend, or a backend.
    shots
        Repetitions of each circuit. ``None``: the exact state, where the backend has one, else the
        backend's default.
    clock_qubits
        Of phase estimation. ``None``: from ``epsilon``, and one more at a time, up to 12, until
        the last component asked for is an outcome away from the next.
    evolution
        Of phase estimation: ``"eigenbasis"``, the circuit with the fewest gates, built from
        eigenvectors that are *computed classically* and therefore no evidence of any speed-up;
        ``"walk"``, built from the circuit that prepares the density matrix and its inverse;
        ``"auto"``: the first for data and matrices, the second for circuits.
    copies
        For ``"density-matrix-exponentiation"``: how many copies there are. Too few for ``epsilon``
        are refused. ``None`` for any number.
    layers
        Of the ansatz of ``"variational"``; ``None`` for twice the number of qubits.
    max_iterations
        Of each of the three stages of its training.
    random_state
        Seed, generator, or ``None`` for a fresh one.
    verbose
        Whether to show a progress bar, if there is a terminal.

    Attributes
    ----------
    components_
        Eigenvectors, shape ``(n_components_, n_features)``, the largest eigenvalue first; the
        largest entry of each is positive.
    components_standard_errors_
        Of their entries; 0 if exact, NaN where unknown (``"variational"``).
    explained_variance_, explained_variance_standard_errors_
        Eigenvalues of the covariance matrix (over ``n_samples - 1``), or of the density matrix.
    explained_variance_ratio_
        Their shares in the total variance: the eigenvalues of the density matrix.
    singular_values_
        Of the centred data; square roots of the eigenvalues, for a density matrix.
    noise_variance_
        Mean of the eigenvalues that were left out, as probabilistic PCA takes it.
    mean_, scale_
        Subtracted from each feature, and what it is divided by.
    n_components_, n_features_in_, n_samples_
        Numbers; ``n_samples_`` is ``None`` without data.
    copies_
        Uses of the circuit that prepares the density matrix in all runs; in one, if exact.
    circuits_
        Circuits that were run, or the one that was simulated.
    resources_
        `qml_algos.results.Resources`: the largest circuit, compiled, and all shots.
    details_
        Figures of the method, by name; for a clock its qubits, ``"resolution"`` and ``"floor"``,
        below which eigenvalues were not told apart.

    Notes
    -----
    *Cost.* Reading components of ``2**n`` entries by shots takes ``2**n`` circuits, twice as many
    for complex ones, and about ``1 / (2 N lambda)`` for the variance of an entry with N shots in
    all. Loading data classically takes ``2**N`` gates on N qubits; nothing here is faster than
    classical PCA on data that is in memory already. With copies of an unknown state it can be.

    *Eigenvalues* are found between the ticks of the clock by maximum likelihood, with the
    probability of each component tied to its eigenvalue: see `spectrum.fit_spectrum`.

    References
    ----------
    S. Lloyd, M. Mohseni, P. Rebentrost, Nature Physics 10, 631 (2014), arXiv:1307.0401.
    """

    def __init__(
        self,
        n_components: int | None = None,
        *,
        method: str = "phase-estimation",
        centre: bool = True,
        scale: bool = False,
        epsilon: float = 0.01,
        backend: str | Backend = "aer",
        shots: int | None = None,
        clock_qubits: int | None = None,
        evolution: str = "auto",
        copies: int | None = None,
        layers: int | None = None,
        max_iterations: int = 200,
        random_state: int | np.random.Generator | None = None,
        verbose: bool = False,
    ) -> None:
        self.n_components = n_components
        self.method = method
        self.centre = centre
        self.scale = scale
        self.epsilon = epsilon
        self.backend = backend
        self.shots = shots
        self.clock_qubits = clock_qubits
        self.evolution = evolution
        self.copies = copies
        self.layers = layers
        self.max_iterations = max_iterations
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: ArrayLike, y: object = None) -> Self:  # noqa: ARG002
        """Fit to data.

        Parameters
        ----------
        X
            Shape ``(n_samples, n_features)``, real.
        y
            Ignored.

        Raises
        ------
        ValueError, InvalidProblemError
            If X is no finite matrix of at least two samples, has rank 0 after centring, has a
            smaller rank than ``n_components``, or a parameter is out of range.
        """
        data: NDArray[np.float64] = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        open_backend, shots = self._checked()
        samples, features = data.shape
        mean = data.mean(axis=0) if self.centre else np.zeros(features)
        centred = data - mean
        # A constant column is left with what rounding leaves of it.
        centred[:, np.ptp(data, axis=0) == 0] *= not self.centre
        scale = np.ones(features)
        if self.scale:
            deviations = data.std(axis=0)
            scale = np.where(deviations > 0, deviations, 1.0)
        prepared = centred / scale
        found = self._found(lambda: input_from_data(prepared), open_backend, shots)
        self.mean_, self.scale_, self.n_samples_ = mean, scale, samples
        self._store(found, features, float(np.sum(prepared**2)), samples - 1)
        return self

    def fit_density_matrix(self, rho: ArrayLike) -> Self:
        """Fit to a density matrix, or a covariance matrix of any trace.

        Parameters
        ----------
        rho
            Shape ``(d, d)``, Hermitian and positive semidefinite.

        Raises
        ------
        InvalidProblemError
            If it is not, or a parameter is out of range.
        """
        open_backend, shots = self._checked()
        source = input_from_matrix(rho)
        found = self._found(lambda: source, open_backend, shots)
        self._without_data(source.dimension)
        self._store(found, source.dimension, float(np.trace(np.asarray(rho)).real), 1)
        return self

    def fit_circuit(
        self,
        circuit: QuantumCircuit,
        system_qubits: int | Sequence[int] | None = None,
        *,
        real: bool = False,
    ) -> Self:
        """Fit to the state that a circuit prepares: quantum data.

        Parameters
        ----------
        circuit
            Without measurements. Qubits beside the system purify it, or are where its noise comes
            from.
        system_qubits
            How many of the lowest qubits, or which ones, are in the density matrix; ``None`` for
            all.
        real
            Whether the density matrix is known to be real: half of the circuits suffice then.

        Raises
        ------
        InvalidProblemError
            If the circuit measures or lacks the qubits, or a parameter is out of range.
        """
        open_backend, shots = self._checked()
        source = input_from_circuit(circuit, system_qubits, real=real)
        found = self._found(lambda: source, open_backend, shots)
        self._without_data(source.dimension)
        self._store(found, source.dimension, 1.0, 1)
        return self

    def transform(self, X: ArrayLike) -> NDArray[Any]:
        """Project data onto the components; shape ``(n_samples, n_components_)``."""
        check_is_fitted(self)
        data = validate_data(self, X, dtype=np.float64, reset=False)
        projected: NDArray[Any] = (data - self.mean_) / self.scale_ @ self.components_.conj().T
        return projected

    def inverse_transform(self, X: ArrayLike) -> NDArray[Any]:
        """Map projections back to features; shape ``(n_samples, n_features)``."""
        check_is_fitted(self)
        back: NDArray[Any] = np.asarray(X) @ self.components_ * self.scale_ + self.mean_
        return back

    @property
    def _n_features_out(self) -> int:
        return int(self.components_.shape[0])

    def _checked(self) -> tuple[Backend, int | None]:
        """Check every parameter before any work is done."""
        if self.method not in METHODS:
            raise UnknownNameError("method", self.method, METHODS)
        if self.evolution not in EVOLUTIONS:
            raise UnknownNameError("evolution", self.evolution, EVOLUTIONS)
        require_epsilon(self.epsilon)
        _require_count("n_components", self.n_components)
        _require_count("copies", self.copies)
        _require_count("layers", self.layers)
        _require_count("max_iterations", self.max_iterations, optional=False)
        _require_count("clock_qubits", self.clock_qubits, most=MOST_CLOCK_QUBITS)
        opened = backend(self.backend) if isinstance(self.backend, str) else self.backend
        shots = self.shots
        if shots is None and not opened.exact:
            shots = opened.config.limits.default_shots
        if shots is not None:
            require_shots(opened.config, shots)
        return opened, None if shots is None else int(shots)

    def _found(self, read: Callable[[], DensityInput], opened: Backend, shots: int | None) -> Found:
        """Run the method; the circuit that loads the data is part of the bill."""
        start = time.perf_counter()
        source = read()
        loading = time.perf_counter() - start
        wanted = self.n_components
        if wanted is not None and wanted > source.rank:
            raise InvalidProblemError(
                f"n_components = {wanted}: {source.what} has rank {source.rank}, and no more "
                "components than that"
            )
        with progress_bar(shown=self.verbose) as progress:
            settings = Settings(
                n_components=wanted,
                epsilon=self.epsilon,
                backend=opened,
                shots=shots,
                seed=seed_for(opened, self.random_state),
                options={
                    "clock_qubits": self.clock_qubits,
                    "evolution": self.evolution,
                    "copies": self.copies,
                    "layers": self.layers,
                    "max_iterations": self.max_iterations,
                },
                progress=progress,
            )
            found = METHODS[self.method](source, settings)
        building = (found.resources.build_seconds or 0.0) + loading
        return replace(found, resources=replace(found.resources, build_seconds=building))

    def _without_data(self, features: int) -> None:
        self.mean_, self.scale_, self.n_samples_ = np.zeros(features), np.ones(features), None
        self.n_features_in_ = features

    def _store(self, found: Found, features: int, total: float, freedom: int) -> None:
        """Keep what was found; ``total`` is the sum of the squares of the singular values."""
        components = found.components
        vectors = components.vectors[:, :features]
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        self.components_ = _signed(vectors / lengths)
        self.components_standard_errors_ = components.vector_errors[:, :features]
        ratios = components.values
        self.n_components_ = len(ratios)
        self.explained_variance_ratio_ = ratios
        self.explained_variance_ = ratios * total / freedom
        self.explained_variance_standard_errors_ = components.value_errors * total / freedom
        self.singular_values_ = np.sqrt(ratios * total)
        left = max(1.0 - float(np.sum(ratios)), 0.0) * total / freedom
        self.noise_variance_ = left / max(features - self.n_components_, 1)
        self.copies_, self.circuits_ = found.copies, found.circuits
        self.resources_, self.details_ = found.resources, found.details


def _signed(vectors: NDArray[Any]) -> NDArray[Any]:
    """Turn each row so that its largest entry is positive."""
    largest = np.argmax(np.round(np.abs(vectors), 12), axis=1)
    pivots = vectors[np.arange(len(vectors)), largest]
    turned: NDArray[Any] = vectors * (np.abs(pivots) / pivots)[:, None]
    return turned


def _require_count(
    name: str, value: object, *, optional: bool = True, most: int | None = None
) -> None:
    if value is None and optional:
        return
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < 1 or (most is not None and value > most):  # type: ignore[operator]
        allowed = "a positive integer" if most is None else f"an integer from 1 to {most}"
        raise InvalidProblemError(f"{name} = {value!r}: must be {allowed}" + " or None" * optional)
