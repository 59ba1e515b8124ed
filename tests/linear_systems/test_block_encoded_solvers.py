"""QSVT, Chebyshev LCU and kernel reflection: what they take, refuse, cost, and report."""

import numpy as np
import pytest
import scipy.sparse
from qiskit import QuantumCircuit

import qml_algos
from circuits import frobenius_block_encoding, path_block_encoding
from qml_algos.errors import InvalidProblemError, TooLargeError, UnsuitableSolverError
from qml_algos.linear_systems import (
    ChebyshevLCU,
    Circulant,
    Encoded,
    KernelReflection,
    KroneckerSum,
    LinearSystem,
    LowRank,
    ProductVector,
    QSVTInversion,
    Toeplitz,
    solve,
)
from qml_algos.linear_systems.access import definite_encoding, general_encoding

SOLVERS = [QSVTInversion, ChebyshevLCU, KernelReflection]


def tri(size):
    return Toeplitz(size, {-1: -1 / 3, 0: 1.0, 1: -1 / 3})


def random(size, seed=0):
    return np.random.default_rng(seed).normal(size=size)


# The figures of the benchmarks, with room for another version of the compiler.
@pytest.mark.parametrize(("size", "cx"), [(4, 70), (8, 110), (16, 150), (32, 200)])
def test_tridiagonal_systems_take_few_gates(size, cx):
    problem = LinearSystem(tri(size), random(size))
    solution = solve(
        problem, QSVTInversion(1e-2), reference=np.linalg.solve(problem.A.toarray(), problem.b)
    )
    assert solution.resources.two_qubit_gates <= cx
    assert solution.error <= 1e-2
    assert solution.success_probability > 0.1
    assert not solution.resources.classically_diagonalised


def test_gates_of_a_tridiagonal_system_grow_linearly_in_the_number_of_qubits():
    counts = []
    backend = qml_algos.backend("aer")
    for n in (6, 10, 14, 18):
        problem = LinearSystem(tri(2**n), ProductVector([np.ones(2)] * n))
        program = QSVTInversion(1e-2).build(problem)
        [compiled] = backend.compile([program.circuit]) if n < 10 else [None]
        counts.append(program.circuit.decompose(reps=6).num_nonlocal_gates())
        assert compiled is None or compiled.num_nonlocal_gates() <= counts[-1]
    steps = np.diff(counts)
    assert np.max(steps) == np.min(steps)


def test_a_structure_far_too_large_to_be_written_down_has_a_circuit():
    problem = LinearSystem(tri(2**30), ProductVector([np.array([1.0, 0.5])] * 30))
    program = QSVTInversion(1e-2).build(problem)
    assert program.data_qubits == 30
    assert program.details["degree"] == 4


def test_definite_matrices_take_the_square_root_of_kappa():
    kappa = 60.0
    matrix = np.diag(np.geomspace(1 / kappa, 1, 4))
    definite = QSVTInversion(1e-2).build(LinearSystem(matrix, np.ones(4)))
    matrix[1, 1] *= -1
    indefinite = QSVTInversion(1e-2).build(LinearSystem(matrix, np.ones(4)))
    assert definite.details["degree"] < 2 * np.sqrt(kappa) * np.log(200)
    assert indefinite.details["degree"] > 4 * kappa


@pytest.mark.parametrize("solver", SOLVERS)
def test_own_block_encoding_is_used(solver):
    encoding = path_block_encoding(2, 1.0, -1 / 3)
    structure = Encoded(encoding, smallest=0.4, hermitian=True, real=True)
    problem = LinearSystem(structure, [1.0, 0.0, 2.0, -1.0])
    exact = np.linalg.solve(problem.dense(), problem.b)
    solution = solve(problem, solver(2e-2), reference=exact)
    assert solution.error <= solution.promised_error
    assert "tridiagonal" in solution.access


def test_own_block_encoding_without_bounds_takes_kappa():
    encoding = frobenius_block_encoding(np.array([[1.0, 0.5], [0.0, 1.0]]))
    problem = LinearSystem(Encoded(encoding, real=True), [1.0, 2.0])
    with pytest.raises(UnsuitableSolverError, match="give kappa"):
        solve(problem, QSVTInversion(1e-2))
    exact = np.linalg.solve(problem.dense(), problem.b)
    assert solve(problem, QSVTInversion(1e-2, kappa=4), reference=exact).error <= 1e-2


def test_low_rank_matrix_gives_the_solution_of_least_norm():
    left, right = random((8, 2)), random((8, 2), seed=1)
    matrix = left @ right.T
    b = matrix @ random(8, seed=2)
    solution = solve(
        LinearSystem(LowRank(left, right), b),
        QSVTInversion(1e-2),
        reference=np.linalg.pinv(matrix) @ b,
    )
    assert solution.error <= solution.promised_error


