"""Right-hand sides: what they stand for, and circuits that prepare it to the error promised."""

import functools

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from qml_algos.errors import InvalidProblemError, TooLargeError, UnsuitableSolverError
from qml_algos.linear_systems import LinearSystem
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.right_hand_side import (
    DenseVector,
    ProductVector,
    RightHandSide,
    SmoothFunction,
    SparseVector,
)
from qml_algos.linear_systems.structures import Circulant, Poisson, Toeplitz

PLAIN = Layout.plain(16)
DIRICHLET = Poisson((4, 4)).layout
generator = np.random.default_rng(0)


def cx_count(circuit):
    return sum(len(instruction.qubits) == 2 for instruction in circuit.data)


def bump(x):
    return np.exp(-50 * (x - 0.4) ** 2)


def bump_on_a_plane(x, y):
    return x * (1 - x) * np.exp(-x * y)


def assert_prepared(b, layout, epsilon):
    prepared = b.prepare(layout, epsilon)
    wanted = layout.spread(b.vector())
    wanted = wanted / np.linalg.norm(wanted)
    assert prepared.circuit.num_qubits == layout.total_qubits
    assert prepared.error <= epsilon
    distance = np.linalg.norm(Statevector(prepared.circuit).data - wanted)
    assert distance <= prepared.error + 1e-10


RIGHT_HAND_SIDES = [
    (DenseVector(generator.normal(size=16)), PLAIN),
    (DenseVector(generator.normal(size=16) * 1j), PLAIN),
    (DenseVector(generator.normal(size=9)), DIRICHLET),
    (DenseVector(np.eye(16)[3]), PLAIN),
    (DenseVector(bump(np.arange(512) / 512)), Layout.plain(512)),
    (SparseVector(16, {3: 1, 9: -2}), PLAIN),
    (SparseVector(9, {3: 1j, 8: -2, 0: 0}), DIRICHLET),
    (ProductVector([[1, 2, -3, 4], [1, 1j], [0.5, 2]]), PLAIN),
    (SmoothFunction(np.cos, PLAIN), PLAIN),
    (SmoothFunction(bump, Poisson((256,)).layout), Poisson((256,)).layout),
    (SmoothFunction.on(Poisson((8, 16)), bump_on_a_plane), Poisson((8, 16)).layout),
    (SmoothFunction(lambda x: np.exp(2j * x), Layout.plain(13)), Layout.plain(13)),
]


@pytest.mark.parametrize("epsilon", [1e-1, 1e-3, 1e-8])
@pytest.mark.parametrize(("b", "layout"), RIGHT_HAND_SIDES)
def test_state_is_prepared_to_the_error_promised(b, layout, epsilon):
    assert_prepared(b, layout, epsilon)


@pytest.mark.parametrize(("b", "layout"), RIGHT_HAND_SIDES)
def test_norm_sum_and_kind_are_those_of_the_vector(b, layout):
    vector = b.vector()
    assert isinstance(b, RightHandSide)
    assert vector.shape == (b.size,) == (layout.unknowns,)
    assert b.norm() == pytest.approx(np.linalg.norm(vector))
    assert b.total() == pytest.approx(np.sum(vector), abs=1e-12)
    assert b.real == (not np.iscomplexobj(vector))


def test_product_is_the_kronecker_product_first_factor_most_significant():
    factors = [[1, 2], [3, 4, 5, 6], [7, 8]]
    expected = functools.reduce(np.kron, factors)
    np.testing.assert_array_equal(ProductVector(factors).vector(), expected)


def test_product_of_short_factors_takes_no_cx():
    circuit = ProductVector([[1, 2]] * 20).prepare(Layout.plain(2**20), 1e-3).circuit
    assert cx_count(circuit) == 0


@pytest.mark.parametrize(
    ("structure", "expected"),
    [
        (Poisson((8,)), np.arange(1, 8) / 8),
        (Poisson((8,), "neumann", 1.0), (np.arange(8) + 0.5) / 8),
        (Poisson((8,), "periodic", 1.0), np.arange(8) / 8),
        (Toeplitz(8, {0: 1}), np.arange(8) / 8),
        (Circulant(8, {0: 1}), np.arange(8) / 8),
    ],
)
def test_smooth_function_is_sampled_at_the_grid_points_of_the_boundary(structure, expected):
    np.testing.assert_allclose(SmoothFunction.on(structure, lambda x: x).vector(), expected)


def test_smooth_function_of_two_variables_is_in_c_order():
    found = SmoothFunction.on(Poisson((4, 8)), lambda x, y: 10 * x + y).vector()
    x, y = np.meshgrid(np.arange(1, 4) / 4, np.arange(1, 8) / 8, indexing="ij")
    np.testing.assert_allclose(found, (10 * x + y).ravel())


@pytest.mark.parametrize(
    ("function", "epsilon", "bound"),
    [(lambda x: np.sin(np.pi * x), 1e-6, 18), (bump, 1e-3, 60), (lambda x: x * (1 - x), 1e-6, 80)],
)
def test_smooth_state_on_1024_cells_takes_tens_of_cx(function, epsilon, bound):
    b = SmoothFunction.on(Poisson((1024,)), function)
    assert cx_count(b.prepare(b.layout, epsilon).circuit) <= bound


