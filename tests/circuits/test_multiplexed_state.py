"""Multiplexed states against the table they are made from."""

import numpy as np
import pytest
from encoding_checks import columns, cx_count
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.multiplexed_state import index_state, multiplexed_amplitude, multiplexed_state

RUNS = settings(deadline=None, derandomize=True, max_examples=30)


def random_table(seed, rows, columns, *, complex_entries, density=1.0):
    generator = np.random.default_rng(seed)
    table = generator.normal(size=(rows, columns))
    if complex_entries:
        table = table + 1j * generator.normal(size=(rows, columns))
    return table * (generator.random(size=table.shape) < density)


@RUNS
@given(st.integers(0, 99), st.integers(0, 2), st.integers(0, 3), st.booleans(), st.booleans())
def test_each_control_state_gets_its_own_state(seed, k, n, complex_entries, sparse):
    density = 0.5 if sparse else 1.0
    table = random_table(seed, 2**k, 2**n, complex_entries=complex_entries, density=density)
    unitary = columns(multiplexed_state(table), n + k)
    for row, state in enumerate(table):
        norm = np.linalg.norm(state)
        expected = state / norm if norm else np.eye(2**n)[0]
        found = unitary[:, row * 2**n].reshape(2**k, 2**n)
        np.testing.assert_allclose(found[row], expected, atol=1e-9)


@pytest.mark.parametrize(("k", "n"), [(0, 2), (0, 4), (1, 3), (2, 2), (3, 1)])
def test_cost_is_as_stated(k, n):
    real = random_table(0, 2**k, 2**n, complex_entries=False)
    both = random_table(0, 2**k, 2**n, complex_entries=True)
    expected = 2**k * (2**n - 1) - n
    assert multiplexed_state(real).num_nonlocal_gates() == expected
    assert multiplexed_state(both).num_nonlocal_gates() == expected + 2 ** (n + k) - 2


def test_product_state_takes_no_cx():
    state = np.kron([1.0, -2.0], np.kron([0.5, 0.1], [3.0, 1.0]))
    assert multiplexed_state(-state[None]).num_nonlocal_gates() == 0


@pytest.mark.parametrize("complex_entries", [False, True])
def test_index_state_is_prepared_only_where_the_control_is_in_1(complex_entries):
    state = random_table(3, 1, 8, complex_entries=complex_entries)[0]
    prepared = columns(index_state(state), 0)[:, 0]
    np.testing.assert_allclose(prepared, state / np.linalg.norm(state), atol=1e-9)
    controlled = columns(index_state(state, controlled=True), 4)
    np.testing.assert_allclose(controlled[:, 0], np.eye(16)[0], atol=1e-9)
    np.testing.assert_allclose(controlled[8:, 8], prepared, atol=1e-9)


@pytest.mark.parametrize("complex_entries", [False, True])
def test_amplitude_in_0_is_the_value_of_the_control_state(complex_entries):
    values = random_table(5, 1, 8, complex_entries=complex_entries)[0]
    values /= np.abs(values).max()
    circuit = multiplexed_amplitude(values)
    np.testing.assert_allclose(columns(circuit, 3)[:8], np.diag(values), atol=1e-9)
    assert cx_count(circuit) <= (15 if complex_entries else 7)


@pytest.mark.parametrize("shape", [(3, 4), (4, 3), (4,), (0, 4)])
def test_shape_that_is_no_power_of_two_is_refused(shape):
    with pytest.raises(ValueError, match=r"states has shape"):
        multiplexed_state(np.ones(shape))


def test_entry_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="states contains NaN"):
        multiplexed_state([[1.0, np.nan]])
