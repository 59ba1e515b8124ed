"""Chains: their distribution."""

import numpy as np
import pytest
from scipy.stats import chi2

from qml_algos.physics.configurations import numbers_of, spins
from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.neural.sampler import Chains


def machine(qubits: int, scale: float, *, complex_valued: bool) -> tuple[np.ndarray, ...]:
    generator = np.random.default_rng(3)
    shapes = ((2 * qubits, qubits), (qubits,), (2 * qubits,))
    parts = [generator.normal(scale=scale, size=shape) for shape in shapes]
    return tuple(
        p + 1j * generator.normal(scale=scale, size=p.shape) if complex_valued else p for p in parts
    )


@pytest.mark.parametrize("complex_valued", [True, False])
@pytest.mark.parametrize("magnetisation", [None, 0, 2])
def test_configurations_come_by_squared_amplitude(
    magnetisation: int | None, complex_valued: bool
) -> None:
    """One sample of each chain; fails by chance with probability 1e-6 for each case."""
    parts = machine(6, 0.3, complex_valued=complex_valued)
    generator = np.random.default_rng(0)
    chains = Chains(6, 4_000, generator, magnetisation=magnetisation, complex_valued=complex_valued)
    chains.take(*parts)
    chains.run(40)
    bits = (chains.spins.T < 0).astype(np.int8)
    counts = np.bincount(numbers_of(bits), minlength=64)
    expected = len(bits) * np.abs(RBMState(*parts, magnetisation).statevector()) ** 2
    there = expected > 0
    assert not counts[~there].any()
    statistic = np.sum((counts - expected)[there] ** 2 / expected[there])
    assert statistic < chi2.isf(1e-6, there.sum() - 1)


def test_hidden_units_keep_up_with_the_spins() -> None:
    W, a, b = machine(6, 0.3, complex_valued=False)
    chains = Chains(6, 50, np.random.default_rng(1), magnetisation=0)
    chains.take(W, a, b)
    chains.run(30)
    assert np.allclose(chains.tanh, np.tanh(W @ chains.spins + b[:, None]), atol=1e-5)
    assert np.all(chains.spins.sum(axis=0) == 0)


def test_pairs_given_are_exchanged() -> None:
    pairs = np.array([[0, 1], [1, 2], [2, 3]])
    chains = Chains(4, 200, np.random.default_rng(1), magnetisation=0, pairs=pairs)
    chains.take(np.zeros((1, 4)), np.zeros(4), np.zeros(1))
    before = chains.spins.copy()
    chains.run(4)
    assert np.any(chains.spins != before)


@pytest.mark.parametrize("qubits", [6, 16])
def test_samples_of_a_state_have_its_magnetisation_and_means(qubits: int) -> None:
    """Independent spins; a mean off by 6 standard errors is a failure, probability 2e-9 each."""
    field = np.linspace(-0.5, 0.5, qubits)
    free = RBMState(np.zeros((1, qubits)), field, np.zeros(1))
    drawn = free.sample(4000, np.random.default_rng(0))
    assert drawn.shape == (4000, qubits)
    assert drawn.dtype == np.int8
    means = np.tanh(2 * field)
    assert np.all(np.abs(spins(drawn).mean(axis=0) - means) < 6 * np.sqrt((1 - means**2) / 4000))
    bound = RBMState(free.W, free.a, free.b, magnetisation=2)
    assert np.all(spins(bound.sample(100, np.random.default_rng(0))).sum(axis=1) == 2)
