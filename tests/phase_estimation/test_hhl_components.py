"""HHL's look at the spectrum of a right-hand side, off the grid."""

import numpy as np
import pytest

import qml_algos
from qml_algos.linear_systems import LinearSystem
from qml_algos.linear_systems.hhl import estimate_spectrum


@pytest.mark.parametrize("sign", [1, -1])
def test_eigenvalues_of_a_right_hand_side_are_found_between_the_cells(sign):
    problem = LinearSystem(sign * np.diag([1.0, 0.37]), np.sqrt([0.4, 0.6]))
    found = estimate_spectrum(problem, qml_algos.backend("aer_shots"), 5, 4000, seed=1)
    np.testing.assert_allclose(found.components, sign * np.array([0.37, 1.0]), atol=2e-3)
    np.testing.assert_allclose(found.component_weights, [0.6, 0.4], atol=0.04)
    assert np.all(found.component_standard_errors < found.resolution / 10)
