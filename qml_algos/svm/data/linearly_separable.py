"""Data that a hyperplane separates."""

from __future__ import annotations

import numpy as np

from qml_algos.errors import InvalidProblemError
from qml_algos.svm.data.drawing import (
    Drawn,
    RandomState,
    balanced,
    generator_of,
    require_sizes,
)
from qml_algos.validation import require_positive

_MARGIN = 0.02
"""For each feature, as in the paper."""


def make_linearly_separable(
    n_samples: int = 300,
    n_features: int = 2,
    *,
    margin: float | None = None,
    random_state: RandomState = None,
) -> Drawn:
    """Draw points of a cube on both sides of the plane orthogonal to (1, ..., 1).

    Parameters
    ----------
    n_samples
        Number of points, half of each class.
    n_features
        Dimension d of the cube ``[-1, 1]^d``.
    margin
        No point has ``|x_1 + ... + x_d|`` of at most this; ``None`` for ``0.02 d``.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Returns
    -------
    X : (n_samples, n_features) float64, in ``[-1, 1]``, without unit.
    y : (n_samples,) int64, the sign of ``x_1 + ... + x_d``.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range, or the margin leaves too few points.
    TooLargeError
        If the points would not fit into memory.

    References
    ----------
    J. Bowles, S. Ahmed, M. Schuld, arXiv:2403.07059, "linearly separable".
    """
    require_sizes(n_samples, n_features)
    width = _MARGIN * n_features if margin is None else margin
    require_positive("margin", width, zero=True)
    if width >= n_features:
        raise InvalidProblemError(
            f"margin = {width}: must be below n_features = {n_features}, the corner of the cube"
        )
    generator = generator_of(random_state)

    def draw(number: int) -> Drawn:
        X = generator.uniform(-1, 1, size=(number, n_features))
        heights = X.sum(axis=1)
        kept = np.abs(heights) > width
        return X[kept], np.sign(heights[kept]).astype(np.int64)

    return balanced(draw, n_samples, generator, f"margin = {width}")
