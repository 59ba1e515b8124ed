"""Comparison of quantum and classical solvers, every cost on a line of its own."""

from qml_algos.speedup.compare import compare
from qml_algos.speedup.comparison import Comparison, load_comparisons
from qml_algos.speedup.record import Row

__all__ = ["Comparison", "Row", "compare", "load_comparisons"]
