"""Product formulas: bounds that hold and are used, control without controlled steps, costs."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator, SparsePauliOp, random_pauli_list

from circuits.path_encoding import gray_code
from circuits.path_evolution import path_formula
from circuits.product_formula import ProductFormula, ProductFormulaEvolution, formulas
from circuits.splitting import optimised_for_two_groups, suzuki
from circuits.trotter_error import MAX_GROUPS, effective_deviation

RUNS = settings(deadline=None, derandomize=True, max_examples=20)
FEW = settings(RUNS, max_examples=10)
seeds = st.integers(0, 2**32 - 1)


def random_sum(qubits, terms, seed):
    generator = np.random.default_rng(seed)
    paulis = random_pauli_list(qubits, terms, seed=generator, phase=False)
    return SparsePauliOp(paulis, generator.uniform(0.2, 1, terms)).simplify()


def ising(qubits, identity=0.0):
    bonds = [("ZZ", [i, i + 1], 0.7) for i in range(qubits - 1)]
    fields = [("X", [i], 0.9) for i in range(qubits)]
    return SparsePauliOp.from_sparse_list([*bonds, *fields, ("", [], identity)], qubits).simplify()


def spectral_norm(matrix):
    return np.linalg.norm(matrix, 2)


def matrix_of(formula):
    parts = [part.to_matrix() for group in formula.groups for part in group]
    return formula.identity * np.eye(2**formula.qubits) + sum(parts)


def evolved(matrix, time):
    return scipy.linalg.expm(1j * matrix * time)


def step_of(formula, time):
    return Operator(formula.circuit(time, 1)).data


def effective(formula, step):
    """Generator of a step, its phases being within half a turn."""
    values, vectors = scipy.linalg.schur(step_of(formula, step), output="complex")
    return vectors @ np.diag(np.angle(np.diag(values))) @ vectors.conj().T / step


def random_formula(qubits, terms, order, seed):
    formula = ProductFormula.of(random_sum(qubits, terms, seed), order)
    assume(order <= 2 or len(formula.groups) <= MAX_GROUPS)
    return formula


@pytest.mark.parametrize("order", [1, 2, 4])
@FEW
@given(qubits=st.integers(1, 4), terms=st.integers(2, 6), part=st.floats(0.05, 0.5), seed=seeds)
def test_error_of_a_step_is_within_its_bound_and_the_bound_within_reason(
    order, qubits, terms, part, seed
):
    formula = random_formula(qubits, terms, order, seed)
    matrix = matrix_of(formula)
    time = part / max(formula.one_norm, 1e-3)
    error = spectral_norm(step_of(formula, time) - evolved(matrix, time))
    bound = formula.error(time)
    assert error <= bound + 1e-12
    # Tight while the step is short.
    assert bound <= 5 * error + 1e-11


@pytest.mark.parametrize("order", [2, 4])
@FEW
@given(qubits=st.integers(1, 4), terms=st.integers(2, 6), part=st.floats(0.05, 0.5), seed=seeds)
def test_optimised_splittings_keep_their_bounds_too(order, qubits, terms, part, seed):
    formula = ProductFormula.of(random_sum(qubits, terms, seed))
    assume(len(formula.groups) == 2)
    *_, optimised = formulas(formula, order)
    assert optimised.splitting == optimised_for_two_groups(order)
    time = part / formula.one_norm
    error = spectral_norm(step_of(optimised, time) - evolved(matrix_of(formula), time))
    assert error <= optimised.error(time) + 1e-12
    assert optimised.error(time) <= 5 * error + 1e-11


@pytest.mark.parametrize("splitting", [suzuki(2, 1), suzuki(2, 2), suzuki(2, 4), suzuki(2, 6)])
def test_error_falls_with_the_order_of_the_formula(splitting):
    matrices = [
        SparsePauliOp(["X"]).to_matrix(),
        SparsePauliOp(["Z", "Y"], [0.8, 0.3]).to_matrix(),
    ]

    def error(time):
        step = np.eye(2)
        for group, part in splitting.stages:
            step = step @ evolved(matrices[group], part * time)
        return spectral_norm(step - evolved(sum(matrices), time))

    rate = np.log2(error(0.2) / error(0.1))
    assert rate == pytest.approx(splitting.order + 1, abs=0.2)


@pytest.mark.parametrize("order", [2, 4])
def test_optimised_splittings_have_less_error_at_the_same_cost(order):
    """Their bound for the time that the same number of gates goes, against Suzuki's."""
    plain, optimised = formulas(ProductFormula.of(ising(4)), order)
    ratio = optimised.steps_cost(100) / plain.steps_cost(100)
    assert optimised.error(0.1 * ratio) / ratio < 0.5 * plain.error(0.1)


