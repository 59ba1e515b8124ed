"""Classical density estimators of discrete data: the competition of the quantum models."""

from qml_algos.generative.classical.made import MADE
from qml_algos.generative.classical.mixture import CategoricalMixture, ChowLiuMixture
from qml_algos.generative.classical.rbm import BernoulliRBMDensity
from qml_algos.generative.classical.registry import CLASSICAL
from qml_algos.generative.classical.trees import ChowLiuTree, IndependentModel, MarkovChain

__all__ = [
    "CLASSICAL",
    "MADE",
    "BernoulliRBMDensity",
    "CategoricalMixture",
    "ChowLiuMixture",
    "ChowLiuTree",
    "IndependentModel",
    "MarkovChain",
]
