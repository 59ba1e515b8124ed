"""Ground states by circuits: trained exactly, measured on any backend."""

from qml_algos.physics.variational.ground_state import VariationalCircuitGroundState
from qml_algos.physics.variational.measurement import MeasuredEnergy, measured_energy

__all__ = ["MeasuredEnergy", "VariationalCircuitGroundState", "measured_energy"]
