"""The value that holds discrete data, and the numbering of configurations."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.data import (
    DiscreteData,
    all_configurations,
    configuration_count,
    configuration_numbers,
)

X = np.array([[0, 2], [1, 0], [0, 1]])
NAMES = ("flag", "colour")


def test_a_value_says_its_sizes() -> None:
    data = DiscreteData("toy", X, (2, 3), NAMES)
    assert (data.samples, data.variables) == (3, 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((X, (2, 2), NAMES), "variable 1 has the categories 0 to 1 only"),
        ((X, (2, 1), NAMES), "integers from 2"),
        ((X, (2, 3, 2), NAMES), "has 3 entries: X has 2 columns"),
        ((X, (2, 3), ("flag",)), "variable_names has 1 entries"),
        ((X, (2, 3), NAMES, (2, 2)), "shape = \\(2, 2\\): .*2 pixels"),
        ((X, (2, 3), NAMES, (1, 2), (("a", "b"), ("c", "d"))), "labels: one is needed"),
        ((X + 0.5, (2, 3), NAMES), "whole numbers"),
        ((X[:0], (2, 3), NAMES), "at least one"),
    ],
)
def test_what_does_not_fit_is_named(arguments, message) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        DiscreteData("toy", *arguments)


def test_a_split_keeps_every_sample_once() -> None:
    rows = np.arange(20).reshape(10, 2)
    data = DiscreteData("toy", rows, (20, 20), NAMES)
    rest, aside = data.split(3, random_state=1)
    assert (rest.samples, aside.samples) == (7, 3)
    together = np.vstack([rest.X, aside.X])
    np.testing.assert_array_equal(together[np.argsort(together[:, 0])], rows)
    np.testing.assert_array_equal(data.split(3, random_state=1)[1].X, aside.X)
    with pytest.raises(InvalidProblemError, match="one at least must remain"):
        data.split(10)


def test_samples_are_put_into_the_words_of_the_source() -> None:
    labels = (("no", "yes"), ("blue", "green", "red"))
    data = DiscreteData("toy", X, (2, 3), NAMES, labels=labels)
    assert data.decoded(X).tolist() == [["no", "red"], ["yes", "blue"], ["no", "green"]]
    assert DiscreteData("toy", X, (2, 3), NAMES).decoded([[1, 2]]).tolist() == [["1", "2"]]
    with pytest.raises(InvalidProblemError, match="variable 1 has"):
        data.decoded([[0, 3]])


def test_variable_0_is_the_least_significant_digit() -> None:
    assert all_configurations((2, 2)).tolist() == [[0, 0], [1, 0], [0, 1], [1, 1]]
    rows = all_configurations((3, 2))
    assert rows.tolist() == [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]]
    assert configuration_numbers(rows, (3, 2)).tolist() == list(range(6))
    assert all_configurations((3, 2), 4, 99).tolist() == rows[4:].tolist()


def test_more_configurations_than_those_of_20_bits_are_not_written_down() -> None:
    assert configuration_count((2,) * 20) == 2**20
    with pytest.raises(TooLargeError, match="20 bits"):
        all_configurations((2,) * 21)