@FEW
@given(
    qubits=st.integers(1, 3),
    terms=st.integers(2, 6),
    order=st.sampled_from([2, 4]),
    part=st.floats(0.05, 0.4),
    seed=seeds,
)
def test_effective_matrix_deviates_by_no_more_than_its_bound(qubits, terms, order, part, seed):
    formula = random_formula(qubits, terms, order, seed)
    evolution = ProductFormulaEvolution(formula, part / formula.one_norm)
    time = 4 * part / formula.one_norm
    step = time / 2 / evolution.steps(time)
    deviation = spectral_norm(effective(formula, step) - matrix_of(formula))
    assert deviation <= evolution.deviation(time) + 1e-9
    assert evolution.deviation(time) <= 8 * deviation + 1e-8


@RUNS
@given(seed=seeds, angle=st.floats(0.1, 2.8), distance=st.floats(1e-3, 0.3))
def test_logarithms_of_near_unitaries_are_as_near_as_is_said(seed, angle, distance):
    generator = np.random.default_rng(seed)
    size = 6
    first, change = (
        (m + m.conj().T) / 2
        for m in generator.normal(size=(2, size, size))
        + 1j * generator.normal(size=(2, size, size))
    )
    first *= angle / spectral_norm(first)
    other = evolved(first, 1) @ evolved(change * distance / spectral_norm(change), 1)
    values, vectors = scipy.linalg.schur(other, output="complex")
    second = vectors @ np.diag(np.angle(np.diag(values))) @ vectors.conj().T
    error = spectral_norm(evolved(first, 1) - other)
    assert spectral_norm(first - second) <= effective_deviation(error, angle) * (1 + 1e-9)


def test_no_deviation_is_promised_where_phases_may_reach_half_a_turn():
    assert effective_deviation(0.1, 3.1) == np.inf
    assert effective_deviation(2.5, 0.1) == np.inf


def block_powers(formula, step, steps, time_qubits):
    """Definition of the controlled powers, from the unitary of one step."""
    unit = np.linalg.matrix_power(step_of(formula, step), steps)
    odd = range(1 - 2**time_qubits, 2**time_qubits, 2)
    return scipy.linalg.block_diag(
        *(np.linalg.matrix_power(unit if count > 0 else unit.conj().T, abs(count)) for count in odd)
    )


@pytest.mark.parametrize("order", [2, 4])
@FEW
@given(
    qubits=st.integers(1, 3),
    terms=st.integers(1, 7),
    time_qubits=st.integers(1, 3),
    time=st.floats(0.1, 2),
    seed=seeds,
)
def test_controlled_powers_are_powers_of_one_step_forwards_and_backwards(
    order, qubits, terms, time_qubits, time, seed
):
    formula = ProductFormula.of(random_sum(qubits, terms, seed), order)
    evolution = ProductFormulaEvolution(formula, 0.4)
    steps = evolution.steps(time)
    found = Operator(evolution.controlled_powers(time_qubits, time)).data
    expected = block_powers(formula, time / 2 / steps, steps, time_qubits)
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_controlled_powers_approach_the_evolution():
    operator = ising(3, 0.4)
    evolution = ProductFormulaEvolution.cheapest(formulas(ProductFormula.of(operator)), 1e-4, 1.2)
    found = Operator(evolution.controlled_powers(2, 1.2)).data
    matrix = operator.to_matrix()
    expected = scipy.linalg.block_diag(*(evolved(matrix, 1.2 * (k - 1.5)) for k in range(4)))
    assert spectral_norm(found - expected) <= 1e-4 * 1.2 * 1.5


@pytest.mark.parametrize("qubits", [2, 3, 4, 5])
@pytest.mark.parametrize("order", [2, 4])
def test_ising_chain_takes_two_strings_for_each_bit_and_no_control_of_its_steps(qubits, order):
    formula = ProductFormula.of(ising(qubits, 0.3), order)
    evolution = ProductFormulaEvolution(formula, 0.25)
    time, bits = 1.0, 3
    assert evolution.steps(time) == 2
    circuit = evolution.controlled_powers(bits, time)
    # Of an open chain 2 (n - 1) CX for each stage of the bonds; the string has a letter each.
    bonds = next(g for g, group in enumerate(formula.groups) if len(group[0]) == qubits - 1)
    stages = sum(
        group == bonds for b in range(bits) for group, _ in formula.splitting.repeated(2 << b)
    )
    assert circuit.num_nonlocal_gates() == 2 * (qubits - 1) * stages + 2 * qubits * bits
    assert evolution.controlled_cost(bits, time) == circuit.num_nonlocal_gates()


@RUNS
@given(qubits=st.integers(1, 4), terms=st.integers(1, 8), steps=st.integers(1, 4), seed=seeds)
def test_cost_of_steps_is_counted_without_building_them(qubits, terms, steps, seed):
    formula = ProductFormula.of(random_sum(qubits, terms, seed))
    assert formula.steps_cost(steps) == formula.circuit(0.3, steps).num_nonlocal_gates()


@RUNS
@given(qubits=st.integers(1, 3), terms=st.integers(1, 8), seed=seeds)
def test_cost_of_controlled_powers_is_that_of_the_circuit(qubits, terms, seed):
    evolution = ProductFormulaEvolution(ProductFormula.of(random_sum(qubits, terms, seed)), 0.3)
    circuit = evolution.controlled_powers(2, 1.0)
    assert evolution.controlled_cost(2, 1.0) == circuit.num_nonlocal_gates()


