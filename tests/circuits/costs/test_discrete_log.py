import pytest
from cost_checks import check_closed_form

from circuits.costs import count_gates
from circuits.costs.discrete_log import (
    arithmetic_circuit_bound,
    arithmetic_circuit_cost,
    modular_adder_cost,
    modular_product_cost,
)
from circuits.feature_maps.discrete_log import Orbit, arithmetic_circuit, arithmetic_costs
from circuits.feature_maps.discrete_log.clock import default_clock
from circuits.feature_maps.discrete_log.modular import modular_adder, modular_product


@pytest.mark.parametrize("modulus", [5, 7, 13, 31])
def test_modular_arithmetic_has_the_gates_of_the_closed_forms(modulus):
    check_closed_form(modular_adder_cost(modulus), modular_adder(modulus))
    for square in (True, False):
        cost = modular_product_cost(modulus, square=square)
        check_closed_form(cost, modular_product(modulus, square=square))


@pytest.mark.parametrize(("prime", "generator", "k"), [(5, 2, 1), (7, 3, 2), (11, 2, 1)])
def test_map_by_arithmetic_has_the_gates_of_the_closed_form(prime, generator, k):
    orbit = Orbit(prime, generator, k)
    circuit = arithmetic_circuit(orbit, orbit.digits)
    check_closed_form(arithmetic_circuit_cost(orbit, orbit.digits), circuit)


def test_ands_are_t_gates():
    orbit = Orbit(5, 2, 1)
    cost = arithmetic_circuit_cost(orbit, 3)
    counted = count_gates(arithmetic_circuit(orbit, 3), resolve_angles=True)
    # Transforms have T gates too, which are rotations in the closed form.
    assert counted.t_gates - 2 * 4 == cost.t_gates
    assert counted.rotations <= cost.rotations < 50


@pytest.mark.parametrize(("prime", "generator", "k"), [(23, 5, 3), (1009, 11, 5), (65537, 3, 6)])
def test_closed_form_agrees_with_the_count_of_cx_of_larger_circuits(prime, generator, k):
    orbit = Orbit(prime, generator, k)
    cost, known = arithmetic_circuit_cost(orbit), arithmetic_costs(orbit)
    assert (cost.cx_gates, cost.qubits) == (known.cx, known.qubits)
    bound = arithmetic_circuit_bound(prime, k, default_clock(orbit))
    assert 0 < bound.cx_gates - cost.cx_gates <= (4 * k - 3) * orbit.digits
    assert (bound.qubits, bound.rotations) == (cost.qubits, cost.rotations)


def test_prime_of_a_hundred_digits_is_bounded_without_building_a_circuit():
    bound = arithmetic_circuit_bound(2**99 + 5, 97)
    assert bound.qubits < 5 * 100**2
    assert 1e8 < bound.cx_gates < 1e10


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="modulus = 8: an odd number"):
        modular_product_cost(8)
    with pytest.raises(ValueError, match="k = 3: must lie between 1 and 2"):
        arithmetic_circuit_bound(7, 3)
    with pytest.raises(ValueError, match="clock_qubits = 2: at least the 3 digits"):
        arithmetic_circuit_bound(7, 2, 2)
