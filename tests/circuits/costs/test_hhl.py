"""Cost of HHL, held against what is counted of it."""

import numpy as np
import pytest
from cost_checks import check_closed_form
from qiskit import QuantumCircuit
from scipy.stats import unitary_group

from circuits.costs import count_gates
from circuits.costs.evolution import diagonalised_evolution_cost
from circuits.costs.hhl import clock_qubits_bound, hhl_cost, reciprocal_rotation_cost
from circuits.costs.product_formula import path_group_costs, product_formula_evolution_cost
from circuits.evolution import DiagonalisedEvolution
from circuits.hhl import hhl
from circuits.path_encoding import gray_code
from circuits.path_evolution import path_formula
from circuits.product_formula import ProductFormulaEvolution
from circuits.reciprocal import reciprocal_filter, reciprocal_rotation


@pytest.mark.parametrize("definite", [True, False])
@pytest.mark.parametrize("kappa", [2.0, 5.0, 10.0])
def test_rotations_by_reciprocals_are_exact_depths_included(kappa, definite):
    reciprocal = reciprocal_filter(kappa, 1e-2, definite=definite)
    cost = reciprocal_rotation_cost(reciprocal.clock_qubits, definite=definite)
    assert cost == count_gates(reciprocal_rotation(reciprocal.values))


@pytest.mark.parametrize("qubits", [1, 2, 3])
@pytest.mark.parametrize("definite", [True, False])
def test_diagonalised_systems_are_exact(qubits, definite):
    reciprocal = reciprocal_filter(5.0, 1e-2, definite=definite)
    evolution = DiagonalisedEvolution.of_hermitian(
        np.random.default_rng(qubits).uniform(0.2, 1, 2**qubits),
        unitary_group.rvs(2**qubits, random_state=qubits),
    )
    b = QuantumCircuit(qubits)
    b.ry(0.3, 0)
    clock = reciprocal.clock_qubits
    cost = hhl_cost(
        count_gates(b), diagonalised_evolution_cost(qubits, clock - 1), clock, definite=definite
    )
    check_closed_form(cost, hhl(b, evolution, reciprocal))


@pytest.mark.parametrize("qubits", [1, 2, 3])
def test_paths_by_product_formulas_are_exact(qubits):
    reciprocal = reciprocal_filter(2.0, 1e-2, definite=True)
    formula = path_formula(qubits, 0.75, -0.125)
    evolution = ProductFormulaEvolution(formula, 1.0, gray_code(qubits))
    clock = reciprocal.clock_qubits
    cost = product_formula_evolution_cost(
        path_group_costs(qubits),
        formula.splitting,
        evolution.steps(reciprocal.time),
        clock - 1,
        toggle_weight=qubits,
        frame=count_gates(gray_code(qubits)),
    )
    b = QuantumCircuit(qubits)
    circuit = hhl(b, evolution, reciprocal)
    check_closed_form(hhl_cost(count_gates(b), cost, clock, definite=True), circuit)


@pytest.mark.parametrize("definite", [True, False])
@pytest.mark.parametrize("epsilon", [0.1, 1e-2, 1e-3])
def test_clocks_are_bounded_within_one_or_two_qubits(definite, epsilon):
    for kappa in (1.06, 2.0, 5.0):
        picked = reciprocal_filter(kappa, epsilon, definite=definite).clock_qubits
        assert 0 <= clock_qubits_bound(kappa, epsilon, definite=definite) - picked <= 2
    assert clock_qubits_bound(1e15, epsilon, definite=definite) < 55


@pytest.mark.parametrize(("kappa", "epsilon"), [(0.5, 0.1), (2.0, 0.0)])
def test_bad_arguments_of_the_clock_are_named(kappa, epsilon):
    with pytest.raises(ValueError, match=r"kappa = 0\.5|epsilon = 0\.0"):
        clock_qubits_bound(kappa, epsilon, definite=True)
