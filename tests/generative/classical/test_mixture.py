"""Mixtures of products and of trees."""

import numpy as np
import pytest

from qml_algos.generative.classical import (
    CategoricalMixture,
    ChowLiuMixture,
    ChowLiuTree,
    IndependentModel,
)
from qml_algos.generative.classical.components import Products, Trees

KINDS = [CategoricalMixture, ChowLiuMixture]


def two_classes(samples: int, seed: int = 0) -> np.ndarray:
    """Two prototypes of six variables (the last of three categories), 10 % redrawn."""
    generator = np.random.default_rng(seed)
    prototypes = np.array([[0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 2]])
    X = prototypes[generator.integers(0, 2, size=samples)]
    redrawn = generator.random(X.shape) < 0.1
    return np.where(redrawn, generator.integers(0, [2, 2, 2, 2, 2, 3], size=X.shape), X)


def log_prior(model: CategoricalMixture | ChowLiuMixture) -> float:
    """Mean log-likelihood of uniform data times smoothing, and that of a sample for each weight."""
    components, sizes = model.mixture_.components, model.categories_.sizes
    shares = 1 / np.repeat(sizes, sizes)
    if isinstance(components, Products):
        uniform = (components.log_probabilities @ shares).sum()
    else:
        assert isinstance(components, Trees)
        off = components.potentials - np.stack([np.diag(np.diag(p)) for p in components.potentials])
        roots = np.stack([np.diag(p) for p in components.potentials])
        uniform = np.einsum("a,kab,b->", shares, off, shares) + (roots @ shares).sum()
    return float(model.smoothing * uniform + model.mixture_.log_weights.sum())


@pytest.mark.parametrize("kind", KINDS)
def test_every_iteration_raises_the_posterior(kind: type) -> None:
    X = two_classes(60)
    values = []
    for iterations in range(1, 9):
        model = kind(3, max_iterations=iterations, tolerance=1e-12, random_state=0).fit(X)
        values.append(model.score_samples(X).sum() + log_prior(model))
    assert np.all(np.diff(values) > -1e-9)
    assert values[-1] > values[0] + 1e-3


@pytest.mark.parametrize(
    ("mixture", "single"),
    [
        (CategoricalMixture(1, smoothing=2.0), IndependentModel(2.0)),
        (ChowLiuMixture(1, smoothing=4.0), ChowLiuTree(4.0)),
    ],
    ids=["products", "trees"],
)
def test_one_component_is_the_model_alone(mixture, single) -> None:
    X = two_classes(50)
    found, expected = (model.fit(X).score_samples(X) for model in (mixture, single))
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_two_classes_are_found(kind: type) -> None:
    train, test = two_classes(400), two_classes(400, seed=1)
    model = kind(2, random_state=0).fit(train)
    np.testing.assert_allclose(model.weights_, 0.5, atol=0.1)
    assert model.score(test) > IndependentModel().fit(train).score(test) + 1
    # Which component a sample is of is told by its first five bits.
    shares = np.argmax(model.mixture_.joint(test), axis=1)
    agreement = np.mean(shares == (test[:, :5].sum(axis=1) > 2))
    assert max(agreement, 1 - agreement) > 0.98


@pytest.mark.parametrize("kind", KINDS)
def test_validation_data_chooses_the_number_and_the_iteration(kind: type) -> None:
    train, valid = two_classes(80), two_classes(200, seed=2)
    model = kind([1, 2, 8], smoothing=0.1, random_state=0).fit(train, X_valid=valid)
    assert model.score(valid) == pytest.approx(max(model.history_), abs=1e-12)
    assert len(model.history_) == model.n_iter_
    for number in (1, 2, 8):
        alone = kind(number, smoothing=0.1, random_state=0).fit(train, X_valid=valid)
        last = kind(number, smoothing=0.1, random_state=0).fit(train)
        assert model.score(valid) >= alone.score(valid) >= last.score(valid)
        assert number != model.n_components_ or model.score(valid) == alone.score(valid)


def test_a_weight_counts_as_copies_from_the_same_seeds() -> None:
    """Seeds that were drawn differ, but here both start from the only two samples."""
    X, weights = np.array([[0, 0, 1], [1, 1, 0]]), np.array([3, 1])
    weighted = CategoricalMixture(2, random_state=0).fit(X, sample_weight=weights)
    repeated = CategoricalMixture(2, random_state=0).fit(np.repeat(X, weights, axis=0))
    np.testing.assert_allclose(weighted.score_samples(X), repeated.score_samples(X), atol=1e-9)
