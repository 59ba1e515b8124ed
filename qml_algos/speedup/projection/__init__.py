"""What quantum answers would take on a device, and where the curves cross."""

from qml_algos.speedup.projection.answer import LINES, Answer, answer
from qml_algos.speedup.projection.assumptions import Assumptions
from qml_algos.speedup.projection.crossovers import CrossoverLine, Sensitivity
from qml_algos.speedup.projection.fine_print import FinePrint
from qml_algos.speedup.projection.project import project
from qml_algos.speedup.projection.projection import Projection
from qml_algos.speedup.projection.quantum import LARGEST
from qml_algos.speedup.projection.resources import PhysicalResources

__all__ = [
    "LARGEST",
    "LINES",
    "Answer",
    "Assumptions",
    "CrossoverLine",
    "FinePrint",
    "PhysicalResources",
    "Projection",
    "Sensitivity",
    "answer",
    "project",
]
