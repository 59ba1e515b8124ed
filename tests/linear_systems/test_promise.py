"""The achieved error never exceeds the promised one, on systems drawn at random."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import SparsePauliOp

from qml_algos.linear_systems import (
    HHL,
    ChebyshevLCU,
    Circulant,
    KernelReflection,
    LinearSystem,
    PauliSum,
    ProductVector,
    QSVTInversion,
    SmoothFunction,
    SpectralInversion,
    Toeplitz,
    solve,
)

RUNS = settings(deadline=None, derandomize=True, max_examples=25)
KINDS = st.sampled_from(["positive", "negative", "indefinite", "general"])
ROUNDING = 1e-9


def achieved_and_promised(problem, solver, **options):
    exact = np.linalg.solve(problem.dense(), problem.b)
    solution = solve(problem, solver, "aer", reference=exact, **options)
    assert solution.promised_error <= solver.epsilon * (1 + 1e-9)
    assert np.linalg.norm(solution.x) == pytest.approx(
        np.linalg.norm(exact), rel=2 * solver.epsilon
    )
    return solution.error, solution.promised_error


@RUNS
@given(
    kind=KINDS,
    size=st.integers(1, 8),
    kappa=st.floats(1, 8),
    complex_entries=st.booleans(),
    epsilon=st.floats(1e-3, 0.2),
    solver=st.sampled_from([QSVTInversion, ChebyshevLCU, HHL]),
    seed=st.integers(0, 10_000),
)
def test_promise_on_dense_systems(
    kind, size, kappa, complex_entries, epsilon, solver, seed, random_matrix, random_vector
):
    A = random_matrix(kind, size, kappa, complex_entries, seed)
    problem = LinearSystem(A, random_vector(size, complex_entries, seed))
    error, promised = achieved_and_promised(problem, solver(epsilon))
    assert error <= promised + ROUNDING


@settings(deadline=None, derandomize=True, max_examples=4)
@given(
    kind=KINDS,
    size=st.integers(2, 4),
    kappa=st.floats(1, 3),
    epsilon=st.floats(0.05, 0.2),
    seed=st.integers(0, 10_000),
)
def test_promise_of_the_kernel_reflection(kind, size, kappa, epsilon, seed, random_matrix):
    A = random_matrix(kind, size, kappa, False, seed)
    b = np.random.default_rng(seed).normal(size=size)
    error, promised = achieved_and_promised(LinearSystem(A, b), KernelReflection(epsilon))
    assert error <= promised + ROUNDING


@RUNS
@given(
    n=st.integers(1, 5),
    diagonal=st.floats(-2, 2),
    neighbour=st.floats(0.1, 1) | st.floats(-1, -0.1),
    solver=st.sampled_from([QSVTInversion, ChebyshevLCU]),
    seed=st.integers(0, 10_000),
)
def test_promise_on_tridiagonal_toeplitz_systems(n, diagonal, neighbour, solver, seed):
    structure = Toeplitz(2**n, {-1: neighbour, 0: diagonal, 1: neighbour})
    values = diagonal + 2 * neighbour * np.cos(np.pi * np.arange(1, 2**n + 1) / (2**n + 1))
    if np.max(np.abs(values)) > 20 * np.min(np.abs(values)):
        return
    problem = LinearSystem(structure, np.random.default_rng(seed).normal(size=2**n))
    error, promised = achieved_and_promised(problem, solver(1e-2))
    assert error <= promised + ROUNDING


@RUNS
@given(
    size=st.sampled_from([3, 4, 6, 8]),
    periodic=st.booleans(),
    complex_entries=st.booleans(),
    seed=st.integers(0, 10_000),
)
def test_promise_on_banded_systems_that_are_not_symmetric(size, periodic, complex_entries, seed):
    generator = np.random.default_rng(seed)
    values = generator.uniform(-0.4, 0.4, size=3)
    coefficients = dict(zip((-2, -1, 1), values.astype(object), strict=True))
    if complex_entries:
        coefficients[-1] = complex(coefficients[-1], 0.2)
    coefficients[0] = 2.0
    build = Circulant if periodic else Toeplitz
    problem = LinearSystem(build(size, coefficients), generator.normal(size=size))
    error, promised = achieved_and_promised(problem, QSVTInversion(1e-2))
    assert error <= promised + ROUNDING


@pytest.mark.parametrize("solver", [QSVTInversion(1e-2), ChebyshevLCU(1e-2), HHL(5e-2)])
def test_promise_on_a_sum_of_paulis(solver):
    terms = [("ZZ", 0.3), ("XI", 0.4), ("IX", 0.4), ("II", 2.0)]
    structure = PauliSum(SparsePauliOp.from_list(terms))
    problem = LinearSystem(structure, [1.0, 2.0, -1.0, 0.5])
    error, promised = achieved_and_promised(problem, solver)
    assert error <= promised + ROUNDING


def test_promise_with_a_right_hand_side_that_is_not_prepared_exactly():
    structure = Toeplitz(64, {-1: -1 / 3, 0: 1.0, 1: -1 / 3})
    b = SmoothFunction.on(structure, lambda x: np.exp(-30 * (x - 0.3) ** 2))
    problem = LinearSystem(structure, b)
    error, promised = achieved_and_promised(problem, QSVTInversion(1e-2))
    assert error <= promised
    product = LinearSystem(structure, ProductVector([np.array([1.0, 0.5])] * 6))
    error, promised = achieved_and_promised(product, QSVTInversion(1e-2))
    assert error <= promised


@pytest.mark.parametrize("method", ["grover", "exact", "fixed_point"])
@pytest.mark.parametrize(
    ("solver", "problem"),
    [
        (QSVTInversion(1e-2), ([[1.0, 0.3], [0.3, -0.2]], [1.0, 0.2])),
        (ChebyshevLCU(1e-2), ([[1.0, 0.3], [0.3, -0.2]], [1.0, 0.2])),
        (HHL(1e-2), ([[1.0, 0.3], [0.3, 0.3]], [1.0, 1.0])),
        (SpectralInversion(1e-2), (Circulant(4, {0: 1.0, 1: 0.45, -1: 0.45}), [1, 2, 2.5, 0])),
    ],
)
def test_amplified_success_probability_is_at_least_a_half(method, solver, problem):
    system = LinearSystem(*problem)
    exact = np.linalg.solve(system.dense(), system.b)
    solution = solve(system, solver, "aer", amplification=method, reference=exact)
    assert solution.success_probability >= 0.5
    assert solution.error <= solver.epsilon
    assert solution.norm == pytest.approx(np.linalg.norm(exact), rel=2e-2)
