"""Density-matrix exponentiation: its channel, its error against the bound, its cost."""

import numpy as np
import pytest
import scipy.linalg
from copied_states import cx_count, density_matrix, noisy_copy, random_state
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.quantum_info import DensityMatrix, partial_trace

from circuits.density_matrix.exponentiation import (
    copies_needed,
    density_matrix_exponentiation,
    exponentiation_error,
)

Z = np.diag([1.0, -1.0])


def channel(state, rho, time, copies, controlled=False):
    """The partial swaps, on a state of [control,] system and any number of others, in this order.

    Highest first; the others are told by the size.
    """
    signs = Z if controlled else np.eye(1)
    size, rest = rho.shape[0], state.shape[0] // (rho.shape[0] * signs.shape[0])
    generator = np.kron(np.kron(signs, rho), np.eye(rest))
    flips = np.kron(np.kron(signs, np.eye(size)), np.eye(rest))
    angle = time / copies
    shape = (signs.shape[0], size, rest)
    for _ in range(copies):
        forgotten = np.einsum("aibcid->abcd", state.reshape(shape * 2))
        replaced = np.einsum("abcd,ij->aibcjd", forgotten, rho).reshape(state.shape)
        commutator = generator @ state - state @ generator
        state = (
            np.cos(angle) ** 2 * state
            + np.sin(angle) ** 2 * flips @ replaced @ flips
            - 1j * np.sin(angle) * np.cos(angle) * commutator
        )
    return state


def error(rho, time, copies, controlled, state):
    """Trace distance from the evolution, for a pure state."""
    pure = np.outer(state, state.conj())
    signs = Z if controlled else np.eye(1)
    rest = state.size // (rho.shape[0] * signs.shape[0])
    generator = np.kron(np.kron(signs, rho), np.eye(rest))
    unitary = scipy.linalg.expm(-1j * time * generator)
    difference = channel(pure, rho, time, copies, controlled) - unitary @ pure @ unitary.conj().T
    return np.abs(np.linalg.eigvalsh(difference)).sum() / 2


def random_density_matrix(seed, size, rank):
    vectors = random_state(seed, size * rank).reshape(size, rank)
    return vectors @ vectors.conj().T


@pytest.mark.parametrize(("qubits", "controlled"), [(1, False), (1, True), (2, False), (2, True)])
def test_circuit_does_what_partial_swaps_with_copies_do(qubits, controlled):
    copy, time, copies = noisy_copy(qubits), 1.3, 3
    circuit = density_matrix_exponentiation(copy, qubits, time, copies, controlled=controlled)
    wires = [*range(qubits), *([circuit.num_qubits - 1] if controlled else [])]
    state = random_state(qubits, 2 ** len(wires))
    whole = QuantumCircuit(*circuit.qregs)
    whole.initialize(state, wires)
    others = [qubit for qubit in range(circuit.num_qubits) if qubit not in wires]
    found = partial_trace(DensityMatrix(whole.compose(circuit)), others).data
    pure = np.outer(state, state.conj())
    expected = channel(pure, density_matrix(copy, qubits), time, copies, controlled)
    assert found == pytest.approx(expected, abs=1e-10)


@settings(deadline=None, max_examples=30, derandomize=True)
@given(
    st.integers(0, 1000),
    st.sampled_from([1, 2, 4]),
    st.floats(-4, 4),
    st.integers(1, 40),
    st.booleans(),
)
def test_error_is_within_its_bound(seed, rank, time, copies, controlled):
    """Inputs are entangled with as many qubits more, as the diamond norm wants them."""
    rho = random_density_matrix(seed, 4, rank)
    state = random_state([seed, 1], 4 * (2 if controlled else 1) * 4)
    found = error(rho, time, copies, controlled, state)
    assert found <= exponentiation_error(time, copies, controlled=controlled) + 1e-9


@pytest.mark.parametrize("controlled", [False, True])
def test_error_falls_as_one_over_the_number_of_copies(controlled):
    rho, copies = random_density_matrix(3, 2, 2), np.array([32, 64, 128, 256])
    state = random_state(4, 4 * (2 if controlled else 1))
    errors = [error(rho, 2.0, n, controlled, state) for n in copies]
    exponent = np.polyfit(np.log(copies), np.log(errors), 1)[0]
    assert exponent == pytest.approx(-1, abs=0.15)


@settings(deadline=None, max_examples=50, derandomize=True)
@given(st.floats(0.01, 100), st.floats(1e-4, 1), st.booleans())
def test_copies_needed_are_the_fewest_that_the_bound_allows(time, epsilon, controlled):
    copies = copies_needed(time, epsilon, controlled=controlled)
    assert exponentiation_error(time, copies, controlled=controlled) <= epsilon * (1 + 1e-9)
    if copies > 1:
        fewer = exponentiation_error(time, copies - 1, controlled=controlled)
        assert fewer > epsilon * (1 - 1e-9)


def test_copies_needed_are_fewer_than_published():
    assert copies_needed(2.0, 0.05) == 100
    assert copies_needed(2.0, 0.05) <= 4 * 2.0**2 / 0.05
    assert copies_needed(-2.0, 0.05, controlled=True) == 160
    assert copies_needed(0.0, 0.1) == 1


@pytest.mark.parametrize("qubits", [1, 2, 4, 7])
@pytest.mark.parametrize("controlled", [False, True])
def test_cost_is_what_is_stated_and_does_not_grow_in_width(qubits, controlled):
    copy = noisy_copy(qubits)
    for copies in (1, 3):
        circuit = density_matrix_exponentiation(copy, qubits, 0.7, copies, controlled=controlled)
        bare = qubits == 1 and not controlled
        swap = 3 if bare else 8 * qubits - 2
        assert cx_count(circuit) == copies * (cx_count(copy) + swap)
        assert circuit.num_qubits == 2 * qubits + 1 + (0 if bare else 1)
        assert circuit.count_ops()["reset"] == copies * (copy.count_ops()["reset"] + qubits + 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((QuantumCircuit(2), 0, 1.0, 1), "system_qubits = 0"),
        ((QuantumCircuit(2), 3, 1.0, 1), "copy has 2 qubits: at least system_qubits = 3"),
        ((QuantumCircuit(2, 1), 2, 1.0, 1), "copy has 1 classical bits"),
        ((QuantumCircuit(2), 2, np.nan, 1), "time = nan"),
        ((QuantumCircuit(2), 2, 1.0, 0), "copies = 0"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        density_matrix_exponentiation(*arguments)


@pytest.mark.parametrize("epsilon", [0.0, -1.0, 1.5, np.nan])
def test_error_asked_for_must_be_a_probability(epsilon):
    with pytest.raises(ValueError, match="epsilon ="):
        copies_needed(1.0, epsilon)
