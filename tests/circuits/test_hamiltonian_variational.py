"""The Hamiltonian-variational circuit evolves under the layers that it is given."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter
from qiskit.quantum_info import SparsePauliOp, Statevector

from circuits.hamiltonian_variational import hamiltonian_variational, rounds_of

RING = SparsePauliOp.from_sparse_list([("ZZ", [k, (k + 1) % 4], -1.0) for k in range(4)], 4)
FIELD = SparsePauliOp.from_sparse_list([("X", [k], -0.7) for k in range(4)], 4)
BONDS = SparsePauliOp.from_sparse_list(
    [(2 * letter, bond, 1.0) for bond in ([0, 1], [2, 3]) for letter in "XYZ"], 4
)
STARS = SparsePauliOp(["XXXX", "ZZZZ", "IIII", "YYII"], [1.0, -0.3, 2.0, 0.2])
PLUS = QuantumCircuit(4)
PLUS.h(range(4))


def evolved(layers, angles):
    state = Statevector(PLUS).data
    for place, angle in enumerate(angles):
        state = scipy.linalg.expm(-1j * angle * layers[place % len(layers)].to_matrix()) @ state
    return state


@settings(max_examples=15, deadline=None)
@given(
    layers=st.lists(st.sampled_from([RING, FIELD, BONDS, STARS]), min_size=1, max_size=3),
    repetitions=st.integers(1, 2),
    seed=st.integers(0, 99),
)
def test_it_evolves_under_each_layer_in_turn(layers, repetitions, seed):
    circuit = hamiltonian_variational(layers, repetitions, PLUS)
    angles = np.random.default_rng(seed).normal(size=circuit.num_parameters)
    assert len(angles) == repetitions * len(layers)
    found = Statevector(circuit.assign_parameters(angles)).data
    assert abs(np.vdot(found, evolved(layers, angles))) == pytest.approx(1, abs=1e-10)


def test_twelve_angles_stay_in_their_order():
    circuit = hamiltonian_variational([RING, FIELD], 6, PLUS)
    angles = np.random.default_rng(0).normal(size=12)
    found = Statevector(circuit.assign_parameters(angles)).data
    assert abs(np.vdot(found, evolved([RING, FIELD], angles))) == pytest.approx(1, abs=1e-10)


def test_terms_of_a_round_share_no_qubit_and_rings_take_two_rounds():
    assert [len(apart) for apart in rounds_of(RING)] == [2, 2]
    for layer in (RING, FIELD, BONDS, STARS):
        rounds = rounds_of(layer)
        for apart in rounds:
            assert (apart.paulis.x | apart.paulis.z).sum(axis=0).max() <= 1
        total = SparsePauliOp.sum(rounds)
        rest = (layer - total).simplify()
        assert rest.paulis.to_labels() == ["IIII"]


@pytest.mark.parametrize(
    ("layers", "repetitions", "reference", "message"),
    [
        ([], 1, PLUS, "layers is empty"),
        ([RING], 0, PLUS, "repetitions = 0"),
        ([RING], True, PLUS, "repetitions = True"),
        ([RING], 1, QuantumCircuit(3), r"layers\[0\] has 4 qubits and reference 3"),
        ([RING], 1, QuantumCircuit(4, 1), "reference: a circuit without classical bits"),
        ([RING, RING + FIELD], 1, PLUS, "terms of a layer do not commute"),
        ([RING, 1j * FIELD], 1, PLUS, "a coefficient is not real"),
        ([SparsePauliOp("IIII")], 1, PLUS, r"layers\[0\] has no term besides the identity"),
    ],
)
def test_what_is_no_ansatz_is_refused_by_name(layers, repetitions, reference, message):
    with pytest.raises(ValueError, match=message):
        hamiltonian_variational(layers, repetitions, reference)


def test_a_reference_with_parameters_is_refused():
    reference = QuantumCircuit(4)
    reference.rx(Parameter("t"), 0)
    with pytest.raises(ValueError, match="without classical bits and parameters"):
        hamiltonian_variational([RING], 1, reference)
