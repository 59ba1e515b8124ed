"""Bandwidths of kernels: as given, or from distances of samples."""

import math

import numpy as np

from qml_algos.generative.bandwidths import chosen_bandwidths, median_bandwidth


def test_the_bandwidth_is_the_median_distance_of_rows_that_differ() -> None:
    X = np.array([[0, 0, 0, 0], [1, 1, 1, 0]])
    shares = np.array([0.9, 0.1])
    found = median_bandwidth(X, shares, np.random.default_rng(0))
    assert found == math.sqrt(3)
    assert median_bandwidth(X[:1], np.ones(1), np.random.default_rng(0)) == 1


def test_given_bandwidths_stay_and_the_median_comes_with_its_half() -> None:
    X, shares = np.array([[0, 0], [1, 1]]), np.array([0.5, 0.5])
    generator = np.random.default_rng(0)
    assert chosen_bandwidths(2, X, shares, generator) == (2.0,)
    assert chosen_bandwidths(np.array([1, 0.5]), X, shares, generator) == (1.0, 0.5)
    chosen = chosen_bandwidths("median", X, shares, generator)
    assert chosen == (math.sqrt(2), math.sqrt(2) / 2)
