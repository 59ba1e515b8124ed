"""Phase polynomials by multiplication, against their definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.kernels.states.linear_forms import LinearForm
from qml_algos.kernels.states.phases import PhasePolynomial
from qml_algos.kernels.states.scratch import Scratch


def phases(masks, coefficients, qubits):
    terms = [(m, LinearForm(0.1, ((k, 1.0),))) for k, m in enumerate(masks)]
    polynomial = PhasePolynomial(terms, qubits, len(masks))
    bound = polynomial.bind(coefficients, np.complex128, Scratch())
    return bound.apply(np.ones((1, 2**qubits), complex))


def expected(masks, coefficients, qubits):
    parities = np.bitwise_count(np.array(masks)[:, None] & np.arange(2**qubits)) & 1
    return np.exp(1j * (coefficients + 0.1) @ (1.0 - 2.0 * parities))


@settings(derandomize=True, max_examples=15, deadline=None)
@given(st.sets(st.integers(1, 2**10 - 1), min_size=1, max_size=20), st.integers(0, 99))
def test_any_masks_give_the_phases_that_define_them(masks, seed):
    coefficients = np.random.default_rng(seed).normal(size=(2, len(masks)))
    chosen = sorted(masks)
    assert phases(chosen, coefficients, 10) == pytest.approx(
        expected(chosen, coefficients, 10), abs=1e-12
    )


def test_all_masks_at_once_give_the_phases_that_define_them():
    masks = list(range(1, 2**8))
    coefficients = np.random.default_rng(1).normal(size=(1, len(masks)))
    assert phases(masks, coefficients, 8) == pytest.approx(
        expected(masks, coefficients, 8), abs=1e-12
    )


@pytest.mark.parametrize("masks", [[1 << 9], [3 << 8, 1], [1 << 5, 1 << 9], [513, 6, 48]])
def test_masks_of_few_qubits_leave_the_others_alone(masks):
    coefficients = np.random.default_rng(2).normal(size=(3, len(masks)))
    assert phases(masks, coefficients, 10) == pytest.approx(
        expected(masks, coefficients, 10), abs=1e-13
    )
