"""Labels that depend on a few hidden coordinates."""

from __future__ import annotations

import numpy as np

from qml_algos.svm.data.drawing import (
    Drawn,
    RandomState,
    generator_of,
    require_at_least,
    require_sizes,
)


def make_hidden_manifold(
    n_samples: int = 300,
    n_features: int = 10,
    *,
    manifold_dimension: int = 6,
    random_state: RandomState = None,
) -> Drawn:
    """Draw points of a curved manifold, labelled by a small random network on its coordinates.

    Hidden coordinates c of m numbers, normal, give the features ``tanh(F^T c / sqrt(m) - b)`` and
    the label, the sign of ``v . tanh(W c)`` beyond its median; F (m x d), W (m x m) and v are
    normal, b uniform in [-1, 1].

    Parameters
    ----------
    n_samples
        Number of points, half of each class.
    n_features
        Dimension d of the space that the manifold lies in.
    manifold_dimension
        Number m of hidden coordinates; the paper keeps 6, or d = 10 and varies m.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Returns
    -------
    X : (n_samples, n_features) float64, in (-1, 1), without unit.
    y : (n_samples,) int64, -1 or +1.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range.
    TooLargeError
        If the points would not fit into memory.

    References
    ----------
    S. Goldt, M. Mezard, F. Krzakala, L. Zdeborova, Phys. Rev. X 10, 041044 (2020); as in
    J. Bowles, S. Ahmed, M. Schuld, arXiv:2403.07059, "hidden manifold".
    """
    require_sizes(n_samples, n_features)
    require_at_least("manifold_dimension", manifold_dimension, 1)
    require_sizes(n_samples, manifold_dimension)
    generator = generator_of(random_state)
    hidden = generator.normal(size=(n_samples, manifold_dimension))
    embedding = generator.normal(size=(manifold_dimension, n_features))
    biases = generator.uniform(-1, 1, size=n_features)
    X = np.tanh(hidden @ embedding / np.sqrt(manifold_dimension) - biases)
    weights = generator.normal(size=(manifold_dimension, manifold_dimension))
    outputs = np.tanh(hidden @ weights) @ generator.normal(size=manifold_dimension)
    y = np.ones(n_samples, dtype=np.int64)
    y[np.argsort(outputs)[: n_samples // 2]] = -1
    return X, y
