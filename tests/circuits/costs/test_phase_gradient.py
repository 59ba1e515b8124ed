import pytest
from cost_checks import check_closed_form

from circuits import phase_gradient_count, phase_gradient_qft, phase_gradient_state
from circuits.costs.phase_gradient import phase_gradient_qft_cost, phase_gradient_state_cost


@pytest.mark.parametrize("epsilon", [0.0, 1e-2, 0.3])
@pytest.mark.parametrize("n", [1, 2, 3, 6, 10])
def test_transform_by_additions_has_the_gates_of_the_closed_form(n, epsilon):
    for swaps in (True, False):
        cost = phase_gradient_qft_cost(n, epsilon, swaps=swaps)
        check_closed_form(cost, phase_gradient_qft(n, epsilon, swaps=swaps))
    count = phase_gradient_count(n, epsilon)
    assert (cost.t_gates, cost.measurements, cost.qubits) == (count.t, count.toffoli, count.qubits)


@pytest.mark.parametrize("size", [0, 1, 3, 8])
def test_gradient_has_the_gates_of_the_closed_form(size):
    check_closed_form(phase_gradient_state_cost(size), phase_gradient_state(size))


def test_transform_of_a_hundred_qubits_is_counted_without_building_it():
    assert phase_gradient_qft_cost(100).t_gates == phase_gradient_count(100).t


def test_negative_size_is_refused():
    with pytest.raises(ValueError, match="size = -1"):
        phase_gradient_state_cost(-1)
