"""Phases without labels: principal components, and clusters of configurations."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.utils.validation import check_is_fitted, validate_data

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.phases.curves import PhaseCurve, curve_of
from qml_algos.physics.phases.encoding import encoded, encoding_of
from qml_algos.validation import require_count, seed_from


class PhaseClusters(TransformerMixin, BaseEstimator):
    """Principal components of configurations, their order parameter, and k-means on them.

    The leading component of an Ising magnet is its uniform magnetisation, which nothing but the
    configurations has shown.

    Parameters
    ----------
    n_components
        Principal components, at most.
    n_clusters
        Clusters, at least 2: three for two ordered phases of opposite sign and a disordered one.
    random_state
        Seed, generator, or ``None``: of the clusters' starts.

    Attributes
    ----------
    components_
        Shape ``(components, features)``.
    explained_variance_ratio_
        Shape ``(components,)``.
    scores_
        The samples' coordinates; shape ``(samples, components)``.
    uniform_overlap_
        Modulus of the product of the leading component with the normalised uniform vector.
    order_
        `PhaseCurve` of the mean modulus of the leading coordinate for each ``sqrt(features)``: of
        the magnetisation per site where the overlap is 1.
    susceptibility_
        `PhaseCurve` of the variance of that modulus times ``features``.
    susceptibility_peak_
        Parameter at its highest value.
    labels_
        Cluster of each sample; shape ``(samples,)``.
    disorder_
        `PhaseCurve` of the share of samples in the cluster whose centre is closest to 0.
    boundary_
        Where that share crosses 1/2; NaN where it does not.
    n_features_in_, feature_names_in_
        Of X; names if it had some.

    Notes
    -----
    The cost is that of scikit-learn's `PCA` and `KMeans`. The disordered phase is taken to be that
    of large parameters. Susceptibilities are what finite systems show: their peak and the boundary
    are above the transition of the infinite system, and fall towards it as the system grows.

    References
    ----------
    L. Wang, Phys. Rev. B 94, 195105 (2016), arXiv:1606.00318.
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        n_clusters: int = 3,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.n_components = n_components
        self.n_clusters = n_clusters
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Find components and clusters, and follow them along the control parameter.

        Parameters
        ----------
        X
            Bits, spins or real features; shape ``(samples, features)``.
        y
            Control parameter of each sample, which neither components nor clusters depend on;
            shape ``(samples,)``. Without it there are no curves and no boundary.

        Raises
        ------
        InvalidProblemError
            If a parameter is out of range, or all samples are alike.
        ValueError
            If X or y is not as described.
        """
        require_count("n_components", self.n_components)
        require_count("n_clusters", self.n_clusters)
        if self.n_clusters < 2:
            raise InvalidProblemError("n_clusters = 1: at least 2 are needed")
        if y is None:
            checked = validate_data(self, X, dtype="numeric", ensure_min_samples=2)
        else:
            checked, y = validate_data(
                self, X, y, dtype="numeric", y_numeric=True, ensure_min_samples=2
            )
        self._encoding = encoding_of(checked)
        spins = encoded(checked, self._encoding).astype(float)
        if np.all(spins == spins[0]):
            raise InvalidProblemError("X has rows that are all the same: there is nothing to find")
        self._find(spins)
        if y is not None:
            self._follow(np.asarray(y, dtype=float))
        return self

    def _find(self, spins: NDArray[np.float64]) -> None:
        seed = seed_from(self.random_state)
        kept = min(self.n_components, *spins.shape)
        self._pca = PCA(kept, random_state=seed).fit(spins)
        self.scores_ = self._pca.transform(spins)
        self.components_ = self._pca.components_
        self.explained_variance_ratio_ = self._pca.explained_variance_ratio_
        leading = self.components_[0]
        self.uniform_overlap_ = float(abs(leading.sum()) / np.sqrt(len(leading)))
        # More clusters than different points would leave some empty.
        clusters = min(self.n_clusters, len(np.unique(self.scores_, axis=0)))
        means = KMeans(clusters, n_init=10, random_state=seed).fit(self.scores_)
        self.labels_: NDArray[np.int32] = means.labels_
        self._middle = int(np.argmin(np.linalg.norm(means.cluster_centers_, axis=1)))

    def _follow(self, parameters: NDArray[np.float64]) -> None:
        sites = self.components_.shape[1]
        self.order_ = curve_of(parameters, np.abs(self.scores_[:, 0]) / np.sqrt(sites))
        counts = np.unique(parameters, return_counts=True)[1]
        variances = self.order_.errors**2 * counts * sites
        spread = np.sqrt(2 / np.maximum(counts - 1, 1))
        self.susceptibility_ = PhaseCurve(self.order_.parameters, variances, variances * spread)
        self.susceptibility_peak_ = float(self.order_.parameters[np.argmax(variances)])
        self.disorder_ = curve_of(parameters, (self.labels_ == self._middle).astype(float))
        self.boundary_ = self.disorder_.crossing()

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the coordinates along the components; shape ``(samples, components)``.

        Raises
        ------
        InvalidProblemError
            If X is not encoded as what was fitted.
        ValueError
            If X is no matrix of so many finite numbers.
        """
        check_is_fitted(self, "components_")
        checked = validate_data(self, X, dtype="numeric", reset=False)
        found: NDArray[np.float64] = self._pca.transform(
            encoded(checked, self._encoding).astype(float)
        )
        return found

    @property
    def _n_features_out(self) -> int:
        return len(self.components_)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:  # noqa: ARG002
        """Return names of the coordinates."""
        check_is_fitted(self, "components_")
        return np.array([f"phaseclusters{k}" for k in range(len(self.components_))], dtype=object)
