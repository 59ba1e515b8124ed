"""Discrete data: what is taken, and what is refused with its place."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.checks import (
    Categories,
    as_discrete,
    as_weights,
    categories_of,
    require_binary,
    require_known,
)


@pytest.mark.parametrize(
    "given",
    [[[0, 1], [2, 0]], [[0.0, 1.0], [2.0, 0.0]], np.array([[0, 1], [2, 0]], dtype=np.uint8)],
)
def test_whole_numbers_of_any_type_become_integers(given: object) -> None:
    found = as_discrete(given)
    assert found.dtype == np.int64
    assert found.tolist() == [[0, 1], [2, 0]]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], r"T has shape \(0,\)"),
        (np.zeros((0, 3)), r"T has shape \(0, 3\)"),
        ([0, 1], "samples, variables"),
        ([[0], [1, 2]], "T is ragged"),
        ([["a"]], "number the categories"),
        ([[0, np.nan]], r"T\[0, 1\] = nan: NaN"),
        ([[0], [np.inf]], r"T\[1, 0\] = inf"),
        ([[0.5]], r"T\[0, 0\] = 0.5: categories are whole"),
        ([[0, 1], [0, -1]], r"T\[1, 1\] = -1: the first category is 0"),
        ([[5000]], r"T\[0, 0\] = 5000: a variable has at most 1024"),
    ],
)
def test_anything_else_is_refused_with_its_place(given: object, said: str) -> None:
    with pytest.raises(InvalidProblemError, match=said):
        as_discrete(given, "T")


def test_categories_come_from_the_data_and_are_two_at_least() -> None:
    X = np.array([[0, 2, 0], [0, 1, 1]])
    categories = categories_of(X)
    assert categories == Categories((2, 3, 2))
    assert (categories.variables, categories.total, categories.binary) == (3, 7, False)
    assert categories.offsets.tolist() == [0, 2, 5]
    assert categories_of(X, 4) == Categories((4, 4, 4))
    assert categories_of(X, [2, 3, 5]) == Categories((2, 3, 5))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (1, "n_categories = 1: numbers of categories are integers from 2"),
        ([2, 2.5, 2], "integers from 2"),
        ([3, 3], "n_categories has 2 entries: X has 3 columns"),
        (2, r"X\[0, 1\] = 2: variable 1 has the categories 0 to 1 only"),
    ],
)
def test_wrong_numbers_of_categories_are_refused(given: object, said: str) -> None:
    with pytest.raises(InvalidProblemError, match=said):
        categories_of(np.array([[0, 2, 0], [0, 1, 1]]), given)


def test_unknown_categories_and_columns_are_refused() -> None:
    categories = Categories((2, 3))
    require_known(np.array([[1, 2]]), categories)
    with pytest.raises(InvalidProblemError, match=r"T\[1, 0\] = 2: variable 0 has the categories"):
        require_known(np.array([[1, 2], [2, 2]]), categories, "T")
    with pytest.raises(InvalidProblemError, match="T has 1 columns: the model has 2 variables"):
        require_known(np.array([[1]]), categories, "T")
    with pytest.raises(InvalidProblemError, match="MADE takes binary data only: variable 1 has 3"):
        require_binary(categories, "MADE")


@pytest.mark.parametrize("given", [[1.0], [1.0, -1.0], [0.0, 0.0], [1.0, np.nan], [[1.0, 1.0]]])
def test_weights_that_are_none_are_refused(given: list[float]) -> None:
    with pytest.raises(InvalidProblemError, match="sample_weight"):
        as_weights(given, 2)


def test_weights_are_ones_by_default() -> None:
    assert as_weights(None, 2).tolist() == [1, 1]
    assert as_weights([1, 0], 2).tolist() == [1, 0]
