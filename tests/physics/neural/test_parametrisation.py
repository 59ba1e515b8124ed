"""Parameters of machines: symmetry and derivatives."""

import numpy as np
import pytest

from qml_algos.physics.configurations import every_configuration, spins
from qml_algos.physics.hamiltonians import chain, square
from qml_algos.physics.neural.parametrisation import Parametrisation
from qml_algos.physics.neural.rbm import RBMState

PERMUTATIONS = {
    "none": np.arange(6)[None],
    "ring": chain(6).translations,
    "torus": square(3).translations,
}


def parametrisation(name: str, **options: bool) -> Parametrisation:
    return Parametrisation(PERMUTATIONS[name], 2, **options)


@pytest.mark.parametrize("name", ["ring", "torus"])
def test_amplitudes_do_not_change_under_the_symmetries(name: str) -> None:
    made = parametrisation(name)
    state = RBMState(*made.machine(np.random.default_rng(0).normal(size=made.count)))
    bits = every_configuration(made.qubits)
    for permutation in made.permutations:
        assert np.allclose(state.log_amplitudes(bits[:, permutation]), state.log_amplitudes(bits))


def test_without_biases_amplitudes_do_not_change_if_all_spins_are_flipped() -> None:
    made = parametrisation("ring", biased=False)
    state = RBMState(*made.machine(made.start(np.random.default_rng(0))))
    bits = every_configuration(6)
    assert np.allclose(state.log_amplitudes(1 - bits), state.log_amplitudes(bits))


@pytest.mark.parametrize("biased", [True, False])
@pytest.mark.parametrize("complex_valued", [True, False])
@pytest.mark.parametrize("name", PERMUTATIONS)
def test_derivatives_are_those_of_logarithms(name: str, complex_valued: bool, biased: bool) -> None:
    made = parametrisation(name, biased=biased, complex_valued=complex_valued)
    parameters = 6 * made.start(np.random.default_rng(1))
    bits = every_configuration(made.qubits)[::5]
    s = spins(bits).T
    W, _, b = made.machine(parameters)
    found = made.log_derivatives(s, np.tanh(W @ s + b[:, None]))
    assert found.shape == (made.count, len(bits))
    step = 1e-5
    for place, unit in enumerate(np.eye(made.count)):
        ends = [
            RBMState(*made.machine(parameters + sign * step * unit)).log_amplitudes(bits)
            for sign in (1, -1)
        ]
        assert np.allclose((ends[0] - ends[1]) / (2 * step), found[place], atol=1e-8)
