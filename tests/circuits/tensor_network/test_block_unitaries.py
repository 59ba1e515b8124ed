"""All blocks at a time: the overlap and derivatives are those of gates taken one by one."""

import numpy as np
import pytest

import circuits.tensor_network.block_unitaries as module
from circuits.matrix_product_state import truncate
from circuits.tensor_network.block_unitaries import overlap_of_gates
from circuits.tensor_network.environments import environments
from circuits.tensor_network.gate_network import GateNetwork

BLOCKS = {
    "several": (((2, 1), (0, 2)), (), ((0, 1), (1, 2), (0, 2), (2, 0)), ((1, 2),)),
    "one": (((0, 1), (2, 0)),),
}


def state_and_network(blocks, complex_entries):
    generator = np.random.default_rng(0)
    sites = len(blocks) + 2
    count = sum(map(len, blocks))
    bonds = [min(4, 2 ** min(site, sites - site)) for site in range(sites + 1)]
    tensors = [generator.normal(size=(bonds[i], 2, bonds[i + 1])) for i in range(sites)]
    gates = generator.normal(size=(count, 4, 4))
    if complex_entries:
        tensors = [tensor + 1j * generator.normal(size=tensor.shape) for tensor in tensors]
        gates = gates + 1j * generator.normal(size=gates.shape)
    return truncate(tensors, 3), GateNetwork(sites, 3, blocks, np.linalg.qr(gates)[0])


@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize("blocks", BLOCKS)
@pytest.mark.parametrize("largest_window", [6, 2])
def test_overlap_and_derivative_are_those_of_environments(
    blocks, complex_entries, largest_window, monkeypatch
):
    monkeypatch.setattr(module, "_LARGEST_WINDOW", largest_window)
    state, network = state_and_network(BLOCKS[blocks], complex_entries)
    expected = environments(network, state)
    overlap, derivative = overlap_of_gates(network, state)(network.gates)
    assert overlap == pytest.approx(expected.overlap, abs=1e-13)
    np.testing.assert_allclose(derivative, expected.of_gates(network), atol=1e-13)
    assert np.iscomplexobj(derivative) == complex_entries


def test_other_gates_are_put_in_the_same_places():
    state, network = state_and_network(BLOCKS["several"], False)
    other = network.with_gates(network.gates[::-1])
    overlap, _ = overlap_of_gates(network, state)(other.gates)
    assert overlap == pytest.approx(environments(other, state).overlap, abs=1e-13)