def test_sum_of_commuting_strings_is_evolved_exactly_in_one_step():
    operator = SparsePauliOp(["ZZI", "IZZ", "ZIZ", "XXX"], [0.3, -1, 0.4, 0.2])
    formula = ProductFormula.of(operator)
    assert len(formula.groups) == 1
    np.testing.assert_allclose(
        step_of(formula, 3.0), evolved(operator.to_matrix(), 3.0), atol=1e-10
    )
    evolution = ProductFormulaEvolution.cheapest(formulas(formula), 1e-12, 0.5)
    assert evolution.steps(0.5) == 1


def test_multiple_of_the_identity_is_a_phase_of_the_time_bits():
    evolution = ProductFormulaEvolution(ProductFormula.of(SparsePauliOp(["II"], [0.7])), 1.0)
    circuit = evolution.controlled_powers(2, 1.3)
    assert circuit.num_nonlocal_gates() == 0
    expected = np.kron(np.diag([np.exp(0.7j * 1.3 * (k - 1.5)) for k in range(4)]), np.eye(4))
    np.testing.assert_allclose(Operator(circuit).data, expected, atol=1e-12)


@FEW
@given(qubits=st.integers(2, 4), deviation=st.sampled_from([1e-2, 1e-3, 1e-4]), seed=seeds)
def test_cheapest_formula_keeps_within_the_deviation_asked_for(qubits, deviation, seed):
    formula = ProductFormula.of(random_sum(qubits, 5, seed))
    assume(1 < len(formula.groups) <= 2)
    time = 2.0 / formula.one_norm
    chosen = ProductFormulaEvolution.cheapest(formulas(formula), deviation, time)
    step = time / 2 / chosen.steps(time)
    found = spectral_norm(effective(chosen.formula, step) - matrix_of(formula))
    assert found <= chosen.deviation(time) <= deviation * (1 + 1e-9)


def test_higher_order_is_taken_where_the_precision_asks_for_it():
    formula = ProductFormula.of(ising(3))
    rough, fine = (
        ProductFormulaEvolution.cheapest(formulas(formula), deviation, 1.0)
        for deviation in (1e-1, 1e-7)
    )
    assert rough.formula.splitting.order == 2
    assert fine.formula.splitting.order == 4


@pytest.mark.parametrize("qubits", [1, 2, 3, 4])
def test_two_matchings_of_a_path_make_the_tridiagonal_matrix(qubits):
    formula = path_formula(qubits, 1.0, -0.3)
    size = 2**qubits
    neighbours = np.eye(size, k=1) + np.eye(size, k=-1)
    frame = Operator(gray_code(qubits)).data
    found = frame.conj().T @ matrix_of(formula) @ frame
    np.testing.assert_allclose(found, np.eye(size) - 0.3 * neighbours, atol=1e-12)
    assert formula.steps_cost(3) == 3 * (size - 2)


@pytest.mark.parametrize("qubits", [2, 3])
def test_path_in_its_frame_evolves_like_the_matrix(qubits):
    time, size = 1.5, 2**qubits
    evolution = ProductFormulaEvolution.cheapest(
        formulas(path_formula(qubits, 1.0, -0.3)), 1e-5, time, frame=gray_code(qubits)
    )
    circuit = QuantumCircuit(qubits + 1)
    circuit.compose(evolution.enter(), range(qubits), inplace=True)
    circuit.compose(evolution.controlled_powers(1, time), inplace=True)
    circuit.compose(evolution.leave(), range(qubits), inplace=True)
    matrix = np.eye(size) - 0.3 * (np.eye(size, k=1) + np.eye(size, k=-1))
    expected = scipy.linalg.block_diag(evolved(matrix, -time / 2), evolved(matrix, time / 2))
    assert spectral_norm(Operator(circuit).data - expected) <= 1e-5 * time
    assert not evolution.classically_diagonalised


def test_what_cannot_be_evolved_is_refused():
    with pytest.raises(ValueError, match="not real"):
        ProductFormula.of(SparsePauliOp(["X"], [1j]))
    with pytest.raises(ValueError, match="order = 3"):
        ProductFormula.of(SparsePauliOp(["X"]), 3)
    with pytest.raises(ValueError, match="order 1"):
        ProductFormulaEvolution(ProductFormula.of(ising(2), 1), 0.1)
    with pytest.raises(ValueError, match="longest_step"):
        ProductFormulaEvolution(ProductFormula.of(ising(2)), 0.0)
    with pytest.raises(ValueError, match="deviation"):
        ProductFormulaEvolution.cheapest([ProductFormula.of(ising(2))], 0.0, 1.0)
    with pytest.raises(ValueError, match="order = 6"):
        optimised_for_two_groups(6)
    many = SparsePauliOp(["XI", "YI", "ZI", "IX", "XX", "YZ", "ZY", "ZZ"])
    with pytest.raises(ValueError, match="at most 3 groups"):
        _ = ProductFormula.of(many, 4).error
