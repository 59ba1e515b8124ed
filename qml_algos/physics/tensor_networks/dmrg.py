"""Ground states as matrix-product states: where the sweeps start, and when they end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.mps.chain import Cores, orthonormalised
from qml_algos.generative.mps.markov import perturbed
from qml_algos.physics.hamiltonians.hamiltonian import SpinHamiltonian
from qml_algos.physics.tensor_networks.expectation import expectation
from qml_algos.physics.tensor_networks.mpo import matrix_product_operator
from qml_algos.physics.tensor_networks.mps import MPSState
from qml_algos.physics.tensor_networks.sweeps import Effort, Sweeper

_FIRST_BOND = 8
"""Bond dimension of the first sweep; it doubles with each."""
_WIDER = 3
"""Bonds of the starting state beyond those of a product state."""
_RESIDUAL = 1e-6
_STEPS = 6
_MIXING = (1e-3, 1e-5, 1e-7)
"""Of the first sweeps, as in `Effort`."""
_SHARE_OF_WEIGHT = 0.1
"""A change of the energy, relative to it, by this share of the discarded weight is not worth a
sweep: truncation costs more."""


@dataclass(frozen=True, eq=False)
class DMRGRun:
    """What a run of the density-matrix renormalisation group found.

    Attributes
    ----------
    state, energy
        The state and the mean of the Hamiltonian in it.
    energies
        After each sweep, before the last pair was truncated.
    weight
        The largest weight that was discarded at a bond in the last sweep.
    converged
        Whether the energy had stopped changing.
    """

    state: MPSState
    energy: float
    energies: tuple[float, ...]
    weight: float
    converged: bool


def dmrg(
    hamiltonian: SpinHamiltonian,
    *,
    bond_dimension: int,
    truncation: float,
    tolerance: float,
    max_sweeps: int,
    generator: np.random.Generator,
    progress: Callable[[int, int], None] | None = None,
) -> DMRGRun:
    """Optimise two neighbouring cores at a time, to and fro, until the energy stops changing.

    Bonds may grow to twice the width with each sweep, from 8 on, as far as the weight that is
    discarded asks for it. The first three sweeps mix states into the blocks that the Hamiltonian
    reaches; only what follows counts as converged.

    Parameters
    ----------
    hamiltonian
        Of at least 2 qubits.
    bond_dimension
        Schmidt vectors to keep at most.
    truncation
        Weight that may be discarded at each bond.
    tolerance
        Relative change of the energy by a sweep, at the largest bonds, below which it ends; a tenth
        of the discarded weight, where that is larger.
    max_sweeps
        Sweeps, there and back, after which it ends anyway.
    generator
        Of the noise in the starting state.
    progress
        Told how many sweeps are done, and how many there may be.

    Raises
    ------
    InvalidProblemError
        If there is one qubit only.

    Notes
    -----
    Cost of a sweep: O(n w D^3) for bonds w of the operator and D of the state, the local
    eigenvectors by a few steps of Lanczos; memory O(n w D^2). S. R. White, Phys. Rev. Lett. 69,
    2863 (1992); U. Schollwoeck, Annals of Physics 326, 96 (2011), section 6.
    """
    if hamiltonian.qubits < 2:
        raise InvalidProblemError("hamiltonian has 1 qubit: two neighbours are optimised at a time")
    operator = matrix_product_operator(hamiltonian.operator)
    sweeper = Sweeper(starting_cores(hamiltonian, generator), operator)
    energies: list[float] = []
    converged = False
    while not converged and len(energies) < max_sweeps:
        widest = min(bond_dimension, _FIRST_BOND * 2 ** len(energies))
        mixing = _MIXING[len(energies)] if len(energies) < len(_MIXING) else 0.0
        energy, weight = sweeper.sweep(Effort(widest, truncation, _RESIDUAL, _STEPS, mixing))
        free = widest == bond_dimension or max(core.shape[2] for core in sweeper.cores) < widest
        change = abs(energy - energies[-1]) if energies and mixing == 0 else np.inf
        allowed = max(tolerance, _SHARE_OF_WEIGHT * weight)
        converged = bool(free and change <= allowed * abs(energy))
        energies.append(energy)
        if progress is not None:
            progress(len(energies), max_sweeps)
    state = MPSState(sweeper.cores)
    return DMRGRun(state, expectation(state.cores, operator), tuple(energies), weight, converged)


def starting_cores(hamiltonian: SpinHamiltonian, generator: np.random.Generator) -> Cores:
    """Superpose all configurations, with the signs of the ground state if known, and add noise.

    No ground state without negative amplitudes is orthogonal to the superposition, and noise has a
    share in every symmetry, should the signs not be known.
    """
    signs = np.ones((hamiltonian.qubits, 1, 2, 1))
    if hamiltonian.sign_qubits is not None:
        signs[list(hamiltonian.sign_qubits), :, 1] = -1
    cores = perturbed(list(signs / np.sqrt(2)), generator, _WIDER)
    return orthonormalised(cores, 1 + _WIDER)
