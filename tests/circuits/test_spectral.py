"""Inversion and evolution by transforms against matrices written down."""

import functools

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Operator, Statevector

from circuits.fourier_diagonal import Axis, FourierDiagonal
from circuits.fourier_evolution import FourierEvolution
from circuits.spectral import spectral_inverse
from circuits.spectral_rotations import cheapest_rotation

RUNS = settings(deadline=None, derandomize=True, max_examples=25)
BOUNDARIES = ["dirichlet", "neumann", "periodic"]


def laplacian(qubits, boundary):
    ring = 2 ** (qubits + (boundary != "periodic"))
    return Axis(qubits, boundary, lambda k: 4 * np.sin(np.pi * k / ring) ** 2)


def second_difference(qubits, boundary):
    """On all points; point 0 of a Dirichlet axis is decoupled."""
    size = 2**qubits
    matrix = 2 * np.eye(size)
    for row in range(size):
        for column in (row - 1, row + 1):
            if boundary == "periodic":
                matrix[row, column % size] -= 1
            elif boundary == "neumann":
                matrix[row, min(max(column, 0), size - 1)] -= 1
            elif 0 < column < size:
                matrix[row, column] -= 1
    if boundary == "dirichlet":
        matrix[0, :] = matrix[:, 0] = 0
    return matrix


def kronecker_sum(parts):
    def add(left, right):
        return np.kron(left, np.eye(len(right))) + np.kron(np.eye(len(left)), right)

    return functools.reduce(add, parts)


def unknowns(axes):
    """Points that are not on the unused end of a Dirichlet axis."""
    inner = [np.arange(2**axis.qubits) >= (axis.boundary == "dirichlet") for axis in axes]
    return np.flatnonzero(functools.reduce(np.kron, inner))


def applied(inverse, vector, n):
    """Amplitudes of the system where all is accepted."""
    circuit = inverse.circuit
    start = Statevector(vector / np.linalg.norm(vector))
    rest = Statevector.from_int(0, 2 ** (circuit.num_qubits - n))
    state = rest.tensor(start).evolve(circuit).data.reshape(2, -1, 2**n)
    return state[1, 0]


def check_inverse(matrix, dense, deviation=1e-2, seed=0, complex_vector=False):
    places = unknowns(matrix.axes)
    A = dense[np.ix_(places, places)]
    sizes = np.linalg.svd(A, compute_uv=False)
    smallest = sizes[sizes > 1e-9].min()
    inverse = spectral_inverse(matrix, smallest * (1 - 1e-10), deviation)
    generator = np.random.default_rng(seed)
    b = generator.normal(size=len(places)) + 1j * complex_vector * generator.normal()
    full = np.zeros(len(dense), dtype=complex)
    full[places] = b
    found = applied(inverse, full, matrix.system_qubits)
    expected = np.zeros_like(full)
    # The minimum-norm solution: what is in the null space is projected out.
    solution = np.linalg.pinv(A, rcond=1e-9) @ b / np.linalg.norm(b)
    expected[places] = inverse.scale * solution
    tolerance = (deviation + 1e-7) * np.linalg.norm(expected)
    assert np.linalg.norm(found - expected) <= tolerance
    return inverse


@pytest.mark.parametrize("shift", [0.0, 0.3, -1.3])
@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_inverse_of_a_laplacian_null_space_projected_out(n, boundary, shift):
    matrix = FourierDiagonal((laplacian(n, boundary),), shift)
    dense = second_difference(n, boundary) + shift * np.eye(2**n)
    check_inverse(matrix, dense, seed=n)


@pytest.mark.parametrize("shift", [0.0, 0.5])
@pytest.mark.parametrize(
    "axes",
    [
        [(2, "dirichlet"), (3, "dirichlet")],
        [(2, "neumann"), (2, "neumann")],
        [(3, "periodic"), (2, "periodic")],
        [(2, "periodic"), (2, "dirichlet")],
        [(1, "neumann"), (2, "periodic")],
        [(1, "dirichlet"), (2, "dirichlet"), (2, "dirichlet")],
        [(2, "periodic"), (2, "periodic"), (1, "periodic")],
    ],
)
def test_inverse_in_two_and_three_dimensions(axes, shift):
    matrix = FourierDiagonal(tuple(laplacian(*axis) for axis in axes), shift)
    dense = kronecker_sum([second_difference(*axis) for axis in axes])
    check_inverse(matrix, dense + shift * np.eye(len(dense)))


@RUNS
@given(
    n=st.integers(1, 5),
    kind=st.sampled_from(["real", "symmetric", "hermitian", "complex"]),
    seed=st.integers(0, 999),
    deviation=st.sampled_from([1e-1, 1e-2, 1e-4]),
)
def test_inverse_of_random_circulants(n, kind, seed, deviation):
    size = 2**n
    generator = np.random.default_rng(seed)
    row = generator.normal(size=size) + 1j * generator.normal(size=size) * (kind != "real")
    if kind in ("hermitian", "symmetric"):
        row = (row + np.roll(row[::-1], 1).conj()) / 2
    if kind == "symmetric":
        row = row.real
    dense = np.array([np.roll(row, shift) for shift in range(size)])
    values = np.fft.ifft(row, norm="forward")
    values = values.real if kind in ("hermitian", "symmetric") else values
    axis = Axis(n, "periodic", lambda k: values[k % size], even=kind == "symmetric")
    check_inverse(FourierDiagonal((axis,)), dense, deviation, seed, complex_vector=True)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("shift", [0.0, 0.05])
