"""Comparison of quantum and classical solvers, every cost on a line of its own."""

from qml_algos.speedup.compare import compare
from qml_algos.speedup.comparison import Comparison
from qml_algos.speedup.record import Row

__all__ = ["Comparison", "Row", "compare"]
