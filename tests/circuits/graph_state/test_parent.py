"""Local terms of the parent Hamiltonian as gates."""

import numpy as np
import pytest
import scipy.linalg
from graph_models import RING, amplitudes, chain, normalised, random_matrices
from qiskit.quantum_info import Operator, Statevector

from circuits.graph_state.parent import kernel_frame, parent_terms
from circuits.graph_state.parent_evolution import ParentEvolution
from circuits.phase_estimation import phase_estimation


def whole(term, qubits):
    """Matrix of a term on all qubits, qubit 0 the least significant bit."""
    k = len(term.qubits)
    tensor = np.eye(2**qubits, dtype=complex).reshape((2,) * qubits + (-1,))
    axes = [qubits - 1 - qubit for qubit in term.qubits]
    moved = np.tensordot(term.projector.reshape((2,) * 2 * k), tensor, (range(k, 2 * k), axes))
    return np.moveaxis(moved, range(k), axes).reshape(2**qubits, -1)


def step(terms, qubits, time):
    """Product of the terms' exponentials, the first one first."""
    product = np.eye(2**qubits)
    for term in terms:
        product = scipy.linalg.expm(-1j * time * whole(term, qubits)) @ product
    return product


@pytest.mark.parametrize("filtered", [range(5), (3,), (0, 4), ()])
@pytest.mark.parametrize("centre", [0, 3, 4])
def test_frames_put_kernel_and_support_on_a_qubit(filtered, centre):
    matrices = np.array([np.eye(2)] * 5, dtype=complex)
    matrices[list(filtered)] = random_matrices(5)[list(filtered)]
    term = parent_terms(RING, matrices)[centre]
    frame, place = kernel_frame(term)
    circuit = frame.inverse()
    circuit.z(place)
    circuit.compose(frame, inplace=True)
    reflection = Operator(circuit.reverse_bits()).data
    np.testing.assert_allclose(reflection, np.eye(len(reflection)) - 2 * term.projector, atol=1e-9)
    most = {1: 0, 2: 2, 3: 14, 4: 73}[len(term.qubits)]
    assert frame.num_nonlocal_gates() <= (len(term.qubits) - 1 if term.plain else most)


def test_terms_of_a_graph_state_are_its_stabilisers():
    terms = parent_terms(chain(5), np.array([np.eye(2)] * 5, dtype=complex))
    assert [term.qubits for term in terms] == [(0, 1), (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4)]
    X, Z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
    stabiliser = np.kron(np.kron(Z, X), Z)
    np.testing.assert_allclose(terms[1].projector, (np.eye(8) - stabiliser) / 2, atol=1e-12)


def test_controlled_step_is_the_product_of_the_terms_exponentials():
    matrices = random_matrices(4)
    terms = parent_terms(chain(4), matrices)
    found = Operator(ParentEvolution(terms, 4, 1.3).controlled_step).data
    np.testing.assert_allclose(found[:16, :16], np.eye(16), atol=1e-9)
    np.testing.assert_allclose(found[16:, 16:], step(terms, 4, 1.3), atol=1e-9)


def test_any_step_leaves_the_state_exactly():
    matrices = random_matrices(5, 6.0)
    state = normalised(amplitudes(RING, matrices))
    moved = step(parent_terms(RING, matrices), 5, 2.9) @ state
    np.testing.assert_allclose(moved, state, atol=1e-12)


def test_highest_energy_is_that_of_a_common_eigenvector():
    """It is at the phase -m tau, whatever the matrices: what the choice of tau rests on."""
    terms = parent_terms(RING, random_matrices(5))
    energies = np.linalg.eigvalsh(sum(whole(term, 5) for term in terms))
    assert energies[-1] == pytest.approx(5)
    phases = np.angle(np.linalg.eigvals(step(terms, 5, 0.2)))
    assert phases.min() == pytest.approx(-1.0)


def test_phase_estimation_takes_the_evolution():
    matrices = random_matrices(3, 2.0)
    evolution = ParentEvolution(parent_terms(chain(3), matrices), 3, 1.5)
    circuit = phase_estimation(evolution, 2, 1)
    state = normalised(amplitudes(chain(3), matrices))
    final = Statevector(np.kron(np.eye(4)[0], state)).evolve(circuit)
    assert final.probabilities([3, 4])[0] == pytest.approx(1)
    with pytest.raises(ValueError, match="whole number"):
        evolution.controlled_powers(1, 0.5)
