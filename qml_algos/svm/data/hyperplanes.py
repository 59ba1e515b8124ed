"""Labels that are the parity of several half-spaces."""

from __future__ import annotations

import numpy as np

from qml_algos.svm.data.drawing import (
    Drawn,
    RandomState,
    balanced,
    generator_of,
    require_at_least,
    require_sizes,
    standardised,
)


def make_hyperplanes(
    n_samples: int = 300,
    n_features: int = 10,
    *,
    n_hyperplanes: int = 10,
    hyperplane_dimension: int = 3,
    random_state: RandomState = None,
) -> Drawn:
    """Draw points labelled by how many hyperplanes they lie above: an even number, or an odd one.

    Points z are normal in a space of k dimensions; they lie above hyperplane j if
    ``w_j . z + b_j > 0``, with w_j and b_j uniform in [0, 1]; the features are ``z E``,
    standardised, with E (k x d) uniform in [0, 1].

    Parameters
    ----------
    n_samples
        Number of points, half of each class.
    n_features
        Dimension d of the space that the points are embedded in.
    n_hyperplanes
        Number of hyperplanes: the more, the harder. The paper has 2 to 20.
    hyperplane_dimension
        Dimension k of the space that they divide.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Returns
    -------
    X : (n_samples, n_features) float64, each feature of mean 0 and variance 1.
    y : (n_samples,) int64, +1 for an even number, -1 for an odd one.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range, or a class is too rare.
    TooLargeError
        If the points would not fit into memory.

    References
    ----------
    J. Bowles, S. Ahmed, M. Schuld, arXiv:2403.07059, "hyperplanes and parity".
    """
    require_sizes(n_samples, n_features)
    require_at_least("n_hyperplanes", n_hyperplanes, 1)
    require_at_least("hyperplane_dimension", hyperplane_dimension, 1)
    require_sizes(n_samples, hyperplane_dimension + n_hyperplanes)
    generator = generator_of(random_state)
    normals = generator.uniform(size=(hyperplane_dimension, n_hyperplanes))
    biases = generator.uniform(size=n_hyperplanes)

    def draw(number: int) -> Drawn:
        points = generator.normal(size=(number, hyperplane_dimension))
        above = np.count_nonzero(points @ normals + biases > 0, axis=1)
        return points, 1 - 2 * (above % 2)

    points, y = balanced(draw, n_samples, generator, "hyperplanes")
    return standardised(points @ generator.uniform(size=(hyperplane_dimension, n_features))), y
