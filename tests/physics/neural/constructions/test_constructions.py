"""Graph states and random machines: exact amplitudes, and the entanglement that they hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians import chain
from qml_algos.physics.neural.constructions import (
    entropy_bound,
    graph_state_rbm,
    random_rbm,
    short_range_rbm,
    symmetric_rbm,
    volume_law_rbm,
)
from qml_algos.physics.states.entanglement import entropy_profile

PAIRS = [(j, k) for k in range(6) for j in range(k)]


@settings(max_examples=25, deadline=None)
@given(edges=st.lists(st.sampled_from(PAIRS), unique=True))
def test_any_graph_state_is_that_of_controlled_z_on_its_edges(edges) -> None:
    circuit = QuantumCircuit(6)
    circuit.h(range(6))
    for edge in edges:
        circuit.cz(*edge)
    found = graph_state_rbm(edges, 6).statevector()
    assert abs(np.vdot(found, Statevector(circuit).data)) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("qubits", [2, 8, 12])
def test_the_volume_law_machine_has_a_bit_of_entropy_for_each_qubit(qubits) -> None:
    state = volume_law_rbm(qubits)
    left = np.arange(1, qubits)
    bits = np.minimum(left, qubits - left)
    np.testing.assert_allclose(entropy_profile(state), bits, atol=1e-9)
    assert np.count_nonzero(state.W) == qubits
    np.testing.assert_array_equal(entropy_bound(state), bits)


@pytest.mark.parametrize("reach", [1, 2])
def test_the_entropy_of_short_range_machines_keeps_the_bound_and_does_not_grow(reach) -> None:
    """At 12 qubits, and the findings' bound of four times the reach."""
    means = []
    for seed in range(5):
        state = short_range_rbm(12, reach, random_state=seed)
        entropies = entropy_profile(state)
        assert np.all(entropies <= entropy_bound(state) + 1e-9)
        assert np.all(entropies <= 4 * reach)
        means.append(entropies)
    middle = np.mean(means, axis=0)[2:9]
    assert middle.max() - middle.min() < 1


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), density=st.floats(0.1, 0.9))
def test_the_bound_holds_for_any_pattern_of_weights(seed, density) -> None:
    state = random_rbm(6, 5, random_state=seed)
    state.W[np.random.default_rng(seed).random(state.W.shape) > density] = 0
    assert np.all(entropy_profile(state) <= entropy_bound(state) + 1e-9)


def test_the_entropy_of_random_machines_grows_with_the_number_of_qubits() -> None:
    halves = [
        np.mean([entropy_profile(random_rbm(n, random_state=s))[n // 2 - 1] for s in range(4)])
        for n in (4, 8, 12)
    ]
    assert halves[1] > halves[0] + 1
    assert halves[2] > halves[1] + 1
    assert halves[2] < 6


def test_symmetric_machines_do_not_change_under_translations() -> None:
    ring = chain(5)
    state = symmetric_rbm(ring.translations, 2, random_state=0)
    bits = np.random.default_rng(0).integers(2, size=(7, 5), dtype=np.int8)
    moved = bits[:, ring.translations[3]]
    np.testing.assert_allclose(state.log_amplitudes(moved), state.log_amplitudes(bits))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: graph_state_rbm([(0, 0)]), "pair of different qubits"),
        (lambda: graph_state_rbm([(0, 1), (1, 0)]), "twice"),
        (lambda: graph_state_rbm([(0, 3)], 3), "qubits = 3"),
        (lambda: volume_law_rbm(5), "qubits = 5: must be even"),
        (lambda: random_rbm(0), "qubits = 0"),
        (lambda: random_rbm(3, 0), "hidden = 0"),
        (lambda: random_rbm(3, scale=-1), "scale = -1"),
        (lambda: short_range_rbm(4, 2), "reach = 2"),
        (lambda: symmetric_rbm([[1, 0]], 2), "identity first"),
        (lambda: symmetric_rbm([[0, 1], [0, 0]], 2), "permutations"),
        (lambda: symmetric_rbm([[0, 1]], 0), "filters = 0"),
    ],
)
def test_bad_input_is_refused_by_name(call, message) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        call()
