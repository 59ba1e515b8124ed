"""The masked autoencoder."""

import numpy as np
import pytest

from qml_algos.generative.classical import MADE, IndependentModel
from qml_algos.generative.classical.made import _gradient, _masks, _passed, _scored, _started


def parities(samples: int, seed: int = 0) -> np.ndarray:
    """Four free bits, each followed by its parity with those before it."""
    bits = np.random.default_rng(seed).integers(0, 2, size=(samples, 4))
    return np.stack([bits, np.cumsum(bits, axis=1) % 2], axis=2).reshape(samples, 8)


def network(variables: int, hidden: tuple[int, ...]):
    masks = _masks(variables, hidden)
    share = np.linspace(0.2, 0.8, variables)
    generator = np.random.default_rng(0)
    layers = _started(masks, share, generator)
    # Biases of 0 would leave rows of zeros at the kink of the rectifier.
    return masks, [(W.astype(float), b + generator.normal(size=len(b))) for W, b in layers]


@pytest.mark.parametrize("hidden", [(7,), (3, 9), (1, 1, 1)])
def test_an_output_depends_on_earlier_inputs_only(hidden: tuple[int, ...]) -> None:
    _, layers = network(5, hidden)
    X = np.random.default_rng(1).integers(0, 2, size=(20, 5)).astype(float)
    odds = _passed(layers, X)[-1]
    for v in range(5):
        flipped = X.copy()
        flipped[:, v] = 1 - X[:, v]
        changed = _passed(layers, flipped)[-1] != odds
        assert not changed[:, : v + 1].any()


def test_with_enough_units_every_earlier_input_counts() -> None:
    masks = _masks(6, (30, 30))
    reach = (masks[0] @ masks[1] @ masks[2]) > 0
    np.testing.assert_array_equal(reach, np.triu(np.ones((6, 6)), 1) > 0)


def test_the_gradient_is_that_of_finite_differences() -> None:
    masks, layers = network(4, (6, 5))
    generator = np.random.default_rng(2)
    X = generator.integers(0, 2, size=(10, 4))
    weights = generator.random(10)
    gradients = _gradient(layers, masks, X.astype(float), weights)
    arrays = [array for layer in layers for array in layer]
    allowed = [part for mask in masks for part in (mask, np.ones(mask.shape[1]))]
    for array, gradient, mask in zip(arrays, gradients, allowed, strict=True):
        place = np.unravel_index(np.argmax(np.abs(gradient)), gradient.shape)
        array[place] += 1e-6
        above = np.mean(weights * _in_double(layers, X))
        array[place] -= 2e-6
        below = np.mean(weights * _in_double(layers, X))
        array[place] += 1e-6
        assert gradient[place] == pytest.approx((above - below) / 2e-6, rel=1e-4)
        assert not gradient[mask == 0].any()


def _in_double(layers, X: np.ndarray) -> np.ndarray:
    odds = _passed(layers, X.astype(float))[-1]
    return -np.logaddexp(0, np.where(X > 0, -odds, odds)).sum(axis=1)


def test_scores_are_the_likelihoods_of_the_odds() -> None:
    _, layers = network(4, (6,))
    X = np.random.default_rng(2).integers(0, 2, size=(10, 4))
    np.testing.assert_allclose(_scored(layers, X), _in_double(layers, X), rtol=1e-6)


def test_it_learns_parities_which_trees_cannot() -> None:
    """Four of eight bits are free: 4 log 2 = 2.77 nats is the least there can be, 5.55 without."""
    X = parities(2000)
    model = MADE((100,), learning_rate=0.01, max_epochs=30, random_state=0).fit(X)
    assert -model.score(parities(500, seed=1)) < 2.9
    drawn = model.sample(500, random_state=0)
    parity = np.cumsum(drawn[:, ::2], axis=1) % 2
    assert np.mean(np.all(parity == drawn[:, 1::2], axis=1)) > 0.9


def test_training_stops_where_validation_data_says() -> None:
    generator = np.random.default_rng(5)
    X, valid = generator.integers(0, 2, size=(40, 8)), generator.integers(0, 2, size=(200, 8))
    model = MADE((60,), learning_rate=0.01, max_epochs=200, patience=5, random_state=0)
    model.fit(X, X_valid=valid)
    assert model.n_iter_ == np.argmax(model.history_) + 1 + 5 < 200
    assert model.score(valid) == pytest.approx(max(model.history_), abs=1e-6)


def test_it_starts_as_the_independent_model() -> None:
    X = parities(100)
    masks = _masks(8, (50,))
    share = (X.sum(axis=0) + 1) / 102
    layers = _started(masks, share, np.random.default_rng(0))
    independent = IndependentModel().fit(X).score(X)
    assert _scored(layers, X).mean() == pytest.approx(independent, abs=0.1)
