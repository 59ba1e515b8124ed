"""Spectral inversion on the exact simulator: precision, probability, cost, what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import transpile

from qml_algos.backends import backend as open_backend
from qml_algos.errors import TooLargeError, UnsuitableSolverError
from qml_algos.linear_systems import LinearSystem
from qml_algos.linear_systems.readout import read_exact
from qml_algos.linear_systems.right_hand_side import SmoothFunction
from qml_algos.linear_systems.spectral import SpectralInversion
from qml_algos.linear_systems.structures import Circulant, KroneckerSum, Poisson, Toeplitz

RUNS = settings(deadline=None, derandomize=True, max_examples=20)
BOUNDARIES = ["dirichlet", "neumann", "periodic"]
TRI = {0: 1.0, 1: -1 / 3, -1: -1 / 3}


@pytest.fixture(scope="module")
def aer():
    return open_backend("aer")


def random_vector(structure, seed, complex_vector=False):
    generator = np.random.default_rng(seed)
    b = generator.normal(size=structure.size)
    b = b + 1j * generator.normal(size=structure.size) if complex_vector else b
    return b - b.mean() if structure.spectrum.null_space else b


def hump(*x):
    return np.exp(-20 * sum((c - 0.4) ** 2 for c in x)) + x[0]


def cx_count(circuit):
    basis = ["cx", "rz", "sx", "x"]
    compiled = transpile(circuit, basis_gates=basis, optimization_level=2, seed_transpiler=0)
    return compiled.count_ops().get("cx", 0)


def check_solution(problem, aer, epsilon=1e-2):
    solver = SpectralInversion(epsilon)
    solver.check_fits(problem, aer)
    program = solver.build(problem)
    assert program.budget.total <= epsilon * (1 + 1e-6)
    assert program.circuit.metadata["classically_diagonalised"] is False
    reading = read_exact(program, aer)
    if problem.structure.spectrum.null_space:
        expected = np.linalg.lstsq(problem.dense(), problem.b, rcond=1e-12)[0]
    else:
        expected = np.linalg.solve(problem.dense(), problem.b)
    distance = np.linalg.norm(
        reading.x / np.linalg.norm(reading.x) - expected / np.linalg.norm(expected)
    )
    assert distance <= program.budget.total
    assert np.linalg.norm(reading.x - expected) <= 1.001 * epsilon * np.linalg.norm(expected)
    smallest = problem.structure.spectrum.smallest
    probability = (smallest * np.linalg.norm(expected) / np.linalg.norm(problem.b)) ** 2
    assert reading.success_probability == pytest.approx(probability, rel=2.1 * epsilon)
    return program


@RUNS
@given(
    cells=st.lists(st.integers(1, 3).map(lambda n: 2**n), min_size=1, max_size=3).map(tuple),
    boundary=st.sampled_from(BOUNDARIES),
    shift=st.sampled_from([0.0, 0.01, 1.0]),
    scale=st.sampled_from([1.0, -250.0]),
    epsilon=st.sampled_from([1e-1, 1e-2, 1e-3]),
    complex_vector=st.booleans(),
    seed=st.integers(0, 999),
)
def test_poisson_is_solved_within_epsilon(
    aer, cells, boundary, shift, scale, epsilon, complex_vector, seed
):
    if boundary == "dirichlet" and cells == (2,) * len(cells):
        cells = (4, *cells[1:])
    structure = Poisson(cells, boundary, shift, scale)
    b = random_vector(structure, seed, complex_vector)
    check_solution(LinearSystem(structure, b), aer, epsilon)


@RUNS
@given(
    n=st.integers(1, 5),
    kind=st.sampled_from(["real", "symmetric", "hermitian", "complex"]),
    epsilon=st.sampled_from([1e-1, 1e-2, 1e-3]),
    seed=st.integers(0, 999),
)
def test_circulant_is_solved_within_epsilon(aer, n, kind, epsilon, seed):
    generator = np.random.default_rng(seed)
    values = generator.normal(size=3) + 1j * generator.normal(size=3) * (kind != "real")
    values = values.real if kind in ("real", "symmetric") else values
    coefficients = {0: values[0], 1: values[1], -1: values[2]}
    if kind in ("symmetric", "hermitian"):
        coefficients = {0: values[0].real, 1: values[1], -1: np.conj(values[1])}
    structure = Circulant(2**n, coefficients)
    b = random_vector(structure, seed, kind == "complex")
    check_solution(LinearSystem(structure, b), aer, epsilon)


@pytest.mark.parametrize("shift", [-0.7, -2.5])
@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_indefinite_poisson_is_solved(aer, boundary, shift):
    structure = Poisson((8, 4), boundary, shift)
    check_solution(LinearSystem(structure, random_vector(structure, 1)), aer)


def test_kronecker_sum_of_a_circulant_and_a_periodic_laplacian_is_solved(aer):
    structure = KroneckerSum((Circulant(8, TRI), Poisson((4,), "periodic", 0.1)))
    check_solution(LinearSystem(structure, random_vector(structure, 2)), aer)


@pytest.mark.parametrize("matrix", [Poisson((16,)), Poisson((8, 8)), Circulant(16, TRI)])
def test_matrix_that_is_written_down_is_recognised(aer, matrix):
    b = random_vector(matrix, 3)
    check_solution(LinearSystem(matrix.matrix(), b), aer)


@pytest.mark.parametrize(
    ("structure", "most"),
    [
        (Poisson((16,)), 130),
        (Circulant(16, TRI), 50),
        (Poisson((16,), "periodic", 0.1), 50),
        (Poisson((8, 8)), 320),
    ],
)
def test_two_qubit_gates_for_random_b(aer, structure, most):
    program = check_solution(LinearSystem(structure, random_vector(structure, 4)), aer)
    assert cx_count(program.circuit) <= most


@pytest.mark.parametrize(
    ("structure", "most"),
    [
        (Poisson((1024,)), 1000),
        (Circulant(1024, TRI), 350),
        (Poisson((1024,), "periodic", 0.01), 620),
    ],
)
def test_two_qubit_gates_for_smooth_b_on_1024_cells(structure, most):
    problem = LinearSystem(structure, SmoothFunction.on(structure, hump))
    assert cx_count(SpectralInversion(1e-2).build(problem).circuit) <= most


@pytest.mark.parametrize("structure", [Poisson((256,)), Poisson((1024,), "periodic", 0.01)])
def test_smooth_b_on_many_cells_is_solved(aer, structure):
    check_solution(LinearSystem(structure, SmoothFunction.on(structure, hump)), aer)


@pytest.mark.parametrize(
    "family",
    [
        lambda n: Poisson((2**n,)),
        lambda n: Poisson((2**n,), "periodic", 0.01),
        lambda n: Circulant(2**n, TRI),
    ],
)
def test_two_qubit_gates_grow_with_an_exponent_below_2_5(family):
    sizes = [2, 4, 7, 10, 14, 20]
    counts = []
    for n in sizes:
        structure = family(n)
        problem = LinearSystem(structure, SmoothFunction.on(structure, hump))
        counts.append(cx_count(SpectralInversion(1e-2).build(problem).circuit))
    assert np.polyfit(np.log(sizes), np.log(counts), 1)[0] <= 2.5


@pytest.mark.parametrize(
    ("structure", "most"),
    [
        (Poisson((64, 64)), 1400),
        (Poisson((128, 128)), 2200),
        (Poisson((16, 16, 16)), 950),
        (Poisson((64, 64), "periodic", 0.01), 1250),
    ],
)
def test_two_qubit_gates_for_smooth_b_in_two_and_three_dimensions(structure, most):
    problem = LinearSystem(structure, SmoothFunction.on(structure, hump))
    program = SpectralInversion(1e-2, max_qubits=None).build(problem)
    assert program.access == "eigenbasis by quantum transforms, sum of exponentials"
    assert program.budget.total <= 1e-2
    assert cx_count(program.circuit) <= most


def test_smooth_b_is_prepared_only_as_well_as_its_own_error_is_magnified():
    structure = Poisson((256,))
    problem = LinearSystem(structure, SmoothFunction.on(structure, hump))
    details = SpectralInversion(1e-2).build(problem).details
    assert details["kappa"] > 1e4
    assert 1 <= details["magnification"] < 2
    error = random_vector(structure, 5)
    error *= 1e-3 * np.linalg.norm(problem.b) / np.linalg.norm(error)
    x, moved = (np.linalg.solve(problem.dense(), b) for b in (problem.b, problem.b + error))
    bound = 1e-3 * details["magnification"]
    assert np.linalg.norm(moved - x) <= bound * np.linalg.norm(x)


def test_part_of_epsilon_is_kept_for_shots():
    problem = LinearSystem(Poisson((8,)), np.arange(1.0, 8.0))
    program = SpectralInversion(1e-1).build(problem, filter_epsilon=2e-2)
    assert program.budget.total == pytest.approx(2e-2)


@pytest.mark.parametrize(
    "structure",
    [
        Toeplitz(16, {0: 2.0, 1: -1.0, -1: -0.5}),
        Circulant(12, TRI),
        KroneckerSum((Toeplitz(4, TRI), Circulant(4, TRI))),
        KroneckerSum((Poisson((4,)), Circulant(4, TRI))),
    ],
)
def test_matrices_without_a_transform_are_refused(aer, structure):
    problem = LinearSystem(structure, np.ones(structure.size))
    for attempt in (
        lambda: SpectralInversion().check_fits(problem, aer),
        lambda: SpectralInversion().build(problem),
    ):
        with pytest.raises(UnsuitableSolverError, match="SpectralInversion: "):
            attempt()


def test_too_many_unknowns_for_the_backend_are_refused_before_any_work(aer):
    structure = Poisson((2**30,))
    problem = LinearSystem(structure, SmoothFunction.on(structure, hump))
    with pytest.raises(TooLargeError, match="needs 32 qubits"):
        SpectralInversion().check_fits(problem, aer)


def test_condition_number_beyond_rounding_is_refused():
    structure = Poisson((2**25,))
    problem = LinearSystem(structure, SmoothFunction.on(structure, hump))
    with pytest.raises(UnsuitableSolverError, match=r"the condition number is .* at most 1e"):
        SpectralInversion().build(problem)


def test_indefinite_problem_with_too_many_modes_for_a_table_is_refused():
    structure = Poisson((256, 256), shift=-0.7)
    problem = LinearSystem(structure, SmoothFunction.on(structure, hump))
    with pytest.raises(UnsuitableSolverError, match="18 qubits of modes, at most 14"):
        SpectralInversion().build(problem)


@pytest.mark.parametrize("structure", [Poisson((16, 16)), Poisson((16, 16), "periodic")])
def test_sum_of_exponentials_solves(aer, structure):
    b = random_vector(structure, 4)
    program = check_solution(LinearSystem(structure, b), aer)
    assert cx_count(program.circuit) <= 670


def test_costlier_circuit_within_the_qubits_allowed_is_preferred():
    structure = Poisson((32, 32))
    problem = LinearSystem(structure, SmoothFunction.on(structure, hump))
    narrow, cheap = (
        SpectralInversion(1e-2, qubits).build(problem).circuit for qubits in (24, None)
    )
    assert narrow.num_qubits <= 24 < cheap.num_qubits
    assert cheap.num_nonlocal_gates() < 0.8 * narrow.num_nonlocal_gates()


@pytest.mark.parametrize("limit", [0, -1, 2.5, "many", True])
def test_bad_number_of_qubits_is_refused(limit):
    with pytest.raises(ValueError, match="max_qubits = "):
        SpectralInversion(max_qubits=limit)


@pytest.mark.parametrize("epsilon", [0, 1, -0.1, "small", True])
def test_bad_epsilon_is_refused(epsilon):
    with pytest.raises(ValueError, match="epsilon = "):
        SpectralInversion(epsilon)
