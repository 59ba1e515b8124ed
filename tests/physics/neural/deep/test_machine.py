"""Deep Boltzmann machines: sums by elimination, and what they have in common with other models."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.factor_graph.factors import Factor, from_factor_graph
from qml_algos.physics.configurations import every_configuration, spins
from qml_algos.physics.neural.deep import DeepBoltzmannMachine
from qml_algos.physics.neural.rbm import RBMState


def drawn(qubits, hidden, deep, seed, density=1.0, imaginary=1.0) -> DeepBoltzmannMachine:
    generator = np.random.default_rng(seed)

    def draw(*shape):
        values = generator.normal(size=shape) + 1j * imaginary * generator.normal(size=shape)
        return (values if imaginary else values.real) * (generator.random(shape) < density)

    shapes = ((hidden, qubits), (hidden, deep), (qubits,), (hidden,), (deep,))
    return DeepBoltzmannMachine(*(draw(*shape) for shape in shapes), 0.3)


def by_brute_force(machine: DeepBoltzmannMachine):
    v = spins(every_configuration(machine.qubits))
    total = 0
    for h in product((1, -1), repeat=len(machine.b)):
        for d in product((1, -1), repeat=len(machine.g)):
            h, d = np.array(h), np.array(d)
            exponents = v @ (machine.a + h @ machine.W) + h @ machine.U @ d
            total = total + np.exp(exponents + h @ machine.b + d @ machine.g + machine.log_scale)
    return total


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    hidden=st.integers(0, 4),
    deep=st.integers(0, 4),
    density=st.floats(0.2, 1),
)
def test_elimination_gives_the_sum_over_all_hidden_and_deep_spins(
    seed, hidden, deep, density
) -> None:
    machine = drawn(3, hidden, deep, seed, density)
    exact = by_brute_force(machine)
    found = np.exp(machine.log_amplitudes(every_configuration(3)))
    np.testing.assert_allclose(found, exact, rtol=1e-9, atol=1e-9 * np.abs(exact).max())


def test_without_deep_units_it_is_a_restricted_machine() -> None:
    machine = drawn(4, 3, 0, seed=1)
    restricted = RBMState(machine.W, machine.a, machine.b)
    np.testing.assert_allclose(machine.statevector(), restricted.statevector())
    assert machine.width == 0


def test_with_real_weights_amplitudes_are_the_marginals_of_a_classical_factor_graph() -> None:
    machine = drawn(3, 2, 2, seed=5, imaginary=0.0)
    # Variables: visible, then hidden, then deep units; a factor for each weight and bias.
    weights = np.zeros((7, 7))
    weights[3:5, :3], weights[3:5, 5:] = machine.W, machine.U
    pair = np.array([[1, -1], [-1, 1]])
    factors = [Factor((i, j), np.exp(w * pair)) for (i, j), w in np.ndenumerate(weights) if w]
    biases = np.concatenate([machine.a, machine.b, machine.g])
    factors += [Factor((i,), np.exp(bias * np.array([1, -1]))) for i, bias in enumerate(biases)]
    marginals = from_factor_graph(factors, hidden=range(3, 7)).probabilities()
    amplitudes = machine.statevector()
    np.testing.assert_allclose(amplitudes / amplitudes.sum(), marginals, rtol=1e-9)


def test_samples_follow_squared_amplitudes() -> None:
    """A false alarm has probability below 1e-9: chi-squared, 7 degrees of freedom."""
    machine = drawn(3, 3, 2, seed=2, density=0.7)
    weights = np.abs(machine.statevector()) ** 2
    bits = machine.sample(4000, np.random.default_rng(0))
    counts = np.bincount(bits @ (1 << np.arange(3)), minlength=8)
    assert np.sum((counts - 4000 * weights) ** 2 / (4000 * weights)) < 60


def test_large_weights_do_not_overflow() -> None:
    zeros = np.zeros(2)
    machine = DeepBoltzmannMachine(800 * np.eye(2), 900 * np.eye(2), zeros, zeros, zeros)
    np.testing.assert_allclose(machine.log_amplitudes(every_configuration(2)).real, 3400)


def test_a_machine_too_wide_is_refused_and_one_with_many_narrow_units_is_not() -> None:
    wide = DeepBoltzmannMachine(
        np.ones((30, 1)), np.ones((30, 30)), np.zeros(1), np.zeros(30), np.zeros(30)
    )
    with pytest.raises(TooLargeError, match="width at least 30"):
        wide.log_amplitudes(every_configuration(1))
    star = DeepBoltzmannMachine(
        np.ones((1, 1)), np.ones((1, 200)), np.zeros(1), np.zeros(1), np.zeros(200)
    )
    assert star.width == 1
    assert np.all(np.isfinite(star.log_amplitudes(every_configuration(1))))


def test_bad_machines_and_configurations_are_refused() -> None:
    zeros = np.zeros(2)
    with pytest.raises(InvalidProblemError, match="have shapes"):
        DeepBoltzmannMachine(np.eye(2), np.eye(3), zeros, zeros, zeros)
    with pytest.raises(InvalidProblemError, match="finite"):
        DeepBoltzmannMachine(np.eye(2) * np.nan, np.eye(2), zeros, zeros, zeros)
    machine = drawn(2, 1, 1, seed=0)
    assert repr(machine) == "DeepBoltzmannMachine(2 qubits, 1 hidden and 1 deep units)"
    assert machine.parameters == 2 * (2 + 1 + 2 + 1 + 1)
    with pytest.raises(InvalidProblemError, match="bits has 3 columns"):
        machine.log_amplitudes(every_configuration(3))
    many = DeepBoltzmannMachine(
        np.zeros((1, 21)), np.zeros((1, 0)), np.zeros(21), np.zeros(1), np.zeros(0)
    )
    with pytest.raises(TooLargeError, match="21 qubits"):
        many.statevector()
