"""Probabilities of the model by both ways, and what is refused."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

from qml_algos.errors import (
    InvalidProblemError,
    SingularMatrixError,
    TooLargeError,
    UnknownNameError,
)
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

EDGES = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (0, 3), (2, 6))


def random_matrices(qubits: int, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return generator.normal(size=(qubits, 2, 2)) + 1j * generator.normal(size=(qubits, 2, 2))


def model() -> QuantumGenerativeState:
    """Seven qubits: 0, 4, 2 and 5 visible, 3 conditioned, 1 and 6 hidden."""
    return QuantumGenerativeState(EDGES, random_matrices(7), (0, 4, 2, 5), (3,))


def joint(state: QuantumGenerativeState) -> np.ndarray:
    """P with one axis a variable."""
    return state.probabilities().reshape((2,) * state.n_variables).T


def test_the_state_is_the_matrices_on_a_graph_state_made_by_a_circuit() -> None:
    state = model()
    circuit = QuantumCircuit(7)
    circuit.h(range(7))
    for edge in EDGES:
        circuit.cz(*edge)
    expected = Statevector(circuit).data
    for qubit, matrix in enumerate(state.matrices):
        split = expected.reshape(2 ** (6 - qubit), 2, 2**qubit)
        expected = np.einsum("ba,iaj->ibj", matrix, split).reshape(-1)
    np.testing.assert_allclose(state.amplitudes(), expected, atol=1e-14)


def test_probabilities_are_squared_amplitudes_summed_over_hidden_qubits() -> None:
    state = model()
    weights = np.zeros(16)
    for index, amplitude in enumerate(state.amplitudes()):
        bits = [index >> q & 1 for q in range(7)]
        if not bits[3]:
            weights[sum(bits[q] << k for k, q in enumerate(state.visible))] += abs(amplitude) ** 2
    np.testing.assert_allclose(state.probabilities(), weights / weights.sum(), atol=1e-14)
    total = np.sum(np.abs(state.amplitudes()) ** 2)
    assert state.log_norm() == pytest.approx(np.log(total))
    assert state.condition_probability() == pytest.approx(weights.sum() / total)


@pytest.mark.parametrize("variables", [(), (2,), (3, 0), (0, 1, 2, 3)])
def test_both_ways_give_the_same_weights_and_site_matrices(variables: tuple[int, ...]) -> None:
    state = model()
    values = np.random.default_rng(1).integers(0, 2, (5, len(variables)))
    dense = state.site_matrices(variables, values, "statevector")
    contracted = state.site_matrices(variables, values, "contraction")
    np.testing.assert_allclose(contracted[0], dense[0], atol=1e-12)
    np.testing.assert_allclose(contracted[1], dense[1], atol=1e-12)
    np.testing.assert_allclose(np.trace(dense[1], axis1=-2, axis2=-1), 1.0, atol=1e-12)
    for method in ("statevector", "contraction"):
        found = state.log_weights(variables, values, method)
        np.testing.assert_allclose(found, dense[0], atol=1e-12)


def test_a_scale_or_a_row_phase_of_a_matrix_changes_nothing() -> None:
    state = model()
    matrices = state.matrices * np.arange(1, 8)[:, None, None]
    matrices[0, 1] *= np.exp(0.7j)
    other = QuantumGenerativeState(EDGES, matrices, state.visible, state.conditioned)
    np.testing.assert_allclose(other.probabilities(), state.probabilities(), atol=1e-14)


def test_marginals_and_conditionals_are_those_of_the_joint_distribution() -> None:
    state = model()
    table = joint(state)
    np.testing.assert_allclose(
        state.marginal((3, 1), "contraction"),
        table.sum(axis=(0, 2)).reshape(-1)[[0, 1, 2, 3]],
        atol=1e-14,
    )
    given = state.conditional({1: 1, 2: 0})
    expected = table[:, 1, 0, :] / table[:, 1, 0, :].sum()
    np.testing.assert_allclose(joint(given), expected, atol=1e-14)
    assert given.visible == (0, 5)
    assert state.visible == (0, 4, 2, 5)


def test_samples_follow_the_distribution() -> None:
    """Chi-square at a level of 1e-3 on 15 degrees of freedom; seeded."""
    state = model()
    drawn = state.sample(20_000, 3)
    counts = np.bincount(drawn @ (1 << np.arange(4)), minlength=16)
    expected = 20_000 * state.probabilities()
    assert np.sum((counts - expected) ** 2 / expected) < 37.7
    np.testing.assert_array_equal(drawn, state.sample(20_000, 3))


def test_a_chain_of_sixty_qubits_is_normalised_and_sampled() -> None:
    edges = tuple((i, i + 1) for i in range(59))
    hidden = (20, 50, 51)
    visible = tuple(i for i in range(60) if i not in hidden)
    state = QuantumGenerativeState(edges, random_matrices(60), visible)
    assert state.width() == 2
    both = np.repeat(state.sample(1, 0), 2, axis=0)
    both[1, 40] ^= 1
    without = [k for k in range(57) if k != 40]
    norm = state.log_weights((), np.zeros((1, 0)))
    rest = state.log_weights(without, both[:1, without]) - norm
    np.testing.assert_allclose(np.logaddexp(*state.log_probability(both)), rest, atol=1e-10)


def test_non_invertible_matrices_are_refused_with_their_qubit() -> None:
    matrices = random_matrices(7)
    matrices[4] = [[1, 2], [2, 4]]
    with pytest.raises(SingularMatrixError, match="of qubit 4"):
        QuantumGenerativeState(EDGES, matrices, (0,))


@pytest.mark.parametrize(
    ("edges", "visible", "conditioned", "message"),
    [
        (((0, 0),), (0,), (), "joins a qubit to itself"),
        (((0, 1), (1, 0)), (0,), (), "there twice"),
        (((0, 7),), (0,), (), "from 0 to 6"),
        (((0, 1, 2),), (0,), (), "pair of qubits"),
        (((0, 1.5),), (0,), (), "pair of qubits"),
        (EDGES, (0, 7), (), "visible: 7 is no qubit"),
        (EDGES, (0, -1), (), "visible: -1 is no qubit"),
        (EDGES, (0, 0), (), "occurs twice"),
        (EDGES, (), (), "visible is empty"),
        (EDGES, (0, 1), (1,), r"qubits \[1\] are both"),
    ],
)
def test_impossible_graphs_and_qubits_are_named(
    edges: tuple[tuple[int, ...], ...],
    visible: tuple[int, ...],
    conditioned: tuple[int, ...],
    message: str,
) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        QuantumGenerativeState(edges, random_matrices(7), visible, conditioned)


def test_impossible_matrices_are_named() -> None:
    with pytest.raises(InvalidProblemError, match="shape"):
        QuantumGenerativeState((), np.eye(2), (0,))
    matrices = random_matrices(2)
    matrices[1, 0, 0] = np.nan
    with pytest.raises(InvalidProblemError, match="NaN"):
        QuantumGenerativeState((), matrices, (0,))


def test_bad_questions_are_refused() -> None:
    state = model()
    with pytest.raises(InvalidProblemError, match=r"X\[0, 1\] = 2"):
        state.log_probability([[0, 2, 0, 0]])
    with pytest.raises(InvalidProblemError, match="4"):
        state.log_probability([[0, 1]])
    with pytest.raises(InvalidProblemError, match="at least one sample"):
        state.log_probability(np.zeros((0, 4)))
    with pytest.raises(InvalidProblemError, match="variable 4"):
        state.marginal((4,))
    with pytest.raises(InvalidProblemError, match="occurs twice"):
        state.marginal((1, 1))
    with pytest.raises(InvalidProblemError, match="n_samples"):
        state.sample(0)
    with pytest.raises(UnknownNameError, match="method"):
        state.probabilities("magic")
    certain = QuantumGenerativeState((), [np.eye(2), [[1, 1], [1, -1]]], (0, 1))
    with pytest.raises(InvalidProblemError, match="probability 0"):
        certain.conditional({1: 1})


def test_what_is_too_large_is_refused_with_its_width_and_the_way_out() -> None:
    qubits = 40
    complete = tuple((j, i) for i in range(qubits) for j in range(i))
    state = QuantumGenerativeState(complete, random_matrices(qubits), tuple(range(qubits)))
    with pytest.raises(TooLargeError, match=r"treewidth at least 4\d.*statevector.*22 qubits"):
        state.log_norm()
    with pytest.raises(TooLargeError, match="contraction"):
        state.log_norm("statevector")
    with pytest.raises(TooLargeError, match="tables go up to 20"):
        state.probabilities()
