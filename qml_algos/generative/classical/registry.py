"""Classical density estimators by name."""

from __future__ import annotations

from qml_algos.generative.base import DiscreteDensity
from qml_algos.generative.classical.made import MADE
from qml_algos.generative.classical.mixture import CategoricalMixture, ChowLiuMixture
from qml_algos.generative.classical.rbm import BernoulliRBMDensity
from qml_algos.generative.classical.trees import ChowLiuTree, IndependentModel, MarkovChain

CLASSICAL: dict[str, type[DiscreteDensity]] = {
    "categorical-mixture": CategoricalMixture,
    "chow-liu": ChowLiuTree,
    "chow-liu-mixture": ChowLiuMixture,
    "independent": IndependentModel,
    "made": MADE,
    "markov-chain": MarkovChain,
    "rbm": BernoulliRBMDensity,
}
"""Density estimators; the restricted Boltzmann machine and MADE take binary data only."""
