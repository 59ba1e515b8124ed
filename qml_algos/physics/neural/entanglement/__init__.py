"""How much entanglement neural-network states hold: profiles, and a figure of them."""

from qml_algos.physics.neural.entanglement.figure import entanglement_figure
from qml_algos.physics.neural.entanglement.profiles import EntropyProfile, entanglement_profiles

__all__ = ["EntropyProfile", "entanglement_figure", "entanglement_profiles"]
