"""Decimation of the Ising chain, in closed form and by Boltzmann machines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.configurations import every_configuration
from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.renormalisation import (
    chain_log_weights,
    copying_machine,
    decimate_1d,
    decimation_machine,
    renormalised,
)


@given(st.floats(-17, 17))
def test_both_forms_of_the_recursion_agree(J: float) -> None:
    assert decimate_1d(J) == pytest.approx(np.log(np.cosh(2 * J)) / 2, abs=1e-10)
    if abs(J) < 3:
        assert decimate_1d(J) == pytest.approx(np.arctanh(np.tanh(J) ** 2), abs=1e-10)


def test_weak_and_strong_couplings_neither_cancel_nor_overflow() -> None:
    assert decimate_1d(1e-9) == pytest.approx(1e-18, rel=1e-9)
    np.testing.assert_allclose(decimate_1d(np.array([1e4, -1e4])), 1e4 - np.log(2) / 2, rtol=1e-14)


@pytest.mark.parametrize("J", [0.3, -0.7, 1.5])
def test_summing_over_the_hidden_layer_is_the_decimation(J: float) -> None:
    found = decimation_machine(4, J).log_amplitudes(every_configuration(4))
    difference = found - chain_log_weights(4, decimate_1d(J))
    assert np.ptp(difference) < 1e-10


def test_hidden_and_visible_spins_together_are_the_whole_ring() -> None:
    machine = decimation_machine(4, 0.4)
    total = logsumexp(machine.log_amplitudes(every_configuration(4)))
    assert total == pytest.approx(logsumexp(chain_log_weights(8, 0.4)), abs=1e-12)


@pytest.mark.parametrize("J", [0.3, -0.7, 1.5])
def test_a_layer_that_copies_every_second_spin_renormalises_exactly(J: float) -> None:
    coarse = renormalised(copying_machine(4), chain_log_weights(8, J))
    difference = coarse - chain_log_weights(4, decimate_1d(J))
    assert np.ptp(difference) < 1e-10


def test_three_layers_in_a_row_flow_as_the_recursion_does() -> None:
    J, weights = 1.2, chain_log_weights(8, 1.2)
    for coarse in (4, 2):
        weights, J = renormalised(copying_machine(coarse), weights), decimate_1d(J)
        assert np.ptp(weights - chain_log_weights(coarse, J)) < 1e-10


@given(st.integers(0, 2**31))
def test_any_machine_conserves_the_partition_function(seed: int) -> None:
    generator = np.random.default_rng(seed)
    machine = RBMState(
        generator.normal(size=(2, 4)), generator.normal(size=4), generator.normal(size=2)
    )
    weights = generator.normal(size=16)
    assert logsumexp(renormalised(machine, weights)) == pytest.approx(logsumexp(weights))


def test_bad_input_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="J"):
        decimate_1d(np.nan)
    with pytest.raises(InvalidProblemError, match="complex"):
        decimate_1d(1j)
    with pytest.raises(InvalidProblemError, match="kept = 1"):
        decimation_machine(1, 0.5)
    with pytest.raises(InvalidProblemError, match="strength"):
        copying_machine(2, 0.0)
    with pytest.raises(TooLargeError, match="23 spins"):
        chain_log_weights(23, 0.1)
    with pytest.raises(TooLargeError, match="24 spins"):
        renormalised(copying_machine(8), np.zeros(2**16))
    with pytest.raises(InvalidProblemError, match="log_weights has shape"):
        renormalised(copying_machine(2), np.zeros(8))
    with pytest.raises(InvalidProblemError, match="complex"):
        renormalised(RBMState(np.ones((1, 2)) * 1j, np.zeros(2), np.zeros(1)), np.zeros(4))
