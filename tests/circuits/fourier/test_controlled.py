"""The controlled Fourier transform."""

import numpy as np
import pytest
from fourier_checks import bit_reversal, fourier_matrix, unitary
from qiskit import transpile

from circuits.fourier import controlled_qft


@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("swaps", [False, True])
@pytest.mark.parametrize("n", range(1, 8))
def test_transforms_where_the_control_is_1_and_only_there(n, swaps, inverse):
    exact = fourier_matrix(n) if swaps else bit_reversal(n) @ fourier_matrix(n)
    exact = exact.conj().T if inverse else exact
    made = unitary(controlled_qft(n, swaps=swaps, inverse=inverse).decompose("cswap"))
    np.testing.assert_allclose(made[::2, ::2], np.eye(2**n), rtol=0, atol=1e-10)
    np.testing.assert_allclose(made[1::2, 1::2], exact, rtol=0, atol=1e-10)


@pytest.mark.parametrize("epsilon", [1e-3, 1e-2, 0.1])
def test_an_approximate_one_stays_within_epsilon_and_is_idle_where_the_control_is_0(
    epsilon,
):
    n = 7
    made = unitary(controlled_qft(n, epsilon).decompose("cswap"))
    np.testing.assert_allclose(made[::2, ::2], np.eye(2**n), rtol=0, atol=1e-10)
    trace = np.vdot(fourier_matrix(n), made[1::2, 1::2]) / 2**n
    assert 1 - epsilon <= abs(trace) ** 2 < 1 - epsilon / 10
    # The phase would be one between the two values of the control.
    assert abs(np.angle(trace)) < 1e-10


@pytest.mark.parametrize("n", [3, 8, 16])
def test_gates_stay_within_the_bound_of_the_docstring(n):
    compiled = transpile(
        controlled_qft(n, swaps=False), basis_gates=["cx", "u"], optimization_level=0
    )
    assert compiled.count_ops()["cx"] <= n * (n - 1) + 6 * n


@pytest.mark.parametrize(("n", "epsilon"), [(0, 0.0), (3, 1.0), (3, -0.1)])
def test_bad_input_is_refused(n, epsilon):
    with pytest.raises(ValueError, match=r"n = 0|epsilon = "):
        controlled_qft(n, epsilon)
