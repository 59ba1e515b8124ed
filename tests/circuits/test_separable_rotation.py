"""Reciprocals of sums by exponentials: deviation on every mode, null space, cost, bounds."""

import numpy as np
import pytest
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Statevector

from circuits import separable_deviation
from circuits.fourier_diagonal import Axis, FourierDiagonal
from circuits.separable_reciprocal import SeparableReciprocal
from circuits.separable_rotation import SeparableRotation, unary_state

DEVIATION = 1e-2


def laplacian(qubits, boundary, sign=1.0):
    ring = 2 ** (qubits + (boundary != "periodic"))
    return Axis(qubits, boundary, lambda k: sign * 4 * np.sin(np.pi * k / ring) ** 2)


def circulant(qubits):
    return Axis(qubits, "periodic", lambda k: 1 - 2 / 3 * np.cos(2 * np.pi * k / 2**qubits))


def smallest_of(matrix):
    values = np.abs(matrix.eigenvalues([np.arange(2**axis.ring_qubits) for axis in matrix.axes]))
    return np.nanmin(np.where(values < 1e-9, np.nan, values))


def rotation(matrix, deviation=DEVIATION):
    smallest = smallest_of(matrix)
    fitted = SeparableReciprocal.fit(matrix, smallest, deviation)
    return SeparableRotation(matrix.axes, fitted, smallest)


def amplitudes(circuit, index_qubits):
    """By workspace and signal together, flag, and index."""
    start = QuantumCircuit(circuit.num_qubits)
    start.h(range(index_qubits))
    state = Statevector(start.compose(circuit)).data * 2 ** (index_qubits / 2)
    return state.reshape(-1, 2, 2**index_qubits)


CASES = [
    FourierDiagonal((laplacian(3, "dirichlet"), laplacian(3, "dirichlet"))),
    FourierDiagonal((laplacian(2, "neumann"), laplacian(3, "neumann"))),
    FourierDiagonal((laplacian(3, "periodic"), laplacian(3, "periodic"))),
    FourierDiagonal((laplacian(2, "neumann"), laplacian(2, "periodic"), laplacian(1, "neumann"))),
    FourierDiagonal((laplacian(3, "neumann"), laplacian(2, "periodic")), 0.01),
    FourierDiagonal((circulant(3), laplacian(3, "dirichlet"))),
    FourierDiagonal((laplacian(3, "dirichlet", -2.0), laplacian(2, "dirichlet", -2.0)), -0.1),
]


@pytest.mark.parametrize("matrix", CASES)
def test_every_mode_has_the_reciprocal_within_the_deviation_and_the_null_space_has_nothing(matrix):
    turned = rotation(matrix)
    index = sum(axis.ring_qubits for axis in matrix.axes)
    state = amplitudes(turned.circuit(), index)
    values = matrix.eigenvalues([np.arange(2**axis.ring_qubits) for axis in matrix.axes])
    occurs = ~np.isnan(values)
    null = occurs & (np.abs(values) < 1e-9)
    found, counted = state[0, 1], occurs & ~null
    wanted = turned.scale * turned.smallest / values[counted]
    deviation = np.max(np.abs(found[counted] / wanted - 1))
    assert deviation <= turned.fitted.deviation.bound + 1e-9
    assert turned.fitted.deviation.bound <= DEVIATION
    assert turned.scale == pytest.approx(1, abs=DEVIATION)
    assert np.all(np.abs(found[null]) < 1e-12)
    assert turned.fitted.null == bool(np.any(null))
    # The workspace, in the highest qubits, ends in 0 whatever flag and signal are.
    assert np.allclose(state[2**turned.signal_qubits :], 0)


@pytest.mark.parametrize("matrix", CASES[1:3])
def test_two_qubit_gates_are_those_of_the_circuit(matrix):
    turned = rotation(matrix)
    compiled = transpile(turned.circuit(), basis_gates=["cx", "u"], optimization_level=0)
    assert compiled.count_ops()["cx"] == turned.two_qubit_gates


def test_compiling_keeps_the_deviation():
    matrix = CASES[0]
    turned = rotation(matrix)
    basis = ["cx", "rz", "sx", "x"]
    compiled = transpile(
        turned.circuit(), basis_gates=basis, optimization_level=2, seed_transpiler=0
    )
    found = amplitudes(compiled, 8)[0, 1]
    values = matrix.eigenvalues([np.arange(16)] * 2)
    relative = np.abs(found * values / turned.scale / turned.smallest)
    assert np.nanmax(np.abs(relative - 1)) <= DEVIATION


