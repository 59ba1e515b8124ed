"""The predicted costs of preparing the state."""

import numpy as np
import pytest
from factor_graph_models import chain

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.factor_graph.factors import Factor, from_factor_graph
from qml_algos.generative.factor_graph.path import PathReport, condition_by_filters, path_report
from qml_algos.generative.factor_graph.path_walk import PathStep


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


def test_the_gap_closes_and_success_falls_as_the_condition_number_grows() -> None:
    reports = [path_report(chain(value)) for value in (1.5, 3.0, 6.0)]
    for figure in ("smallest_gap", "smallest_overlap", "filter_success"):
        values = [getattr(report, figure) for report in reports]
        assert values == sorted(values, reverse=True)


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
