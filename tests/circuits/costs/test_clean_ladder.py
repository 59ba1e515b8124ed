"""Cost of conjunctions, held against what is counted."""

import pytest
from qiskit import QuantumCircuit

from circuits.clean_ladder import conjunction
from circuits.costs import count_gates
from circuits.costs.clean_ladder import conjunction_cost


@pytest.mark.parametrize("qubits", [1, 2, 3, 8])
def test_conjunctions_are_exact_depths_included(qubits):
    circuit = QuantumCircuit(2 * qubits - 1)
    with conjunction(circuit, circuit.qubits[:qubits], circuit.qubits[qubits:]):
        pass
    assert conjunction_cost(qubits) == count_gates(circuit)


def test_no_qubits_are_refused():
    with pytest.raises(ValueError, match="qubits = 0: at least 1"):
        conjunction_cost(0)