def evaluated(family, magnitudes):
    """Amplitudes, shape ``(rows, magnitudes)``, from the terms and what the qubits tell."""
    bits = family.modes.bits
    assert not family.modes.periodic
    columns = [magnitudes >> bit & 1 for bit in range(bits)]
    columns += [(magnitudes >> (bits - count) == 0).astype(int) for count in range(2, bits + 1)]
    rows = []
    for terms in family.terms():
        angle = np.zeros(magnitudes.size)
        for mask, value in terms.items():
            chosen = [column for place, column in enumerate(columns) if mask >> place & 1]
            angle += value * (-1) ** np.sum(chosen, axis=0)
        rows.append(np.sin(angle / 2))
    return np.array(rows)


@pytest.mark.parametrize("qubits", [(12, 12), (8, 9, 10)])
def test_deviation_of_large_problems_is_kept_on_random_modes(qubits):
    matrix = FourierDiagonal(tuple(laplacian(n, "dirichlet") for n in qubits))
    lowest = sum(4 * np.sin(np.pi / 2 ** (n + 1)) ** 2 for n in qubits)
    fitted = SeparableReciprocal.fit(matrix, lowest, DEVIATION)
    generator = np.random.default_rng(1)
    product, values = fitted.probabilities[:, None], 0.0
    for n, axis, family in zip(qubits, matrix.axes, fitted.axes, strict=True):
        # Of all sizes alike.
        magnitudes = np.floor(2 ** generator.uniform(0, n, 3000)).astype(int)
        product = product * evaluated(family, magnitudes)
        values = values + axis.symbol(magnitudes)
    relative = values * np.sum(product, axis=0) / (fitted.deviation.scale * fitted.smallest)
    assert np.max(np.abs(relative - 1)) <= fitted.deviation.bound <= DEVIATION


@pytest.mark.parametrize("boundary", ["dirichlet", "neumann", "periodic"])
def test_bound_on_blocks_is_above_the_deviation_on_all_combinations(monkeypatch, boundary):
    matrix = FourierDiagonal((laplacian(6, boundary), laplacian(5, boundary)))
    smallest = smallest_of(matrix)
    exact = SeparableReciprocal.fit(matrix, smallest, DEVIATION)
    monkeypatch.setattr(separable_deviation, "MAX_COMBINATIONS", 0)
    bounded = SeparableReciprocal.fit(matrix, smallest, DEVIATION)
    assert bounded.deviation.bound <= DEVIATION
    sparse, dense = (
        sum(np.count_nonzero(series) for axis in fit.axes for series in axis.octaves)
        for fit in (exact, bounded)
    )
    assert sparse <= dense <= 2 * sparse


def test_two_qubit_gates_grow_with_an_exponent_below_2_5():
    sizes = np.array([10, 18])
    counts = []
    for n in sizes:
        matrix = FourierDiagonal((laplacian(int(n), "dirichlet"),) * 2)
        smallest = 8 * np.sin(np.pi / 2 ** (n + 1)) ** 2
        fitted = SeparableReciprocal.fit(matrix, smallest, DEVIATION)
        counts.append(SeparableRotation(matrix.axes, fitted, smallest).two_qubit_gates)
    assert np.polyfit(np.log(sizes), np.log(counts), 1)[0] <= 2.5


@pytest.mark.parametrize(
    "matrix",
    [
        FourierDiagonal((laplacian(3, "dirichlet"),) * 2, -1.0),
        FourierDiagonal((laplacian(3, "periodic"), laplacian(1, "periodic")), 1.0),
        FourierDiagonal((laplacian(3, "periodic"),) * 2, 1j),
        FourierDiagonal((laplacian(2, "periodic"), Axis(2, "periodic", np.exp, even=False))),
    ],
)
def test_indefinite_complex_and_uneven_sums_have_none(matrix):
    assert SeparableReciprocal.fit(matrix, 1e-2, DEVIATION) is None


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_unary_state_has_the_probabilities(count):
    probabilities = np.random.default_rng(count).dirichlet(np.ones(count))
    state = Statevector(unary_state(probabilities)).data
    places = [2**j - 1 for j in range(count)]
    assert np.allclose(state[places], np.sqrt(probabilities))
