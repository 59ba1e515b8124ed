"""Swendsen and Wang's cluster moves, for all replicas of all temperatures at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from qml_algos.errors import TooLargeError
from qml_algos.physics.ising.lattices import IsingLattice


class SwendsenWang:
    """Replicas of a lattice of ferromagnetic Ising spins, each at its own temperature.

    A sweep joins equal neighbours with probability ``1 - exp(-2 / T)``, and turns each cluster over
    with probability one half: all replicas are one graph, whose components are found in one call.
    That takes O(sites of all replicas), some 70 ns for each site of the square lattice.

    Parameters
    ----------
    lattice, length
        The lattice, and the sites along each of its two directions.
    temperatures
        Of each replica, in units of the coupling; shape ``(replicas,)``.
    generator
        Of random numbers.

    Attributes
    ----------
    spins
        True for a spin that points down (bit 1); shape ``(replicas, L, L)``.

    Raises
    ------
    TooLargeError
        If the replicas have more sites in all than a graph's 32-bit numbers can count.

    Notes
    -----
    Replicas start where they are close to equilibrium: all spins alike below the critical
    temperature, at random above.

    R. H. Swendsen, J.-S. Wang, Phys. Rev. Lett. 58, 86 (1987).
    """

    def __init__(
        self,
        lattice: IsingLattice,
        length: int,
        temperatures: NDArray[np.float64],
        generator: np.random.Generator,
    ) -> None:
        sites = length**2
        total = len(temperatures) * sites
        if total * len(lattice.steps) >= 2**31:
            raise TooLargeError(
                f"{len(temperatures):,} replicas of {sites:,} sites: {2**31:,} bonds in all are "
                "too many; ask for fewer replicas"
            )
        self._lattice, self._generator = lattice, generator
        self._joined = (1 - np.exp(-2 / temperatures)).astype(np.float32)[:, None, None, None]
        first = np.arange(0, total, sites, dtype=np.int32)[:, None, None]
        self._neighbours = (lattice.neighbours(length) + first).reshape(total, -1)
        self.spins = generator.integers(2, size=(len(temperatures), length, length)) == 1
        ordered = temperatures < lattice.critical_temperature
        self.spins[ordered] = self.spins[ordered, :1, :1]

    def sweep(self) -> NDArray[np.float64]:
        """Move every spin once.

        Returns
        -------
        numpy.ndarray
            Energy per site of each replica as it was *before* the sweep; shape ``(replicas,)``.
        """
        equal = self._lattice.equal_neighbours(self.spins)
        degree = equal.shape[-1]
        energies = degree - 2 * equal.sum(axis=(1, 2, 3)) / (equal[0].size // degree)
        bonds = equal
        bonds &= self._generator.random(equal.shape, dtype=np.float32) < self._joined
        clusters, labels = self._clusters(bonds.reshape(-1, degree))
        turned = self._generator.integers(2, size=clusters, dtype=np.int8).astype(bool)
        self.spins ^= turned[labels].reshape(self.spins.shape)
        return np.asarray(energies, dtype=float)

    def _clusters(self, bonds: NDArray[np.bool_]) -> tuple[int, NDArray[np.int32]]:
        starts = np.zeros(len(bonds) + 1, dtype=np.int32)
        np.cumsum(bonds.sum(axis=1, dtype=np.int8), out=starts[1:])
        ends = self._neighbours[bonds]
        graph = csr_array((np.ones(len(ends)), ends, starts), shape=(len(bonds), len(bonds)))
        clusters, labels = connected_components(graph, directed=False)
        return int(clusters), labels
