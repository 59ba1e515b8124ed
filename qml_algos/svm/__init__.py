"""Support vector machines with quantum kernels, beside tuned classical classifiers."""

from qml_algos.kernels import FidelityKernel, ProjectedKernel
from qml_algos.svm.classical import CLASSICAL
from qml_algos.svm.classifier import QuantumKernelSVC
from qml_algos.svm.evaluation import Difference, Evaluation, Score, evaluate
from qml_algos.svm.least_squares import QuantumLeastSquaresSVC
from qml_algos.svm.registry import FEATURE_MAPS, METHODS, make_classifier
from qml_algos.svm.regressor import QuantumKernelSVR

__all__ = [
    "CLASSICAL",
    "FEATURE_MAPS",
    "METHODS",
    "Difference",
    "Evaluation",
    "FidelityKernel",
    "ProjectedKernel",
    "QuantumKernelSVC",
    "QuantumKernelSVR",
    "QuantumLeastSquaresSVC",
    "Score",
    "evaluate",
    "make_classifier",
]
