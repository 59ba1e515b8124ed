"""States of the path, and gaps above them."""

import numpy as np
import pytest
from factor_graph_models import CHAIN, chain, filtered

from circuits.graph_state.ground_path import polar
from circuits.graph_state.parent import parent_terms
from qml_algos.errors import NotConvergedError
from qml_algos.generative.factor_graph import path_walk
from qml_algos.generative.factor_graph.path_gates import apply_gates, step_gates
from qml_algos.generative.factor_graph.path_walk import (
    PathPoint,
    PathStep,
    apply_terms,
    phase_gap,
    walk,
)
from qml_algos.generative.factor_graph.state import QuantumGenerativeState


def points(state: QuantumGenerativeState) -> list[PathPoint]:
    return list(walk(state.edges, state.n_qubits, dict(enumerate(polar(state.matrices)[1]))))


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


def test_gaps_from_iterations_are_those_of_the_dense_matrix() -> None:
    point = points(chain(3.0, qubits=7))[-1]
    energies = np.linalg.eigvalsh(apply_terms(point.terms, 7, np.eye(128, dtype=complex)))
    assert point.step.gap == pytest.approx(energies[1], rel=1e-4)
    assert abs(point.step.energy) < 1e-12


@pytest.mark.parametrize(("qubits", "time"), [(5, 0.4), (5, 1.3), (7, 0.8)])
def test_the_phase_gap_is_that_of_the_step_as_a_matrix(qubits: int, time: float) -> None:
    point = points(chain(3.0, qubits))[-1]
    gates = step_gates(point.terms, time)
    matrix = apply_gates(gates, qubits, np.eye(2**qubits, dtype=complex))
    phases = np.sort(np.abs(np.angle(np.linalg.eigvals(matrix))))
    assert phases[0] < 1e-9
    assert phase_gap(point, qubits, time) == pytest.approx(phases[1], rel=1e-4)


def test_norms_along_the_path_multiply_to_that_of_all_filters() -> None:
    state = chain(3.0)
    norms = [point.norm for point in points(state)]
    largest = np.linalg.norm(state.matrices, 2, axis=(1, 2))
    assert np.prod(norms) ** 2 == pytest.approx(np.exp(state.log_norm()) / np.prod(largest**2))


def test_expected_projections_are_those_of_the_alternation() -> None:
    """A Markov chain of outcomes, summed until its tail is below 1e-12."""
    p = 0.3
    step = PathStep(0, 2.0, p, 0.5, 0.0)
    forth, back, failed = 1.0, 0.0, 1 - p
    while failed > 1e-14:
        forth, back = forth + failed, back + failed
        failed *= 1 - 2 * p * (1 - p)
    assert step.expected_projections() == pytest.approx((back, forth))


def test_a_gap_too_small_to_be_found_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path_walk, "_LANCZOS_RESTARTS", 1)
    with pytest.raises(NotConvergedError, match="gap of the path was not found"):
        points(chain(50.0, qubits=8))
