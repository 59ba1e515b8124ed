"""Samples of the three routes: one distribution, and acceptance as predicted."""

import numpy as np
import pytest
import scipy.stats
from factor_graph_models import chain, filtered

from qml_algos.backends import backend
from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.factor_graph.preparation_sampling import SampledModel, sample_on
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

# Seeds are fixed, so that no test fails by chance; for a seed drawn anew a chi-square test would
# fail with probability LEVEL, an acceptance that must be within 4 standard errors with 6e-5.
LEVEL = 1e-3


def tail(state: QuantumGenerativeState, conditioned: tuple[int, ...]) -> QuantumGenerativeState:
    """Hide the last qubit of a chain, and condition some."""
    last = state.n_qubits - 1
    visible = tuple(i for i in range(last) if i not in conditioned)
    return QuantumGenerativeState(state.edges, state.matrices, visible, conditioned)


def p_value(sampled: SampledModel, state: QuantumGenerativeState) -> float:
    """Of the samples' frequencies, by the chi-square test against the exact distribution."""
    indices = sampled.samples @ (1 << np.arange(state.n_variables))
    counts = np.bincount(indices, minlength=2**state.n_variables)
    expected = state.probabilities() * len(indices)
    order = np.argsort(expected)
    # Rare outcomes are put together, so that none is expected fewer than 5 times.
    cells = np.floor(np.cumsum(expected[order]) / 5).astype(int)
    cells = np.minimum(cells, cells[-1] - 1)
    merged = [np.bincount(cells, weights=values[order]) for values in (counts, expected)]
    observed, wanted = (values[merged[1] > 0] for values in merged)
    return float(scipy.stats.chisquare(observed, wanted).pvalue)


@pytest.mark.parametrize("method", ["filters", "staircase"])
def test_samples_have_the_distribution_and_acceptance_predicted(method: str) -> None:
    state = tail(chain(2.0, qubits=6), (2,))
    sampled = sample_on(state, backend("aer_shots"), 40_000, method=method, random_state=1)
    assert p_value(sampled, state) > LEVEL
    assert abs(sampled.deviation) < 4
    assert len(sampled.samples) == round(sampled.acceptance.value * 40_000)
    assert sampled.costs["qubits"] == (11 if method == "filters" else 5)


def test_one_reused_ancilla_gives_the_same() -> None:
    state = tail(chain(2.0, qubits=4), ())
    sampled = sample_on(
        state, backend("aer_shots"), 2_000, method="filters", reuse=True, random_state=2
    )
    assert p_value(sampled, state) > LEVEL
    assert abs(sampled.deviation) < 4
    assert sampled.costs["qubits"] == 5


def test_the_path_gives_the_same() -> None:
    state = tail(chain(1.4, qubits=3), ())
    sampled = sample_on(state, backend("aer_shots"), 300, method="path", error=0.02, random_state=3)
    assert p_value(sampled, state) > LEVEL
    assert abs(sampled.deviation) < 4


@pytest.mark.slow
def test_three_routes_draw_from_one_distribution_on_a_ring() -> None:
    """Also against each other, by the chi-square test of homogeneity."""
    edges = ((0, 1), (1, 2), (2, 3), (3, 4), (0, 4))
    state = QuantumGenerativeState(edges, filtered(5, 1.8), (0, 2, 3), (4,))
    shots = {"filters": 20_000, "staircase": 4_000, "path": 600}
    counts = []
    for method, number in shots.items():
        sampled = sample_on(state, backend("aer_shots"), number, method=method, random_state=4)
        assert p_value(sampled, state) > LEVEL
        assert abs(sampled.deviation) < 4
        counts.append(np.bincount(sampled.samples @ [1, 2, 4], minlength=8))
    assert scipy.stats.chi2_contingency(np.array(counts)).pvalue > LEVEL


def test_too_few_shots_and_too_small_backends_are_refused_before_anything_runs() -> None:
    state = chain(30.0, qubits=6)
    with pytest.raises(InvalidProblemError, match=r'shots = 100: .*method="staircase"'):
        sample_on(state, backend("aer_shots"), 100, method="filters")
    with pytest.raises(InvalidProblemError, match="shots"):
        sample_on(state, backend("aer_shots"), 0)
    with pytest.raises(TooLargeError, match="needs 28 qubits"):
        sample_on(chain(1.1, qubits=14), backend("aer_shots"), 100_000, method="filters")
