"""Classical classifiers by name, each with the grid that it is searched on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.gaussian_process.kernels import RBF
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

from qml_algos.errors import UnknownNameError
from qml_algos.svm.classical.search import tuned
from qml_algos.svm.least_squares import QuantumLeastSquaresSVC

_ITERATIONS = 10**6
"""Bound of libsvm; far above what standardised data takes."""
_PRICES = (0.1, 1.0, 10.0, 100.0, 1000.0)
_WIDTHS = (1e-3, 1e-2, 1e-1, 1.0, 10.0)
"""Gamma of ``exp(-gamma |x - y|^2)``."""


@dataclass(frozen=True)
class Baseline:
    """A classical classifier and where its hyperparameters are searched.

    Attributes
    ----------
    classifier
        Of scikit-learn, unfitted.
    grid
        Values of its parameters by name.
    """

    classifier: Any
    grid: Mapping[str, Sequence[Any]]


CLASSICAL: dict[str, Baseline] = {
    "rbf-svc": Baseline(SVC(max_iter=_ITERATIONS), {"C": _PRICES, "gamma": ("scale", *_WIDTHS)}),
    "linear-svc": Baseline(SVC(kernel="linear", max_iter=_ITERATIONS), {"C": _PRICES[:-1]}),
    "polynomial-svc": Baseline(
        SVC(kernel="poly", coef0=1.0, max_iter=_ITERATIONS),
        {"C": _PRICES[:-1], "degree": (2, 3, 4)},
    ),
    "ls-svm": Baseline(
        QuantumLeastSquaresSVC(RBF(), solver="direct"),
        {
            "gamma": _PRICES,
            "kernel__length_scale": tuple(float(1 / np.sqrt(2 * g)) for g in _WIDTHS),
        },
    ),
    "logistic": Baseline(
        LogisticRegression(max_iter=10_000), {"C": (1e-2, 1e-1, 1.0, 10.0, 100.0)}
    ),
    "mlp": Baseline(
        MLPClassifier(learning_rate_init=0.01, max_iter=3000),
        {"hidden_layer_sizes": ((100,), (50, 10, 5)), "alpha": (1e-4, 1e-1)},
    ),
}
"""Support vector machines with three kernels, least squares by a direct solver, logistic regression
and a neural network. Features are standardised first, which the grids are made for."""


def make_classical(
    name: str,
    *,
    inner_folds: int = 5,
    random_state: int = 0,
    n_jobs: int | None = None,
) -> GridSearchCV:
    """Return a classical classifier that searches its hyperparameters when it is fitted.

    Parameters
    ----------
    name
        Of `CLASSICAL`.
    inner_folds, random_state, n_jobs
        See `tuned`; the seed is the classifier's too.

    Raises
    ------
    UnknownNameError
        If there is no such classifier.
    """
    if name not in CLASSICAL:
        raise UnknownNameError("classical classifier", name, CLASSICAL)
    baseline = CLASSICAL[name]
    return tuned(
        clone(baseline.classifier).set_params(random_state=random_state),
        baseline.grid,
        inner_folds=inner_folds,
        random_state=random_state,
        n_jobs=n_jobs,
    )
