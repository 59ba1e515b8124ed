"""Parameters that are found again in a compiled circuit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter

_NAME = "turn_{:07d}"


def numbered(circuit: QuantumCircuit) -> QuantumCircuit:
    """Name the parameters by their places, in the same order.

    A circuit that a ledger kept may have been compiled for another one of the same gates: only the
    order of parameters is certain to be the same.
    """
    places = range(circuit.num_parameters)
    names = [Parameter(_NAME.format(place)) for place in places]
    return circuit.assign_parameters(dict(zip(circuit.parameters, names, strict=True)))


def places_left(circuit: QuantumCircuit, compiled: QuantumCircuit) -> NDArray[np.int64]:
    """Places of a compiled circuit's parameters among those of the `numbered` circuit.

    The compiler drops gates that change no measurement, and their parameters with them.
    """
    places = {parameter.name: place for place, parameter in enumerate(circuit.parameters)}
    return np.array([places[parameter.name] for parameter in compiled.parameters], dtype=np.int64)
