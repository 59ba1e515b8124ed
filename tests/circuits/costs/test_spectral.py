"""Costs of inversions by transforms, held against what is counted of them."""

import itertools

import numpy as np
import pytest
from cost_checks import check_closed_form

from circuits.costs import count_gates
from circuits.costs.index_amplitude import dyadic_amplitude_cost, fitted_amplitude_cost
from circuits.costs.multiplexed import parity_rotations_cost
from circuits.costs.spectral import (
    RotationCost,
    folded_table_rotation_cost,
    octave_rotation_cost,
    separable_rotation_cost,
    spectral_inverse_cost,
    table_rotation_cost,
)
from circuits.fourier_diagonal import Axis, FourierDiagonal
from circuits.multiplexed import ANGLE_TOLERANCE
from circuits.parity_rotations import parity_rotations
from circuits.separable_reciprocal import SeparableReciprocal
from circuits.separable_rotation import SeparableRotation
from circuits.spectral import spectral_inverse
from circuits.spectral_rotations import cheapest_rotation

BOUNDARIES = ["dirichlet", "neumann", "periodic"]
DEVIATION = 1e-2


def _laplacian(*axes, offset=0.0):
    return FourierDiagonal(tuple(itertools.starmap(_axis, axes)), offset)


def _axis(qubits, boundary):
    ring = 2 ** (qubits + (boundary != "periodic"))
    return Axis(qubits, boundary, lambda k: 4 * np.sin(np.pi * k / ring) ** 2)


def _general(qubits, seed=0):
    values = np.random.default_rng(seed).uniform(0.5, 1, (2, 2**qubits))
    return Axis(qubits, "periodic", lambda k: values[0, k] + 1j * seed * values[1, k], even=False)


def _check(matrix, cost, inverse, rotation):
    assert cost.signal_qubits == rotation.signal_qubits
    assert cost.workspace_qubits == rotation.workspace_qubits
    check_closed_form(cost.gates, rotation.circuit())
    assert inverse.method == rotation.method
    check_closed_form(spectral_inverse_cost(matrix, cost), inverse.circuit)


@pytest.mark.parametrize("qubits", [1, 2, 4])
def test_tables_over_all_modes_are_exact(qubits):
    matrix = FourierDiagonal((_general(qubits),))
    rotation = cheapest_rotation(matrix, 0.5, 1e-9)
    _check(matrix, table_rotation_cost(qubits), spectral_inverse(matrix, 0.5, 1e-9), rotation)


@pytest.mark.parametrize("qubits", [2, 3, 5])
def test_complex_eigenvalues_take_a_diagonal_more(qubits):
    matrix = FourierDiagonal((_general(qubits, seed=1),))
    cost = spectral_inverse_cost(matrix, table_rotation_cost(qubits), complex_eigenvalues=True)
    check_closed_form(cost, spectral_inverse(matrix, 0.5, 1e-9).circuit)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("shape", [(5, 2), (3, 3), (2, 2, 2)])
def test_folded_tables_are_exact(boundary, shape):
    matrix = _laplacian(*((n, boundary) for n in shape), offset=0.3)
    rotation = cheapest_rotation(matrix, 0.3, DEVIATION)
    assert rotation.method == "table of modes up to their sign"
    flag = parity_rotations_cost(rotation.terms, sum(shape))
    cost = folded_table_rotation_cost(matrix.axes, flag)
    _check(matrix, cost, spectral_inverse(matrix, 0.3, DEVIATION), rotation)


@pytest.mark.parametrize(
    ("boundary", "qubits"), [("dirichlet", 7), ("neumann", 8), ("periodic", 9)]
)
def test_octaves_are_exact(boundary, qubits):
    matrix = _laplacian((qubits, boundary))
    smallest = 4 * np.sin(np.pi / 2 ** matrix.axes[0].ring_qubits) ** 2
    rotation = cheapest_rotation(matrix, smallest, 0.05)
    amplitude = rotation.amplitude
    cost = octave_rotation_cost(
        fitted_amplitude_cost(amplitude),
        amplitude.depth,
        erased=sum(factor < 1 for factor in amplitude.factors),
    )
    _check(matrix, cost, spectral_inverse(matrix, smallest, 0.05), rotation)


@pytest.mark.parametrize(
    "matrix",
    [
        _laplacian((3, "dirichlet"), (3, "dirichlet")),
        _laplacian((2, "neumann"), (2, "periodic"), (1, "neumann")),
        _laplacian((3, "neumann"), (2, "periodic"), offset=0.5),
    ],
)
def test_sums_of_exponentials_are_exact(monkeypatch, matrix):
    masks = _recorded(monkeypatch)
    smallest = 0.1
    fitted = SeparableReciprocal.fit(matrix, smallest, 0.05)
    rotation = SeparableRotation(matrix.axes, fitted, smallest)
    rotation.circuit()
    assert len(masks) == len(matrix.axes)
    flags = [parity_rotations_cost(kept, max(kept).bit_length()) for kept in masks]
    cost = separable_rotation_cost(matrix.axes, flags, rotation.terms, null=fitted.null)
    assert cost.signal_qubits == rotation.signal_qubits
    assert cost.workspace_qubits == rotation.workspace_qubits
    check_closed_form(cost.gates, rotation.circuit())


def _recorded(monkeypatch):
    """Masks of all parity rotations that sums of exponentials build from now on."""
    masks = []

    def recording(terms, controls):
        masks.append([mask for mask, angle in terms.items() if abs(angle) > ANGLE_TOLERANCE])
        return parity_rotations(terms, controls)

    monkeypatch.setattr("circuits.separable_rotation.parity_rotations", recording)
    return masks


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_transforms_may_be_truncated(boundary):
    tolerances = (1e-3, 0.1)
    for shape in [(3,), (5,), (3, 2)]:
        matrix = _laplacian(*((n, boundary) for n in shape), offset=2.0)
        inverse = spectral_inverse(matrix, 2.0, 0.1, tolerances)
        rotation = cheapest_rotation(matrix, 2.0, 0.1)
        built = rotation.circuit()
        cost = RotationCost(count_gates(built), rotation.signal_qubits, rotation.workspace_qubits)
        check_closed_form(spectral_inverse_cost(matrix, cost, tolerances), inverse.circuit)


def test_a_hundred_qubits_take_no_time():
    matrix = _laplacian((100, "dirichlet"))
    amplitude = dyadic_amplitude_cost(101, depth=90, terms=6000, path_length=9000, erased=30)
    rotation = octave_rotation_cost(amplitude, 90, erased=30)
    cost = spectral_inverse_cost(matrix, rotation, (1e-3, 1e-3))
    assert cost.two_qubit_gates < 10**5
