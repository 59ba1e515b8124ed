"""The discrete-logarithm map, its circuit by arithmetic and what that costs."""

from circuits.feature_maps.discrete_log.arithmetic import (
    arithmetic_angles,
    arithmetic_circuit,
    character_state,
)
from circuits.feature_maps.discrete_log.clock import erasure_infidelity
from circuits.feature_maps.discrete_log.costs import ArithmeticCosts, arithmetic_costs
from circuits.feature_maps.discrete_log.feature_map import DiscreteLogMap
from circuits.feature_maps.discrete_log.orbit import Orbit

__all__ = [
    "ArithmeticCosts",
    "DiscreteLogMap",
    "Orbit",
    "arithmetic_angles",
    "arithmetic_circuit",
    "arithmetic_costs",
    "character_state",
    "erasure_infidelity",
]
