"""Networks of rotations: the gates they are, and how many of them."""

import numpy as np
import pytest
import scipy.stats
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator

from circuits.rotation_network import rotation_network, so4_angles


def rotation(seed):
    return scipy.stats.special_ortho_group(4, seed=seed).rvs()


def same_up_to_sign(found, wanted):
    return min(abs(found - wanted).max(), abs(found + wanted).max()) < 1e-12


@pytest.mark.parametrize(
    "gate", [*map(rotation, range(8)), np.eye(4), -np.eye(4), np.diag([1.0, -1, -1, 1])]
)
def test_a_gate_is_three_pairs_of_rotations_and_two_cx(gate):
    angles = so4_angles(gate)
    circuit = QuantumCircuit(2)
    for layer in range(3):
        circuit.ry(angles[layer, 0], 1)
        circuit.ry(angles[layer, 1], 0)
        if layer < 2:
            circuit.cx(1, 0)
    assert same_up_to_sign(Operator(circuit).data, gate)


def test_a_network_is_its_gates_in_the_order_of_time():
    gates = [(2, 1, rotation(0)), (0, 2, rotation(1)), (1, 0, rotation(2)), (1, 0, rotation(3))]
    circuit, angles = rotation_network(3, gates)
    wanted = QuantumCircuit(3)
    for first, second, gate in gates:
        wanted.unitary(gate, [second, first])
    found = Operator(circuit.assign_parameters(angles)).data
    assert same_up_to_sign(found.real, Operator(wanted).data.real)
    assert abs(found.imag).max() < 1e-12
    assert circuit.count_ops()["cx"] == 8
    assert len(angles) == circuit.num_parameters <= 3 + 4 * 4


def test_parameters_stand_in_the_order_in_which_they_act():
    gates = [(k + 1, k, np.eye(4)) for k in range(3)] * 3
    circuit, angles = rotation_network(4, gates)
    turned = [g.operation.params[0] for g in circuit.data if g.name == "ry"]
    assert turned == list(circuit.parameters)
    np.testing.assert_allclose(angles, 0, atol=1e-12)


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        (np.diag([1, 1, 1, -1]), "determinant 1"),
        (2 * np.eye(4), "orthogonal"),
        (np.eye(4, dtype=complex), "real"),
        (np.eye(2), "shape"),
    ],
)
def test_what_is_no_rotation_is_refused(gate, message):
    with pytest.raises(ValueError, match=message):
        so4_angles(gate)
