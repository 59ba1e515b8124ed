"""Graph states, and what is no graph."""

import numpy as np
import pytest
from graph_models import RING, amplitudes, random_matrices
from qiskit.quantum_info import Statevector

from circuits.graph_state.graph import graph_state, require_model


def test_graph_state_has_a_sign_for_each_edge_between_ones():
    expected = amplitudes(RING, np.array([np.eye(2)] * 5))
    np.testing.assert_allclose(Statevector(graph_state(RING, 5)).data, expected, atol=1e-12)


@pytest.mark.parametrize(
    ("edges", "match"),
    [
        ([(0, 0)], "two different qubits"),
        ([(0, 3)], "from 0 to 2"),
        ([(0, 1), (1, 0)], "occurs twice"),
    ],
)
def test_what_is_no_simple_graph_is_refused(edges, match):
    with pytest.raises(ValueError, match=match):
        graph_state(edges, 3)


@pytest.mark.parametrize(
    ("matrices", "projected", "match"),
    [
        (np.eye(2), (), r"shape \(2, 2\)"),
        (np.full((2, 2, 2), np.nan), (), "NaN"),
        (np.zeros((2, 2, 2)), (), r"matrices\[0\] is zero"),
        (random_matrices(2), (0, 0), "different qubits"),
        (random_matrices(2), (2,), "from 0 to 1"),
        (np.array([np.eye(2), [[0, 0], [1, 1]]]), (1,), "first row of zeros"),
    ],
)
def test_what_makes_no_state_is_refused(matrices, projected, match):
    with pytest.raises(ValueError, match=match):
        require_model([(0, 1)], matrices, projected)
