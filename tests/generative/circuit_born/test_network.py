"""Networks that approximate a state: as exact as rounds allow."""

import numpy as np
import pytest

from circuits.matrix_product_state import compress, mps_inner_product, mps_of_vector, truncate
from circuits.tensor_network.environments import environments
from qml_algos.generative.circuit_born.network import mps_network


def fidelity(network, state) -> float:
    return abs(environments(network, compress(state, 0.0)[0]).overlap) ** 2


def random_state(qubits: int):
    vector = np.random.default_rng(qubits).normal(size=2**qubits)
    return mps_of_vector(vector / np.linalg.norm(vector))


@pytest.mark.parametrize("qubits", [2, 5])
def test_a_round_is_exact_at_bond_2(qubits: int) -> None:
    state, _ = compress(truncate(compress(random_state(qubits), 0.0)[0], 2), 0.0)
    assert abs(mps_inner_product(state, state)) == pytest.approx(1)
    network = mps_network(state, 1)
    assert len(network.gates) == qubits - 1
    assert fidelity(network, state) == pytest.approx(1, abs=1e-9)


def test_each_round_adds_gates_and_fidelity() -> None:
    state = random_state(4)
    reached = [fidelity(mps_network(state, rounds), state) for rounds in (1, 2, 3)]
    assert reached[1] > reached[0] + 0.05
    assert reached[2] == pytest.approx(1, abs=1e-6)


def test_symmetric_states_do_not_get_stuck() -> None:
    """All bars and stripes of 2 x 2 pixels, equally likely: identities are a saddle point."""
    vector = np.zeros(16)
    vector[[0, 3, 12, 15, 5, 10]] = 6**-0.5
    state = mps_of_vector(vector)
    assert fidelity(mps_network(state, 4), state) > fidelity(mps_network(state, 1), state) + 0.1
