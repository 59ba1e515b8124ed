import pytest
from cost_checks import check_closed_form

from circuits import constant_adder, fourier_adder, multiply_accumulate, weighted_sum
from circuits.costs.adders import (
    constant_adder_cost,
    fourier_adder_cost,
    multiply_accumulate_cost,
    weighted_sum_cost,
)

ERRORS = (0.0, 1e-2, 0.3)


@pytest.mark.parametrize("epsilon", ERRORS)
@pytest.mark.parametrize("n", [1, 2, 4, 7])
def test_adders_have_the_gates_of_the_closed_forms(n, epsilon):
    check_closed_form(fourier_adder_cost(n, epsilon=epsilon), fourier_adder(n, epsilon=epsilon))
    cost = fourier_adder_cost(n, 3, epsilon=epsilon)
    check_closed_form(cost, fourier_adder(n, 3, subtract=True, epsilon=epsilon))
    cost = multiply_accumulate_cost(n, 3, 6, epsilon=epsilon)
    check_closed_form(cost, multiply_accumulate(n, 3, 6, epsilon=epsilon))
    for constant in (0, 5, 12, -4):
        for controlled in (True, False):
            options = {"controlled": controlled, "epsilon": epsilon}
            cost = constant_adder_cost(n, constant, **options)
            check_closed_form(cost, constant_adder(n, constant, **options))


@pytest.mark.parametrize("epsilon", ERRORS)
@pytest.mark.parametrize("n", [1, 3, 6])
def test_weighted_sum_has_the_gates_of_the_closed_form(n, epsilon):
    weights = [6, 12, -14, 0, 24]
    for constant in (0, 4, 7):
        cost = weighted_sum_cost(n, weights, constant=constant, epsilon=epsilon)
        circuit = weighted_sum(n, weights, constant=constant, epsilon=epsilon)
        check_closed_form(cost, circuit)


def test_sum_of_a_hundred_qubits_is_counted_without_building_it():
    cost = fourier_adder_cost(100)
    assert cost.two_qubit_gates == 100**2 + 2 * (100 * 99 // 2 + 2 * 100 - 3)
    assert cost.two_qubit_depth < 1200


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="n = 0"):
        weighted_sum_cost(0, [1])
    with pytest.raises(ValueError, match="epsilon = 1"):
        weighted_sum_cost(2, [1], epsilon=1.0)
    with pytest.raises(ValueError, match="addend_qubits = 0"):
        fourier_adder_cost(3, 0)
