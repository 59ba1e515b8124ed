"""Validity, novelty and coverage, by hand and against what uniform draws reach."""

import math

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.data import among, has_cardinality, make_cardinality
from qml_algos.generative.metrics import generalisation

# Of the six strings of two ones among four bits, two are known.
KNOWN = [[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]


def test_shares_by_hand() -> None:
    """Eight samples: 2 known, 2 invalid, 4 new and valid that are 3 of the 4 unseen patterns."""
    samples = [
        *([1, 1, 0, 0], [0, 0, 1, 1]),
        *([1, 1, 1, 0], [0, 0, 0, 0]),
        *([1, 0, 1, 0], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 0, 1]),
    ]
    found = generalisation(samples, KNOWN, has_cardinality(2), 6)
    assert found.precision == 6 / 8
    assert found.exploration == 6 / 8
    assert found.fidelity == 4 / 6
    assert found.rate == 4 / 8
    assert found.coverage == 3 / 4
    assert found.best_rate == 4 / 6
    assert found.best_coverage == pytest.approx(1 - (5 / 6) ** 8)


def test_a_model_that_repeats_the_training_set_is_valid_and_finds_nothing() -> None:
    found = generalisation(KNOWN, KNOWN, has_cardinality(2), 6)
    assert (found.precision, found.exploration, found.rate, found.coverage) == (1, 0, 0, 0)
    assert math.isnan(found.fidelity)


def test_uniform_draws_reach_what_is_said_of_them() -> None:
    """20 runs; 5 standard errors each, error probability below 2e-6."""
    training = make_cardinality(10, 5, 40, random_state=0).X
    runs = [
        generalisation(
            make_cardinality(10, 5, 200, random_state=seed).X, training, has_cardinality(5), 252
        )
        for seed in range(1, 21)
    ]
    for measured, best in (("rate", "best_rate"), ("coverage", "best_coverage")):
        values = np.array([getattr(run, measured) for run in runs])
        error = np.std(values, ddof=1) / math.sqrt(20)
        assert abs(values.mean() - getattr(runs[0], best)) < 5 * error


def test_a_training_set_that_leaves_nothing_to_find_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="sample 0 is not valid \\(3 in all\\)"):
        generalisation(KNOWN, KNOWN, has_cardinality(1), 4)
    with pytest.raises(InvalidProblemError, match="2 different patterns of n_valid = 2"):
        generalisation(KNOWN, KNOWN, among(KNOWN), 2)
    with pytest.raises(InvalidProblemError, match="columns"):
        generalisation([[0, 1]], KNOWN, has_cardinality(2), 6)
