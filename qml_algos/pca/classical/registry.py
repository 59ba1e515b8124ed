"""Classical estimators of principal components by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sklearn.decomposition import PCA, IncrementalPCA

from qml_algos.pca.classical.dequantised import DequantisedPCA
from qml_algos.pca.classical.shadows import ShadowPCA

CLASSICAL: dict[str, Callable[..., Any]] = {
    "svd": partial(PCA, svd_solver="full"),
    "covariance": partial(PCA, svd_solver="covariance_eigh"),
    "randomised": partial(PCA, svd_solver="randomized"),
    "incremental": IncrementalPCA,
    "lanczos": partial(PCA, svd_solver="arpack"),
    "dequantised": DequantisedPCA,
}
"""Estimators that are fitted to data; each takes ``n_components``.

``"covariance"`` is the fastest exact one where rows are many more than columns, ``"svd"`` the most
accurate, ``"randomised"`` and ``"lanczos"`` pay where both are many, ``"incremental"`` where the
data does not fit into memory; ``"dequantised"`` samples.
"""

CLASSICAL_FOR_CIRCUITS: dict[str, Callable[..., Any]] = {"shadows": ShadowPCA}
"""Estimators that are fitted to the state a circuit prepares, by ``fit_circuit``."""
