"""Rotations by sums over parities: the block promised, its cost, and the fit of few terms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Operator

from circuits.parity_rotations import fitted_terms, parity_path, parity_rotations, path_length

RUNS = settings(deadline=None, derandomize=True, max_examples=40)
term_lists = st.dictionaries(st.integers(0, 15), st.floats(-3, 3), max_size=16)


def angles_of(terms, n):
    k = np.arange(2**n)
    return sum(
        (angle * (-1.0) ** np.bitwise_count(k & mask) for mask, angle in terms.items()),
        np.zeros(2**n),
    )


@RUNS
@given(terms=term_lists)
def test_flag_goes_from_0_to_1_with_the_sine_of_half_the_angle(terms):
    unitary = Operator(parity_rotations(terms, 4)).data
    expected = np.diag(np.sin(angles_of(terms, 4) / 2))
    np.testing.assert_allclose(unitary[16:, :16], expected, atol=1e-10)


@RUNS
@given(terms=term_lists)
def test_two_qubit_gates_are_the_length_of_the_path(terms):
    kept = [mask for mask, angle in terms.items() if abs(angle) > 1e-12]
    path = parity_path(kept)
    assert sorted(path) == sorted(kept)
    assert parity_rotations(terms, 4).count_ops().get("cz", 0) == path_length(path)


@pytest.mark.parametrize("n", [1, 3, 6])
def test_all_parities_take_one_gate_less_than_their_number(n):
    assert path_length(parity_path(range(2**n))) == 2**n - 1


@RUNS
@given(data=st.data(), n=st.integers(0, 6), width=st.floats(0, 1))
def test_fit_is_accepted_and_one_term_less_is_not_the_same(data, n, width):
    wanted = np.array(data.draw(st.lists(st.floats(-3, 3), min_size=2**n, max_size=2**n)))

    def accepts(angles):
        return bool(np.max(np.abs(angles - wanted)) <= width + 1e-9)

    terms = fitted_terms(wanted, accepts)
    assert accepts(angles_of(terms, n))


def test_smooth_function_takes_few_terms():
    wanted = np.cos(np.arange(1024) / 1024)
    terms = fitted_terms(wanted, lambda angles: bool(np.all(np.abs(angles - wanted) < 1e-2)))
    assert len(terms) < 20


def test_mask_of_a_control_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="mask 4 names more than the 2 controls"):
        parity_rotations({4: 1.0}, 2)
