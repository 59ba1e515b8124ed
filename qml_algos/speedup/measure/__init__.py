"""What classical computations take: measured on this machine, and carried over to larger ones."""

from qml_algos.speedup.measure.linear_solvers import work_of
from qml_algos.speedup.measure.machine import MACHINES, Machine, machine, this_machine
from qml_algos.speedup.measure.measurement import Measurement, measure
from qml_algos.speedup.measure.roofline import Projected, largest_speedup, on
from qml_algos.speedup.measure.work import Work

__all__ = [
    "MACHINES",
    "Machine",
    "Measurement",
    "Projected",
    "Work",
    "largest_speedup",
    "machine",
    "measure",
    "on",
    "this_machine",
    "work_of",
]
