"""Families of linear systems to compare solvers on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse
import scipy.sparse.linalg
from numpy.typing import NDArray

from qml_algos.errors import UnknownNameError
from qml_algos.linear_systems import LinearSystem, Poisson, ProductVector, Toeplitz
from qml_algos.linear_systems.structures.base import require_storable
from qml_algos.linear_systems.structures.poisson import Boundary

SPD_CONDITION_NUMBER = 10.0
_ENTRIES_PER_ROW = 3
_ALL_EIGENVALUES = 256
"""Up to this size all eigenvalues are computed, beyond it the two ends by Lanczos."""
_SMALLEST_GRID = 4


def tridiagonal(size: int, rng: np.random.Generator) -> LinearSystem:
    """Toeplitz matrix (-1/3, 1, -1/3) and a random b; condition number below 5 at any size."""
    diagonals = [np.full(size - 1, -1 / 3), np.ones(size), np.full(size - 1, -1 / 3)]
    return LinearSystem(scipy.sparse.diags_array(diagonals, offsets=[-1, 0, 1]), _normal(size, rng))


def walsh(size: int, rng: np.random.Generator) -> LinearSystem:
    """Return the matrix of `tridiagonal` with a Walsh function for b: a product state loads it."""
    signs = rng.choice([-1.0, 1.0], size.bit_length() - 1)
    b = ProductVector([[1.0, sign] for sign in signs])
    return LinearSystem(Toeplitz(size, {-1: -1 / 3, 0: 1.0, 1: -1 / 3}), b)


def spd(size: int, rng: np.random.Generator) -> LinearSystem:
    """Random sparse symmetric positive definite matrix of condition number 10, random b."""
    pattern = scipy.sparse.random_array(
        (size, size), density=min(1.0, _ENTRIES_PER_ROW / size), rng=rng, data_sampler=rng.normal
    )
    symmetric = pattern + pattern.T + scipy.sparse.diags_array(rng.normal(size=size))
    lowest, highest = _ends(symmetric)
    # Shift the spectrum so that its ends have the ratio asked for.
    shift = (highest - SPD_CONDITION_NUMBER * lowest) / (SPD_CONDITION_NUMBER - 1)
    shifted = symmetric + shift * scipy.sparse.eye_array(size)
    return LinearSystem(shifted, _normal(size, rng))


def poisson(size: int, rng: np.random.Generator) -> LinearSystem:
    """Poisson's equation on a line, finite differences; condition number grows like N^2."""
    diagonals = [np.full(size - 1, -1.0), np.full(size, 2.0), np.full(size - 1, -1.0)]
    return LinearSystem(scipy.sparse.diags_array(diagonals, offsets=[-1, 0, 1]), _normal(size, rng))


def general(size: int, rng: np.random.Generator) -> LinearSystem:
    """Dense, not symmetric: identity plus Gaussian entries of deviation 1 / (2 sqrt(N))."""
    require_storable(size**2, f"a dense matrix of {size:,} rows")
    noise = rng.normal(size=(size, size)) / (2 * np.sqrt(size))
    return LinearSystem(np.eye(size) + noise, _normal(size, rng))


def dirichlet(size: int, rng: np.random.Generator) -> LinearSystem:
    """Poisson's equation on a line that is held at zero at both ends."""
    return _heated("dirichlet", (size,), rng)


def neumann(size: int, rng: np.random.Generator) -> LinearSystem:
    """Poisson's equation on a line with closed ends."""
    return _heated("neumann", (size,), rng)


def periodic(size: int, rng: np.random.Generator) -> LinearSystem:
    """Poisson's equation on a ring."""
    return _heated("periodic", (size,), rng)


def poisson2d(size: int, rng: np.random.Generator) -> LinearSystem:
    """Poisson's equation on a square that is held at zero all around."""
    return _heated("dirichlet", (size, size), rng)


