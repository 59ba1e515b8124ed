"""Generative models of discrete data: states and circuits, and their classical competition."""

from qml_algos.generative.circuit_born_machine import CircuitBornMachine
from qml_algos.generative.classical import CLASSICAL
from qml_algos.generative.deployment.circuit import ModelCircuit
from qml_algos.generative.deployment.deploy import deploy
from qml_algos.generative.deployment.deployed import Deployed
from qml_algos.generative.factor_graph.estimator import FactorGraphGenerativeModel
from qml_algos.generative.iqp_born_machine import IQPBornMachine
from qml_algos.generative.mps_born_machine import MPSBornMachine
from qml_algos.generative.registry import QUANTUM, make_model
from qml_algos.generative.ttn_born_machine import TTNBornMachine

__all__ = [
    "CLASSICAL",
    "QUANTUM",
    "CircuitBornMachine",
    "Deployed",
    "FactorGraphGenerativeModel",
    "IQPBornMachine",
    "MPSBornMachine",
    "ModelCircuit",
    "TTNBornMachine",
    "deploy",
    "make_model",
]
