"""Estimators of principal components, quantum and classical, by name."""

from __future__ import annotations

from typing import Any

import numpy as np

from qml_algos.backends import Backend
from qml_algos.errors import UnknownNameError
from qml_algos.pca.classical import CLASSICAL
from qml_algos.pca.estimator import QuantumPCA
from qml_algos.pca.methods import METHODS


def make_estimator(
    name: str,
    n_components: int | None,
    *,
    epsilon: float = 0.01,
    backend: str | Backend = "aer",
    shots: int | None = None,
    random_state: int | np.random.Generator | None = None,
    **options: Any,
) -> Any:
    """Make an unfitted estimator of a method.

    Parameters
    ----------
    name
        One of `METHODS`, or of `qml_algos.pca.classical.CLASSICAL`.
    n_components
        Number of components.
    epsilon, backend, shots, random_state
        Of quantum methods; classical ones that draw at random get ``random_state``.
    options
        Further parameters of the estimator.

    Raises
    ------
    UnknownNameError
        If there is no such method; the message lists the known ones.
    """
    if name in METHODS:
        return QuantumPCA(
            n_components,
            method=name,
            epsilon=epsilon,
            backend=backend,
            shots=shots,
            random_state=random_state,
            **options,
        )
    if name not in CLASSICAL:
        raise UnknownNameError("method", name, [*METHODS, *CLASSICAL])
    estimator = CLASSICAL[name](n_components=n_components, **options)
    if "random_state" in estimator.get_params():
        estimator.set_params(random_state=random_state)
    return estimator
