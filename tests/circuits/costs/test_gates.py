"""Costs of single gates, held against what is counted of them."""

import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Instruction, Measure, Reset
from qiskit.circuit.library import (
    CCXGate,
    CCZGate,
    CHGate,
    CPhaseGate,
    CRXGate,
    CRYGate,
    CRZGate,
    CSwapGate,
    CUGate,
    CXGate,
    CYGate,
    CZGate,
    HGate,
    PhaseGate,
    RCCXGate,
    RXXGate,
    RYGate,
    RZZGate,
    SwapGate,
    TGate,
    UGate,
)

from circuits.costs import GateCounts, count_gates, gates


def _counted(gate):
    circuit = QuantumCircuit(gate.num_qubits, gate.num_clbits)
    circuit.append(gate, range(gate.num_qubits), range(gate.num_clbits))
    return count_gates(circuit)


@pytest.mark.parametrize(
    ("cost", "gate"),
    [
        (gates.CLIFFORD, HGate()),
        (gates.T, TGate()),
        (gates.ROTATION, RYGate(0.3)),
        (gates.ROTATION, PhaseGate(0.3)),
        (gates.TURN, UGate(0.3, 0.2, 0.1)),
        (gates.MEASUREMENT, Measure()),
        (gates.RESET, Reset()),
        (gates.CX, CXGate()),
        (gates.CX, CYGate()),
        (gates.CX, CZGate()),
        (gates.SWAP, SwapGate()),
        (gates.CH, CHGate()),
        (gates.CP, CPhaseGate(0.3)),
        (gates.CRY, CRXGate(0.3)),
        (gates.CRY, CRYGate(0.3)),
        (gates.CRY, CRZGate(0.3)),
        (gates.RZZ, RXXGate(0.3)),
        (gates.RZZ, RZZGate(0.3)),
        (gates.CU, CUGate(0.4, 0.3, 0.2, 0.1)),
        (gates.CCX, CCXGate()),
        (gates.CCX, CCZGate()),
        (gates.RCCX, RCCXGate()),
        (gates.RCCX, RCCXGate().inverse()),
        (gates.CSWAP, CSwapGate()),
    ],
    ids=lambda given: given.name if isinstance(given, Instruction) else "",
)
def test_cost_of_a_gate_is_counted_of_its_definition(cost, gate):
    assert cost == _counted(gate)


@pytest.mark.parametrize("controls", range(1, 9))
def test_cost_with_many_controls_is_that_of_qiskit(controls):
    circuit = QuantumCircuit(controls + 1)
    circuit.mcx(list(range(controls)), controls)
    assert gates.multi_controlled_x_cost(controls) == count_gates(circuit)
    phase = QuantumCircuit(controls + 1)
    phase.mcp(0.3, list(range(controls)), controls)
    assert gates.multi_controlled_phase_cost(controls) == count_gates(phase)


def test_phase_without_a_control_is_a_rotation():
    assert gates.multi_controlled_phase_cost(0) == gates.ROTATION


def test_cost_of_a_controlled_circuit_is_the_sum_over_its_gates():
    circuit = QuantumCircuit(3, global_phase=0.2)
    for name in ("h", "x", "y", "z", "s", "sdg", "sx", "sxdg", "t", "tdg"):
        getattr(circuit, name)(0)
    for name in ("rx", "ry", "rz", "p"):
        getattr(circuit, name)(0.3, 1)
    circuit.u(0.4, 0.3, 0.2, 2)
    circuit.cx(0, 1)
    circuit.cz(1, 2)
    circuit.swap(0, 2)
    names = dict(circuit.count_ops())
    expected = gates.controlled_cost(names, 3, global_phase=True)
    counted = _counted(circuit.to_gate().control(1))
    for field in ("qubits", "two_qubit_gates", "toffolis", "t_gates", "rotations"):
        assert getattr(expected, field) == getattr(counted, field)
    assert counted.two_qubit_depth <= expected.two_qubit_depth
    assert counted.rotation_depth <= expected.rotation_depth


def test_gates_on_different_qubits_are_one_layer():
    circuit = QuantumCircuit(7)
    circuit.cp(0.3, 0, 1)
    circuit.cp(0.3, 2, 3)
    circuit.ccx(4, 5, 6)
    expected = gates.side_by_side(gates.layer(gates.CP, 2), gates.CCX)
    assert expected == count_gates(circuit)
    assert gates.layer(gates.CP, 0) == GateCounts()
    assert gates.side_by_side() == GateCounts()


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="controls = 0: at least 1"):
        gates.multi_controlled_x_cost(0)
    with pytest.raises(ValueError, match="controls = -1: must not be negative"):
        gates.multi_controlled_phase_cost(-1)
    with pytest.raises(ValueError, match="gates: 'iswap' is not known; accepted are cx"):
        gates.controlled_cost({"iswap": 1}, 2)
