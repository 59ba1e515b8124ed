"""HHL on matrices with structure: precision, cost, what is refused; nothing is diagonalised."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import SparsePauliOp, random_pauli_list

from qml_algos.errors import TooLargeError, UnsuitableSolverError
from qml_algos.linear_systems import HHL, LinearSystem, solve
from qml_algos.linear_systems.hhl.pauli_sums import pauli_strings
from qml_algos.linear_systems.structures import (
    Circulant,
    Dense,
    PauliSum,
    Poisson,
    Sparse,
    Toeplitz,
)

RUNS = settings(deadline=None, derandomize=True, max_examples=8)
seeds = st.integers(0, 2**32 - 1)


def relative_error(x, reference):
    return np.linalg.norm(x - reference) / np.linalg.norm(reference)


def random_vector(size, complex_entries, seed):
    generator = np.random.default_rng([seed, 1])
    vector = generator.normal(size=size)
    return vector + 1j * generator.normal(size=size) if complex_entries else vector


def ising(qubits, identity):
    bonds = [("ZZ", [i, i + 1], -0.8) for i in range(qubits - 1)]
    fields = [("X", [i], -1.0) for i in range(qubits)]
    return SparsePauliOp.from_sparse_list([*bonds, *fields, ("", [], identity)], qubits).simplify()


def solved(problem, solver):
    """Solution after the checks that every structure has to stand."""
    solution = solve(problem, solver)
    reference = np.linalg.pinv(problem.dense()) @ problem.b
    assert relative_error(solution.x, reference) <= solver.epsilon
    assert solution.error_against(reference) <= solver.epsilon
    assert not solution.resources.classically_diagonalised
    budget = solver.build(problem).budget
    assert budget.total == pytest.approx(solver.epsilon)
    return solution


@RUNS
@given(
    qubits=st.integers(1, 3),
    terms=st.integers(2, 4),
    epsilon=st.sampled_from([1e-1, 1e-2]),
    sign=st.sampled_from([1, -1]),
    complex_vector=st.booleans(),
    seed=seeds,
)
def test_definite_pauli_sums_are_solved_within_epsilon(
    qubits, terms, epsilon, sign, complex_vector, seed
):
    generator = np.random.default_rng(seed)
    paulis = random_pauli_list(qubits, terms, seed=generator, phase=False)
    rest = SparsePauliOp(paulis, generator.uniform(-1, 1, terms))
    weight = float(np.sum(np.abs(rest.coeffs)))
    operator = sign * (rest + SparsePauliOp("I" * qubits, 1.5 * weight))
    problem = LinearSystem(PauliSum(operator), random_vector(2**qubits, complex_vector, seed))
    solved(problem, HHL(epsilon))


@pytest.mark.parametrize("seed", range(3))
def test_indefinite_pauli_sum_is_solved_within_epsilon(seed):
    problem = LinearSystem(
        PauliSum(SparsePauliOp(["ZI", "XX", "IZ"], [1.0, 0.4, 0.3])), random_vector(4, True, seed)
    )
    assert not problem.spectrum.definite
    solved(problem, HHL(3e-2))


def test_pauli_sum_that_is_not_hermitian_is_solved_through_its_dilation():
    operator = SparsePauliOp(["I", "X", "Z"], [1.0, 0.3, 0.4j])
    problem = LinearSystem(PauliSum(operator), random_vector(2, True, 0))
    assert not problem.hermitian
    solved(problem, HHL(3e-2))


@pytest.mark.parametrize("order", [2, 4])
def test_order_of_the_formula_can_be_given(order):
    problem = LinearSystem(PauliSum(ising(2, 4.0)), random_vector(4, False, 1))
    solver = HHL(1e-2, order=order)
    solved(problem, solver)
    assert solver.build(problem).details["order"] == order


@pytest.mark.parametrize("size", [2, 4, 8])
@pytest.mark.parametrize("neighbour", [-1 / 3, 0.2])
def test_tridiagonal_matrices_are_solved_by_two_matchings(size, neighbour):
    problem = LinearSystem(
        Toeplitz(size, {0: 1.0, 1: neighbour, -1: neighbour}), random_vector(size, False, size)
    )
    solution = solved(problem, HHL(1e-2))
    assert solution.resources.two_qubit_gates <= {2: 60, 4: 120, 8: 500}[size]


@pytest.mark.parametrize(
    "structure",
    [
        Poisson((4,)),
        Poisson((4, 2), shift=1.0),
        Poisson((8,), "periodic"),
        Poisson((4,), "neumann", 0.5, -2.0),
        Circulant(4, {0: 3.0, 1: 1.0 - 0.5j, 3: 1.0 + 0.5j}),
    ],
    ids=lambda structure: structure.description,
)
def test_matrices_that_a_transform_diagonalises_are_solved_through_it(structure):
    vector = random_vector(structure.size, False, 3)
    if structure.spectrum.null_space:
        vector -= vector.mean()
    problem = LinearSystem(structure, vector)
    solved(problem, HHL(1e-2))
    assert "transform" in HHL(1e-2).build(problem).access


def test_structure_is_detected_from_a_matrix():
    matrix = 3 * np.eye(8) + np.eye(8, k=1) + np.eye(8, k=-1)
    problem = LinearSystem(matrix, random_vector(8, False, 4))
    assert HHL(0.1).build(problem).access == "product formula for two matchings of a path"


def test_number_of_steps_follows_from_epsilon():
    problem = LinearSystem(PauliSum(ising(3, 5.0)), random_vector(8, False, 2))
    rough, fine = (HHL(epsilon, order=2).build(problem).details for epsilon in (1e-1, 1e-3))
    assert rough["steps"] < fine["steps"]


def test_product_formula_on_request_for_a_matrix_of_few_strings():
    matrix = ising(2, 4.0).to_matrix().real
    problem = LinearSystem(Dense(matrix), random_vector(4, False, 5))
    assert "eigenbasis" in HHL(1e-2).build(problem).access
    solved(problem, HHL(1e-2, evolution="product_formula"))


@RUNS
@given(qubits=st.integers(1, 4), terms=st.integers(1, 6), imaginary=st.booleans(), seed=seeds)
def test_strings_of_a_matrix_are_found_from_its_entries(qubits, terms, imaginary, seed):
    generator = np.random.default_rng(seed)
    paulis = random_pauli_list(qubits, terms, seed=generator, phase=False)
    weights = generator.normal(size=terms) * (1j if imaginary else 1)
    matrix = SparsePauliOp(paulis, weights).to_matrix()
    found = pauli_strings(Sparse(sp.csr_array(matrix)))
    np.testing.assert_allclose(found.to_matrix(), matrix, atol=1e-12)
    assert len(found) <= terms


def test_what_an_evolution_cannot_do_is_refused_by_name():
    matrix = np.random.default_rng(0).normal(size=(5, 5))
    problem = LinearSystem(Dense(matrix + matrix.T + 10 * np.eye(5)), np.ones(5))
    with pytest.raises(UnsuitableSolverError, match=r"dense matrix of 5 rows .*Pauli strings"):
        solve(problem, HHL(evolution="product_formula"))
    with pytest.raises(UnsuitableSolverError, match=r"dense matrix of 5 rows .*Fourier"):
        solve(problem, HHL(evolution="transform"))
    with pytest.raises(ValueError, match="evolution = 'exact'"):
        HHL(evolution="exact")
    with pytest.raises(ValueError, match="order = 3"):
        HHL(order=3)


def test_large_sparse_matrix_without_structure_is_refused_by_name():
    size = 2048
    generator = np.random.default_rng(0)
    matrix = sp.diags_array(generator.uniform(1, 2, size), format="csr")
    problem = LinearSystem(Sparse(matrix), np.ones(size))
    with pytest.raises(TooLargeError, match=r"sparse matrix as a dense one: 2,048 unknowns"):
        solve(problem, HHL())
