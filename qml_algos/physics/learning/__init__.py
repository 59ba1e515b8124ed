"""Machine learning with the states of quantum physics."""

from qml_algos.physics.learning.classifier import MPSClassifier
from qml_algos.physics.learning.states import stacked_cores

__all__ = ["MPSClassifier", "stacked_cores"]
