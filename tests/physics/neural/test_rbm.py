"""RBM states: amplitudes, magnetisation, refusals."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.configurations import every_configuration, spins
from qml_algos.physics.neural.rbm import RBMState, log_two_cosh

GENERATOR = np.random.default_rng(0)
W, A, B = GENERATOR.normal(size=(3, 4)), GENERATOR.normal(size=4), GENERATOR.normal(size=3)


def test_amplitudes_are_sums_over_hidden_spins() -> None:
    state = RBMState(W + 0.3j, A, B)
    hidden = spins(every_configuration(3))
    for bits in every_configuration(4):
        s = spins(bits[None])[0]
        exact = np.exp(A @ s) * np.exp(hidden @ (B + state.W @ s)).sum()
        assert np.exp(state.log_amplitudes(bits[None]))[0] == pytest.approx(exact)


def test_amplitudes_vanish_outside_the_magnetisation() -> None:
    state = RBMState(W, A, B, magnetisation=-2)
    magnetisations = spins(every_configuration(4)).sum(axis=1)
    assert np.array_equal(state.statevector() != 0, magnetisations == -2)
    assert np.linalg.norm(state.statevector()) == pytest.approx(1)


def test_large_angles_do_not_overflow() -> None:
    assert np.allclose(log_two_cosh(np.array([-1e4, 1e4])), 1e4)


def test_parameters_and_words() -> None:
    assert RBMState(W, A, B).parameters == 19
    assert RBMState(W * 1j, A, B).parameters == 38
    assert repr(RBMState(W, A, B)) == "RBMState(4 qubits, 3 hidden units, real)"


@pytest.mark.parametrize("magnetisation", [1, 6, -6])
def test_a_magnetisation_that_no_configuration_has_is_refused(magnetisation: int) -> None:
    with pytest.raises(InvalidProblemError, match="magnetisation"):
        RBMState(W, A, B, magnetisation)


def test_bad_shapes_and_values_are_refused() -> None:
    with pytest.raises(InvalidProblemError, match="shapes"):
        RBMState(W, B, A)
    with pytest.raises(InvalidProblemError, match="finite"):
        RBMState(W * np.nan, A, B)
    with pytest.raises(InvalidProblemError, match="count"):
        RBMState(W, A, B).sample(0, GENERATOR)


def test_too_many_qubits_for_a_statevector_are_refused() -> None:
    with pytest.raises(TooLargeError, match="21 qubits"):
        RBMState(np.zeros((1, 21)), np.zeros(21), np.zeros(1)).statevector()
