"""Matrices as values that say what is special about them."""

from qml_algos.linear_systems.structures.base import Spectrum, Structure, is_structure
from qml_algos.linear_systems.structures.circulant import Circulant
from qml_algos.linear_systems.structures.dense import Dense
from qml_algos.linear_systems.structures.detection import detect
from qml_algos.linear_systems.structures.encoded import Encoded
from qml_algos.linear_systems.structures.kronecker import KroneckerSum
from qml_algos.linear_systems.structures.low_rank import LowRank
from qml_algos.linear_systems.structures.pauli import PauliSum
from qml_algos.linear_systems.structures.poisson import Boundary, Poisson
from qml_algos.linear_systems.structures.sparse import Sparse
from qml_algos.linear_systems.structures.toeplitz import Toeplitz

__all__ = [
    "Boundary",
    "Circulant",
    "Dense",
    "Encoded",
    "KroneckerSum",
    "LowRank",
    "PauliSum",
    "Poisson",
    "Sparse",
    "Spectrum",
    "Structure",
    "Toeplitz",
    "detect",
    "is_structure",
]
