import pytest
from cost_checks import check_closed_form

from circuits.arithmetic import adder, at_least
from circuits.costs.arithmetic import adder_cost, at_least_cost


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_adder_has_the_gates_of_the_closed_form(size):
    for places in ([0], [1], [0, 1], [0, 2], [1, 4], [0, 2, 5], range(6), [5]):
        if places[-1] < size:
            for carry_out in (True, False):
                cost = adder_cost(size, places, carry_out=carry_out)
                check_closed_form(cost, adder(size, places, carry_out=carry_out))


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_comparison_has_the_gates_of_the_closed_form(size):
    for threshold in range(1, 2**size):
        check_closed_form(at_least_cost(size, threshold), at_least(size, threshold))


def test_sum_of_a_hundred_qubits_is_counted_without_building_it():
    assert adder_cost(100, range(100)).two_qubit_gates == 12 * 100 - 15


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="threshold = 8: a number from 1 to 7"):
        at_least_cost(3, 8)
    with pytest.raises(ValueError, match=r"places = \(2, 1\)"):
        adder_cost(3, [2, 1])
