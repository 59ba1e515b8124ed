"""Expectation values without a statevector, against one; derivatives against differences."""

import numpy as np
import pytest

from qml_algos.generative.iqp import expectations as module
from qml_algos.generative.iqp.expectations import expectations
from qml_algos.generative.iqp.statevector import indices_of, probabilities
from qml_algos.generative.iqp.words import local_words
from qml_algos.generative.walsh import walsh_transform

QUBITS = 9
PRODUCTS = np.random.default_rng(5).random((60, QUBITS)) < 0.5


def problem(weight: int):
    words = local_words(QUBITS, weight, None)
    return words, np.random.default_rng(weight).normal(scale=0.3, size=len(words))


def exact(words, angles):
    return walsh_transform(probabilities(words, angles))[indices_of(PRODUCTS)]


def test_pairs_leave_nothing_to_chance_for_products_of_up_to_seven() -> None:
    words, angles = problem(2)
    seen = 0
    for terms in expectations(words, angles, PRODUCTS, 2, np.random.default_rng(0)):
        assert terms.complete == (PRODUCTS[terms.rows[0]].sum() <= 7)
        if terms.complete:
            values = exact(words, angles)[terms.rows]
            np.testing.assert_allclose(terms.means(), values, atol=1e-14)
            seen += len(terms.rows)
    assert seen > 50


@pytest.mark.parametrize("weight", [2, 3])
def test_drawn_estimates_are_right_within_their_errors(weight: int, monkeypatch) -> None:
    """Five standard errors of 60 means: wrongly refused once in 29,000 seeds."""
    monkeypatch.setattr(module, "LARGEST_SUM", 4)
    words, angles = problem(weight)
    means, variances, rounds = np.zeros(60), np.zeros(60), 40
    generator = np.random.default_rng(1)
    for _ in range(rounds):
        for terms in expectations(words, angles, PRODUCTS, 50, generator):
            means[terms.rows] += terms.means() / rounds
            variances[terms.rows] += terms.variances() / rounds**2
    assert np.all(np.abs(means - exact(words, angles)) <= 5 * np.sqrt(variances) + 1e-12)


@pytest.mark.parametrize("weight", [2, 3])
def test_derivatives_are_differences_of_the_same_draws(weight: int, monkeypatch) -> None:
    monkeypatch.setattr(module, "LARGEST_SUM", 4)
    monkeypatch.setattr(module, "_BLOCK", 20)
    words, angles = problem(weight)
    slopes = np.random.default_rng(2).normal(size=60)

    def value_and_gradient(at):
        found = expectations(words, at, PRODUCTS, 8, np.random.default_rng(3))
        value = sum(float(slopes[t.rows] @ t.means()) for t in found)
        pulled = [np.repeat(slopes[t.rows, None], t.values.shape[1], axis=1) for t in found]
        parts = zip(found, pulled, strict=True)
        return value, sum(t.pulled_back(p / p.shape[1]) for t, p in parts)

    _, gradient = value_and_gradient(angles)
    for place in (0, 10, len(words) - 1):
        step = 1e-5 * np.eye(len(words))[place]
        above, below = (value_and_gradient(angles + sign * step)[0] for sign in (1, -1))
        assert gradient[place] == pytest.approx((above - below) / 2e-5, rel=1e-6, abs=1e-8)


def test_empty_products_are_left_out() -> None:
    words, angles = problem(3)
    [terms] = expectations(words, angles, np.eye(2, QUBITS) < 0.5, 4, np.random.default_rng(0))
    assert list(terms.rows) == [0, 1]
    assert expectations(*problem(2), np.zeros((3, QUBITS), bool), 4, np.random.default_rng(0)) == []
