"""Every classical factor graph is a quantum model."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.factor_graph.factors import (
    Factor,
    from_factor_graph,
    parity_couplings,
)

SPIN = np.array([1.0, -1.0])


def brute_force(factors: list[Factor], variables: int) -> np.ndarray:
    """Distribution of a factor graph, one axis a variable."""
    weights = np.ones((2,) * variables)
    for x in np.ndindex(weights.shape):
        for factor in factors:
            weights[x] *= factor.table[tuple(x[v] for v in factor.variables)]
    return weights / weights.sum()


def flat(table: np.ndarray) -> np.ndarray:
    return table.T.reshape(-1)


def ising_chain(spins: int, coupling: float, field: float) -> list[Factor]:
    bonds = [Factor((i, i + 1), np.exp(coupling * np.outer(SPIN, SPIN))) for i in range(spins - 1)]
    return bonds + [Factor((i,), np.exp(field * SPIN)) for i in range(spins)]


def test_an_ising_chain_of_four_spins_takes_seven_qubits() -> None:
    factors = ising_chain(4, 0.7, 0.3)
    state = from_factor_graph(factors)
    assert state.n_qubits == 7
    assert state.edges == ((0, 4), (1, 4), (1, 5), (2, 5), (2, 6), (3, 6))
    exact = flat(brute_force(factors, 4))
    assert np.abs(state.probabilities() - exact).max() < 1e-15
    assert state.condition_probability() == pytest.approx(0.1547, abs=1e-4)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.integers(3, 6))
def test_random_factor_graphs_up_to_degree_three_are_met_by_both_ways(
    seed: int, variables: int
) -> None:
    generator = np.random.default_rng(seed)
    factors = []
    for _ in range(3):
        degree = generator.integers(1, 4)
        members = generator.choice(variables, degree, replace=False)
        factors.append(Factor(tuple(members), np.exp(generator.normal(0, 1.5, (2,) * degree))))
    state = from_factor_graph(factors, variables)
    exact = flat(brute_force(factors, variables))
    for method in ("statevector", "contraction"):
        assert np.abs(state.probabilities(method) - exact).max() < 1e-12


def test_factors_of_four_variables_and_hidden_ones_are_met_too() -> None:
    generator = np.random.default_rng(2)
    factors = [
        Factor((3, 0, 4, 1), generator.uniform(0.1, 3, (2,) * 4)),
        Factor((2, 1), generator.uniform(0.1, 3, (2, 2))),
    ]
    state = from_factor_graph(factors, hidden=(1, 3))
    exact = flat(brute_force(factors, 5).sum(axis=(1, 3)))
    assert np.abs(state.probabilities("contraction") - exact).max() < 1e-12
    assert state.hidden == (1, 3)
    assert state.n_qubits == 5 + 11 + 1


def test_factors_share_qubits_and_couplings_that_cancel_take_none() -> None:
    bond = np.exp(0.5 * np.outer(SPIN, SPIN))
    assert from_factor_graph([Factor((0, 1), bond), Factor((1, 0), bond)]).n_qubits == 3
    assert from_factor_graph([Factor((0, 1), bond), Factor((0, 1), 1 / bond)]).n_qubits == 2


def test_couplings_are_the_walsh_spectrum_of_the_logarithm() -> None:
    found = parity_couplings(ising_chain(3, 0.7, -0.2))
    expected = {(0,): -0.2, (1,): -0.2, (2,): -0.2, (0, 1): 0.7, (1, 2): 0.7}
    assert found == pytest.approx(expected)


def test_a_long_ising_chain_has_the_free_energy_of_its_transfer_matrix() -> None:
    """Ratio of the weights of two configurations, on 100 spins."""
    state = from_factor_graph(ising_chain(100, 0.4, 0.1))
    up, down = np.zeros((1, 100), dtype=int), np.ones((1, 100), dtype=int)
    transfer = np.exp(0.4 * np.outer(SPIN, SPIN) + 0.05 * np.add.outer(SPIN, SPIN))
    vector, logarithm = np.exp(0.05 * SPIN), 0.0
    for _ in range(99):
        vector = transfer @ vector
        logarithm += np.log(vector.max())
        vector = vector / vector.max()
    log_partition = logarithm + np.log(vector @ np.exp(0.05 * SPIN))
    found = state.log_probability(np.concatenate([up, down]))
    expected = [99 * 0.4 + 10 - log_partition, 99 * 0.4 - 10 - log_partition]
    np.testing.assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.parametrize(
    ("variables", "table", "message"),
    [
        ((0, 1), np.ones((2, 3)), "shape"),
        ((0,), [1.0, 0.0], "positive"),
        ((0,), [1.0, 1j], "real and positive"),
        ((), 1.0, "at least one variable"),
        ((1, 1), np.ones((2, 2)), "occurs twice"),
        ((-1,), [1.0, 1.0], "-1"),
        ((0,), [1.0, np.inf], "infinity"),
    ],
)
def test_bad_factors_are_named(variables: tuple[int, ...], table: object, message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        Factor(variables, table)


def test_bad_factor_graphs_are_named() -> None:
    with pytest.raises(InvalidProblemError, match="factors is empty"):
        from_factor_graph([])
    with pytest.raises(InvalidProblemError, match="at least 3"):
        from_factor_graph([Factor((2,), [1.0, 2.0])], 2)
    with pytest.raises(InvalidProblemError, match="hidden: 1 is no qubit"):
        from_factor_graph([Factor((0,), [1.0, 2.0])], hidden=(1,))
    with pytest.raises(TooLargeError, match="at most 10"):
        Factor(tuple(range(11)), np.ones((2,) * 11))
