"""How fast figures grow: exponents of power laws through them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float | None:
    """Slope of a straight line through logarithms; ``None`` with fewer than two sizes.

    Parameters
    ----------
    sizes
        Positive.
    values
        One for each; those that are 0 or not finite do not count.
    """
    pairs = [
        (float(size), float(value))
        for size, value in zip(sizes, values, strict=True)
        if 0 < value < float("inf")
    ]
    if len({size for size, _ in pairs}) < 2:
        return None
    x, y = np.log(np.array(pairs)).T
    return float(np.polyfit(x, y, 1)[0])
