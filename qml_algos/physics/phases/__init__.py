"""Phases of matter from configurations: supervised, by confusion, and without labels."""

from qml_algos.physics.phases.augmentation import SpinAugmenter
from qml_algos.physics.phases.baseline import LinearBaseline, linear_baseline
from qml_algos.physics.phases.boundary import PhaseBoundaryClassifier
from qml_algos.physics.phases.boundary_plot import boundary_figure
from qml_algos.physics.phases.circuits import CircuitSweep, circuit_sweep
from qml_algos.physics.phases.clusters import PhaseClusters
from qml_algos.physics.phases.confusion import ConfusionScan
from qml_algos.physics.phases.curves import PhaseCurve, curve_of
from qml_algos.physics.phases.figures import (
    clusters_figure,
    confusion_figure,
    scaling_figure,
)
from qml_algos.physics.phases.network import SpinNetworkClassifier
from qml_algos.physics.phases.scaling import FiniteSizeScaling, finite_size_scaling

__all__ = [
    "CircuitSweep",
    "ConfusionScan",
    "FiniteSizeScaling",
    "LinearBaseline",
    "PhaseBoundaryClassifier",
    "PhaseClusters",
    "PhaseCurve",
    "SpinAugmenter",
    "SpinNetworkClassifier",
    "boundary_figure",
    "circuit_sweep",
    "clusters_figure",
    "confusion_figure",
    "curve_of",
    "finite_size_scaling",
    "linear_baseline",
    "scaling_figure",
]
