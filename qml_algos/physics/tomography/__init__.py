"""Tomography: states and observables from measured snapshots."""

from qml_algos.physics.tomography.classical_shadow import ClassicalShadow
from qml_algos.physics.tomography.figures import reconstruction_figure
from qml_algos.physics.tomography.histogram import histogram_fidelity
from qml_algos.physics.tomography.kernel import shadow_kernel
from qml_algos.physics.tomography.labels import split_by_label
from qml_algos.physics.tomography.rbm_tomography import RBMTomography
from qml_algos.physics.tomography.states import ModulusPhaseState

__all__ = [
    "ClassicalShadow",
    "ModulusPhaseState",
    "RBMTomography",
    "histogram_fidelity",
    "reconstruction_figure",
    "shadow_kernel",
    "split_by_label",
]
