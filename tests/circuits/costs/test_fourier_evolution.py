"""Costs of evolutions by transforms, held against what is counted of them."""

import itertools

import numpy as np
import pytest
from cost_checks import check_closed_form

from circuits.costs.fourier_evolution import fourier_evolution_cost, laplacian_power_cost
from circuits.fourier_diagonal import Axis, FourierDiagonal
from circuits.fourier_evolution import FourierEvolution

SHAPES = [(2,), (3,), (6,), (3, 2), (3, 3)]


def _axis(qubits, boundary):
    ring = 2 ** (qubits + (boundary != "periodic"))
    return Axis(qubits, boundary, lambda k: 4 * np.sin(np.pi * k / ring) ** 2)


@pytest.mark.parametrize(
    ("boundary", "shape"),
    [
        *itertools.product(("dirichlet", "neumann", "periodic"), SHAPES),
        *itertools.product(("neumann", "periodic"), [(1,), (1, 3, 2)]),
    ],
)
def test_evolutions_under_laplacians_are_exact(boundary, shape):
    matrix = FourierDiagonal(tuple(_axis(n, boundary) for n in shape))
    evolution = FourierEvolution(matrix)
    cost = fourier_evolution_cost(matrix, 2, laplacian_power_cost(matrix))
    assert cost.system_qubits == evolution.system_qubits
    check_closed_form(cost.enter, evolution.enter())
    check_closed_form(cost.leave, evolution.leave())
    check_closed_form(cost.powers, evolution.controlled_powers(2, 0.7))


@pytest.mark.parametrize("qubits", [1, 3, 6])
def test_evolutions_of_general_eigenvalues_are_exact(qubits):
    values = np.random.default_rng(qubits).uniform(0.5, 1, 2**qubits)
    matrix = FourierDiagonal((Axis(qubits, "periodic", values.__getitem__, even=False),))
    cost, evolution = fourier_evolution_cost(matrix, 3), FourierEvolution(matrix)
    check_closed_form(cost.enter, evolution.enter())
    check_closed_form(cost.powers, evolution.controlled_powers(3, 0.7))


def test_a_hundred_qubits_take_no_time():
    for boundary in ("dirichlet", "neumann"):
        matrix = FourierDiagonal((_axis(100, boundary),))
        assert fourier_evolution_cost(matrix, 3).powers.rotations == 3 * 2**100
    periodic = laplacian_power_cost(FourierDiagonal((_axis(100, "periodic"),)))
    assert periodic.rotations == 2**99 + 1
