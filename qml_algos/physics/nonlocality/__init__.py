"""Bell operators, their classical and quantum bounds, and states that violate them."""

from qml_algos.physics.nonlocality.bell import BellOperator
from qml_algos.physics.nonlocality.inequalities import (
    best_plane,
    chsh,
    in_plane,
    mermin,
    two_body_symmetric,
)
from qml_algos.physics.nonlocality.measured import (
    BellEstimate,
    estimate_bell,
    joint_settings,
    measure_bell,
)
from qml_algos.physics.nonlocality.rbm import BellViolation, rbm_violation
from qml_algos.physics.nonlocality.see_saw import optimal_measurements

__all__ = [
    "BellEstimate",
    "BellOperator",
    "BellViolation",
    "best_plane",
    "chsh",
    "estimate_bell",
    "in_plane",
    "joint_settings",
    "measure_bell",
    "mermin",
    "optimal_measurements",
    "rbm_violation",
    "two_body_symmetric",
]
