"""Real-space renormalisation, exact and by Boltzmann machines."""

from qml_algos.physics.renormalisation.decimation import (
    chain_log_weights,
    copying_machine,
    decimate_1d,
    decimation_machine,
    renormalised,
)
from qml_algos.physics.renormalisation.plots import plot_receptive_fields
from qml_algos.physics.renormalisation.stacks import (
    fit_rbm_stack,
    receptive_field_radius,
    receptive_fields,
    uniform_radius,
)

__all__ = [
    "chain_log_weights",
    "copying_machine",
    "decimate_1d",
    "decimation_machine",
    "fit_rbm_stack",
    "plot_receptive_fields",
    "receptive_field_radius",
    "receptive_fields",
    "renormalised",
    "uniform_radius",
]
