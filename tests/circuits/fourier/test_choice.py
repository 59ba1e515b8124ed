"""The quantum Fourier transform against numpy's discrete Fourier transform."""

import numpy as np
import pytest
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Operator

from circuits import qft

SIZES = range(1, 9)


def fourier_matrix(n):
    """Columns are the transforms of basis states, with the positive exponent."""
    return np.fft.ifft(np.eye(2**n), axis=0, norm="ortho")


def bit_reversal(n):
    reversed_index = [int(f"{k:0{n}b}"[::-1], 2) for k in range(2**n)]
    return np.eye(2**n)[reversed_index]


@pytest.mark.parametrize("n", SIZES)
def test_unitary_is_the_discrete_fourier_transform(n):
    np.testing.assert_allclose(Operator(qft(n)).data, fourier_matrix(n), atol=1e-10)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_exponent_is_positive_and_qubit_0_least_significant(n):
    size = 2**n
    x, k = np.meshgrid(np.arange(size), np.arange(size))
    expected = np.exp(2j * np.pi * x * k / size) / np.sqrt(size)
    np.testing.assert_allclose(Operator(qft(n)).data, expected, atol=1e-10)


@pytest.mark.parametrize("swaps", [True, False])
@pytest.mark.parametrize("n", SIZES)
def test_inverse_undoes_the_transform(n, swaps):
    both = qft(n, swaps=swaps).compose(qft(n, swaps=swaps, inverse=True))
    np.testing.assert_allclose(Operator(both).data, np.eye(2**n), atol=1e-10)


@pytest.mark.parametrize("n", SIZES)
def test_inverse_is_the_conjugate_transpose(n):
    inverse = Operator(qft(n, inverse=True)).data
    np.testing.assert_allclose(inverse, fourier_matrix(n).conj().T, atol=1e-10)


@pytest.mark.parametrize("n", SIZES)
def test_without_swaps_the_bits_of_k_are_reversed(n):
    unswapped = Operator(qft(n, swaps=False)).data
    np.testing.assert_allclose(bit_reversal(n) @ unswapped, fourier_matrix(n), atol=1e-10)


@pytest.mark.parametrize("n", SIZES)
def test_inverse_without_swaps_expects_the_bits_of_k_reversed(n):
    unswapped = Operator(qft(n, swaps=False, inverse=True)).data
    expected = fourier_matrix(n).conj().T
    np.testing.assert_allclose(unswapped @ bit_reversal(n), expected, atol=1e-10)


@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("swaps", [False, True])
@pytest.mark.parametrize("n", [1, 2, 3, 7, 10])
def test_gate_counts_are_the_closed_form_of_the_docstring(n, swaps, inverse):
    counts = dict(qft(n, swaps=swaps, inverse=inverse).count_ops())
    expected = {"h": n, "cp": n * (n - 1) // 2, "swap": swaps * (n // 2)}
    assert counts == {name: count for name, count in expected.items() if count}


@pytest.mark.parametrize("n", [2, 5])
def test_controlled_phase_takes_two_cx_and_swap_three(n):
    compiled = transpile(qft(n), basis_gates=["cx", "u"], optimization_level=0)
    assert compiled.count_ops()["cx"] == n * (n - 1) + 3 * (n // 2)


@pytest.mark.parametrize("n", [0, -1])
def test_fewer_than_one_qubit_is_refused(n):
    with pytest.raises(ValueError, match=f"n = {n}"):
        qft(n)


def test_every_call_returns_a_new_circuit():
    first = qft(2)
    first.x(0)
    np.testing.assert_allclose(Operator(qft(2)).data, fourier_matrix(2), atol=1e-10)
    assert isinstance(first, QuantumCircuit)
