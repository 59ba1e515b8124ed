import pytest
from cost_checks import check_closed_form
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector

from circuits.costs import count_gates
from circuits.costs.measurement import (
    pair_interference_cost,
    pauli_basis_change_cost,
    turns_cost,
)
from circuits.measurement import append_turns, pair_interference, pauli_basis_change


@pytest.mark.parametrize("label", ["X", "ZZ", "XYZI", "XXXY"])
def test_basis_change_has_the_gates_of_the_closed_form(label):
    check_closed_form(pauli_basis_change_cost(label), pauli_basis_change(label))


@pytest.mark.parametrize("qubits", [1, 3, 5])
def test_turns_have_the_gates_of_the_closed_form(qubits):
    circuit = QuantumCircuit(qubits)
    append_turns(circuit, ParameterVector("angle", 2 * qubits))
    assert turns_cost(qubits) == count_gates(circuit)


@pytest.mark.parametrize(("qubits", "mask"), [(1, 1), (3, 0b110), (5, 0b11011), (5, 0b01000)])
def test_interference_of_pairs_has_the_gates_of_the_closed_form(qubits, mask):
    for imaginary in (True, False):
        cost = pair_interference_cost(qubits, mask.bit_count(), imaginary=imaginary)
        assert cost == count_gates(pair_interference(qubits, mask, imaginary=imaginary))


def test_impossible_masks_are_refused():
    with pytest.raises(ValueError, match="ones = 0: a number from 1 to 3"):
        pair_interference_cost(3, 0)
    with pytest.raises(ValueError, match="label = 'XA'"):
        pauli_basis_change_cost("XA")
