"""Rigorous bounds on the spectra of Toeplitz and circulant matrices from their symbol."""

from __future__ import annotations

import numpy as np

from qml_algos.linear_systems.structures.base import Spectrum
from qml_algos.linear_systems.structures.coefficients import Coefficients, symbol

_SAMPLES = 2**14
_DIRECTIONS = 256


def symbol_spectrum(coefficients: Coefficients, *, hermitian: bool) -> Spectrum | None:
    r"""Bound the spectrum of a Toeplitz or circulant matrix of any size; ``None`` if 0 is inside.

    The numerical range of the matrix lies in the convex hull of the values of the symbol
    :math:`f(\theta) = \sum_d c_d e^{i d \theta}`, so that no singular value exceeds
    ``max |f|``, and none is below the distance of 0 from the hull. The bounds are tight as the
    size grows if the matrix is Hermitian.

    Cost: O(number of coefficients), whatever the size.

    References
    ----------
    A. Bottcher, B. Silbermann, Introduction to Large Truncated Toeplitz Matrices (1999), ch. 1.
    """
    angles = 2 * np.pi * np.arange(_SAMPLES) / _SAMPLES
    values = symbol(coefficients, angles)
    # Between two samples a function with f' = 0 at its extremum strays by at most h^2 |f''| / 8.
    curvature = sum(offset**2 * abs(value) for offset, value in coefficients.items())
    slack = float((2 * np.pi / _SAMPLES) ** 2 / 8 * curvature)
    if hermitian:
        lowest, highest = float(values.real.min()) - slack, float(values.real.max()) + slack
        if not lowest > 0 and not highest < 0:
            return None
        return Spectrum.of_eigenvalues(lowest, highest)
    directions = np.exp(-2j * np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS)
    distance = max(float((turn * values).real.min()) for turn in directions) - slack
    if not distance > 0:
        return None
    return Spectrum(distance, float(np.abs(values).max()) + slack)
