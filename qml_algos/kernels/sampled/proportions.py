"""Probabilities from counts, with standard errors that are never zero."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def mean_and_error(
    total: Array, squares: Array, shots: int, largest: float = 1.0
) -> tuple[Array, Array]:
    r"""Mean of a quantity over shots, and its standard error.

    The mean is the plain one, free of bias. The error takes the variance of the sample with one
    shot more, half of it the largest value and half of it 0. Of counts k out of m, where the
    quantity is 1 or 0, that is Agresti and Coull's error at one standard deviation,
    :math:`\sqrt{\tilde p (1 - \tilde p) / (m + 1)}` with :math:`\tilde p = (k + 1/2) / (m + 1)`:
    about :math:`0.7 / m` where nothing or all was counted, where the plain one would claim that
    there is no error.

    Parameters
    ----------
    total, squares
        Sums over the shots of the quantity and of its square, of any one shape.
    shots
        Number m of shots.
    largest
        The quantity at the outcome that is looked for.

    References
    ----------
    A. Agresti and B. A. Coull, The American Statistician 52, 119 (1998), section 1, with z = 1.
    """
    centre = (total + largest / 2) / (shots + 1)
    variance = (squares + largest**2 / 2) / (shots + 1) - centre**2
    return total / shots, np.sqrt(np.maximum(variance, 0.0) / (shots + 1))
