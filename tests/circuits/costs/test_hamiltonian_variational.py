"""Cost of the Hamiltonian-variational ansatz, held against what is counted of it."""

import pytest
from cost_checks import check_closed_form
from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp

from circuits.costs import GateCounts, count_gates
from circuits.costs.hamiltonian_variational import hamiltonian_variational_cost
from circuits.hamiltonian_variational import hamiltonian_variational


def _ring(qubits):
    bonds = [("ZZ", [k, (k + 1) % qubits], -1.0) for k in range(qubits)]
    return SparsePauliOp.from_sparse_list(bonds, qubits)


def _field(qubits):
    return SparsePauliOp.from_sparse_list([("X", [k], -0.5) for k in range(qubits)], qubits)


STARS = SparsePauliOp(["XXXXI", "IIZZI", "IIIII", "YYIII"], [1.0, -0.3, 2.0, 0.2])


@pytest.mark.parametrize("layers", [[_ring(5), _field(5)], [_ring(6), _field(6)], [STARS]])
@pytest.mark.parametrize("repetitions", [1, 4])
def test_the_closed_form_is_exact(layers, repetitions):
    reference = QuantumCircuit(layers[0].num_qubits)
    reference.h(0)
    reference.cx(0, 1)
    cost = hamiltonian_variational_cost(layers, repetitions, count_gates(reference))
    check_closed_form(cost, hamiltonian_variational(layers, repetitions, reference))


def test_of_an_ising_ring_each_repetition_takes_two_cx_a_bond():
    cost = hamiltonian_variational_cost([_ring(100), _field(100)], 10**9, GateCounts())
    assert cost.two_qubit_gates == 200 * 10**9
    assert cost.rotations == 200 * 10**9
    assert cost.two_qubit_depth == 4 * 10**9


def test_no_repetitions_are_refused():
    with pytest.raises(ValueError, match="repetitions = 0"):
        hamiltonian_variational_cost([_field(2)], 0, GateCounts())
