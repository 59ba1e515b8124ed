"""Gate networks: circuits, gate counts and derivatives agree with one another."""

import numpy as np
import pytest
from qiskit import transpile
from qiskit.quantum_info import Statevector

from circuits.matrix_product_state import mps_inner_product, mps_of_vector, mps_vector, truncate
from circuits.tensor_network.environments import environments
from circuits.tensor_network.gate_network import GateNetwork, staircase
from circuits.tensor_network.optimisation import loss, optimised, with_more_gates

ALL_PAIRS = [(0, 1), (0, 2), (1, 2)]


def random_state(sites, bond, complex_entries, seed=0):
    generator = np.random.default_rng(seed)
    bonds = [1, *[min(bond, 2 ** min(i, sites - i)) for i in range(1, sites)], 1]
    shapes = [(bonds[i], 2, bonds[i + 1]) for i in range(sites)]
    tensors = [generator.normal(size=shape) for shape in shapes]
    if complex_entries:
        tensors = [t + 1j * generator.normal(size=t.shape) for t in tensors]
    return truncate(tensors, bond)


def random_network(sites, complex_entries, seed=0):
    """Three gates in each window of three qubits; special orthogonal, or unitary."""
    generator = np.random.default_rng(seed)
    gates = generator.normal(size=(3 * (sites - 2), 4, 4))
    if complex_entries:
        gates = gates + 1j * generator.normal(size=gates.shape)
    gates = np.linalg.qr(gates)[0]
    if not complex_entries:
        gates[:, :, 0] *= np.linalg.det(gates)[:, None]
    return GateNetwork(sites, 3, (((2, 1), (0, 2), (0, 1)),) * (sites - 2), gates)


@pytest.mark.parametrize("complex_entries", [False, True])
def test_overlap_is_that_of_the_circuit_simulated(complex_entries):
    network = random_network(6, complex_entries)
    target = random_state(6, 4, complex_entries, seed=1)
    simulated = np.vdot(mps_vector(target), Statevector(network.circuit()).data)
    assert environments(network, target).overlap == pytest.approx(simulated, abs=1e-12)


def test_environment_is_the_derivative_of_the_overlap():
    network = random_network(5, True)
    target = random_state(5, 4, True, seed=1)
    around = environments(network, target)
    step = 0.1 * np.random.default_rng(2).normal(size=network.gates.shape)
    # The overlap is linear in each gate.
    for index, environment in enumerate(around.of_gates(network)):
        gates = network.gates.copy()
        gates[index] += step[index]
        moved = environments(network.with_gates(gates), target).overlap
        assert moved - around.overlap == pytest.approx(np.sum(environment * step[index]), abs=1e-12)


def test_environment_of_an_identity_foretells_the_overlap_with_a_gate_there():
    network = random_network(5, False)
    target = random_state(5, 4, False, seed=1)
    foretold = environments(network, target).of_identity(1, (0, 2))[2]
    gate = random_network(5, False, seed=3).gates[0]
    larger = network.with_identities([(1, 2, (0, 2))])
    assert environments(larger, target).overlap == pytest.approx(
        environments(network, target).overlap, abs=1e-12
    )
    gates = larger.gates.copy()
    gates[5] = gate
    assert environments(larger.with_gates(gates), target).overlap == pytest.approx(
        np.sum(foretold * gate), abs=1e-12
    )


@pytest.mark.parametrize(("complex_entries", "each"), [(False, 2), (True, 3)])
def test_each_gate_takes_two_cx_if_real_and_three_if_complex(complex_entries, each):
    network = random_network(5, complex_entries)
    circuit = transpile(network.circuit(), basis_gates=["cx", "u"], optimization_level=0)
    # The first gate finds both qubits in 0, and in this network two more find one.
    fresh = {False: 1, True: 2 + 3}[complex_entries]
    assert network.two_qubit_gates() == each * 9 - fresh
    assert circuit.count_ops()["cx"] == network.two_qubit_gates()


@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize("window", [2, 3, 4])
def test_staircase_prepares_a_state_of_bond_two_exactly(window, complex_entries):
    target = random_state(6, 2, complex_entries)
    network = staircase(target, window)
    assert abs(environments(network, target).overlap) == pytest.approx(1, abs=1e-12)
    assert network.circuit().count_ops()["cx"] == 9


@pytest.mark.parametrize("complex_entries", [False, True])
def test_each_round_improves_and_gates_stay_in_their_group(complex_entries):
    vector = np.random.default_rng(4).normal(size=(2, 64))
    target = truncate(mps_of_vector(vector[0] + 1j * vector[1] * complex_entries), 4)
    if not complex_entries:
        target = [tensor.real for tensor in target]
    network = staircase(truncate(target, 2), 3)
    fidelities = [abs(mps_inner_product(target, truncate(target, 2))) ** 2]
    for _ in range(2):
        network = with_more_gates(network, target, ALL_PAIRS, 3, 40)
        fidelities.append(abs(environments(network, target).overlap) ** 2)
    assert all(np.diff(fidelities) > 0.01)
    products = network.gates @ network.gates.conj().swapaxes(1, 2)
    np.testing.assert_allclose(products, np.broadcast_to(np.eye(4), products.shape), atol=1e-12)
    assert np.iscomplexobj(network.gates) == complex_entries
    if not complex_entries:
        np.testing.assert_allclose(np.linalg.det(network.gates), 1)


def test_optimisation_finds_the_state_that_a_network_of_its_shape_prepares():
    hidden = random_network(5, False)
    vector = Statevector(hidden.circuit()).data.real
    target = truncate(mps_of_vector(vector), 4)
    start = hidden.with_gates(random_network(5, False, seed=1).gates)
    found = optimised(start, target, 400)
    assert abs(environments(found, target).overlap) ** 2 > 0.95


def test_optimisation_stops_at_the_fidelity_that_is_enough():
    target = random_state(6, 4, False)
    network = with_more_gates(staircase(truncate(target, 2), 3), target, ALL_PAIRS, 4, 40)
    start = staircase(truncate(target, 2), 3)
    reached = np.exp(-loss(network, target))
    enough = (reached + np.exp(-loss(start, target))) / 2
    stopped = with_more_gates(start, target, ALL_PAIRS, 4, 40, enough)
    assert enough <= np.exp(-loss(stopped, target)) < reached


def test_identities_that_a_symmetric_state_makes_a_saddle_point_are_left():
    """Bars and stripes of 2 x 2 pixels: no single gate gains anything to first order."""
    vector = np.zeros(16)
    vector[[0, 3, 12, 15, 5, 10]] = 6**-0.5
    target = mps_of_vector(vector)
    network = staircase(truncate(target, 2), 3)
    before = np.exp(-loss(network, target))
    for _ in range(3):
        network = with_more_gates(network, target, ALL_PAIRS, 2, 100)
    assert np.exp(-loss(network, target)) > before + 0.1
