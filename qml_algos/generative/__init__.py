"""Generative models of discrete data: tensor-network states, and their classical competition."""

from qml_algos.generative.classical import CLASSICAL
from qml_algos.generative.factor_graph.estimator import FactorGraphGenerativeModel
from qml_algos.generative.mps_born_machine import MPSBornMachine

__all__ = ["CLASSICAL", "FactorGraphGenerativeModel", "MPSBornMachine"]
