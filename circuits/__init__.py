"""Circuit builders of qml-algos: problem data in, ``QuantumCircuit`` out, nothing executed.

Qubit 0 is the least significant bit everywhere (Qiskit's order).
"""

from circuits.evolution import DiagonalisedEvolution, Evolution
from circuits.hhl import hhl
from circuits.multiplexed import diagonal, multiplexed_rotation
from circuits.phase_estimation import phase_estimation
from circuits.qft import qft
from circuits.reciprocal import ReciprocalFilter, reciprocal_filter, reciprocal_rotation
from circuits.state_preparation import state_preparation

__all__ = [
    "DiagonalisedEvolution",
    "Evolution",
    "ReciprocalFilter",
    "diagonal",
    "hhl",
    "multiplexed_rotation",
    "phase_estimation",
    "qft",
    "reciprocal_filter",
    "reciprocal_rotation",
    "state_preparation",
]
