"""Comparison of quantum and classical solvers, every cost on a line of its own."""

from qml_algos.speedup.compare import compare
from qml_algos.speedup.comparison import Comparison
from qml_algos.speedup.fourier import FourierContest
from qml_algos.speedup.linear_systems import LinearSystemsContest
from qml_algos.speedup.pca import PCAContest
from qml_algos.speedup.record import Row
from qml_algos.speedup.svm import SVMContest

__all__ = [
    "Comparison",
    "FourierContest",
    "LinearSystemsContest",
    "PCAContest",
    "Row",
    "SVMContest",
    "compare",
]
