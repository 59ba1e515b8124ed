import pytest
from cost_checks import check_closed_form

from circuits import cosine_transform, sine_transform
from circuits.costs.trigonometric import (
    controlled_negation_cost,
    cosine_transform_cost,
    negation_up_to_phases_cost,
    sine_transform_cost,
)
from circuits.trigonometric import controlled_negation, negation_up_to_phases

SIZES = (1, 2, 3, 4, 7)


@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("n", SIZES)
def test_transforms_have_the_gates_of_the_closed_forms(n, kind):
    for swaps in (True, False):
        cost = sine_transform_cost(n, kind=kind, swaps=swaps)
        check_closed_form(cost, sine_transform(n, kind=kind, swaps=swaps))
        if kind > 1:
            cost = cosine_transform_cost(n, kind=kind, swaps=swaps)
            check_closed_form(cost, cosine_transform(n, kind=kind, swaps=swaps))


@pytest.mark.parametrize("n", SIZES)
def test_negations_have_the_gates_of_the_closed_forms(n):
    check_closed_form(controlled_negation_cost(n), controlled_negation(n))
    for tell_zero in (True, False):
        cost = negation_up_to_phases_cost(n, tell_zero=tell_zero)
        check_closed_form(cost, negation_up_to_phases(n, tell_zero=tell_zero))


def test_transform_of_a_hundred_qubits_is_counted_without_building_it():
    transform = 101 * 100 // 2 + 2 * 101 - 3 + 3 * 50
    assert sine_transform_cost(100).cx_gates == transform + 2 * (8 * 100 - 9)


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="n = 0"):
        sine_transform_cost(0)
    with pytest.raises(ValueError, match="kind = 1: cosine transforms"):
        cosine_transform_cost(3, kind=1)
