"""QSVT, Chebyshev LCU and kernel reflection on the block of any unitary."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Operator, Statevector
from scipy.stats import unitary_group

from circuits.augmented_projection import augmented_projection
from circuits.block_encoding import BlockEncoding
from circuits.chebyshev_lcu import chebyshev_lcu
from circuits.inversion import kernel_filter, kernel_reflection
from circuits.path_encoding import path_block_encoding
from circuits.phases import signal_processing_phases
from circuits.qsvt import ladder_qubits, qsvt, signal_phase
from circuits.state_preparation import state_preparation


def random_encoding(system, signal, seed):
    """Any unitary is a block encoding of its upper left block."""
    circuit = QuantumCircuit(system + signal)
    unitary = unitary_group.rvs(2 ** (system + signal), random_state=seed)
    circuit.unitary(unitary, circuit.qubits)
    block = unitary[: 2**system, : 2**system]
    return BlockEncoding(circuit, 1.0, system, signal, "random"), block


def transformed(block, function, odd):
    left, values, right = np.linalg.svd(block)
    return (left if odd else right.conj().T) * function(values) @ right


def series(degree, seed):
    coefficients = np.zeros(degree + 1)
    coefficients[degree % 2 :: 2] = np.random.default_rng(seed).normal(size=degree // 2 + 1)
    return coefficients / (1.1 * np.sum(np.abs(coefficients)))


def block_of(circuit, system):
    return Operator(circuit).data[: 2**system, : 2**system]


@settings(deadline=None, derandomize=True, max_examples=15)
@given(
    system=st.integers(1, 2),
    signal=st.integers(1, 2),
    degree=st.integers(0, 7),
    adjoint=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_qsvt_transforms_singular_values(system, signal, degree, adjoint, seed):
    encoding, block = random_encoding(system, signal, seed)
    coefficients = series(degree, seed)
    circuit = qsvt(encoding, signal_processing_phases(coefficients), adjoint=adjoint)
    wanted = transformed(
        block.conj().T if adjoint else block,
        lambda s: np.polynomial.chebyshev.chebval(s, coefficients),
        degree % 2,
    )
    np.testing.assert_allclose(block_of(circuit, system), wanted, atol=1e-10)


@settings(deadline=None, derandomize=True, max_examples=15)
@given(
    system=st.integers(1, 2),
    signal=st.integers(1, 2),
    degree=st.integers(0, 9),
    adjoint=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_chebyshev_lcu_transforms_singular_values(system, signal, degree, adjoint, seed):
    encoding, block = random_encoding(system, signal, seed)
    coefficients = series(degree, seed)
    circuit = chebyshev_lcu(encoding, coefficients, adjoint=adjoint)
    wanted = transformed(
        block.conj().T if adjoint else block,
        lambda s: np.polynomial.chebyshev.chebval(s, coefficients),
        degree % 2,
    ) / np.sum(np.abs(coefficients))
    np.testing.assert_allclose(block_of(circuit, system), wanted, atol=1e-10)


@pytest.mark.parametrize(("signals", "cx"), [(1, 2), (2, 4), (3, 8), (4, 16), (5, 26)])
def test_phase_on_the_signal_is_right_and_costs_what_is_said(signals, cx):
    spare = ladder_qubits(signals)
    circuit = QuantumCircuit(signals + spare + 1)
    qubits = circuit.qubits
    signal_phase(circuit, 0.3, qubits[:signals], qubits[-1], qubits[signals:-1])
    found = np.diag(Operator(circuit).data).reshape(2, 2**spare, 2**signals)[:, 0]
    wanted = np.full((2, 2**signals), np.exp(-0.3j))
    wanted[0, 0] = np.exp(0.3j)
    wanted[1] = wanted[0].conj()
    np.testing.assert_allclose(found, wanted, atol=1e-12)
    compiled = transpile(
        circuit, basis_gates=["cx", "rz", "sx", "x"], optimization_level=2, seed_transpiler=0
    )
    assert compiled.count_ops()["cx"] == cx


@pytest.mark.parametrize("diagonal", [0.0, 1.0])
@pytest.mark.parametrize("weight", [0.5, 1.0, 2.0])
def test_reflection_about_the_kernel_gives_the_solution_with_its_norm(diagonal, weight):
    encoding = replace(path_block_encoding(2, diagonal, -1 / 3), frame=None)
    block = block_of(encoding.circuit, 2)
    values = np.linalg.svd(block, compute_uv=False)
    b = np.random.default_rng(1).normal(size=4)
    b /= np.linalg.norm(b)
    x = np.linalg.solve(block, b)
    t = max(1.0, weight * np.linalg.norm(x))
    prepared = state_preparation(b)
    augmented = augmented_projection(encoding, prepared, 1 / t)
    gap = min(values[-1], 1 / t)
    found = {}
    for build in (kernel_filter, kernel_reflection):
        polynomial = build(gap, 1e-2)
        circuit = qsvt(augmented, signal_processing_phases(polynomial.coefficients))
        whole = QuantumCircuit(circuit.num_qubits)
        whole.x(2)
        whole.compose(prepared, range(2), inplace=True)
        whole.compose(circuit, inplace=True)
        found[build] = Statevector(whole).data[:8] / polynomial.scale
    share = t**2 / (t**2 + np.linalg.norm(x) ** 2)
    assert np.linalg.norm(found[kernel_filter]) ** 2 == pytest.approx(share, abs=1e-3)
    wanted = 2 * share * x / t
    np.testing.assert_allclose(found[kernel_reflection][:4], wanted, atol=3e-2)


def test_bad_arguments_are_named():
    encoding, _ = random_encoding(1, 1, 0)
    with pytest.raises(ValueError, match="phases has shape"):
        qsvt(encoding, [])
    with pytest.raises(ValueError, match="both odd and even"):
        chebyshev_lcu(encoding, [0.1, 0.1])
    with pytest.raises(ValueError, match="not all of them zero"):
        chebyshev_lcu(encoding, [0.0])
    with pytest.raises(ValueError, match="inverse_norm = 0"):
        augmented_projection(encoding, QuantumCircuit(1), 0.0)
    with pytest.raises(ValueError, match="right_hand_side acts on 2"):
        augmented_projection(encoding, QuantumCircuit(2), 1.0)
