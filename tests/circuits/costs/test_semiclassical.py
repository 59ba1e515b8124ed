import pytest
from cost_checks import check_closed_form
from qiskit.transpiler import CouplingMap

from circuits import (
    hardware_efficient_ansatz,
    measured_qft,
    one_qubit_qft,
    semiclassical_qft,
)
from circuits.costs import count_gates
from circuits.costs.semiclassical import (
    measured_qft_cost,
    one_qubit_qft_cost,
    semiclassical_qft_cost,
)

ERRORS = (0.0, 1e-2, 0.3)


@pytest.mark.parametrize("epsilon", ERRORS)
@pytest.mark.parametrize("n", [1, 2, 3, 6, 11])
def test_measured_transforms_have_the_gates_of_the_closed_forms(n, epsilon):
    assert semiclassical_qft_cost(n, epsilon) == count_gates(semiclassical_qft(n, epsilon=epsilon))
    check_closed_form(measured_qft_cost(n, epsilon), measured_qft(n, None, epsilon))
    # Any two qubits may meet, but results cannot be acted on.
    target = CouplingMap.from_full(max(2, n))
    unitary = measured_qft_cost(n, epsilon, feed_forward=False)
    check_closed_form(unitary, measured_qft(n, target, epsilon))


@pytest.mark.parametrize("epsilon", ERRORS)
@pytest.mark.parametrize("bits", [1, 3, 7])
def test_reading_one_qubit_has_the_gates_of_the_closed_form(bits, epsilon):
    arrivals = [hardware_efficient_ansatz(3, layers) for layers in range(bits)]
    circuit = one_qubit_qft(
        [arrival.assign_parameters([0.1] * arrival.num_parameters) for arrival in arrivals],
        epsilon=epsilon,
    )
    cost = one_qubit_qft_cost([count_gates(arrival) for arrival in arrivals], epsilon)
    check_closed_form(cost, circuit)


def test_transform_of_a_hundred_qubits_is_counted_without_building_it():
    assert semiclassical_qft_cost(100).rotations == 100 * 99 // 2


def test_nothing_that_arrives_is_refused():
    with pytest.raises(ValueError, match="arrivals: at least one"):
        one_qubit_qft_cost([])
