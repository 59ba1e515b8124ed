"""Principal components by sampling rows: what quantum PCA of classical data has to beat."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.pca.classical.low_rank import (
    Directions,
    Sketch,
    draw_sketch,
    leading_directions,
    whole_sketch,
)
from qml_algos.pca.classical.row_access import (
    RowAccess,
    factored_rows,
    sampled_rows,
    stored_rows,
)
from qml_algos.sampling import SampledMatrix, SampledProduct
from qml_algos.validation import require_epsilon, seed_from

MAX_ENTRIES = 10**8
"""Entries of X that are held at once, at most: 800 MB."""

_TILT = 0.1
"""Part of epsilon that sampling columns may add to the error."""

_MARGIN = 1.2
"""More rows than the last sample called for: its estimate of the error is uncertain, too."""


class DequantisedPCA(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    r"""Principal components of data of low rank, from rows drawn by squared length.

    Rows are drawn with probability :math:`p_i` near :math:`\|a_i - \mu\|^2 / \|X\|_F^2` and scaled
    by :math:`1/\sqrt{s p_i}`; the scatter of *s* such rows is an unbiased estimate of that of all.
    Its eigenvectors, found from sampled columns where both sides are long, are the components:
    each a combination of the rows drawn. Rows are added until the errors that the sample itself
    shows are at most ``epsilon``. This is what classical sampling gives for the same access to the
    data that quantum PCA is granted, the quantum memory replaced by running sums.

    **Cost.** Preparing the access takes one pass over the entries, O(nnz), or
    ``O((M + N) r^2)`` for factors; a given `SampledMatrix` costs nothing. Then *s* rows are read,
    in ``O(s N min(s, N, 256))`` time, where, as ``(v . a_i)^2 <= ||a_i||^2``, to first order in
    the error

    - ``s = phi ||X||_F^2 / (sigma_k^2 epsilon^2)`` rows are enough for the eigenvalues, and
    - ``s = phi ||X||_F^2 sum_j sigma_j^2 / (sigma_j^2 - sigma_{k+1}^2)^2 / epsilon^2`` for the
      subspace,

    X centred and ``phi`` the oversampling of the access: 1, or near it, for stored data and
    factors, at most ``8 ||A||_F^2 / ||X||_F^2`` for an uncentred `SampledMatrix` A. No M: what a
    quantum memory is said to give.

    **Verdict.** On 1,000,000 x 256 stored numbers of rank 5 and noise, one thread, the covariance
    is exact in 2.1 s; sampling takes 0.6 s for an error of 10 % and 0.9 s for 2 %, most of it the
    pass. Where rows have like lengths, PCA of 10,000 rows chosen uniformly is as good in 0.04 s;
    where lengths differ widely its eigenvalues are wrong by more than half, and sampling by length
    is right. Of given factors the covariance of the scores is exact and faster. So sampling by
    length pays for errors of a few percent of uneven rows, or where samples are the only access;
    an error of 1e-3 takes a million rows (``benchmarks/classical_pca.py``).

    **Centring.** A dense array is measured about an approximate mean m in its one pass, and rows
    are oversampled by at most ``2 + 4 M ||mu - m||^2 / ||X||_F^2``; sparse rows and factors are
    centred exactly without being written down; for another `SampledMatrix` half of the rows are
    drawn uniformly and the mean is estimated.

    Parameters
    ----------
    n_components
        Number of components; ``None`` for the rank of the centred data.
    epsilon
        Largest relative standard error of the eigenvalues, and largest error of the subspace
        (root mean square of the Frobenius norm of the sines of its angles).
    row_samples
        Rows to draw; ``None`` to draw as many as ``epsilon`` takes. From the number of rows of X
        on, each is taken once, and nothing is estimated.
    random_state
        Seed or generator.

    Attributes
    ----------
    components_, components_standard_error_
        Orthonormal rows, largest variance first, the largest entry of each positive, and the
        standard errors of their entries; shape ``(n_components_, N)``.
    explained_variance_, explained_variance_standard_error_
        Eigenvalues of the covariance matrix, with M - 1 in the denominator.
    explained_variance_ratio_, singular_values_, mean_, n_components_, noise_variance_
        As of `sklearn.decomposition.PCA`.
    n_features_in_, n_samples_
        N and M.
    subspace_error_
        Estimated error of the subspace, as of ``epsilon``.
    rows_, weights_
        Succinct description: component j is ``weights_[:, j] @ (X[rows_] - mean_)``.
    row_samples_, entries_read_
        Rows of the last sample, and entries read in all, the first pass not counted.
    access_seconds_, sampling_seconds_
        Time for preparing the access, and for all after it.

    References
    ----------
    A. Frieze, R. Kannan and S. Vempala, J. ACM 51, 1025 (2004); E. Tang, arXiv:1811.00414 (2018);
    N.-H. Chia et al., arXiv:1910.06151 (2020) (oversampling).
    """

    def __init__(
        self,
        n_components: int | None = None,
        *,
        epsilon: float = 0.05,
        row_samples: int | None = None,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.n_components = n_components
        self.epsilon = epsilon
        self.row_samples = row_samples
        self.random_state = random_state

    def fit(self, X: Any, y: None = None) -> DequantisedPCA:  # noqa: ARG002
        """Find the components.

        Parameters
        ----------
        X
            Shape ``(M, N)``: a dense, memory-mapped or sparse array, a `SampledProduct` of real
            factors, or another real `SampledMatrix`.
        y
            Ignored.

        Raises
        ------
        InvalidProblemError
            If X holds NaN, has rank zero, or fewer components than asked for.
        UnsuitableSolverError
            If ``row_samples`` leave a larger error than ``epsilon`` (the message says how many are
            needed), or more entries would be needed than can be held: the rank is not low.
        """
        generator = np.random.default_rng(seed_from(self.random_state))
        require_epsilon(self.epsilon)
        start = time.perf_counter()
        access = self._access(X)
        components = self._components(access.shape)
        prepared = time.perf_counter()
        sketch, found, read = self._sampled(access, components, generator)
        self._keep(access.shape, sketch, found)
        self.entries_read_ = read
        self.access_seconds_ = prepared - start
        self.sampling_seconds_ = time.perf_counter() - prepared
        return self

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Coordinates along the components; shape ``(rows, n_components_)``."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse=("csr", "csc"), dtype=np.float64, reset=False)
        centred: NDArray[np.float64] = X @ self.components_.T - self.mean_ @ self.components_.T
        return centred

    def inverse_transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Points that have given coordinates and no others; shape ``(rows, N)``."""
        check_is_fitted(self)
        points: NDArray[np.float64] = np.asarray(X) @ self.components_ + self.mean_
        return points

    @property
    def _n_features_out(self) -> int:
        return int(self.n_components_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = ["float64"]
        return tags

    def _access(self, X: Any) -> RowAccess:
        if not hasattr(X, "sample_rows"):
            # Its first pass finds NaN.
            X = validate_data(
                self,
                X,
                accept_sparse="csr",
                dtype=(np.float64, np.float32),
                ensure_all_finite=False,
                ensure_min_samples=2,
            )
            return stored_rows(scipy.sparse.csr_array(X) if scipy.sparse.issparse(X) else X)
        self.n_features_in_ = int(X.shape[1])
        if X.shape[0] < 2:
            raise InvalidProblemError(f"X has {X.shape[0]} rows: a covariance needs two or more")
        matrix: SampledMatrix = X
        return factored_rows(X) if isinstance(X, SampledProduct) else sampled_rows(matrix)

    def _components(self, shape: tuple[int, int]) -> int | None:
        count, most = self.n_components, min(shape)
        _require_count(count, "n_components")
        _require_count(self.row_samples, "row_samples")
        if count is not None and count > most:
            raise InvalidProblemError(
                f"n_components = {count}: X has shape {shape}, and so at most {most} components"
            )
        least = most if count is None else count
        if self.row_samples is not None and self.row_samples <= min(least, shape[0] - 1):
            raise InvalidProblemError(
                f"row_samples = {self.row_samples}: {least} components need at least {least + 1} "
                "rows, and some hundreds for errors of a few percent"
            )
        return None if count is None else int(count)

    def _sampled(
        self, access: RowAccess, components: int | None, generator: np.random.Generator
    ) -> tuple[Sketch, Directions, int]:
        """Draw rows, more and more of them, until the errors are small enough."""
        tolerance, read = _TILT * self.epsilon, 0
        rows, columns = access.shape
        least = min(rows, columns) if components is None else components
        count = self.row_samples or 20 * least + 200
        while True:
            _require_readable(min(count, rows), columns, self.epsilon)
            sketch = (
                whole_sketch(access) if count >= rows else draw_sketch(access, count, generator)
            )
            read += sketch.block.size
            found = leading_directions(sketch, components, tolerance, generator)
            if sketch.complete or found.error <= self.epsilon:
                return sketch, found, read
            ratio = min((found.error / self.epsilon) ** 2, 1e9)
            needed = int(np.ceil(_MARGIN * count * max(ratio, 1.0)))
            self._require_reachable(needed, access, sketch, found)
            # Few rows show the error badly.
            count = min(needed, 10 * count)

    def _require_reachable(
        self, needed: int, access: RowAccess, sketch: Sketch, found: Directions
    ) -> None:
        """Refuse a sample that is too large, or larger than the one asked for."""
        rows, columns = access.shape
        outside = max(0.0, 1 - float(found.values.sum()) / sketch.total)
        if min(needed, rows) * columns > MAX_ENTRIES:
            raise UnsuitableSolverError(
                f"DequantisedPCA with epsilon = {self.epsilon:g} needs about {min(needed, rows):,} "
                f"rows of X, {min(needed, rows) * columns:,} entries, and holds at most "
                f"{MAX_ENTRIES:,}: {100 * outside:.0f} % of the variance lies outside "
                f"{found.values.size} components, so the rank is not low enough. Give another "
                "n_components or a larger epsilon, or use 'covariance' or 'incremental'"
            )
        if self.row_samples is not None:
            raise UnsuitableSolverError(
                f"row_samples = {self.row_samples:,}: the error is about {found.error:.2g}, and "
                f"epsilon = {self.epsilon:g} needs about {min(needed, rows):,} rows"
            )

    def _keep(self, shape: tuple[int, int], sketch: Sketch, found: Directions) -> None:
        """Set what `sklearn.decomposition.PCA` sets, and the errors."""
        freedom, count = shape[0] - 1, found.values.size
        self.n_samples_, self.n_components_ = shape[0], count
        self.mean_ = sketch.mean
        self.components_ = found.vectors
        self.components_standard_error_ = found.vector_errors
        self.explained_variance_ = found.values / freedom
        self.explained_variance_standard_error_ = found.value_errors / freedom
        # A sample may show more than the whole, whose sum is known.
        self.explained_variance_ratio_ = found.values / max(sketch.total, found.values.sum())
        self.singular_values_ = np.sqrt(found.values)
        rest = max(0.0, sketch.total - float(found.values.sum())) / freedom
        self.noise_variance_ = rest / max(min(shape) - count, 1)
        self.subspace_error_ = found.subspace_error
        self.rows_, self.weights_ = sketch.rows, found.weights
        self.row_samples_ = int(sketch.rows.size)


def _require_count(count: int | None, name: str) -> None:
    if count is None:
        return
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 1:
        raise InvalidProblemError(f"{name} = {count!r}: must be None or a positive integer")


def _require_readable(rows: int, columns: int, epsilon: float) -> None:
    if rows * columns > MAX_ENTRIES:
        raise UnsuitableSolverError(
            f"epsilon = {epsilon:g}: {rows:,} rows of {columns:,} columns are {rows * columns:,} "
            f"entries, and DequantisedPCA holds at most {MAX_ENTRIES:,}: use 'incremental'"
        )
