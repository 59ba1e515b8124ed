"""What wave functions of every representation have in common."""

from qml_algos.physics.states.entanglement import entropy_profile, page_entropy, renyi2
from qml_algos.physics.states.fidelities import fidelity
from qml_algos.physics.states.statevector import StatevectorState
from qml_algos.physics.states.wave_function import WaveFunction

__all__ = [
    "StatevectorState",
    "WaveFunction",
    "entropy_profile",
    "fidelity",
    "page_entropy",
    "renyi2",
]
