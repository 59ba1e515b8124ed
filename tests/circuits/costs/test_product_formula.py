"""Costs of product formulas, held against what is counted of them."""

import time

import pytest
from cost_checks import check_closed_form
from qiskit.quantum_info import SparsePauliOp

from circuits.costs import count_gates
from circuits.costs.product_formula import (
    path_group_costs,
    pauli_evolution_cost,
    pauli_group_cost,
    product_formula_cost,
    product_formula_evolution_cost,
)
from circuits.path_encoding import gray_code
from circuits.path_evolution import path_formula
from circuits.product_formula import ProductFormula, ProductFormulaEvolution, formulas


def _ising(qubits, field):
    terms = [("ZZ", [k, k + 1], 1.0) for k in range(qubits - 1)]
    terms += [("X", [k], field) for k in range(qubits)]
    return SparsePauliOp.from_sparse_list([*terms, ("", [], 0.3)], qubits)


def _heisenberg(qubits):
    terms = [(2 * p, [k, k + 1], 1.0) for k in range(qubits - 1) for p in "XYZ"]
    return SparsePauliOp.from_sparse_list(terms, qubits)


@pytest.mark.parametrize("qubits", [1, 2, 4])
@pytest.mark.parametrize("order", [1, 2, 4])
def test_path_formulas_are_exact(qubits, order):
    for formula in formulas(path_formula(qubits, 2.0, -1.0, order), order):
        for steps in (1, 3):
            cost = product_formula_cost(path_group_costs(qubits), formula.splitting, steps)
            check_closed_form(cost, formula.circuit(0.3, steps))


@pytest.mark.parametrize(
    "operator", [_ising(3, 0.5), _ising(6, 0.5), _heisenberg(2), _heisenberg(5)]
)
@pytest.mark.parametrize("order", [1, 2, 4])
def test_formulas_of_pauli_sums_are_exact(operator, order):
    formula = ProductFormula.of(operator, order)
    groups = [pauli_group_cost(group) for group in formula.groups]
    for steps in (1, 4):
        cost = product_formula_cost(groups, formula.splitting, steps)
        check_closed_form(cost, formula.circuit(0.3, steps))


@pytest.mark.parametrize("qubits", [1, 2, 3])
@pytest.mark.parametrize("time_qubits", [1, 3])
def test_evolutions_of_paths_are_exact(qubits, time_qubits):
    for formula in formulas(path_formula(qubits, 2.0, -1.0)):
        evolution = ProductFormulaEvolution(formula, 0.1, gray_code(qubits))
        cost = product_formula_evolution_cost(
            path_group_costs(qubits),
            formula.splitting,
            evolution.steps(0.5),
            time_qubits,
            toggle_weight=qubits,
            frame=count_gates(gray_code(qubits)),
        )
        check_closed_form(cost.enter, evolution.enter())
        check_closed_form(cost.leave, evolution.leave())
        check_closed_form(cost.powers, evolution.controlled_powers(time_qubits, 0.5))


@pytest.mark.parametrize("qubits", [2, 3, 6])
def test_evolutions_of_ising_chains_are_exact(qubits):
    formula = ProductFormula.of(_ising(qubits, 0.5))
    evolution = ProductFormulaEvolution(formula, 0.1)
    groups = [pauli_group_cost(group) for group in formula.groups]
    cost = product_formula_evolution_cost(
        groups, formula.splitting, evolution.steps(0.7), 2, toggle_weight=qubits
    )
    check_closed_form(cost.enter, evolution.enter())
    check_closed_form(cost.powers, evolution.controlled_powers(2, 0.7))


@pytest.mark.parametrize(
    "operator", [_heisenberg(2), _heisenberg(3), _ising(3, 0.5) + SparsePauliOp("ZIZ")]
)
def test_evolutions_by_many_turning_strings_are_exact(operator):
    evolution = ProductFormulaEvolution(ProductFormula.of(operator), 0.1)
    for unit in (0.1, 1.7, 2.5):
        cost = pauli_evolution_cost(evolution, 2, unit)
        check_closed_form(cost.powers, evolution.controlled_powers(2, unit))


def test_billions_of_powers_take_no_time():
    evolution = ProductFormulaEvolution(ProductFormula.of(_heisenberg(3)), 1e-9)
    start = time.process_time()
    assert pauli_evolution_cost(evolution, 4, 1.0).powers.two_qubit_gates > 10**10
    assert time.process_time() - start < 2


def test_billions_of_steps_take_no_time():
    formula = path_formula(3, 2.0, -1.0)
    cost = product_formula_cost(path_group_costs(100), formula.splitting, 10**12)
    assert cost.two_qubit_gates == 10**12 * (2**100 - 2)
