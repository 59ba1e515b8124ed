"""States of many-body physics written exactly as restricted Boltzmann machines."""

from qml_algos.physics.neural.constructions.entropy_bound import entropy_bound
from qml_algos.physics.neural.constructions.graph_states import graph_state_rbm, volume_law_rbm
from qml_algos.physics.neural.constructions.random_machines import (
    random_rbm,
    short_range_rbm,
    symmetric_rbm,
)
from qml_algos.physics.neural.constructions.toric_code import toric_code_rbm, toric_loops

__all__ = [
    "entropy_bound",
    "graph_state_rbm",
    "random_rbm",
    "short_range_rbm",
    "symmetric_rbm",
    "toric_code_rbm",
    "toric_loops",
    "volume_law_rbm",
]
