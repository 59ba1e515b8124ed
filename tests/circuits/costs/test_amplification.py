import numpy as np
import pytest
from cost_checks import check_closed_form
from qiskit import QuantumCircuit

from circuits import (
    amplify,
    exact_schedule,
    fixed_point_schedule,
    grover_schedule,
    hardware_efficient_ansatz,
)
from circuits.amplitude_amplification import phase_on_value
from circuits.costs import GateCounts, count_gates
from circuits.costs.amplification import (
    amplify_cost,
    exact_rounds,
    fixed_point_rounds,
    grover_rounds,
    phase_on_value_cost,
)

SCHEDULES = {
    "grover": grover_schedule(0.05),
    "exact": exact_schedule(0.07),
    "fixed point": fixed_point_schedule(0.1, 0.2),
    "none": exact_schedule(1.0),
}


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
@pytest.mark.parametrize("qubits", [1, 3, 4, 6])
def test_amplified_circuit_has_the_gates_of_the_closed_form(qubits, schedule):
    circuit = hardware_efficient_ansatz(qubits, 1)
    circuit = circuit.assign_parameters([0.1] * circuit.num_parameters)
    cost = count_gates(circuit)
    for success in {1, qubits // 2, qubits}:
        amplified = amplify(circuit, schedule, range(success))
        check_closed_form(amplify_cost(cost, schedule.rounds, success), amplified)
    amplified = amplify(circuit, schedule, range(qubits - 1), workspace=[qubits - 1])
    expected = amplify_cost(cost, schedule.rounds, qubits - 1, workspace_qubits=1)
    check_closed_form(expected, amplified)


@pytest.mark.parametrize("qubits", range(9))
def test_phase_on_a_value_has_the_gates_of_the_closed_form(qubits):
    for value in {0, 2**qubits - 1}:
        for angle in (np.pi, -0.3):
            circuit = QuantumCircuit(qubits + (qubits > 4))
            wires = circuit.qubits
            phase_on_value(circuit, angle, wires[:qubits], value, wires[qubits:])
            check_closed_form(phase_on_value_cost(qubits), circuit)


def test_rounds_are_those_of_the_schedules():
    for probability in [*np.logspace(-7, 0, 60), *np.linspace(0.01, 1, 100)]:
        assert exact_rounds(probability) == exact_schedule(probability).rounds
        for least in (0.0, 0.3, 0.5):
            schedule = grover_schedule(probability, least)
            assert grover_rounds(probability, least) == schedule.rounds
        for failure in (0.5, 1e-3):
            schedule = fixed_point_schedule(probability, failure)
            assert fixed_point_rounds(probability, failure) == schedule.rounds


def test_smallest_probabilities_are_counted_without_a_list_of_rounds():
    cost = amplify_cost(GateCounts(100, 7), exact_rounds(1e-30), 99)
    assert cost.two_qubit_gates > 9e17
    assert grover_rounds(1e-30) == pytest.approx(0.5828e15, rel=1e-4)
    assert fixed_point_rounds(1e-30, 0.1) == pytest.approx(0.9092e15, rel=1e-4)


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="rounds = -1"):
        amplify_cost(GateCounts(2), -1, 1)
    with pytest.raises(ValueError, match="success_qubits = 2, workspace_qubits = 1"):
        amplify_cost(GateCounts(2), 1, 2, workspace_qubits=1)
    with pytest.raises(ValueError, match="qubits = -1"):
        phase_on_value_cost(-1)
    with pytest.raises(ValueError, match="success_probability = 0"):
        exact_rounds(0.0)
    with pytest.raises(ValueError, match=r"least = 0\.7"):
        grover_rounds(0.1, 0.7)
    with pytest.raises(ValueError, match="failure = 1"):
        fixed_point_rounds(0.1, 1.0)
