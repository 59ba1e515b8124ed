"""Classical classifiers at their best: what a quantum kernel has to beat."""

from qml_algos.svm.classical.registry import CLASSICAL, make_classical
from qml_algos.svm.classical.search import tuned

__all__ = ["CLASSICAL", "make_classical", "tuned"]
