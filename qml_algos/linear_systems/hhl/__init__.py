"""HHL: from a linear system to its circuit, and the spectrum seen through its clock."""

from qml_algos.linear_systems.hhl.evolutions import MAX_DENSE_UNKNOWNS
from qml_algos.linear_systems.hhl.solver import HHL
from qml_algos.linear_systems.hhl.spectrum_estimation import SpectrumEstimate, estimate_spectrum

__all__ = ["HHL", "MAX_DENSE_UNKNOWNS", "SpectrumEstimate", "estimate_spectrum"]
