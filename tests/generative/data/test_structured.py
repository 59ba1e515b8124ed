"""Sets of bit strings with a rule: their sizes, their members, and how they are drawn."""

import math

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.data import (
    all_configurations,
    among,
    has_cardinality,
    has_even_parity,
    is_bars_and_stripes,
    make_bars_and_stripes,
    make_cardinality,
    make_parity,
    make_random_patterns,
)

# A set whole, its rule, and its size by counting.
SETS = {
    "bars-and-stripes": (make_bars_and_stripes, (3, 4), is_bars_and_stripes((3, 4)), 8 + 16 - 2),
    "parity": (make_parity, (10,), has_even_parity, 2**9),
    "cardinality": (make_cardinality, (12, 6), has_cardinality(6), 924),
    "none": (make_cardinality, (5, 0), has_cardinality(0), 1),
}


@pytest.mark.parametrize("name", SETS)
def test_a_set_holds_every_string_with_its_rule_once(name) -> None:
    make, arguments, rule, size = SETS[name]
    data = make(*arguments)
    assert data.samples == size == len(np.unique(data.X, axis=0))
    assert data.categories == (2,) * data.variables
    every = all_configurations(data.categories)
    np.testing.assert_array_equal(among(data.X)(every), rule(every))
    assert not np.any(rule(np.full((1, data.variables), 2)))


@pytest.mark.parametrize("name", ["bars-and-stripes", "parity", "cardinality"])
def test_draws_are_uniform_over_the_set(name) -> None:
    """Chi-square below its 0.9999 quantile (normal approximation): error probability 1e-4."""
    make, arguments, rule, size = SETS[name]
    drawn = make(*arguments, 20 * size, random_state=3)
    assert np.all(rule(drawn.X))
    _, counts = np.unique(drawn.X, axis=0, return_counts=True)
    assert len(counts) == size
    assert np.sum((counts - 20) ** 2) / 20 < size - 1 + 3.8 * math.sqrt(2 * size)
    again = make(*arguments, 20 * size, random_state=3)
    np.testing.assert_array_equal(again.X, drawn.X)


def test_bars_and_stripes_are_pictures() -> None:
    data = make_bars_and_stripes(2, 2)
    assert data.shape == (2, 2)
    assert sorted(data.X.tolist()) == [
        *([0, 0, 0, 0], [0, 0, 1, 1], [0, 1, 0, 1]),
        *([1, 0, 1, 0], [1, 1, 0, 0], [1, 1, 1, 1]),
    ]
    large = make_bars_and_stripes(40, 62, 7, random_state=0)
    assert large.X.shape == (7, 2480)
    assert np.all(is_bars_and_stripes((40, 62))(large.X))


@pytest.mark.parametrize(("variables", "patterns"), [(6, 64), (30, 500)])
def test_random_patterns_are_distinct_and_drawn_from(variables, patterns) -> None:
    whole = make_random_patterns(variables, patterns, random_state=5).X
    assert len(np.unique(whole, axis=0)) == patterns
    drawn = make_random_patterns(variables, patterns, 50, random_state=5).X
    assert np.all(among(whole)(drawn))


@pytest.mark.parametrize(
    ("make", "arguments", "error", "message"),
    [
        (make_bars_and_stripes, (1, 4), InvalidProblemError, "height = 1"),
        (make_bars_and_stripes, (4, 63), InvalidProblemError, "width = 63: at most 62"),
        (make_bars_and_stripes, (4, 4, 0), InvalidProblemError, "n_samples = 0"),
        (make_bars_and_stripes, (40, 40), TooLargeError, "give n_samples"),
        (make_parity, (1,), InvalidProblemError, "n_variables = 1"),
        (make_parity, (64,), TooLargeError, "numbers are written down"),
        (make_cardinality, (4, 5), InvalidProblemError, "ones = 5"),
        (make_cardinality, (40, 20), TooLargeError, "numbers are written down"),
        (make_random_patterns, (3, 9), InvalidProblemError, "3 bits have 8 only"),
        (make_random_patterns, (3, 2.0), InvalidProblemError, "n_patterns = 2.0"),
    ],
)
def test_what_is_out_of_range_is_named(make, arguments, error, message) -> None:
    with pytest.raises(error, match=message):
        make(*arguments)


def test_membership_needs_rows_of_the_same_length() -> None:
    with pytest.raises(InvalidProblemError, match="X has 3 columns: the patterns have 2"):
        among([[0, 1]])([[0, 1, 1]])
    with pytest.raises(InvalidProblemError, match="shape = \\(2, 2\\)"):
        is_bars_and_stripes((2, 2))([[0, 1, 1]])
