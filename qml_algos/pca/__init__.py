"""Principal components, quantum and classical."""

from qml_algos.pca.estimator import QuantumPCA
from qml_algos.pca.families import DATASETS, FAMILIES, make_data
from qml_algos.pca.merit import eigenvalue_error, subspace_angle
from qml_algos.pca.methods import METHODS
from qml_algos.pca.registry import make_estimator

__all__ = [
    "DATASETS",
    "FAMILIES",
    "METHODS",
    "QuantumPCA",
    "eigenvalue_error",
    "make_data",
    "make_estimator",
    "subspace_angle",
]
