"""Families of linear systems to compare solvers on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import UnknownNameError
from qml_algos.linear_systems import LinearSystem

SPD_CONDITION_NUMBER = 10.0
_ENTRIES_PER_ROW = 3


def tridiagonal(size: int, rng: np.random.Generator) -> LinearSystem:
    """Toeplitz matrix (-1/3, 1, -1/3) and a random b; condition number below 5 at any size."""
    diagonals = [np.full(size - 1, -1 / 3), np.ones(size), np.full(size - 1, -1 / 3)]
    return LinearSystem(scipy.sparse.diags_array(diagonals, offsets=[-1, 0, 1]), _normal(size, rng))


def spd(size: int, rng: np.random.Generator) -> LinearSystem:
    """Random sparse symmetric positive definite matrix of condition number 10, random b."""
    pattern = scipy.sparse.random_array(
        (size, size), density=min(1.0, _ENTRIES_PER_ROW / size), rng=rng, data_sampler=rng.normal
    )
    symmetric = pattern + pattern.T + scipy.sparse.diags_array(rng.normal(size=size))
    values = np.linalg.eigvalsh(symmetric.toarray())
    # Shift the spectrum so that its ends have the ratio asked for.
    shift = (values[-1] - SPD_CONDITION_NUMBER * values[0]) / (SPD_CONDITION_NUMBER - 1)
    shifted = symmetric + shift * scipy.sparse.eye_array(size)
    return LinearSystem(shifted, _normal(size, rng))


def poisson(size: int, rng: np.random.Generator) -> LinearSystem:
    """Poisson's equation on a line, finite differences; condition number grows like N^2."""
    diagonals = [np.full(size - 1, -1.0), np.full(size, 2.0), np.full(size - 1, -1.0)]
    return LinearSystem(scipy.sparse.diags_array(diagonals, offsets=[-1, 0, 1]), _normal(size, rng))


def general(size: int, rng: np.random.Generator) -> LinearSystem:
    """Dense, not symmetric: identity plus Gaussian entries of deviation 1 / (2 sqrt(N))."""
    noise = rng.normal(size=(size, size)) / (2 * np.sqrt(size))
    return LinearSystem(np.eye(size) + noise, _normal(size, rng))


FAMILIES: dict[str, Callable[[int, np.random.Generator], LinearSystem]] = {
    "tridiagonal": tridiagonal,
    "spd": spd,
    "poisson": poisson,
    "general": general,
}
"""Families by the names that the command line takes."""


def make_system(family: str, size: int, rng: np.random.Generator) -> LinearSystem:
    """Draw a system of a family.

    Raises
    ------
    UnknownNameError
        If there is no such family; the message lists the known ones.
    ValueError
        If the size is not an integer of at least 2.
    """
    if family not in FAMILIES:
        raise UnknownNameError("family", family, FAMILIES)
    if not isinstance(size, int | np.integer) or size < 2:
        raise ValueError(f"sizes: {size!r} given; every size must be an integer of at least 2")
    return FAMILIES[family](int(size), rng)


def _normal(size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    vector: NDArray[np.float64] = rng.normal(size=size)
    return vector / np.linalg.norm(vector)
