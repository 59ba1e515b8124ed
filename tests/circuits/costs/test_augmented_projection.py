"""Cost of the augmented matrix of a kernel solver, held against what is counted."""

import numpy as np
import pytest
from cost_checks import check_closed_form
from encoding_costs import check_encoding

from circuits.augmented_projection import augmented_projection
from circuits.costs import count_gates
from circuits.costs.augmented_projection import augmented_projection_cost
from circuits.costs.inversion import kernel_reflection_degree
from circuits.costs.path_encoding import path_block_encoding_cost
from circuits.costs.qsvt import qsvt_cost
from circuits.inversion import kernel_reflection
from circuits.path_encoding import path_block_encoding
from circuits.phases import signal_processing_phases
from circuits.qsvt import qsvt
from circuits.state_preparation import state_preparation


@pytest.mark.parametrize("qubits", [1, 2, 3, 6])
@pytest.mark.parametrize("diagonal", [0.0, 2.0])
def test_augmented_matrices_are_exact(qubits, diagonal):
    b = state_preparation(np.random.default_rng(qubits).normal(size=2**qubits))
    built = augmented_projection(path_block_encoding(qubits, diagonal, 1.0), b, 0.3)
    encoding = path_block_encoding_cost(qubits, diagonal, 1.0)
    check_encoding(augmented_projection_cost(encoding, count_gates(b)), built)


@pytest.mark.parametrize("qubits", [1, 3, 5])
def test_reflections_about_the_kernel_are_exact(qubits):
    gap, deviation = 0.3, 1e-2
    encoding = path_block_encoding(qubits, 2.0, 1.0)
    b = state_preparation(np.random.default_rng(qubits).normal(size=2**qubits))
    b.compose(encoding.frame, inplace=True)
    phases = signal_processing_phases(kernel_reflection(gap, deviation).coefficients)
    cost = augmented_projection_cost(path_block_encoding_cost(qubits, 2.0, 1.0), count_gates(b))
    check_closed_form(
        qsvt_cost(cost, kernel_reflection_degree(gap, deviation)),
        qsvt(augmented_projection(encoding, b, 0.3), phases),
    )
