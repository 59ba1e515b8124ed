"""Circuits of a Born machine: layouts, and what they start from."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from circuits.matrix_product_state import compress, mps_of_vector, mps_vector
from qml_algos.errors import InvalidProblemError
from qml_algos.generative.circuit_born.ansatz import (
    ANSATZE,
    LAYOUTS,
    extended_mps,
    identities,
    random_circuit,
)


@pytest.mark.parametrize("ansatz", ANSATZE)
@pytest.mark.parametrize("qubits", [1, 4])
def test_every_angle_moves_the_state(ansatz: str, qubits: int) -> None:
    circuit, angles = random_circuit(ansatz, qubits, 1, np.random.default_rng(0))
    assert len(angles) == circuit.num_parameters >= qubits
    state = Statevector(circuit.assign_parameters(angles)).data
    assert abs(state.imag).max() < 1e-12
    for place in range(len(angles)):
        moved = angles + 0.3 * np.eye(len(angles))[place]
        other = Statevector(circuit.assign_parameters(moved)).data
        assert abs(np.vdot(state, other)) < 1 - 1e-4


def test_layouts_join_neighbours_of_the_order() -> None:
    order = np.array([2, 0, 3, 1])
    staircase = [(a, b) for a, b, _ in identities("staircase", order, 2)]
    wall = [(a, b) for a, b, _ in identities("brick-wall", order, 2)]
    assert staircase == [(2, 0), (0, 3), (3, 1)] * 2
    assert wall == [(2, 0), (3, 1), (0, 3)] * 2


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_state_is_prepared_on_the_qubits_of_its_order(layout: str) -> None:
    order = np.array([2, 0, 1])
    vector = np.random.default_rng(1).normal(size=8)
    state, _ = compress(mps_of_vector(vector / np.linalg.norm(vector)), 0.0)
    circuit, angles = extended_mps(state, order, 4, layout, 2)
    prepared = Statevector(circuit.assign_parameters(angles)).data
    # Axis k of the tensor is site k; that of qubit q is the one of its site, qubit 0 the last.
    axes = [int(np.flatnonzero(order == qubit)[0]) for qubit in (2, 1, 0)]
    wanted = mps_vector(state).reshape(2, 2, 2).transpose(axes).ravel()
    assert abs(wanted @ prepared) == pytest.approx(1, abs=1e-4)
    # Four gates prepare three qubits; each of the layers has two more.
    assert circuit.count_ops()["cx"] >= 2 * (4 + 4)


def test_a_single_qubit_is_a_rotation() -> None:
    circuit, angles = extended_mps(
        [np.array([0.6, -0.8]).reshape(1, 2, 1)], np.array([0]), 2, "staircase", 1
    )
    state = Statevector(circuit.assign_parameters(angles)).data
    np.testing.assert_allclose(state, [0.6, -0.8], atol=1e-12)


def test_complex_states_are_refused() -> None:
    with pytest.raises(InvalidProblemError, match="complex amplitudes: real ones are needed"):
        extended_mps([np.full((1, 2, 1), 1j)] * 2, np.array([0, 1]), 1, "staircase", 1)
