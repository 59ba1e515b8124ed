import numpy as np
import pytest
from cost_checks import check_closed_form
from qiskit import QuantumCircuit
from qiskit.transpiler import CouplingMap

from circuits import (
    DiagonalisedEvolution,
    iterative_phase_estimation,
    measured_phase_estimation,
    phase_estimation,
)
from circuits.costs import GateCounts, count_gates
from circuits.costs.phase_estimation import (
    iterative_phase_estimation_cost,
    measured_phase_estimation_cost,
    phase_estimation_cost,
)

TIME = 0.3


@pytest.fixture(params=(1, 2, 3), ids="system={}".format)
def evolution(request):
    matrix = np.random.default_rng(1).normal(size=(2**request.param,) * 2)
    return DiagonalisedEvolution.of_hermitian(*np.linalg.eigh(matrix + matrix.T))


@pytest.mark.parametrize(("clock", "guard"), [(1, 0), (3, 1), (5, 2)])
def test_phase_estimation_has_the_gates_of_its_parts(evolution, clock, guard):
    powers = count_gates(evolution.controlled_powers(clock - guard, TIME))
    circuit = phase_estimation(evolution, clock, TIME, guard_qubits=guard)
    check_closed_form(phase_estimation_cost(powers, clock, guard_qubits=guard), circuit)
    for target in (None, CouplingMap.from_full(8)):
        circuit = measured_phase_estimation(
            evolution, clock, TIME, guard_qubits=guard, target=target, epsilon=0.1
        )
        cost = measured_phase_estimation_cost(
            powers, clock, guard_qubits=guard, epsilon=0.1, feed_forward=target is None
        )
        check_closed_form(cost, circuit)


@pytest.mark.parametrize("epsilon", [0.0, 0.1])
@pytest.mark.parametrize("bits", [1, 3, 6])
def test_phase_estimation_with_one_clock_qubit_has_the_gates_of_its_parts(evolution, bits, epsilon):
    preparation = QuantumCircuit(evolution.system_qubits)
    preparation.ry(0.4, 0)
    powers = [
        count_gates(evolution.controlled_powers(1, TIME * 2**power))
        for power in reversed(range(bits))
    ]
    cost = iterative_phase_estimation_cost(
        count_gates(preparation), powers, enter=count_gates(evolution.enter()), epsilon=epsilon
    )
    circuit = iterative_phase_estimation(preparation, evolution, bits, TIME, epsilon=epsilon)
    check_closed_form(cost, circuit)


def test_clock_of_a_hundred_qubits_is_counted_without_building_it():
    cost = phase_estimation_cost(GateCounts(qubits=200, two_qubit_gates=7), 100)
    assert cost.two_qubit_gates == 7 + 100 * 99 // 2 + 2 * 100 - 3


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="clock_qubits = 2, guard_qubits = 2"):
        phase_estimation_cost(GateCounts(), 2, guard_qubits=2)
    with pytest.raises(ValueError, match="powers: at least one"):
        iterative_phase_estimation_cost(GateCounts(1), [])
