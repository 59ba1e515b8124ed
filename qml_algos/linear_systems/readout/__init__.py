"""Running a built circuit and reading the solution from statevector or shots."""

from qml_algos.linear_systems.readout.observables import Observable, as_observables
from qml_algos.linear_systems.readout.overlaps import OverlapMethod
from qml_algos.linear_systems.readout.reading import (
    Reading,
    read_exact,
    read_shots,
)

__all__ = [
    "Observable",
    "OverlapMethod",
    "Reading",
    "as_observables",
    "read_exact",
    "read_shots",
]
