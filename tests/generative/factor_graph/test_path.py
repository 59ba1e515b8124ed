"""The parent Hamiltonian, and the predicted costs of preparing the state."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError, NotConvergedError, TooLargeError
from qml_algos.generative.factor_graph import path
from qml_algos.generative.factor_graph.factors import Factor, from_factor_graph
from qml_algos.generative.factor_graph.path import (
    PathReport,
    PathStep,
    apply_terms,
    condition_by_filters,
    parent_terms,
    path_report,
)
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

CHAIN = tuple((i, i + 1) for i in range(4))


def filtered(qubits: int, condition_number: float, seed: int = 0) -> np.ndarray:
    """Random matrices of one condition number."""
    generator = np.random.default_rng(seed)
    gaussian = generator.normal(size=(2, qubits, 2, 2)) + 1j * generator.normal(
        size=(2, qubits, 2, 2)
    )
    left, right = np.linalg.qr(gaussian)[0]
    return left @ np.diag([1.0, 1 / condition_number]) @ right


def chain(condition_number: float, qubits: int = 5) -> QuantumGenerativeState:
    edges = tuple((i, i + 1) for i in range(qubits - 1))
    return QuantumGenerativeState(edges, filtered(qubits, condition_number), range(qubits))


def test_the_state_is_the_only_one_that_every_term_annihilates() -> None:
    edges = (*CHAIN, (0, 2))
    state = QuantumGenerativeState(edges, filtered(5, 3.0), (0,))
    terms = parent_terms(edges, state.matrices)
    ground = state.amplitudes().reshape((2,) * 5).T.reshape(-1, 1)
    for term in terms:
        np.testing.assert_allclose(term.projector @ term.projector, term.projector, atol=1e-12)
        assert np.trace(term.projector).real == pytest.approx(len(term.projector) / 2)
        assert np.abs(apply_terms([term], 5, ground)).max() < 1e-14
    energies = np.linalg.eigvalsh(apply_terms(terms, 5, np.eye(32, dtype=complex)))
    assert abs(energies[0]) < 1e-12
    assert energies[1] > 1e-3


def test_terms_of_a_graph_state_are_its_stabilisers() -> None:
    terms = parent_terms(CHAIN, np.array([np.eye(2)] * 5, dtype=complex))
    assert [term.qubits for term in terms] == [(0, 1), (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4)]
    X, Z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
    stabiliser = np.kron(np.kron(Z, X), Z)
    np.testing.assert_allclose(terms[1].projector, (np.eye(8) - stabiliser) / 2, atol=1e-12)


def test_unitary_matrices_cost_nothing() -> None:
    report = path_report(chain(1.0))
    assert report.filter_success == pytest.approx(1.0)
    assert report.overlap_product == pytest.approx(1.0)
    assert report.smallest_gap == pytest.approx(1.0)
    assert report.projections == pytest.approx(5.0)
    assert report.evolution_time == pytest.approx(10 * np.pi)


def test_the_success_of_filters_is_the_norm_over_the_largest_singular_values() -> None:
    state = chain(3.0)
    largest = np.linalg.norm(state.matrices, 2, axis=(1, 2))
    expected = np.exp(state.log_norm()) / np.prod(largest**2)
    assert path_report(state).filter_success == pytest.approx(expected)


def test_the_first_overlap_is_that_of_a_filter_on_a_maximally_mixed_qubit() -> None:
    """tr(P)^2 / (2 tr(P^2)), in closed form."""
    first = path_report(chain(3.0)).steps[0]
    assert first.overlap == pytest.approx((1 + 1 / 3) ** 2 / (2 * (1 + 1 / 9)))
    assert first.condition_number == pytest.approx(3.0)


def test_gaps_from_iterations_are_those_of_the_dense_matrix() -> None:
    state = chain(3.0, qubits=7)
    report = path_report(state)
    polar = [np.linalg.svd(matrix) for matrix in state.matrices]
    positive = np.array([v.conj().T @ np.diag(s) @ v for _, s, v in polar])
    terms = parent_terms(state.edges, positive)
    energies = np.linalg.eigvalsh(apply_terms(terms, 7, np.eye(128, dtype=complex)))
    assert report.steps[-1].gap == pytest.approx(energies[1], rel=1e-4)
    assert report.unique_ground_state


def test_the_gap_closes_and_success_falls_as_the_condition_number_grows() -> None:
    reports = [path_report(chain(value)) for value in (1.5, 3.0, 6.0)]
    for figure in ("smallest_gap", "smallest_overlap", "filter_success"):
        values = [getattr(report, figure) for report in reports]
        assert values == sorted(values, reverse=True)


def test_expected_projections_are_those_of_the_alternation() -> None:
    """A Markov chain of outcomes, summed until its tail is below 1e-12."""
    p = 0.3
    step = PathStep(0, 2.0, p, 0.5, 0.0)
    forth, back, failed = 1.0, 0.0, 1 - p
    while failed > 1e-14:
        forth, back = forth + failed, back + failed
        failed *= 1 - 2 * p * (1 - p)
    assert step.expected_projections() == pytest.approx((back, forth))


def test_a_report_adds_the_costs_up_and_reads_well() -> None:
    report = PathReport((PathStep(0, 2.0, 0.5, 0.25, 0.0),), 1.0, 0.4, 0.5)
    assert report.filter_attempts == pytest.approx(5.0)
    assert report.projections == pytest.approx(6.0)
    assert report.evolution_time == pytest.approx(2 * np.pi * (1 + 2 / 0.25) / 0.5)
    assert report.clock_qubits == 3
    shown = str(report)
    assert "unique" in shown
    assert "success 0.4, 5 runs a sample" in shown
    assert "6 phase estimations" in shown


def test_filters_take_over_from_conditioning_and_keep_the_distribution() -> None:
    spin = np.array([1.0, -1.0])
    bond = np.exp(0.7 * np.outer(spin, spin))
    plain = from_factor_graph([Factor((0, 1), bond), Factor((1, 2), bond)])
    sharp = condition_by_filters(plain, 5.0)
    np.testing.assert_allclose(sharp.probabilities(), plain.probabilities(), atol=1e-14)
    np.testing.assert_allclose(sharp.condition_numbers[3:], 5.0)
    assert sharp.condition_probability() > 0.9 > 0.5 > plain.condition_probability()
    assert path_report(sharp).smallest_gap < path_report(plain).smallest_gap
    with pytest.raises(InvalidProblemError, match="condition_number"):
        condition_by_filters(plain, 0.5)


def test_more_than_twelve_qubits_are_refused() -> None:
    with pytest.raises(TooLargeError, match="up to 12 qubits"):
        path_report(chain(2.0, qubits=13))


def test_a_gap_too_small_to_be_found_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path, "_LANCZOS_RESTARTS", 1)
    with pytest.raises(NotConvergedError, match="gap of the path was not found"):
        path_report(chain(50.0, qubits=8))
