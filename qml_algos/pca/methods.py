"""All quantum methods by name."""

from __future__ import annotations

from collections.abc import Callable

from qml_algos.pca.exponentiation import exponentiation_components
from qml_algos.pca.method import Found, Settings
from qml_algos.pca.phase_estimation import phase_estimation_components
from qml_algos.pca.state import DensityInput
from qml_algos.pca.two_copy import two_copy_components
from qml_algos.pca.variational import variational_components

METHODS: dict[str, Callable[[DensityInput, Settings], Found]] = {
    "phase-estimation": phase_estimation_components,
    "density-matrix-exponentiation": exponentiation_components,
    "variational": variational_components,
    "two-copy": two_copy_components,
}
"""Quantum methods by the names that `QuantumPCA` and the command line take."""
