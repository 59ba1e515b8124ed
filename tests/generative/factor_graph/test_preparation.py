"""Circuits of the state: the three routes, and what is refused."""

import itertools

import numpy as np
import pytest
from factor_graph_models import chain, filtered
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector, partial_trace

from qml_algos.errors import TooLargeError, UnknownNameError
from qml_algos.generative.factor_graph import preparation_path
from qml_algos.generative.factor_graph.factors import Factor, from_factor_graph
from qml_algos.generative.factor_graph.path import condition_by_filters
from qml_algos.generative.factor_graph.preparation import METHODS, preparation
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

RING = ((0, 1), (1, 2), (2, 3), (0, 3), (3, 4))


def ring(condition_number: float = 2.0) -> QuantumGenerativeState:
    """Return a ring with a tail: 0 and 2 visible, 1 and 4 conditioned, 3 hidden."""
    return QuantumGenerativeState(RING, filtered(5, condition_number), (2, 0), (1, 4))


def visible_distribution(state: QuantumGenerativeState) -> np.ndarray:
    """Of what a staircase prepares, variable 0 the least significant bit."""
    final = Statevector(preparation(state, "staircase", project=True).circuit)
    table = final.probabilities([*state.visible])
    return table / table.sum()


@pytest.mark.parametrize("state", [ring(), chain(3.0)], ids=["ring", "chain"])
def test_a_staircase_has_the_distribution_of_the_model_with_certainty(
    state: QuantumGenerativeState,
) -> None:
    np.testing.assert_allclose(visible_distribution(state), state.probabilities(), atol=1e-10)


@settings(max_examples=12, derandomize=True, deadline=None)
@given(st.integers(0, 10**6))
def test_staircases_of_random_graphs_have_the_distribution_of_the_model(seed: int) -> None:
    generator = np.random.default_rng(seed)
    qubits = int(generator.integers(2, 7))
    edges = [e for e in itertools.combinations(range(qubits), 2) if generator.random() < 0.5]
    order = generator.permutation(qubits).tolist()
    visible = int(generator.integers(1, qubits))
    state = QuantumGenerativeState(
        tuple(edges), filtered(qubits, 10.0, seed), order[:visible], order[visible : visible + 2]
    )
    np.testing.assert_allclose(visible_distribution(state), state.probabilities(), atol=1e-9)


def test_a_staircase_of_a_factor_graph_has_its_distribution() -> None:
    factors = [Factor((0, 1), np.array([[2.0, 1.0], [0.5, 3.0]]))]
    factors += [Factor((1, 2), np.array([[1.0, 4.0], [2.0, 0.1]])), Factor((0,), np.array([1, 2]))]
    state = from_factor_graph(factors)
    prepared = preparation(state, "staircase", project=True)
    assert prepared.success_probability == 1
    assert not prepared.post_selected
    assert prepared.costs["two_qubit_gates"] <= 4
    np.testing.assert_allclose(visible_distribution(state), state.probabilities(), atol=1e-10)


def test_known_variables_are_conditioned_without_chance() -> None:
    given = chain(3.0).conditional({1: 1, 4: 0})
    np.testing.assert_allclose(visible_distribution(given), given.probabilities(), atol=1e-10)


def test_without_projection_conditioned_qubits_are_as_the_others() -> None:
    state = ring()
    expected = state.amplitudes() / np.exp(state.log_norm() / 2)
    found = Statevector(preparation(state, "staircase").circuit)
    assert abs(np.vdot(found.data, expected)) == pytest.approx(1)
    reduced = partial_trace(found, [0, 1, 2, 3]).data
    assert reduced[0, 0].real < 0.95


def test_filters_succeed_as_the_norm_says() -> None:
    state = ring()
    largest = np.linalg.norm(state.matrices, 2, axis=(1, 2)) ** 2
    whole = preparation(state, "filters")
    assert whole.success_probability == pytest.approx(np.exp(state.log_norm()) / largest.prod())
    assert whole.post_selected == ("filters",)
    projected = preparation(state, "filters", project=True)
    rows = np.linalg.norm(state.matrices[[1, 4], 0], axis=1) ** 2
    weight = np.exp(state.log_norm()) * state.condition_probability()
    assert projected.success_probability == pytest.approx(
        weight / (largest[[0, 2, 3]].prod() * rows.prod())
    )
    assert projected.post_selected == ("filters", "conditions")
    assert projected.attempts == pytest.approx(1 / projected.success_probability)


def test_a_path_keeps_the_state_within_its_error_and_as_often_as_overlaps_say() -> None:
    prepared = preparation(chain(2.0, qubits=4), "path", error=1e-2)
    assert prepared.plan is not None
    assert 0 < prepared.infidelity < 1e-2
    assert prepared.success_probability == pytest.approx(
        prepared.plan.success_probability, rel=0.03
    )
    assert prepared.post_selected == ("failed",)


def test_filters_on_conditioned_qubits_make_a_path_keep_more() -> None:
    spin = np.array([1.0, -1.0])
    plain = from_factor_graph([Factor((0, 1), np.exp(0.7 * np.outer(spin, spin)))])
    sharp = condition_by_filters(plain, 3.0)
    kept = [preparation(state, "path", project=True) for state in (plain, sharp)]
    assert kept[0].post_selected == ("failed", "conditions")
    for state, prepared in zip((plain, sharp), kept, strict=True):
        assert prepared.plan is not None
        predicted = prepared.plan.success_probability * state.condition_probability()
        assert prepared.success_probability == pytest.approx(predicted, rel=0.01)
    assert kept[1].success_probability > kept[0].success_probability


def test_wide_graphs_are_refused_with_what_to_use_instead() -> None:
    edges = tuple(itertools.combinations(range(30), 2))
    complete = QuantumGenerativeState(edges, filtered(30, 2.0), (0,))
    with pytest.raises(TooLargeError, match=r'pathwidth 29.*method="filters"'):
        preparation(complete, "staircase")
    with pytest.raises(TooLargeError, match="treewidth"):
        preparation(complete, "filters")
    with pytest.raises(TooLargeError, match="up to 12 qubits"):
        preparation(complete, "path")


def test_long_paths_are_refused_with_their_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation_path, "MOST_PATH_GATES", 1000)
    with pytest.raises(TooLargeError, match=r'two-qubit gates.*resolved.*method="staircase"'):
        preparation(chain(3.0, qubits=4), "path")


def test_unknown_methods_are_refused_with_the_known_ones() -> None:
    assert METHODS == ("filters", "staircase", "path")
    with pytest.raises(UnknownNameError, match="filters, path, staircase"):
        preparation(chain(2.0), "annealing")
