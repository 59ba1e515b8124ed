"""Which Schmidt vectors a bond keeps, and how far their values shrink."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Core

NEGLIGIBLE = 1e-6
"""Schmidt values below this are dropped: their squares are noise next to single precision."""


def kept(gram: Core, bond_dimension: int, taken: float) -> tuple[Core, NDArray[np.float64]]:
    """Singular directions that are kept, and the factors that shrink their values.

    Parameters
    ----------
    gram
        Product of a matrix of norm 1 with its adjoint. Singular values from their squares take two
        thirds of the time of the values themselves; the squares are exact to 1e-16 of the norm, far
        below what is dropped.
    bond_dimension
        Directions to keep at most.
    taken
        Off each of the values. A direction whose value shrinks to 0 stays open, so that the next
        step can give it weight again.
    """
    squares, vectors = np.linalg.eigh(gram)
    if squares[-1] <= taken**2:  # The norm is restored whatever is taken off the last one.
        return vectors[:, -1:], np.ones(1)
    count = min(int(np.sum(squares > NEGLIGIBLE**2)), bond_dimension)
    return vectors[:, -count:], np.maximum(1 - taken / np.sqrt(squares[-count:]), 0.0)
