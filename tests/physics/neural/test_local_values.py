"""Local values of operators, also where amplitudes vanish."""

import numpy as np
from qiskit.quantum_info import SparsePauliOp

from qml_algos.physics.configurations import every_configuration
from qml_algos.physics.hamiltonians.connections import connections_of
from qml_algos.physics.neural.local_values import local_values
from qml_algos.physics.states.statevector import StatevectorState


def test_they_are_those_of_the_matrix_on_all_configurations_of_nonzero_amplitude() -> None:
    generator = np.random.default_rng(0)
    amplitudes = generator.normal(size=8) + 1j * generator.normal(size=8)
    amplitudes[[1, 4]] = 0
    operator = SparsePauliOp(["XYZ", "ZZI", "IXX", "YII"], generator.normal(size=4))
    state = StatevectorState(amplitudes)
    here = np.flatnonzero(amplitudes)
    found = local_values(state, connections_of(operator), every_configuration(3)[here])
    exact = (operator.to_matrix() @ amplitudes)[here] / amplitudes[here]
    np.testing.assert_allclose(found, exact, atol=1e-12)
