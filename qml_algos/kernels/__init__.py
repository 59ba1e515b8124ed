"""Quantum kernels, for any kernel method of scikit-learn."""

from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.kernels.gram import GramMatrix
from qml_algos.kernels.projected import OUTER_KERNELS, ProjectedKernel

__all__ = ["OUTER_KERNELS", "FidelityKernel", "GramMatrix", "ProjectedKernel"]
