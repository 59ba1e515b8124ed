"""Closed forms of floating-point operations, held against counts."""

import dataclasses
from typing import Any

import numpy as np
import pytest
import scipy.sparse

from qml_algos.linear_systems import (
    GMRES,
    MINRES,
    ConjugateGradient,
    DequantisedSolver,
    Direct,
    FastTransform,
    LinearSystem,
    LowRank,
    PseudoInverse,
    Sparse,
)
from qml_algos.linear_systems.classical import conjugate_gradient, minimal_residual
from qml_algos.linear_systems.families import make_system
from qml_algos.speedup.measure import work_of
from qml_algos.speedup.measure.work import (
    cholesky_flops,
    elimination_flops,
    principal_component_flops,
    substitution_flops,
    transform_flops,
)


def counted_elimination(n: int, lower: int, upper: int) -> int:
    operations = 0
    for pivot in range(n):
        for _ in range(pivot + 1, min(n, pivot + lower + 1)):
            operations += 1 + 2 * (min(n, pivot + upper + 1) - pivot - 1)
    return operations


def counted_cholesky(n: int, band: int) -> int:
    operations = 0
    for pivot in range(n):
        below = min(n, pivot + band + 1) - pivot - 1
        # A root, divisions, and a symmetric update of the lower triangle.
        operations += 1 + below + 2 * (below * (below + 1) // 2)
    return operations


def counted_substitution(n: int, lower: int, upper: int, *, unit: bool) -> int:
    operations = 0
    for row in range(n):
        operations += 2 * min(row, lower) + 2 * min(n - 1 - row, upper)
        operations += 1 if unit else 2
    return operations


@pytest.mark.parametrize(("n", "lower", "upper"), [(1, 0, 0), (7, 2, 3), (12, 11, 11), (9, 4, 0)])
def test_eliminations_and_substitutions_equal_their_counts(n: int, lower: int, upper: int) -> None:
    assert elimination_flops(n, lower, upper) == counted_elimination(n, lower, upper)
    assert cholesky_flops(n, lower) == counted_cholesky(n, lower)
    for unit in (True, False):
        found = substitution_flops(n, lower, upper, unit=unit)
        assert found == counted_substitution(n, lower, upper, unit=unit)


def test_full_matrices_have_the_formulas_of_lapack() -> None:
    n = 50
    assert elimination_flops(n, n - 1, n - 1) == pytest.approx(2 / 3 * n**3 - n**2 / 2 - n / 6)
    assert cholesky_flops(n, n - 1) == pytest.approx(n**3 / 3 + n**2 / 2 + n / 6)
    assert substitution_flops(n, n - 1, n - 1, unit=False) == 2 * n**2


def test_bands_of_a_billion_rows_take_no_time() -> None:
    assert elimination_flops(10**9, 1, 1) == pytest.approx(3e9, rel=1e-6)


class Counted:
    """A matrix that counts its products with vectors."""

    def __init__(self, matrix: Any) -> None:
        self.matrix, self.products = matrix, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.matrix, name)

    def __matmul__(self, vector: np.ndarray) -> np.ndarray:
        self.products += 1
        return self.matrix @ vector


@pytest.mark.parametrize(
    ("solver", "module", "name"),
    [
        (ConjugateGradient(1e-6), conjugate_gradient, "_solve"),
        (MINRES(1e-6), minimal_residual, "_run"),
        (GMRES(1e-6), minimal_residual, "_run"),
    ],
    ids=["cg", "minres", "gmres"],
)
def test_iterations_times_products_are_the_products_counted(
    solver: Any, module: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = make_system("tridiagonal", 200, np.random.default_rng(0))
    counted: list[Counted] = []
    original = getattr(module, name)

    def watched(A: Any, *arguments: Any) -> Any:
        counted.append(Counted(A))
        return original(counted[0], *arguments)

    monkeypatch.setattr(module, name, watched)
    solution = solver.solve(problem)
    work = work_of(problem, solution)
    assert work is not None
    # Of residuals that are checked there are a few more.
    assert 0 <= counted[0].products - solution.details["iterations"] <= 5
    nonzeros = problem.A.nnz
    assert work.flops > 2 * nonzeros * solution.details["iterations"]
    assert work.bytes_moved > 12 * nonzeros * solution.details["iterations"]


def test_direct_solvers_count_the_factorisation_that_was_made() -> None:
    rng = np.random.default_rng(0)
    n = 60
    dense = LinearSystem(rng.normal(size=(n, n)), rng.normal(size=n))
    gram = LinearSystem(dense.A @ dense.A.T, dense.b)
    banded = make_system("tridiagonal", 1000, rng)
    for problem, factors in (
        (dense, elimination_flops(n, n - 1, n - 1)),
        (gram, cholesky_flops(n, n - 1)),
        (banded, cholesky_flops(1000, 1)),
    ):
        work = work_of(problem, Direct().solve(problem))
        assert work is not None
        # Two right-hand sides beside: b, and the one that shows a singular matrix.
        band = 1 if problem is banded else n - 1
        unit = problem is dense
        sides = 2 * substitution_flops(problem.size, band, band, unit=unit)
        assert work.flops == factors + sides


def test_what_no_formula_tells_is_none() -> None:
    rng = np.random.default_rng(0)
    pattern = scipy.sparse.random_array((400, 400), density=0.01, rng=rng)
    sparse = Sparse(pattern + 10 * scipy.sparse.eye_array(400))
    problem = LinearSystem(sparse, rng.normal(size=400))
    assert work_of(problem, Direct().solve(problem)) is None
    low = LinearSystem(LowRank(rng.normal(size=(50, 2)), rng.normal(size=(50, 2))), np.ones(50))
    exact = PseudoInverse().solve(low)
    assert work_of(low, exact) is not None
    sampled = dataclasses.replace(exact, solver=DequantisedSolver.name)
    assert work_of(low, sampled) is None


def test_complex_numbers_and_transforms_count_by_convention() -> None:
    assert transform_flops(1024, real=False) == 5 * 1024 * 10
    assert transform_flops(1024, real=True) == transform_flops(1024, real=False) / 2
    rng = np.random.default_rng(0)
    real = make_system("periodic", 64, rng)
    turned = LinearSystem(real.structure, real.b * 1j)
    first, second = (work_of(p, FastTransform().solve(p)) for p in (real, turned))
    assert first is not None
    assert second is not None
    assert second.flops == 4 * first.flops
    assert second.bytes_moved == 2 * first.bytes_moved


def test_principal_components_have_closed_forms_where_they_are_exact() -> None:
    assert principal_component_flops(1000, 10, "covariance") == 2 * 1000 * 100 + 9 * 1000
    assert principal_component_flops(1000, 10, "svd") == 6 * 1000 * 100 + 20 * 1000
    assert principal_component_flops(1000, 10, "randomised") is None
