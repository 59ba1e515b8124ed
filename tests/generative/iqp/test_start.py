"""Starting angles: what the data says of them."""

import numpy as np
import pytest

from qml_algos.generative.iqp.start import starting_angles
from qml_algos.generative.iqp.statevector import probabilities
from qml_algos.generative.iqp.words import local_words
from qml_algos.generative.walsh import walsh_transform


def data() -> np.ndarray:
    generator = np.random.default_rng(0)
    first = generator.random((4000, 1)) < 0.3
    return np.hstack([first ^ (generator.random((4000, 3)) < 0.1), first]).astype(int)


def test_means_start_right_and_correlations_with_their_sign() -> None:
    X = data()
    shares = np.full(len(X), 1 / len(X))
    words = local_words(4, 2, None)
    angles = starting_angles(words, X, shares, np.random.default_rng(0))
    moments = walsh_transform(probabilities(words, angles))
    singles = 1 << np.arange(4)
    np.testing.assert_allclose(moments[singles], 1 - 2 * X.mean(axis=0), atol=1e-12)
    for i in range(4):
        for j in range(i):
            independent = moments[1 << i] * moments[1 << j]
            assert moments[1 << i | 1 << j] > independent + 0.005


def test_constant_columns_and_larger_words_are_no_trouble() -> None:
    X = np.array([[0, 1, 0], [0, 1, 1]])
    words = local_words(3, 3, None)
    angles = starting_angles(words, X, np.array([0.5, 0.5]), np.random.default_rng(0))
    chances = probabilities(words, angles)
    assert chances[0b010] + chances[0b110] == pytest.approx(1, abs=0.01)
