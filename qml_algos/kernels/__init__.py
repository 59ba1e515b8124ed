"""Quantum kernels, for any kernel method of scikit-learn."""

from qml_algos.kernels.alignment import Alignment, align
from qml_algos.kernels.diagnostics import (
    Concentration,
    GeometricDifference,
    KernelConcentrationWarning,
    KernelReport,
    ModelComplexity,
    approximate_dimension,
    concentration,
    diagnose,
    effective_dimension,
    geometric_difference,
    kernel_target_alignment,
    model_complexity,
    shots_for_decisions,
    shots_to_resolve,
)
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.kernels.gram import GramMatrix
from qml_algos.kernels.positive_semidefinite import nearest_positive_semidefinite
from qml_algos.kernels.projected import OUTER_KERNELS, ProjectedKernel
from qml_algos.kernels.sampled import gram_error

__all__ = [
    "OUTER_KERNELS",
    "Alignment",
    "Concentration",
    "FidelityKernel",
    "GeometricDifference",
    "GramMatrix",
    "KernelConcentrationWarning",
    "KernelReport",
    "ModelComplexity",
    "ProjectedKernel",
    "align",
    "approximate_dimension",
    "concentration",
    "diagnose",
    "effective_dimension",
    "geometric_difference",
    "gram_error",
    "kernel_target_alignment",
    "model_complexity",
    "nearest_positive_semidefinite",
    "shots_for_decisions",
    "shots_to_resolve",
]
