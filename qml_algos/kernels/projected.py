"""The projected kernel."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.gaussian_process.kernels import Kernel
from sklearn.metrics.pairwise import (
    laplacian_kernel,
    linear_kernel,
    polynomial_kernel,
    rbf_kernel,
)

from circuits.feature_maps import FeatureMap
from qml_algos.backends import Backend
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.kernels.base import DEFAULT_MAP, Inputs, QuantumKernel
from qml_algos.kernels.gram import GramMatrix
from qml_algos.kernels.paulis import frobenius_weights, pauli_vectors
from qml_algos.kernels.propagation import standard_errors
from qml_algos.kernels.sampled import sampled_pauli_vectors
from qml_algos.kernels.sampled.bases import measurement_bases
from qml_algos.kernels.state_cache import STATES, content
from qml_algos.kernels.tiles import Report, vectors_of_states
from qml_algos.results import Resources, circuit_costs
from qml_algos.validation import is_number

__all__ = ["OUTER_KERNELS", "ProjectedKernel"]

OUTER_KERNELS = ("rbf", "linear", "polynomial", "laplacian")

Array = NDArray[np.float64]


class ProjectedKernel(QuantumKernel):
    r"""Classical kernel of the reduced density matrices of few qubits.

    For each sample the density matrices :math:`\rho_S` of every qubit, or of every pair, are
    written as a vector v of Pauli expectation values, with the factors of `frobenius_weights`, so
    that distances of vectors are those of matrices. The values are

    ``"rbf"``
        :math:`\exp(-\gamma \sum_S \lVert\rho_S(x) - \rho_S(y)\rVert_F^2)`, the kernel of
        Huang et al.
    ``"linear"``
        :math:`\sum_S \mathrm{tr}\,\rho_S(x)\,\rho_S(y)`.
    ``"polynomial"``
        :math:`(\gamma\, v \cdot w + c_0)^d`.
    ``"laplacian"``
        :math:`\exp(-\gamma \lVert v - w\rVert_1)`.

    or those of any kernel object of scikit-learn for v and w.

    Parameters
    ----------
    feature_map, weights, bandwidth, backend, shots, random_state, n_jobs, precision, verbose
        As for `FidelityKernel`.
    outer
        One of `OUTER_KERNELS`, or a kernel object of scikit-learn, whose hyperparameters are set by
        ``outer__`` and their names, and not optimised by Gaussian processes.
    locality
        Qubits of a reduced density matrix: 1, or 2 for all pairs.
    gamma
        Positive number. ``None`` for ``"rbf"`` and ``"laplacian"``: ``1 / (K var)`` as
        scikit-learn's ``"scale"``, where var is the variance of all K entries of all vectors of the
        *second* argument, the training data in scikit-learn's calls, or of X alone. A prediction
        that evaluates the kernel on new data alone, a covariance of a Gaussian process, needs the
        number: see `scaled_to`. ``None`` for ``"polynomial"``: ``1 / K``.
    degree, coef0
        Of ``"polynomial"``.
    positive_semidefinite
        As for `FidelityKernel`. The outer kernels named here are so whatever the shots.
    max_bytes
        Of states that are simulated at a time, by all jobs together, and of vectors that are kept.

    Notes
    -----
    *Cost*, exact: N states and of the order of ``N n 2^n`` operations, ``N n^2 2^n`` for pairs.
    Sampled: ``3 N`` circuits, or ``N`` times about ``6 log_3 n`` for pairs; their number grows with
    N and not with its square. Standard errors follow by `propagation.standard_errors`. Noise of the
    vectors adds its variance to squared distances, so that ``"rbf"`` is too small off the diagonal
    by about ``gamma k`` times the sum of both vectors' variances.

    References
    ----------
    H.-Y. Huang et al., Nature Communications 12, 2631 (2021), arXiv:2011.01938.
    """

    def __init__(
        self,
        feature_map: FeatureMap = DEFAULT_MAP,
        *,
        outer: str | Kernel = "rbf",
        locality: int = 1,
        gamma: float | None = None,
        degree: int = 3,
        coef0: float = 1.0,
        weights: ArrayLike | None = None,
        bandwidth: float = 1.0,
        backend: str | Backend | None = None,
        shots: int | None = None,
        positive_semidefinite: bool = True,
        random_state: int | np.random.Generator | None = None,
        n_jobs: int | None = None,
        precision: str = "double",
        max_bytes: int = 2**30,
        verbose: bool = False,
    ) -> None:
        self.feature_map = feature_map
        self.outer = outer
        self.locality = locality
        self.gamma = gamma
        self.degree = degree
        self.coef0 = coef0
        self.weights = weights
        self.bandwidth = bandwidth
        self.backend = backend
        self.shots = shots
        self.positive_semidefinite = positive_semidefinite
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.precision = precision
        self.max_bytes = max_bytes
        self.verbose = verbose

    def diag(self, X: ArrayLike) -> Array:
        """Return the values of samples with themselves; shape ``(N,)``.

        They are ones for ``"rbf"`` and ``"laplacian"``; for others the states are simulated, or
        measured.

        Raises
        ------
        InvalidProblemError
            As `gram`.
        """
        self._require_parameters()
        inputs = self._inputs(X, None)
        if self.outer in ("rbf", "laplacian"):
            return np.ones(len(inputs.first))
        vectors = self._vectors_of(inputs)
        outer = self._outer(vectors, inputs.qubits)
        if isinstance(self.outer, Kernel):
            return self.outer.diag(vectors)
        return np.array([outer(row, row)[0, 0] for row in vectors[:, None]])

    def scaled_to(self, X: ArrayLike) -> Self:
        """Return a copy with the number as ``gamma`` that ``None`` stands for with this data.

        Raises
        ------
        InvalidProblemError
            As `gram`.
        """
        self._require_parameters()
        inputs = self._inputs(X, None)
        scaled = clone(self)
        if self.gamma is None and self.outer in ("rbf", "laplacian"):
            scaled.gamma = _scale(self._vectors_of(inputs))
        return scaled

    def _require_parameters(self) -> None:
        super()._require_parameters()
        if not isinstance(self.outer, Kernel) and self.outer not in OUTER_KERNELS:
            raise UnknownNameError("outer kernel", self.outer, OUTER_KERNELS)
        if isinstance(self.locality, bool) or self.locality not in (1, 2):
            raise InvalidProblemError(f"locality = {self.locality!r}: must be 1 or 2")
        if self.gamma is not None and not (is_number(self.gamma) and 0 < self.gamma < np.inf):
            raise InvalidProblemError(f"gamma = {self.gamma!r}: must be a positive number or None")
        whole = is_number(self.degree) and self.degree == int(self.degree)
        if not whole or self.degree < 1:
            raise InvalidProblemError(f"degree = {self.degree!r}: must be a positive integer")
        if not (is_number(self.coef0) and 0 <= self.coef0 < np.inf):
            raise InvalidProblemError(f"coef0 = {self.coef0!r}: must be a number of at least 0")

    def _inputs(self, X: ArrayLike, Y: ArrayLike | None) -> Inputs:
        inputs = super()._inputs(X, Y)
        if inputs.qubits < self.locality:
            raise InvalidProblemError(
                f"locality = {self.locality}: {self.feature_map!r} has {inputs.qubits} qubit for "
                f"{inputs.features} feature"
            )
        return inputs

    def _exact(self, inputs: Inputs, report: Report) -> Array:
        first = self._exact_vectors(inputs, inputs.first, report)
        second = first
        if inputs.second is not None:
            second = self._exact_vectors(inputs, inputs.second, report)
        return self._outer(second, inputs.qubits)(first, second)

    def _exact_vectors(self, inputs: Inputs, angles: Array, report: Report) -> Array:
        """Pauli vectors in the units of `frobenius_weights`, kept by what they are made from."""
        source = self._source(inputs.features)

        def compute() -> Array:
            read = partial(pauli_vectors, locality=self.locality)
            vectors = vectors_of_states(
                source, angles, read, max_bytes=self.max_bytes, n_jobs=self.n_jobs, report=report
            )
            return vectors * frobenius_weights(inputs.qubits, self.locality)

        key = "paulis", self.locality, source, content(angles)
        return STATES.get(key, compute, self.max_bytes)

    def _vectors_of(self, inputs: Inputs) -> Array:
        opened = self._sampled_on(inputs.qubits)
        if opened is not None:
            return self._measured_vectors(inputs, inputs.first, *opened, self._seed(opened[0]))[0]
        with self._progress() as report:
            return self._exact_vectors(inputs, inputs.first, report)

    def _sampled(self, inputs: Inputs, opened: Backend, shots: int) -> GramMatrix:
        start = time.perf_counter()
        seed = self._seed(opened)
        # Training states come second; they have the seed that they had in the fit, so that a device
        # is not paid for them again.
        training = inputs.first if inputs.second is None else inputs.second
        known, known_errors = self._measured_vectors(inputs, training, opened, shots, seed)
        outer = self._outer(known, inputs.qubits)
        if inputs.second is None:
            values, errors = outer(known, known), standard_errors(outer, known, known_errors)
        else:
            new, new_errors = self._measured_vectors(inputs, inputs.first, opened, shots, seed + 1)
            values = outer(new, known)
            errors = standard_errors(outer, new, new_errors, known, known_errors)
        rows = len(training) + (0 if inputs.second is None else len(inputs.first))
        executions = rows * len(measurement_bases(inputs.qubits, self.locality)) * shots
        [compiled] = opened.compile([self.feature_map.circuit(inputs.features)])
        resources = Resources(
            classical_seconds=0.0,
            shots=executions,
            run_seconds=time.perf_counter() - start,
            classically_diagonalised=False,
            **circuit_costs(compiled),
        )
        return GramMatrix(values, errors, resources, shots, executions)

    def _measured_vectors(
        self, inputs: Inputs, angles: Array, opened: Backend, shots: int, seed: int
    ) -> tuple[Array, Array]:
        circuit = self.feature_map.circuit(inputs.features)
        values, errors = sampled_pauli_vectors(
            circuit, angles, self.locality, backend=opened, shots=shots, seed=seed
        )
        weights = frobenius_weights(inputs.qubits, self.locality)
        return values * weights, errors * weights

    def _outer(self, training: Array, qubits: int) -> Callable[[Array, Array], Array]:
        """Kernel of vectors, its gamma a number by now."""
        if isinstance(self.outer, Kernel):
            return self.outer
        if self.outer == "linear":
            # The identity in each reduced matrix.
            constant = math.comb(qubits, self.locality) / 2**self.locality
            return lambda first, second: linear_kernel(first, second) + constant
        if self.outer == "polynomial":
            return partial(
                polynomial_kernel, degree=self.degree, gamma=self.gamma, coef0=self.coef0
            )
        gamma = _scale(training) if self.gamma is None else self.gamma
        return partial(rbf_kernel if self.outer == "rbf" else laplacian_kernel, gamma=gamma)


def _scale(vectors: Array) -> float:
    """``1 / (K var)``, as scikit-learn's ``gamma="scale"``; 1 for vectors without variance."""
    variance = float(vectors.var())
    return 1.0 / (vectors.shape[1] * variance) if variance > 0 else 1.0
