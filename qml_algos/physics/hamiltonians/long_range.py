"""The Haldane-Shastry model: a ring with couplings by the inverse square of the distance."""

from __future__ import annotations

import numpy as np

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians.hamiltonian import Reference, SpinHamiltonian
from qml_algos.physics.hamiltonians.lattice import chain
from qml_algos.physics.hamiltonians.pauli_sums import pauli_sum
from qml_algos.validation import require_count


def haldane_shastry(sites: int) -> SpinHamiltonian:
    """Make the sum over all pairs of a ring of ``(X X + Y Y + Z Z) / d^2``.

    d is the length of the chord, ``n / pi sin(pi r / n)`` for sites r apart. The exact ground state
    is Gutzwiller's, whose entanglement grows with the logarithm of the length.

    Parameters
    ----------
    sites
        Even, at least 4.

    Returns
    -------
    SpinHamiltonian
        Layers: all X X, all Y Y, all Z Z. Magnetisation 0; Marshall's rule for signs (of the ground
        state: the matrix has elements of both signs). Reference: closed form.

    Raises
    ------
    InvalidProblemError
        If the number of sites is odd or below 4.

    Notes
    -----
    O(n^2) terms. F. D. M. Haldane, Phys. Rev. Lett. 60, 635 (1988); B. S. Shastry, ibid., 639.
    """
    require_count("sites", sites)
    if sites % 2 or sites < 4:
        raise InvalidProblemError(f"sites = {sites}: must be even, at least 4")
    pairs = np.column_stack(np.triu_indices(sites, 1))
    chords = sites / np.pi * np.sin(np.pi * (pairs[:, 1] - pairs[:, 0]) / sites)
    layers = tuple(pauli_sum(letter, pairs, chords**-2, sites) for letter in "XYZ")
    return SpinHamiltonian(
        layers[0] + layers[1] + layers[2],
        name=f"Haldane-Shastry ring {sites}",
        layers=layers,
        symmetries=chain(sites).translations,
        sign_qubits=tuple(range(1, sites, 2)),
        magnetisation=0,
        reference=Reference(haldane_shastry_energy(sites), "Haldane and Shastry"),
    )


def haldane_shastry_energy(sites: int) -> float:
    """Ground energy ``-pi^2 / 6 (n + 5 / n)`` of `haldane_shastry`, for an even number of sites."""
    return float(-(np.pi**2) / 6 * (sites + 5 / sites))
