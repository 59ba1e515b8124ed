"""Between the distance of unit vectors and the relative deviation of a filter."""

from __future__ import annotations

import numpy as np


def allowed_deviation(distance: float) -> float:
    """Largest relative deviation of every eigenvalue's filter that keeps within a distance.

    A deviation d turns the solution by an angle whose sine is at most d; unit vectors at an angle
    have the distance of twice the sine of its half.
    """
    return float(np.sin(2 * np.arcsin(distance / 2)))


def resulting_distance(deviation: float) -> float:
    """Distance of unit vectors that a relative deviation can make: the inverse of the above."""
    return float(2 * np.sin(np.arcsin(deviation) / 2))
