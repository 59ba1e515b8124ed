"""Diagnostics that say whether a quantum kernel is worth its shots."""

from qml_algos.kernels.diagnostics.complexity import ModelComplexity, model_complexity
from qml_algos.kernels.diagnostics.concentration import (
    Concentration,
    KernelConcentrationWarning,
    concentration,
)
from qml_algos.kernels.diagnostics.dimension import approximate_dimension, effective_dimension
from qml_algos.kernels.diagnostics.geometry import GeometricDifference, geometric_difference
from qml_algos.kernels.diagnostics.report import KernelFigures, KernelReport, diagnose
from qml_algos.kernels.diagnostics.resolution import shots_for_decisions, shots_to_resolve
from qml_algos.kernels.target_alignment import kernel_target_alignment

__all__ = [
    "Concentration",
    "GeometricDifference",
    "KernelConcentrationWarning",
    "KernelFigures",
    "KernelReport",
    "ModelComplexity",
    "approximate_dimension",
    "concentration",
    "diagnose",
    "effective_dimension",
    "geometric_difference",
    "kernel_target_alignment",
    "model_complexity",
    "shots_for_decisions",
    "shots_to_resolve",
]
