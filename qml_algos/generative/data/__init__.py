"""Discrete data: sets with a rule, graph states, digits, files."""

from qml_algos.generative.data.configurations import (
    MOST_CONFIGURATIONS,
    all_configurations,
    configuration_count,
    configuration_numbers,
)
from qml_algos.generative.data.density_sets import DensitySet, density_set_names, read_density_set
from qml_algos.generative.data.digits import load_binary_digits
from qml_algos.generative.data.discrete import DiscreteData
from qml_algos.generative.data.files import read_discrete
from qml_algos.generative.data.graph_states import (
    graph_state_probabilities,
    make_graph_state,
    random_directions,
)
from qml_algos.generative.data.structured import (
    among,
    has_cardinality,
    has_even_parity,
    is_bars_and_stripes,
    make_bars_and_stripes,
    make_cardinality,
    make_parity,
    make_random_patterns,
)

__all__ = [
    "MOST_CONFIGURATIONS",
    "DensitySet",
    "DiscreteData",
    "all_configurations",
    "among",
    "configuration_count",
    "configuration_numbers",
    "density_set_names",
    "graph_state_probabilities",
    "has_cardinality",
    "has_even_parity",
    "is_bars_and_stripes",
    "load_binary_digits",
    "make_bars_and_stripes",
    "make_cardinality",
    "make_graph_state",
    "make_parity",
    "make_random_patterns",
    "random_directions",
    "read_density_set",
    "read_discrete",
]
