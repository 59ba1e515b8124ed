"""Words: which there are, how they are numbered and drawn, and the parities of samples."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.iqp.words import (
    drawn_words,
    given_words,
    local_words,
    masks_of,
    mean_parities,
)


def test_all_words_of_a_weight_are_listed_once() -> None:
    masks = masks_of(local_words(5, 3, None))
    assert sorted(masks) == [mask for mask in range(1, 32) if mask.bit_count() <= 3]


def test_on_a_graph_words_are_cliques() -> None:
    triangle_and_tail = [(0, 1), (2, 1), (0, 2), (2, 3)]
    masks = masks_of(local_words(4, 3, triangle_and_tail))
    assert sorted(masks) == [1, 2, 3, 4, 5, 6, 7, 8, 12]


def test_masks_of_many_qubits_are_exact() -> None:
    words = np.zeros((1, 100), dtype=bool)
    words[0, [0, 99]] = True
    assert masks_of(words) == [1 + 2**99]


@pytest.mark.parametrize("edge", [(0, 0), (0, 3), (0, 1, 2), (0.5, 1)])
def test_an_edge_that_is_none_is_named(edge: tuple) -> None:
    with pytest.raises(InvalidProblemError, match="no pair of different variables"):
        local_words(3, 2, [edge])


def test_too_many_words_are_refused() -> None:
    with pytest.raises(TooLargeError, match="weight = 4: more than 1,048,576 generators"):
        local_words(80, 4, None)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (np.ones(3, int), r"shape \(3,\)"),
        (np.ones((2, 4), int), r"\(words, 3\) is needed"),
        ([[1, 2, 0]], "0 or 1"),
        ([[0.5, 1, 0]], "0 or 1"),
        ([[0, 0, 0]], "without qubits"),
        ([[1, 0, 1], [1, 0, 1]], "twice"),
    ],
)
def test_a_table_of_words_that_is_none_is_refused(table: object, message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        given_words(table, 3)


def test_parities_of_samples_are_weighted_means() -> None:
    generator = np.random.default_rng(0)
    X, words = generator.integers(0, 2, (5000, 6)), generator.random((9, 6)) < 0.5
    weights = generator.dirichlet(np.ones(5000))
    expected = weights @ (1 - 2 * (X @ words.T % 2))
    np.testing.assert_allclose(mean_parities(X, weights, words), expected, atol=1e-12)


def test_words_are_drawn_with_the_rates_given() -> None:
    words = drawn_words(40, (0.1, 0.3), 5000, np.random.default_rng(0))
    # The two rates give sizes of 4 and of 12; five standard deviations of the mean of 200,000 bits.
    assert words.mean() == pytest.approx(0.2, abs=0.008)
    assert np.mean(words.sum(axis=1) < 8) == pytest.approx(0.5, abs=0.05)