@dataclass(frozen=True)
class Family:
    """Systems of one kind and any size.

    Attributes
    ----------
    draw
        From a size and a generator to a system.
    cells
        Whether a size is a number of cells on every axis, a power of two, not of unknowns.
    power_of_two
        Whether a number of unknowns must be one.
    """

    draw: Callable[[int, np.random.Generator], LinearSystem]
    cells: bool = False
    power_of_two: bool = False


FAMILIES: dict[str, Family] = {
    "tridiagonal": Family(tridiagonal),
    "walsh": Family(walsh, power_of_two=True),
    "spd": Family(spd),
    "poisson": Family(poisson),
    "general": Family(general),
    "dirichlet": Family(dirichlet, cells=True),
    "neumann": Family(neumann, cells=True),
    "periodic": Family(periodic, cells=True),
    "poisson2d": Family(poisson2d, cells=True),
}
"""Families by the names that the command line takes."""

WHAT_A_SIZE_IS = (
    "number of unknowns, of walsh a power of two; of "
    + ", ".join(name for name, family in FAMILIES.items() if family.cells)
    + ": cells on every axis, a power of two (c cells between Dirichlet ends have c - 1 unknowns)"
)
"""For help texts and messages."""


def make_system(family: str, size: int, rng: np.random.Generator) -> LinearSystem:
    """Draw a system of a family.

    Raises
    ------
    UnknownNameError
        If there is no such family; the message lists the known ones.
    ValueError
        If the size is not an integer of at least 2, or not the power of two that the family takes,
        where it counts cells of at least 4.
    TooLargeError
        If the system would not fit into memory.
    """
    if family not in FAMILIES:
        raise UnknownNameError("family", family, FAMILIES)
    if not isinstance(size, int | np.integer) or size < 2:
        raise ValueError(f"sizes: {size!r} given; every size must be an integer of at least 2")
    chosen = FAMILIES[family]
    if chosen.cells and (size < _SMALLEST_GRID or size & (size - 1)):
        raise ValueError(
            f"sizes: {size} given; a size of {family} is a number of cells, a power of two of at "
            f"least {_SMALLEST_GRID}"
        )
    if chosen.power_of_two and size & (size - 1):
        raise ValueError(f"sizes: {size} given; a size of {family} is a power of two")
    return chosen.draw(int(size), rng)


def _normal(size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    vector: NDArray[np.float64] = rng.normal(size=size)
    return vector / np.linalg.norm(vector)


def _ends(symmetric: scipy.sparse.sparray) -> tuple[float, float]:
    """Smallest and largest eigenvalue."""
    if symmetric.shape[0] <= _ALL_EIGENVALUES:
        values = np.linalg.eigvalsh(symmetric.toarray())
    else:
        # A start of its own, or the same seed would draw another system.
        start = np.ones(symmetric.shape[0])
        values = np.sort(
            scipy.sparse.linalg.eigsh(
                symmetric, k=2, which="BE", v0=start, return_eigenvectors=False
            )
        )
    return float(values[0]), float(values[-1])


def _heated(boundary: Boundary, cells: tuple[int, ...], rng: np.random.Generator) -> LinearSystem:
    """Laplacian of a grid; b is a Gaussian source at a random place, a tenth of an axis wide.

    Without boundaries that take heat away, as much is taken away evenly.
    """
    structure = Poisson(cells, boundary)
    require_storable(structure.size, f"a grid of {structure.size:,} unknowns")
    first, middle = int(boundary == "dirichlet"), 0.5 * (boundary == "neumann")
    values: NDArray[np.float64] = np.ones(1)
    for count in cells:
        points = (np.arange(first, count) + middle) / count
        distance = np.abs(points - rng.uniform(0.3, 0.7))
        if boundary == "periodic":
            distance = np.minimum(distance, 1 - distance)
        values = np.outer(values, np.exp(-((distance / 0.1) ** 2))).ravel()
    if boundary != "dirichlet":
        values = values - values.mean()
    return LinearSystem(structure, values / np.linalg.norm(values))
