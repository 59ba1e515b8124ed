"""Samples beside the state they should come from: exact ones pass, others are told."""

import numpy as np
import pytest

from qml_algos.generative.deployment.comparison import compare, configuration_probabilities
from qml_algos.generative.metrics import model_probabilities
from qml_algos.generative.mps.state import ChainState


def state_of(model) -> ChainState:
    return ChainState(model.cores_, model.order_)


@pytest.mark.parametrize("complex_entries", [False, True])
def test_probabilities_are_listed_in_the_order_of_configurations(machine, complex_entries) -> None:
    sizes = (3, 2, 4, 2)
    model = machine(sizes, order=(2, 0, 3, 1), complex_entries=complex_entries)
    found = configuration_probabilities(state_of(model), model.categories_)
    assert found == pytest.approx(model_probabilities(model, sizes), abs=1e-10)


def test_samples_of_the_state_itself_are_as_near_as_shots_allow(machine) -> None:
    """The limit of shot noise is exceeded once in 100 seeds, five errors once in a million."""
    model = machine((2, 3, 2, 2, 2), complex_entries=True)
    state, generator = state_of(model), np.random.default_rng(0)
    found = compare(
        state, model.categories_, state.draw(4000, generator), state.draw(300, generator), generator
    )
    gap = found.cross_entropy.value - found.entropy.value
    assert abs(gap) < 5 * found.cross_entropy.standard_error
    assert found.entropy.standard_error == 0
    assert found.total_variation < found.shot_noise.limit
    nll = found.test_nll
    assert nll.model.value <= nll.exact_samples.value < nll.model.value + 0.05
    assert abs(nll.excess.value) < 0.05
    assert nll.excess.value == pytest.approx(nll.device.value - nll.exact_samples.value)
    assert nll.excess.standard_error < nll.device.standard_error


def test_samples_of_another_distribution_are_told_by_every_figure(machine) -> None:
    model = machine((2, 3, 2, 2, 2), order=(4, 2, 0, 1, 3))
    state, generator = state_of(model), np.random.default_rng(1)
    uniform = generator.integers(0, model.categories_.sizes, size=(4000, 5))
    found = compare(state, model.categories_, uniform, state.draw(300, generator), generator)
    excess = found.cross_entropy.value - found.entropy.value
    assert excess > 10 * found.cross_entropy.standard_error
    assert found.total_variation > 2 * found.shot_noise.limit
    assert found.test_nll.excess.value > 0.1


def test_the_entropy_of_many_variables_is_estimated(machine) -> None:
    """Five errors: missed once in a million seeds. Bonds of 1: independent variables."""
    model = machine((2,) * 30, bond=1)
    shares = np.concatenate([core[0, :, 0] ** 2 for core in model.cores_])
    state, generator = state_of(model), np.random.default_rng(2)
    found = compare(state, model.categories_, state.draw(500, generator), None, generator)
    entropy = -np.sum(shares * np.log(shares))
    assert abs(found.entropy.value - entropy) < 5 * found.entropy.standard_error
    assert 0 < found.entropy.standard_error < 1
    assert found.total_variation is None
    assert found.shot_noise is None
    assert found.test_nll is None


def test_a_sample_that_the_state_excludes_makes_the_cross_entropy_infinite(machine) -> None:
    model = machine((2, 2), bond=1)
    model.cores_ = [np.array([[[1.0], [0.0]]]), np.full((1, 2, 1), np.sqrt(0.5))]
    found = compare(
        state_of(model),
        model.categories_,
        np.array([[0, 0], [1, 0]]),
        None,
        np.random.default_rng(0),
    )
    assert found.cross_entropy.value == np.inf
    assert found.entropy.value == pytest.approx(np.log(2))
    assert found.total_variation == pytest.approx(0.5)
