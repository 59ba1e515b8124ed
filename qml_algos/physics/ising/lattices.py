"""Periodic lattices of the classical Ising model, and where they order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import UnknownNameError
from qml_algos.physics.hamiltonians.onsager import ONSAGER_TEMPERATURE


@dataclass(frozen=True)
class IsingLattice:
    """A lattice on a torus, its sites written as the rows and columns of a square.

    Attributes
    ----------
    name
        As `make_ising_configurations` takes it.
    steps
        Rows and columns from a site to those of its neighbours that come after it: each bond once.
    critical_temperature
        Of the infinite lattice, exact, in units of the coupling.
    """

    name: str
    steps: tuple[tuple[int, int], ...]
    critical_temperature: float

    def equal_neighbours(self, spins: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether each site agrees with each of its later neighbours.

        Parameters
        ----------
        spins
            Shape ``(replicas, L, L)``.

        Returns
        -------
        numpy.ndarray
            Shape ``(replicas, L, L, steps)``.
        """
        equal = np.empty((*spins.shape, len(self.steps)), dtype=bool)
        for k, (rows, columns) in enumerate(self.steps):
            np.equal(spins, np.roll(spins, (-rows, -columns), axis=(1, 2)), out=equal[..., k])
        return equal

    def neighbours(self, length: int) -> NDArray[np.int32]:
        """Numbers of the later neighbours of each site; shape ``(L * L, steps)``."""
        sites = np.arange(length**2, dtype=np.int32).reshape(length, length)
        shifted = [np.roll(sites, (-r, -c), axis=(0, 1)).ravel() for r, c in self.steps]
        return np.stack(shifted, axis=1)


# The triangular lattice is a square one with one diagonal; its critical point is that of
# G. F. Newell, Phys. Rev. 79, 876 (1950): exp(4 / T) = 3.
LATTICES = {
    lattice.name: lattice
    for lattice in (
        IsingLattice("square", ((0, 1), (1, 0)), ONSAGER_TEMPERATURE),
        IsingLattice("triangular", ((0, 1), (1, 0), (1, 1)), float(4 / np.log(3))),
    )
}
"""By name."""


def ising_lattice(name: str) -> IsingLattice:
    """Find a lattice.

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    """
    if name not in LATTICES:
        raise UnknownNameError("lattice", name, LATTICES)
    return LATTICES[name]
