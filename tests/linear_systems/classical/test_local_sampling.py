"""Observables of x from a random part of its entries."""

import numpy as np
import pytest
import scipy.sparse

from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.linear_systems import (
    Direct,
    KroneckerSum,
    LinearSystem,
    Poisson,
    ProductVector,
    Sparse,
    SparseVector,
    Toeplitz,
    solve,
)
from qml_algos.linear_systems.classical import (
    NeighbourCorrelation,
    Observable,
    SquareShare,
    sample_observable,
)

TRIDIAGONAL = {-1: -1 / 3, 0: 1.0, 1: -1 / 3}
SPREAD = [[1, 0.97]] * 20 + [[1, -0.98]] * 20
OBSERVABLES = (NeighbourCorrelation(), SquareShare(), SquareShare(0.25, 0.75))


def value(observable: Observable, x: np.ndarray, shape: tuple[int, ...]) -> float:
    matrix = observable.matrix(shape)
    image = matrix * x if matrix.ndim == 1 else matrix @ x
    return (np.vdot(x, image) / np.vdot(x, x)).real


@pytest.fixture(scope="module")
def line() -> tuple[LinearSystem, np.ndarray]:
    size = 2**18
    problem = LinearSystem(Toeplitz(size, TRIDIAGONAL), np.random.default_rng(0).normal(size=size))
    return problem, solve(problem, Direct()).x


@pytest.mark.parametrize("observable", OBSERVABLES)
def test_estimates_are_within_epsilon_as_often_as_promised(
    observable: Observable, line: tuple[LinearSystem, np.ndarray]
) -> None:
    problem, x = line
    true = value(observable, x, x.shape)
    found = [sample_observable(problem, observable, random_state=seed) for seed in range(20)]
    outside = sum(abs(estimate.value - true) > 1e-2 for estimate in found)
    # 20 trials that fail with probability 0.05 at most: more than 4 with probability 0.003.
    assert outside <= 4
    deviations = np.array([(f.value - true) / f.standard_error for f in found])
    # Of 20 normal deviates, between 0.5 and 1.6 with probability 0.999.
    assert 0.5 < np.sqrt(np.mean(deviations**2)) < 1.6


@pytest.mark.parametrize(
    "structure",
    [
        Poisson((2**9, 2**10), "periodic", shift=2.0),
        Poisson((2**9, 2**10), "neumann", shift=2.0),
        KroneckerSum((Toeplitz(2**14, TRIDIAGONAL), Toeplitz(30, {-1: 0.1j, 0: 1.0, 1: -0.1j}))),
    ],
)
def test_grids_of_every_boundary_are_sampled(structure: Poisson | KroneckerSum) -> None:
    rng = np.random.default_rng(2)
    problem = LinearSystem(structure, rng.normal(size=structure.size))
    x = rng.normal(size=structure.size)
    problem = LinearSystem(structure, structure.matrix() @ x)
    for observable in OBSERVABLES[:2]:
        true = value(observable, x, structure.layout.shape)
        found = sample_observable(problem, observable, epsilon=0.05, random_state=5)
        # Four standard errors: missed by chance with probability 6e-5.
        assert abs(found.value - true) < 4 * found.standard_error + 0.003


def test_a_matrix_without_pattern_is_sampled_window_by_window() -> None:
    rng, size = np.random.default_rng(4), 30_000
    beside = rng.uniform(-1, -0.5, (2, size - 1))
    diagonals = [beside[0], rng.uniform(3.5, 4, size), beside[1]]
    matrix = Sparse(scipy.sparse.diags_array(diagonals, offsets=[-1, 0, 1]))
    problem = LinearSystem(matrix, rng.normal(size=size))
    x = solve(problem, Direct()).x
    found = sample_observable(problem, NeighbourCorrelation(), epsilon=0.1, random_state=0)
    true = value(NeighbourCorrelation(), x, x.shape)
    assert abs(found.value - true) < 4 * found.standard_error + 0.005
    assert found.windows > 500


def test_cost_does_not_depend_on_the_number_of_unknowns() -> None:
    costs = set()
    for qubits in (40, 60):
        b = ProductVector(SPREAD + [[1, 1]] * (qubits - 40))
        problem = LinearSystem(Toeplitz(2**qubits, TRIDIAGONAL), b)
        found = sample_observable(problem, SquareShare(), random_state=0)
        costs.add((found.entries, found.flops, found.radius, found.windows))
    assert len(costs) == 1


def test_smooth_right_hand_sides_take_fewer_samples_and_a_trillion_unknowns() -> None:
    problem = LinearSystem.poisson(1, 2**40, shift=0.5, b=lambda t: np.sin(np.pi * t))
    found = sample_observable(problem, SquareShare(0.25, 0.75), random_state=0)
    # x is a multiple of the sine: the share is 1/2 + 1/pi.
    assert found.value == pytest.approx(0.5 + 1 / np.pi, abs=1e-3)
    assert found.standard_error < 3e-4
    assert found.entries < 10_000


@pytest.mark.parametrize(
    "b",
    [SparseVector(2**40, {2**39: 1.0}), ProductVector([[1, 0.1]] * 40)],
    ids=["one entry", "product"],
)
def test_what_is_concentrated_is_refused(b: SparseVector | ProductVector) -> None:
    problem = LinearSystem(Toeplitz(2**40, TRIDIAGONAL), b)
    with pytest.raises(UnsuitableSolverError, match="random ones miss"):
        sample_observable(problem, SquareShare(), random_state=0)


def test_too_few_unknowns_are_refused() -> None:
    problem = LinearSystem(Toeplitz(2**12, TRIDIAGONAL), ProductVector([[1, 1]] * 12))
    with pytest.raises(UnsuitableSolverError, match="at most half of them"):
        sample_observable(problem, SquareShare(), random_state=0)


def test_bad_arguments_are_refused() -> None:
    problem = LinearSystem(Toeplitz(2**40, TRIDIAGONAL), ProductVector(SPREAD))
    with pytest.raises(ValueError, match="epsilon"):
        sample_observable(problem, SquareShare(), epsilon=0)
    with pytest.raises(InvalidProblemError, match="confidence"):
        sample_observable(problem, SquareShare(), confidence=1)
    with pytest.raises(InvalidProblemError, match="increasing numbers"):
        SquareShare(0.5, 0.5)
