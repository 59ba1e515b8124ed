"""Ground states by every representation, with one interface."""

from qml_algos.lazy import LazyMapping
from qml_algos.physics.ground_states.models import MODELS, make_model
from qml_algos.physics.ground_states.pauli_file import read_hamiltonian

__all__ = ["GROUND_STATE_SOLVERS", "MODELS", "make_model", "read_hamiltonian"]

GROUND_STATE_SOLVERS = LazyMapping(
    {
        "exact": "qml_algos.physics.ground_states.exact:ExactGroundState",
        "mps": "qml_algos.physics.ground_states.mps:MPSGroundState",
        "rbm": "qml_algos.physics.neural.ground_state:RBMGroundState",
        "circuit": "qml_algos.physics.variational.ground_state:VariationalCircuitGroundState",
    }
)
"""Classes of estimators by the names that the command line takes."""
