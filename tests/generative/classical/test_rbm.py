"""The restricted Boltzmann machine as a density estimator."""

import numpy as np
import pytest

from qml_algos.generative.classical import BernoulliRBMDensity, IndependentModel
from qml_algos.generative.classical.rbm import _resampled


def pairs(samples: int, pairs_: int = 3, seed: int = 0) -> np.ndarray:
    """Pairs of bits, equal with probability 0.9."""
    generator = np.random.default_rng(seed)
    bits = generator.integers(0, 2, size=(samples, pairs_))
    others = bits ^ (generator.random(bits.shape) < 0.1)
    return np.concatenate([bits, others], axis=1)


def test_it_learns_what_independent_variables_cannot() -> None:
    """Each of the three pairs holds log 2 minus the entropy of a flip: 0.37 nats."""
    train, test = pairs(1000), pairs(1000, seed=1)
    model = BernoulliRBMDensity(6, learning_rate=0.3, max_epochs=40, random_state=0).fit(train)
    assert model.log_partition_error_ == 0
    assert model.score(test) > IndependentModel().fit(train).score(test) + 0.8


def test_large_layers_are_annealed_and_sampled_by_a_chain() -> None:
    X = pairs(100, pairs_=9)
    model = BernoulliRBMDensity(
        17,
        max_epochs=3,
        annealing_runs=20,
        annealing_steps=50,
        gibbs_steps=20,
        random_state=0,
    ).fit(X)
    assert 0 < model.log_partition_error_ < 0.5
    assert np.isfinite(model.score(X))
    drawn = model.sample(500, random_state=0)
    assert drawn.shape == (500, 18)
    # Marginals, of a standard error below 0.023 each.
    np.testing.assert_allclose(drawn.mean(axis=0), X.mean(axis=0), atol=0.2)


def test_weights_become_numbers_of_copies() -> None:
    X, weights = np.arange(100)[:, None], np.tile([3.0, 1.0], 50)
    drawn = _resampled(X, weights, np.random.default_rng(0))
    copies = np.bincount(drawn[:, 0], minlength=100)
    assert copies.sum() == 100
    assert set(copies[::2]) <= {1, 2}
    assert set(copies[1::2]) <= {0, 1}
    # Expected 75; at most 50 roundings up or down, of a standard deviation below 3.6.
    assert copies[::2].sum() == pytest.approx(75, abs=11)
    equal = _resampled(X, np.full(100, 0.3), np.random.default_rng(0))
    assert sorted(equal[:, 0]) == list(range(100))
