"""The classical Ising model: equilibrium configurations by cluster moves."""

from qml_algos.physics.ising.autocorrelation import autocorrelation_time
from qml_algos.physics.ising.generation import IsingConfigurations, make_ising_configurations
from qml_algos.physics.ising.lattices import LATTICES, IsingLattice, ising_lattice
from qml_algos.physics.ising.swendsen_wang import SwendsenWang

__all__ = [
    "LATTICES",
    "IsingConfigurations",
    "IsingLattice",
    "SwendsenWang",
    "autocorrelation_time",
    "ising_lattice",
    "make_ising_configurations",
]