@pytest.mark.parametrize("boundary", ["dirichlet", "neumann", "periodic"])
def test_grid_of_a_billion_points_gives_the_same_norm_and_a_small_circuit(boundary):
    """The sum over points is the integral, up to the width of a cell."""
    b = SmoothFunction.on(Poisson((2**30,), boundary, 1.0), bump)
    assert b.size >= 2**30 - 1
    fine = bump((np.arange(2**16) + 0.5) / 2**16)
    assert b.norm() / 2**15 == pytest.approx(np.linalg.norm(fine) / 2**8, rel=1e-6)
    assert b.total() / 2**30 == pytest.approx(np.mean(fine), rel=1e-6)
    prepared = b.prepare(b.layout, 1e-3)
    assert prepared.error <= 1e-3
    assert cx_count(prepared.circuit) <= 120
    with pytest.raises(TooLargeError, match="written down"):
        b.vector()


def test_function_with_a_kink_is_refused_on_a_grid_too_large_to_be_written_down():
    b = SmoothFunction.on(Poisson((2**30,)), lambda x: np.abs(x - 0.3))
    with pytest.raises(UnsuitableSolverError, match="not smooth enough"):
        b.prepare(b.layout, 1e-6)


def test_few_entries_of_a_dense_vector_cost_as_a_sparse_one():
    vector = np.zeros(1024)
    vector[[3, 700]] = 1, 2
    assert cx_count(DenseVector(vector).prepare(Layout.plain(1024), 1e-3).circuit) <= 10


def test_entry_far_down_a_huge_vector_is_prepared():
    layout = Poisson((2**20, 2**20)).layout
    b = SparseVector(layout.unknowns, {layout.unknowns - 1: 2.0})
    circuit = b.prepare(layout, 1e-3).circuit
    assert circuit.num_qubits == 40
    assert circuit.count_ops() == {"x": 40}


def test_layout_tells_the_amplitude_of_each_unknown():
    layout = Poisson((4, 8)).layout
    found = [layout.amplitude(i) for i in range(layout.unknowns)]
    np.testing.assert_array_equal(found, layout.gather(np.arange(32)))


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: DenseVector([[1, 2]]), r"shape \(1, 2\)"),
        (lambda: DenseVector([0, 0]), "b is zero"),
        (lambda: DenseVector([np.nan, 0]), "NaN"),
        (lambda: SparseVector(4, {}), "b is zero"),
        (lambda: SparseVector(4, {4: 1}), "index 4"),
        (lambda: SparseVector(4, {1.5: 1}), "index 1.5"),
        (lambda: SparseVector(4, {0: np.inf}), r"entries\[0\]"),
        (lambda: SparseVector(1.5, {0: 1}), "size = 1.5"),
        (lambda: ProductVector([]), "factors is empty"),
        (lambda: ProductVector([[1, 2, 3]]), r"factors\[0\] has shape \(3,\)"),
        (lambda: ProductVector([[1, 2], [0, 0]]), r"factors\[1\] is zero"),
        (lambda: SmoothFunction(3, PLAIN), "function is a int"),
        (lambda: SmoothFunction(np.sin, PLAIN, 1.0), "offset = 1.0"),
        (lambda: SmoothFunction(lambda x: 1.0, PLAIN), "returned shape"),
        (lambda: SmoothFunction(lambda x: x / 0, PLAIN), "NaN or infinity"),
        (lambda: SmoothFunction(lambda x: 0 * x, PLAIN), "b is zero"),
        (lambda: SmoothFunction(lambda x: 0 * x, Layout.plain(2**30)), "b is zero"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_bad_arguments_are_refused_by_name(make, match):
    with pytest.raises(InvalidProblemError, match=match):
        make()


def test_product_on_a_layout_with_unused_amplitudes_is_refused():
    with pytest.raises(UnsuitableSolverError, match="unused"):
        ProductVector([[1, 2]]).prepare(Layout((2,), (2,), 1), 1e-3)


def test_smooth_function_on_a_large_grid_that_is_no_power_of_two_is_refused():
    with pytest.raises(UnsuitableSolverError, match=r"2\*\*q points"):
        SmoothFunction(np.cos, Layout.plain(2**30 - 1))


def test_smooth_function_on_a_large_grid_is_not_moved_to_another():
    b = SmoothFunction(np.cos, Layout.plain(2**30))
    with pytest.raises(UnsuitableSolverError, match="too large to be moved"):
        b.prepare(Layout((2**15, 2**15), (15, 15)), 1e-3)


def test_system_takes_a_right_hand_side_as_a_value():
    system = LinearSystem(Toeplitz(2**30, {0: 3, 1: -1}), SparseVector(2**30, {5: 1}))
    assert system.size == 2**30
    assert "1073741824 unknowns, tridiagonal Toeplitz, real, general" in repr(system)
    with pytest.raises(TooLargeError):
        system.b  # noqa: B018
    with pytest.raises(TooLargeError):
        system.A  # noqa: B018
