"""Deep Boltzmann machines as wave functions, and the circuits that they represent."""

from qml_algos.physics.neural.deep.from_circuit import boltzmann_machine_from_circuit
from qml_algos.physics.neural.deep.machine import DeepBoltzmannMachine

__all__ = ["DeepBoltzmannMachine", "boltzmann_machine_from_circuit"]
