"""One entry of x from the unknowns around it."""

import numpy as np
import pytest
import scipy.sparse

from qml_algos.errors import InvalidProblemError, TooLargeError, UnsuitableSolverError
from qml_algos.linear_systems import (
    Circulant,
    Direct,
    KroneckerSum,
    LinearSystem,
    Poisson,
    ProductVector,
    SmoothFunction,
    Sparse,
    SparseVector,
    Toeplitz,
    solve,
)
from qml_algos.linear_systems.classical import local_entry
from qml_algos.linear_systems.families import make_system
from qml_algos.linear_systems.layout import Layout

EPSILON = 1e-3
TRIDIAGONAL = {-1: -1 / 3, 0: 1.0, 1: -1 / 3}


def random_band(size: int, rng: np.random.Generator) -> scipy.sparse.dia_array:
    beside = rng.uniform(-1, -0.5, (2, size - 1))
    diagonals = [beside[0], rng.uniform(2.5, 3, size), beside[1]]
    return scipy.sparse.diags_array(diagonals, offsets=[-1, 0, 1])


SYSTEMS = {
    "tridiagonal": Toeplitz(300, TRIDIAGONAL),
    "complex, not symmetric": Toeplitz(300, {-2: 0.3, -1: -0.5, 0: 2.0, 1: 0.7j}),
    "ring": Circulant(300, {-1: -0.5, 0: 2.0, 1: 0.7, 2: 0.1}),
    "shifted line": Poisson((2**9,), shift=0.1),
    "reflecting square": Poisson((32, 32), "neumann", shift=1.0),
    "periodic square": Poisson((32, 32), "periodic", shift=1.0, scale=-2.0),
    "cylinder": KroneckerSum((Toeplitz(40, TRIDIAGONAL), Circulant(30, TRIDIAGONAL))),
    "narrow cylinder": KroneckerSum((Circulant(4, TRIDIAGONAL), Toeplitz(300, TRIDIAGONAL))),
    "sparse": random_band(300, np.random.default_rng(7)),
    "sparse and structured": KroneckerSum(
        (Toeplitz(40, {-1: -0.1, 0: 1.0, 1: -0.1}), Toeplitz(8, TRIDIAGONAL))
    ),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_entries_are_as_near_to_the_solution_as_is_certified(name: str) -> None:
    structure = SYSTEMS[name]
    size = structure.shape[0] if hasattr(structure, "nnz") else structure.size
    rng = np.random.default_rng(1)
    problem = LinearSystem(structure, rng.normal(size=size))
    x = solve(problem, Direct()).x
    for index in (0, 1, size // 2 + 3, size - 1):
        found = local_entry(problem, index, epsilon=EPSILON)
        assert found.truncation <= EPSILON
        assert abs(found.value - x[index]) <= (found.truncation + 1e-13) * np.abs(x).max()
        assert found.window <= size / 2


@pytest.mark.parametrize("logarithm", [10, 40, 62])
def test_window_and_work_do_not_depend_on_the_number_of_unknowns(logarithm: int) -> None:
    size = 2**logarithm
    problem = LinearSystem(Toeplitz(size, TRIDIAGONAL), ProductVector([[1, 1]] * logarithm))
    found = local_entry(problem, size // 2, epsilon=1e-6)
    # Far from the ends (1 - 2/3) x = 1.
    assert found.value == pytest.approx(3, abs=3e-6)
    assert (found.window, found.flops) == (31, 2 / 3 * 31**3 + 2 * 31**2 + 2 * 31)


def test_window_grows_as_root_of_kappa_and_logarithm_of_epsilon() -> None:
    def radius(kappa: float, epsilon: float) -> int:
        matrix = Toeplitz(2**40, {-1: -1, 0: 2 + 4 / (kappa - 1), 1: -1})
        problem = LinearSystem(matrix, ProductVector([[1, 1]] * 40))
        return local_entry(problem, 2**39, epsilon=epsilon).radius

    def expected(kappa: float, epsilon: float) -> float:
        root = np.sqrt(kappa)
        return np.log(epsilon) / np.log((root - 1) / (root + 1))

    for kappa, epsilon in ((10, 1e-3), (1000, 1e-3), (1000, 1e-9), (1e5, 1e-3)):
        assert 0.9 < radius(kappa, epsilon) / expected(kappa, epsilon) < 1.4


def test_right_hand_sides_are_read_at_single_places() -> None:
    size, layout = 2**40, Layout.plain(2**40)
    matrix = Toeplitz(size, {0: 2.0})
    wave = SmoothFunction(lambda t: np.sin(np.pi * t), layout)
    product = ProductVector([[1, 2], [3, 5, 7, 11]] + [[1, 1]] * 37)
    sparse = SparseVector(size, {5: 3.0, 2**39: 8j})
    for b, index, value in (
        (wave, 2**38, np.sin(np.pi / 4)),
        (product, 2**39 + 2**38 + 1, 2 * 7),
        (sparse, 2**39, 8j),
        (sparse, 2**39 + 1, 0),
    ):
        assert local_entry(LinearSystem(matrix, b), index).value == pytest.approx(value / 2)


@pytest.mark.parametrize(
    ("family", "size", "reason"),
    [
        ("general", 50, "not local"),
        ("tridiagonal", 16, "saves nothing here"),
        ("poisson", 2000, "saves nothing here"),
        ("spd", 300, "saves nothing here"),
    ],
)
def test_what_is_not_local_is_refused(family: str, size: int, reason: str) -> None:
    problem = make_system(family, size, np.random.default_rng(0))
    with pytest.raises(UnsuitableSolverError, match=reason):
        local_entry(problem, size // 2)


def test_an_inverse_that_does_not_decay_is_refused_whatever_the_size() -> None:
    problem = LinearSystem.poisson(1, 2**40, b=lambda t: np.sin(np.pi * t))
    with pytest.raises(UnsuitableSolverError, match="does not decay"):
        local_entry(problem, 2**39)


def test_factors_that_would_be_full_are_refused_before_the_work() -> None:
    rng = np.random.default_rng(3)
    size = 60_000
    pattern = scipy.sparse.random_array((size, size), density=4 / size, rng=rng)
    spread = 0.95 / float(abs(pattern).sum(axis=1).max())
    matrix = Sparse(scipy.sparse.eye_array(size) + spread * pattern)
    problem = LinearSystem(matrix, rng.normal(size=size))
    with pytest.raises(UnsuitableSolverError, match="too many neighbours"):
        local_entry(problem, 0, epsilon=1e-6)


@pytest.mark.parametrize("index", [-1, 8, 1.5, True])
def test_an_unknown_that_is_none_is_refused(index: int) -> None:
    problem = LinearSystem(Toeplitz(8, TRIDIAGONAL), np.ones(8))
    with pytest.raises(InvalidProblemError, match="index = "):
        local_entry(problem, index)


def test_more_unknowns_than_integers_are_refused() -> None:
    problem = LinearSystem.poisson(
        3, 2**30, shift=1.0, b=lambda s, t, u: np.sin(np.pi * s) * np.sin(np.pi * t) * u
    )
    with pytest.raises(TooLargeError, match="64-bit integers"):
        local_entry(problem, 0)
