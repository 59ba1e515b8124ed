"""Spin Hamiltonians: one value for circuits, neural states, tensor networks and exact states."""

from qml_algos.physics.hamiltonians.bethe import bethe_energy
from qml_algos.physics.hamiltonians.chains import heisenberg, transverse_field_ising
from qml_algos.physics.hamiltonians.free_fermions import free_fermion_energy
from qml_algos.physics.hamiltonians.hamiltonian import Reference, SpinHamiltonian
from qml_algos.physics.hamiltonians.lattice import Lattice, chain, square
from qml_algos.physics.hamiltonians.long_range import haldane_shastry, haldane_shastry_energy
from qml_algos.physics.hamiltonians.onsager import (
    ONSAGER_EXPONENT,
    ONSAGER_TEMPERATURE,
    onsager_energy,
)
from qml_algos.physics.hamiltonians.scores import energy_and_variance, v_score
from qml_algos.physics.hamiltonians.spectrum import ExactSpectrum, exact_ground_state
from qml_algos.physics.hamiltonians.toric import plaquettes, stars, toric_code

__all__ = [
    "ONSAGER_EXPONENT",
    "ONSAGER_TEMPERATURE",
    "ExactSpectrum",
    "Lattice",
    "Reference",
    "SpinHamiltonian",
    "bethe_energy",
    "chain",
    "energy_and_variance",
    "exact_ground_state",
    "free_fermion_energy",
    "haldane_shastry",
    "haldane_shastry_energy",
    "heisenberg",
    "onsager_energy",
    "plaquettes",
    "square",
    "stars",
    "toric_code",
    "transverse_field_ising",
    "v_score",
]