def test_inverse_by_octaves_keeps_its_deviation_for_every_mode(boundary, shift):
    n, deviation = 7 + (boundary == "periodic"), 1e-2
    axis = laplacian(n, boundary)
    matrix = FourierDiagonal((axis,), shift)
    modes = np.arange(2**n)
    values = matrix.eigenvalues([modes])
    counted = values > 1e-12
    smallest = np.min(values[counted])
    inverse = spectral_inverse(matrix, smallest, deviation)
    for k in modes[counted][[0, 1, 2, 5, 17, 60, -2, -1]]:
        found = applied(inverse, axis.mode(int(k)), n)
        gain = np.vdot(axis.mode(int(k)), found) * values[k] / inverse.scale
        assert abs(gain - 1) <= deviation + 1e-6


@pytest.mark.parametrize(
    ("axes", "method"),
    [
        ([(4, "dirichlet")], "table"),
        ([(4, "periodic"), (4, "periodic")], "table of modes up to their sign"),
        ([(9, "dirichlet")], "octaves of modes"),
        ([(5, "dirichlet"), (4, "periodic")], "sum of exponentials"),
    ],
)
def test_cheapest_rotation_is_chosen_and_its_count_is_that_of_its_circuit(axes, method):
    matrix = FourierDiagonal(tuple(laplacian(*axis) for axis in axes), 1e-3)
    rotation = cheapest_rotation(matrix, 1e-3, 1e-2)
    assert rotation.method == method
    compiled = transpile(rotation.circuit(), basis_gates=["cx", "u"], optimization_level=0)
    assert compiled.count_ops()["cx"] == rotation.two_qubit_gates


def test_transforms_that_are_truncated_keep_their_tolerance():
    n, tolerance = 6, 0.05
    matrix = FourierDiagonal((laplacian(n, "periodic"),), 1.0)
    exact, rough = (
        spectral_inverse(matrix, 1.0, 1e-2, (error, error)) for error in (0.0, tolerance)
    )
    vector = np.random.default_rng(0).normal(size=2**n)
    difference = applied(exact, vector, n) - applied(rough, vector, n)
    assert 1e-6 < np.linalg.norm(difference) <= 2 * tolerance
    assert rough.circuit.num_nonlocal_gates() < exact.circuit.num_nonlocal_gates()


@pytest.mark.parametrize(
    "axes",
    [
        [(1, "dirichlet")],
        [(3, "dirichlet")],
        [(3, "neumann")],
        [(3, "periodic")],
        [(2, "dirichlet"), (2, "dirichlet")],
        [(2, "neumann"), (1, "periodic")],
    ],
)
def test_evolution_is_the_exponential(axes):
    matrix = FourierDiagonal(tuple(laplacian(*axis) for axis in axes), 0.2)
    evolution = FourierEvolution(matrix, 0.5)
    n, total, clock, time = matrix.system_qubits, evolution.system_qubits, 2, 0.7
    circuit = QuantumCircuit(total + clock)
    circuit.compose(evolution.enter(), range(total), inplace=True)
    circuit.compose(evolution.controlled_powers(clock, time), inplace=True)
    circuit.compose(evolution.leave(), range(total), inplace=True)
    unitary = Operator(circuit).data
    dense = kronecker_sum([second_difference(*axis) for axis in axes])
    dense = 0.5 * (dense + 0.2 * np.eye(2**n))
    places = unknowns(matrix.axes)
    for tau in range(2**clock):
        block = unitary[np.ix_(tau * 2**total + places, tau * 2**total + places)]
        exponent = 1j * time * (tau - (2**clock - 1) / 2)
        expected = scipy.linalg.expm(exponent * dense[np.ix_(places, places)])
        np.testing.assert_allclose(block, expected, atol=1e-9)


def test_evolution_of_a_hermitian_circulant_has_the_right_sign_of_its_modes():
    n, row = 3, np.array([1, 0.5j, 0, 0, 0, 0, 0, -0.5j])
    values = np.fft.ifft(row, norm="forward").real
    matrix = FourierDiagonal((Axis(n, "periodic", lambda k: values[k], even=False),))
    evolution = FourierEvolution(matrix)
    circuit = QuantumCircuit(n + 1)
    circuit.compose(evolution.enter(), range(n), inplace=True)
    circuit.compose(evolution.controlled_powers(1, 1.0), inplace=True)
    circuit.compose(evolution.leave(), range(n), inplace=True)
    dense = np.array([np.roll(row, shift) for shift in range(2**n)])
    block = Operator(circuit).data[2**n :, 2**n :]
    np.testing.assert_allclose(block, scipy.linalg.expm(0.5j * dense), atol=1e-9)


def test_evolution_is_not_classically_diagonalised():
    assert not FourierEvolution(
        FourierDiagonal((laplacian(2, "periodic"),))
    ).classically_diagonalised


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Axis(0, "periodic", np.cos), "qubits = 0: an axis has at least 1"),
        (lambda: Axis(2, "dirichlet", np.cos, even=False), "a dirichlet axis needs an even symbol"),
        (lambda: FourierDiagonal(()), "axes is empty"),
        (
            lambda: spectral_inverse(FourierDiagonal((laplacian(3, "periodic"),)), 1.0, 1e-2),
            "smallest = 1: there is a smaller eigenvalue, of size 0.58",
        ),
        (
            lambda: spectral_inverse(
                FourierDiagonal((laplacian(8, "periodic"),) * 2, -1.0), 1e-4, 1e-2
            ),
            "16 qubits of modes, at most 14",
        ),
        (
            lambda: FourierEvolution(FourierDiagonal((laplacian(2, "periodic"),), 1j)),
            "evolution needs a Hermitian matrix",
        ),
    ],
)
def test_bad_input_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
