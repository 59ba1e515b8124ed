"""The fidelity kernel."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from circuits.feature_maps import FeatureMap
from qml_algos.backends import Backend
from qml_algos.errors import UnknownNameError
from qml_algos.kernels.base import DEFAULT_MAP, Inputs, QuantumKernel
from qml_algos.kernels.gram import GramMatrix
from qml_algos.kernels.sampled import CORRECTIONS, sampled_fidelities
from qml_algos.kernels.sampled.fidelities import Correction
from qml_algos.kernels.tiles import Report, fidelities

__all__ = ["FidelityKernel"]


class FidelityKernel(QuantumKernel):
    r"""Fidelity of the states that two samples are mapped to.

    .. math:: k(x, y) = |\langle\psi(y)|\psi(x)\rangle|^2

    A kernel of scikit-learn: an argument ``kernel`` of SVC, SVR, GaussianProcessClassifier and
    -Regressor, KernelPCA and KernelRidge, an argument ``affinity`` of SpectralClustering, and part
    of sums and products with other kernels.

    Parameters
    ----------
    feature_map
        From `circuits.feature_maps`. Its own parameters are set by ``feature_map__`` and their
        names.
    weights
        Trainable weights of the map, shape ``(feature_map.weights(features),)``; ``None`` for a map
        without any. `align` finds them.
    bandwidth
        Factor of the data. Below 1 it keeps kernel values from falling to ``2^-n`` (Shaydulin and
        Wild).
    backend
        Name of a backend, or a backend. ``None``, or a backend with exact states and no ``shots``:
        exact states, computed by `qml_algos.kernels.states`.
    shots
        Of each circuit. ``None`` for exact states where there are any, else the backend's default;
        with ``backend=None`` they are drawn on ``"aer"``.
    correction
        Of noise, see `sampled_fidelities`: ``None``, ``"depolarising"`` or ``"readout"``. Exact
        states have none to correct.
    positive_semidefinite
        Whether a sampled kernel of X alone is replaced by the nearest positive semidefinite matrix,
        where it is not one; `gram` tells.
    random_state
        Seed, generator, or ``None`` for a fresh one; see `seed_for`. Exact states have no use for
        it. A Gaussian process with hyperparameters to optimise evaluates the kernel at each step,
        and needs the same sample each time: give it a seed.
    n_jobs
        Tasks at a time for exact states, as joblib takes it: by default on threads, or where
        ``joblib.parallel_config`` says, a Dask or Ray cluster for one. See `fidelities`.
    precision
        ``"double"``, or ``"single"``: errors of about 1e-6, for half the memory and about two
        thirds of the time.
    max_bytes
        Of exact states, for all jobs together. Those of X alone and of Y are kept for later calls,
        a prediction after a fit, within this limit and until ``state_cache.STATES.clear()``. Where
        they exceed it the matrix is computed in bands, and states are simulated again for each.
    verbose
        Whether to show a progress bar, if there is a terminal.

    Notes
    -----
    *Cost*, exact: N states, and ``4 N^2 2^n`` operations. The memory is ``max_bytes``, ``8 N^2``
    bytes and less than 0.5 GiB. Sampled: ``N (N - 1) / 2`` circuits, or ``N M`` between two sets.

    References
    ----------
    V. Havlicek et al., Nature 567, 209 (2019), arXiv:1804.11326.
    M. Schuld and N. Killoran, Physical Review Letters 122, 040504 (2019), arXiv:1803.07128.
    R. Shaydulin and S. M. Wild, Physical Review A 106, 042407 (2022), arXiv:2111.05451.
    """

    def __init__(
        self,
        feature_map: FeatureMap = DEFAULT_MAP,
        *,
        weights: ArrayLike | None = None,
        bandwidth: float = 1.0,
        backend: str | Backend | None = None,
        shots: int | None = None,
        correction: Correction | None = None,
        positive_semidefinite: bool = True,
        random_state: int | np.random.Generator | None = None,
        n_jobs: int | None = None,
        precision: str = "double",
        max_bytes: int = 2**30,
        verbose: bool = False,
    ) -> None:
        self.feature_map = feature_map
        self.weights = weights
        self.bandwidth = bandwidth
        self.backend = backend
        self.shots = shots
        self.correction = correction
        self.positive_semidefinite = positive_semidefinite
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.precision = precision
        self.max_bytes = max_bytes
        self.verbose = verbose

    def diag(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return ones, the values of samples with themselves; shape ``(N,)``.

        Raises
        ------
        InvalidProblemError
            As `gram`.
        """
        return np.ones(len(self.angles(X)))

    def _require_parameters(self) -> None:
        super()._require_parameters()
        if self.correction not in (None, *CORRECTIONS):
            raise UnknownNameError("correction", self.correction, CORRECTIONS)

    def _exact(self, inputs: Inputs, report: Report) -> NDArray[np.float64]:
        return fidelities(
            self._source(inputs.features),
            inputs.first,
            inputs.second,
            max_bytes=self.max_bytes,
            n_jobs=self.n_jobs,
            report=report,
        )

    def _sampled(self, inputs: Inputs, opened: Backend, shots: int) -> GramMatrix:
        found = sampled_fidelities(
            self.feature_map.circuit(inputs.features),
            inputs.first,
            inputs.second,
            backend=opened,
            shots=shots,
            seed=self._seed(opened),
            correction=self.correction,
        )
        return GramMatrix(
            found.values, found.standard_errors, found.resources, shots, found.executions
        )
