"""Time evolution of neural-network states by the time-dependent variational principle."""

from qml_algos.physics.neural.evolution.result import EvolvedStates
from qml_algos.physics.neural.evolution.time_evolution import TimeEvolution

__all__ = ["EvolvedStates", "TimeEvolution"]
