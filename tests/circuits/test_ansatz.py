"""The hardware-efficient ansatz: its size, and which states it reaches."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from circuits.ansatz import hardware_efficient_ansatz, parameter_count


def states(circuit, parameters):
    return Statevector(circuit.assign_parameters(parameters)).data


@pytest.mark.parametrize("qubits", [1, 2, 3, 5])
@pytest.mark.parametrize("layers", [0, 1, 4])
@pytest.mark.parametrize("real", [True, False])
def test_parameters_and_gates_are_as_many_as_stated_and_between_neighbours(qubits, layers, real):
    circuit = hardware_efficient_ansatz(qubits, layers, real=real)
    assert circuit.num_parameters == parameter_count(qubits, layers, real=real)
    assert circuit.num_parameters == qubits * (layers + 1) * (1 if real else 2)
    pairs = [instruction.qubits for instruction in circuit.get_instructions("cz")]
    assert len(pairs) <= layers * qubits / 2
    assert circuit.depth(lambda item: item.operation.name == "cz") <= layers
    assert all(circuit.find_bit(b).index - circuit.find_bit(a).index == 1 for a, b in pairs)


def test_real_ansatz_has_real_amplitudes():
    circuit = hardware_efficient_ansatz(3, 4)
    angles = np.random.default_rng(0).uniform(-np.pi, np.pi, circuit.num_parameters)
    assert np.max(np.abs(states(circuit, angles).imag)) < 1e-14


@pytest.mark.parametrize("qubits", [1, 2, 3, 4])
@pytest.mark.parametrize("real", [True, False])
def test_deep_circuits_can_move_their_state_in_every_direction(qubits, real):
    """The Jacobian has full rank: 2**n - 1 real directions, twice that for complex states."""
    layers = 0 if qubits == 1 else 2 * 2**qubits // qubits
    circuit = hardware_efficient_ansatz(qubits, layers, real=real)
    angles = np.random.default_rng(1).uniform(-np.pi, np.pi, circuit.num_parameters)
    state = states(circuit, angles)
    # A rotation turns on by pi what its derivative is twice of.
    columns = []
    for shift in np.pi * np.eye(angles.size):
        column = states(circuit, angles + shift)
        columns.append(column - np.vdot(state, column) * state)
    jacobian = np.array(columns).T
    rank = np.linalg.matrix_rank(np.vstack([jacobian.real, jacobian.imag]), tol=1e-6)
    assert rank == (2**qubits - 1) * (1 if real else 2)


@pytest.mark.parametrize(
    ("qubits", "layers", "message"), [(0, 1, "qubits = 0"), (2, -1, "layers = -1")]
)
def test_what_is_no_circuit_is_refused_by_name(qubits, layers, message):
    with pytest.raises(ValueError, match=message):
        hardware_efficient_ansatz(qubits, layers)