def test_axes_that_add_up_are_encoded_from_their_entries():
    problem = LinearSystem(KroneckerSum((tri(3), tri(4))), random(12))
    exact = np.linalg.solve(problem.dense(), problem.b)
    assert solve(problem, QSVTInversion(1e-2), reference=exact).error <= 1e-2


@pytest.mark.parametrize("solver", SOLVERS)
def test_kappa_below_the_condition_number_is_refused(solver):
    with pytest.raises(UnsuitableSolverError, match=r"kappa = 1\.5 is below"):
        solve(LinearSystem(tri(4), np.ones(4)), solver(1e-2, kappa=1.5))


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"epsilon": 0}, "epsilon"), ({"epsilon": 1.0}, "epsilon"), ({"kappa": 0.5}, "kappa")],
)
def test_bad_options_are_named(solver, arguments, message):
    with pytest.raises(ValueError, match=message):
        solver(**arguments)


@pytest.mark.parametrize("solver", SOLVERS)
def test_right_hand_side_outside_the_range_is_refused(solver):
    ring = 2 * np.eye(4) - np.roll(np.eye(4), 1, 0) - np.roll(np.eye(4), -1, 0)
    with pytest.raises(InvalidProblemError, match="null space"):
        solve(LinearSystem(ring, [1.0, 0, 0, 0]), solver(1e-2))


def test_degree_beyond_what_is_built_is_refused():
    matrix = np.diag([1e-5, 0.5, -1.0, 1.0])
    with pytest.raises(UnsuitableSolverError, match=r"degree .* needed, at most 20,000"):
        solve(LinearSystem(matrix, np.ones(4)), QSVTInversion(1e-2))


def test_table_of_entries_beyond_what_is_built_is_refused():
    size = 2**11
    entries = scipy.sparse.random_array((size, size), density=0.002, rng=0)
    matrix = entries + entries.T + 20 * scipy.sparse.eye_array(size)
    with pytest.raises(TooLargeError, match="2,048 unknowns, at most 1,024"):
        QSVTInversion(1e-2).build(LinearSystem(matrix, np.ones(size)))


def test_system_larger_than_the_backend_is_refused_before_it_is_built():
    problem = LinearSystem(tri(2**30), ProductVector([np.ones(2)] * 30))
    with pytest.raises(TooLargeError, match="QSVT for 1,073,741,824 unknowns"):
        solve(problem, QSVTInversion(1e-2), "aer")


def test_circulant_of_any_size_is_encoded():
    structure = Circulant(6, {0: 2.0, 1: -0.5, -1: 0.25})
    problem = LinearSystem(structure, random(6))
    exact = np.linalg.solve(problem.dense(), problem.b)
    assert solve(problem, QSVTInversion(1e-2), reference=exact).error <= 1e-2


def test_kernel_reflection_succeeds_where_qsvt_rarely_does():
    # b along the largest singular vectors: the solution is short, and hard to find.
    problem = LinearSystem(np.diag([0.15, 0.9, -0.95, 1.0]), [0.0, 1.0, 1.0, 1.0])
    exact = problem.b / np.diag(problem.dense())
    plain = solve(problem, QSVTInversion(5e-2), reference=exact)
    reflected = solve(problem, KernelReflection(5e-2), reference=exact)
    assert plain.success_probability < 0.05
    assert reflected.success_probability > 0.8
    assert reflected.error <= reflected.promised_error
    assert reflected.norm == pytest.approx(np.linalg.norm(exact), rel=0.05)


def test_kernel_reflection_measures_the_norm_by_shots_too():
    problem = LinearSystem(tri(2), [1.0, 0.5])
    exact = np.linalg.solve(problem.dense(), problem.b)
    solution = solve(problem, KernelReflection(0.1), "aer_shots", shots=20_000, random_state=3)
    # Three standard errors of the norm that was measured: wrong once in 370 seeds.
    assert abs(solution.norm - np.linalg.norm(exact)) <= 3 * solution.norm_standard_error + 0.02
    assert solution.resources.shots > 20_000


def test_definite_encoding_is_offered_only_where_it_is_right():
    assert definite_encoding(tri(8)) is not None
    assert definite_encoding(Toeplitz(8, {-1: 1.0, 0: 1.0, 1: 1.0})) is None
    assert definite_encoding(Encoded(path_block_encoding(2, 1.0, -0.2), smallest=0.5)) is None
    assert isinstance(general_encoding(tri(8)).circuit, QuantumCircuit)
