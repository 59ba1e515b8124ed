"""Sums of products of tables by elimination, with their derivatives."""

import numpy as np
import pytest

from qml_algos.generative.factor_graph.elimination import (
    Table,
    contract,
    elimination,
    least_width,
)


def grid(rows: int, columns: int) -> tuple[tuple[int, int], ...]:
    along = [
        (columns * i + j, columns * i + j + 1) for i in range(rows) for j in range(columns - 1)
    ]
    across = [
        (columns * i + j, columns * (i + 1) + j) for i in range(rows - 1) for j in range(columns)
    ]
    return (*along, *across)


@pytest.mark.parametrize(
    ("edges", "variables", "width"),
    [
        (tuple((i, i + 1) for i in range(9)), 10, 1),
        (tuple((0, i) for i in range(1, 8)), 8, 1),
        (tuple((i, (i + 1) % 8) for i in range(8)), 8, 2),
        (tuple((i, j) for i in range(6) for j in range(i)), 6, 5),
        (grid(3, 12), 36, 3),
    ],
)
def test_known_treewidths_are_found_and_never_below_the_lower_bound(
    edges: tuple[tuple[int, int], ...], variables: int, width: int
) -> None:
    found = elimination(variables, edges)
    assert sorted(found.order) == list(range(variables))
    assert found.width == width
    assert least_width(variables, edges) <= width


def test_the_sum_and_its_derivatives_are_those_of_a_dense_einsum() -> None:
    generator = np.random.default_rng(0)
    scopes = ((0, 1), (1, 2), (0, 2), (2, 3), (4,), (3,))
    tables = [
        Table(s, generator.normal(size=(2,) * len(s) + (3,)) + 1j * generator.normal())
        for s in scopes
    ]

    def dense(values: list[np.ndarray]) -> np.ndarray:
        return np.einsum("abn,bcn,acn,cdn,en,dn->n", *values)

    order = elimination(5, scopes).order
    done = contract(tables, order, 3, differentiable=True)
    exact = dense([t.values for t in tables])
    np.testing.assert_allclose(done.value * np.exp(done.log_scale), exact, rtol=1e-12)
    slopes = done.log_derivatives(range(len(tables)))
    for k, slope in enumerate(slopes):
        direction = generator.normal(size=slope.shape[:-1])[..., None]
        values = [t.values for t in tables]
        values[k] = direction
        # The sum is linear in each table.
        np.testing.assert_allclose(
            (slope * direction).sum(axis=tuple(range(slope.ndim - 1))),
            dense([np.broadcast_to(v, (*v.shape[:-1], 3)) for v in values]) / exact,
            rtol=1e-10,
        )


def test_long_products_stay_in_the_range_of_doubles() -> None:
    variables = 1000
    scopes = tuple((i, i + 1) for i in range(variables - 1))
    tables = [Table(s, np.full((2, 2, 1), 1e-6 + 0j)) for s in scopes]
    done = contract(tables, range(variables), 1)
    logarithm = np.log(done.value.real[0]) + done.log_scale[0]
    assert logarithm == pytest.approx(variables * np.log(2) + (variables - 1) * np.log(1e-6))
