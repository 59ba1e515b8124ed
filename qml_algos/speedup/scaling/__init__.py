"""Laws of growth fitted to costs, and the sizes where two of them cross."""

from qml_algos.speedup.scaling.breakeven import (
    Breakeven,
    affordable_operations,
    breakeven_point,
    input_bandwidth,
)
from qml_algos.speedup.scaling.crossings import crossover
from qml_algos.speedup.scaling.curves import Curve, Terms
from qml_algos.speedup.scaling.fitting import fit_law
from qml_algos.speedup.scaling.laws import FORMS, Form, Law
from qml_algos.speedup.scaling.outcome import Crossover
from qml_algos.speedup.scaling.result import ScalingFit
from qml_algos.speedup.scaling.verdicts import SpeedupVerdict, babbush_breakeven, speedup_verdict

__all__ = [
    "FORMS",
    "Breakeven",
    "Crossover",
    "Curve",
    "Form",
    "Law",
    "ScalingFit",
    "SpeedupVerdict",
    "Terms",
    "affordable_operations",
    "babbush_breakeven",
    "breakeven_point",
    "crossover",
    "fit_law",
    "input_bandwidth",
    "speedup_verdict",
]
