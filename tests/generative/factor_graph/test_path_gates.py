"""Steps of evolution as few gates."""

import numpy as np
import scipy.linalg
from factor_graph_models import filtered

from circuits.graph_state.parent import parent_terms
from qml_algos.generative.factor_graph.path_gates import (
    LocalGate,
    apply_gates,
    inverse_gates,
    step_gates,
)

RING = tuple((i, (i + 1) % 7) for i in range(7))


def test_gates_of_a_step_are_the_exponentials_in_their_order() -> None:
    terms = parent_terms(RING, filtered(7, 3.0))
    gates = step_gates(terms, 0.9)
    assert len(gates) < len(terms)
    vectors = np.random.default_rng(0).normal(size=(128, 3)) + 0j
    expected = vectors
    for term in terms:
        exponential = LocalGate(term.qubits, scipy.linalg.expm(-0.9j * term.projector))
        expected = apply_gates([exponential], 7, expected)
    found = apply_gates(gates, 7, vectors)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(apply_gates(inverse_gates(gates), 7, found), vectors, atol=1e-12)


def test_the_first_qubit_is_the_most_significant_bit() -> None:
    flip = LocalGate((0,), np.array([[0, 1], [1, 0]], dtype=complex))
    np.testing.assert_array_equal(apply_gates([flip], 2, np.eye(4)[:, :1])[:, 0], [0, 0, 1, 0])
