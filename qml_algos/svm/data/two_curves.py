"""Two curves that run beside each other."""

from __future__ import annotations

import numpy as np

from qml_algos.svm.data.drawing import (
    Drawn,
    RandomState,
    generator_of,
    halves,
    require_at_least,
    require_sizes,
    shuffled,
    standardised,
)
from qml_algos.validation import require_positive


def make_two_curves(
    n_samples: int = 300,
    n_features: int = 10,
    *,
    degree: int = 5,
    offset: float = 0.1,
    noise: float = 0.01,
    random_state: RandomState = None,
) -> Drawn:
    """Draw points beside a curve, and beside the same curve moved along (1, ..., 1).

    Coordinate i of the curve is a Fourier series in t, uniform in [0, 1]::

        x_i(t) = sum_k a_ik cos(pi k t) + b_ik sin(pi k t),   k = 0, ..., degree

    with coefficients uniform in [0, 1], divided by the Euclidean norm of all of them.

    Parameters
    ----------
    n_samples
        Number of points, half of each class.
    n_features
        Dimension of the space that the curves lie in.
    degree
        Highest frequency: the larger, the more the curves wind.
    offset
        Distance of the curves in each coordinate, before standardisation. The benchmark "two
        curves diff" of the paper has ``1 / (2 degree)``.
    noise
        Standard deviation of each coordinate about its curve, before standardisation.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Returns
    -------
    X : (n_samples, n_features) float64, each feature of mean 0 and variance 1.
    y : (n_samples,) int64, -1 on the first curve, +1 on the one moved.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range.
    TooLargeError
        If the points would not fit into memory.

    References
    ----------
    J. Bowles, S. Ahmed, M. Schuld, arXiv:2403.07059, "two curves"; after S. Buchanan, D. Gilboa,
    J. Wright, ICLR 2021.
    """
    require_sizes(n_samples, n_features)
    require_at_least("degree", degree, 1)
    require_positive("offset", offset, zero=True)
    require_positive("noise", noise, zero=True)
    generator = generator_of(random_state)
    coefficients = generator.uniform(size=(2 * (degree + 1), n_features))
    coefficients /= np.linalg.norm(coefficients)
    y = halves(n_samples)
    turns = np.pi * generator.uniform(size=(n_samples, 1)) * np.arange(degree + 1)
    curves = np.hstack([np.cos(turns), np.sin(turns)]) @ coefficients
    moved = curves + offset * (y == 1)[:, np.newaxis]
    X = moved + generator.normal(scale=noise, size=moved.shape)
    return shuffled(standardised(X), y, generator)
