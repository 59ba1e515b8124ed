"""Lattices of spins: sites, bonds, translations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.validation import require_count

Boundary = Literal["periodic", "open"]
BOUNDARIES = ("periodic", "open")


@dataclass(frozen=True, eq=False)
class Lattice:
    """Sites with bonds between nearest neighbours; site k is qubit k.

    Attributes
    ----------
    shape
        Sites along each direction; site ``(row, column)`` has the number ``row * columns +
        column``.
    boundary
        ``"periodic"`` or ``"open"``.
    bonds
        Pairs of neighbours, each once, the smaller site first; shape ``(bonds, 2)``.
    translations
        Permutations of the sites by the lattice's translations, the identity first: after g, what
        was at site ``translations[g, k]`` is at site k. Shape ``(G, sites)``; G is the number of
        sites on periodic lattices, and 1 on open ones.
    """

    shape: tuple[int, ...]
    boundary: Boundary
    bonds: NDArray[np.int64]
    translations: NDArray[np.int64]

    @property
    def sites(self) -> int:
        """Number of sites."""
        return int(np.prod(self.shape))

    @property
    def sublattice(self) -> NDArray[np.bool_]:
        """Whether a site is on the odd one of the two sublattices of a checkerboard.

        Raises
        ------
        InvalidProblemError
            If a periodic direction of odd length leaves no checkerboard.
        """
        odd = [length for length in self.shape if length % 2 and length > 1]
        if self.boundary == "periodic" and odd:
            raise InvalidProblemError(
                f"shape = {self.shape}: a periodic lattice has two sublattices only if its lengths "
                "are even"
            )
        places: NDArray[np.int64] = np.indices(self.shape).sum(axis=0).ravel()
        return places % 2 == 1

    def __repr__(self) -> str:
        lengths = " x ".join(map(str, self.shape))
        return f"Lattice({lengths}, {self.boundary}: {len(self.bonds)} bonds)"


def chain(sites: int, boundary: Boundary = "periodic") -> Lattice:
    """Make a chain, or a ring of at least 3 sites if periodic.

    Raises
    ------
    InvalidProblemError, UnknownNameError
        If there are too few sites, or there is no such boundary.
    """
    require_count("sites", sites)
    return _rectangle((int(sites),), boundary)


def square(rows: int, columns: int | None = None, boundary: Boundary = "periodic") -> Lattice:
    """Make a rectangle of ``rows`` by ``columns`` sites (square by default), or a torus.

    Raises
    ------
    InvalidProblemError, UnknownNameError
        If there are too few sites, or there is no such boundary.
    """
    columns = rows if columns is None else columns
    require_count("rows", rows)
    require_count("columns", columns)
    return _rectangle((int(rows), int(columns)), boundary)


def _rectangle(shape: tuple[int, ...], boundary: Boundary) -> Lattice:
    if boundary not in BOUNDARIES:
        raise UnknownNameError("boundary", boundary, BOUNDARIES)
    least = 3 if boundary == "periodic" else 2
    if min(shape) < least:
        raise InvalidProblemError(
            f"shape = {shape}: {boundary} lattices need at least {least} sites along each direction"
        )
    sites = np.arange(np.prod(shape)).reshape(shape)
    pairs = [_pairs(sites, axis, boundary) for axis in range(len(shape))]
    bonds = np.sort(np.concatenate(pairs), axis=1)
    return Lattice(shape, boundary, bonds, _translations(sites, boundary))


def _pairs(sites: NDArray[np.int64], axis: int, boundary: Boundary) -> NDArray[np.int64]:
    neighbours = np.roll(sites, -1, axis=axis)
    if boundary == "open":
        inside = slice(0, sites.shape[axis] - 1)
        sites = np.moveaxis(sites, axis, 0)[inside]
        neighbours = np.moveaxis(neighbours, axis, 0)[inside]
    return np.column_stack([sites.ravel(), neighbours.ravel()])


def _translations(sites: NDArray[np.int64], boundary: Boundary) -> NDArray[np.int64]:
    if boundary == "open":
        return sites.reshape(1, -1)
    axes = tuple(range(sites.ndim))
    steps = np.ndindex(sites.shape)
    return np.array([np.roll(sites, step, axis=axes).ravel() for step in steps])
