"""Models of magnets on chains and lattices: Ising in a transverse field, Heisenberg."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qiskit.quantum_info import SparsePauliOp

from qml_algos.physics.hamiltonians.bethe import bethe_energy
from qml_algos.physics.hamiltonians.free_fermions import free_fermion_energy, require_number
from qml_algos.physics.hamiltonians.hamiltonian import Reference, SpinHamiltonian
from qml_algos.physics.hamiltonians.lattice import Boundary, Lattice, chain
from qml_algos.physics.hamiltonians.pauli_sums import pauli_sum


def transverse_field_ising(
    lattice: Lattice | int,
    field: float = 1.0,
    coupling: float = 1.0,
    boundary: Boundary = "periodic",
) -> SpinHamiltonian:
    """Make the Ising model in a transverse field, ``-J sum Z Z - h sum X``.

    Parameters
    ----------
    lattice
        A lattice, or the number of sites of a chain.
    field, coupling
        h and J, of either sign. The chain is critical where they are equal.
    boundary
        ``"periodic"`` or ``"open"``, of a chain given by its number of sites; a lattice has its
        own.

    Returns
    -------
    SpinHamiltonian
        Layers: couplings, field. Reference on chains: free fermions.

    Raises
    ------
    InvalidProblemError, UnknownNameError
        If there are too few sites, a number is not finite, or there is no such boundary.
    """
    place = _lattice(lattice, boundary)
    require_number("field", field)
    require_number("coupling", coupling)
    sites = place.sites
    couplings = pauli_sum("Z", place.bonds, -coupling, sites)
    fields = pauli_sum("X", np.arange(sites)[:, None], -field, sites)
    reference = None
    if len(place.shape) == 1:
        energy = free_fermion_energy(sites, field, coupling, place.boundary)
        reference = Reference(energy, "free fermions")
    return SpinHamiltonian(
        couplings + fields,
        name=f"Ising {_words(place)}, field {field:g}",
        layers=(couplings, fields),
        symmetries=place.translations,
        sign_qubits=() if field >= 0 else tuple(range(sites)),
        reference=reference,
    )


def heisenberg(lattice: Lattice | int, boundary: Boundary = "periodic") -> SpinHamiltonian:
    """Make the antiferromagnetic Heisenberg model, the sum of ``X X + Y Y + Z Z`` over all bonds.

    In spins 1/2 it is ``4 sum S.S``.

    Parameters
    ----------
    lattice
        A lattice, or the number of sites of a chain.
    boundary
        ``"periodic"`` or ``"open"``, of a chain given by its number of sites; a lattice has its
        own.

    Returns
    -------
    SpinHamiltonian
        Layers: sets of bonds that share no site. Magnetisation 0, or 1 where the number of sites is
        odd (one of the degenerate ground states). Marshall's rule for signs, unless a periodic
        direction is odd: there is none on such a frustrated lattice. Reference on open chains and
        even rings: Bethe ansatz.

    Raises
    ------
    InvalidProblemError, UnknownNameError
        If there are too few sites, or there is no such boundary.
    """
    place = _lattice(lattice, boundary)
    sites = place.sites
    layers = tuple(pauli_sum("XYZ", bonds, 1.0, sites) for bonds in _disjoint(place.bonds))
    frustrated = place.boundary == "periodic" and any(length % 2 for length in place.shape)
    reference = None
    if len(place.shape) == 1 and not frustrated:
        reference = Reference(bethe_energy(sites, place.boundary), "Bethe ansatz")
    return SpinHamiltonian(
        SparsePauliOp.sum(layers),
        name=f"Heisenberg {_words(place)}",
        layers=layers,
        symmetries=place.translations,
        sign_qubits=None if frustrated else tuple(np.flatnonzero(place.sublattice).tolist()),
        magnetisation=sites % 2,
        reference=reference,
    )


def _lattice(given: Lattice | int, boundary: Boundary) -> Lattice:
    return given if isinstance(given, Lattice) else chain(given, boundary)


def _words(lattice: Lattice) -> str:
    if len(lattice.shape) == 1:
        return f"{'ring' if lattice.boundary == 'periodic' else 'open chain'} {lattice.sites}"
    return f"{'torus' if lattice.boundary == 'periodic' else 'open square'} " + "x".join(
        map(str, lattice.shape)
    )


def _disjoint(bonds: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Split bonds into few sets in which no two share a site, each bond into the first it fits."""
    sets: list[list[NDArray[np.int64]]] = []
    taken: list[set[int]] = []
    for bond in bonds:
        ends = set(bond.tolist())
        place = next((k for k, sites in enumerate(taken) if not ends & sites), len(sets))
        if place == len(sets):
            sets.append([])
            taken.append(set())
        sets[place].append(bond)
        taken[place] |= ends
    return [np.array(chosen) for chosen in sets]
