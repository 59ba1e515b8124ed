"""Samples as tables and as pictures."""

from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.data import make_bars_and_stripes, read_discrete
from qml_algos.generative.data.discrete import DiscreteData
from qml_algos.generative.sample_files import draw_samples, write_samples


def test_a_table_is_in_the_words_of_the_data_and_can_be_read_again(tmp_path: Path) -> None:
    words = (("blue", "red"), ("0", "1", "2"))
    data = DiscreteData("flags", np.array([[1, 2]]), (2, 3), ("colour", "stars"), labels=words)
    samples = np.array([[0, 2], [1, 0], [1, 1]])
    path = tmp_path / "samples.csv"
    write_samples(data, samples, path)
    assert path.read_text() == "colour,stars\nblue,2\nred,0\nred,1\n"
    np.testing.assert_array_equal(read_discrete(path, like=data).X, samples)


def test_pictures_stand_beside_those_of_the_data(tmp_path: Path) -> None:
    data = make_bars_and_stripes(2, 2)
    path = tmp_path / "samples.png"
    draw_samples(data, {"model": data.X[:2]}, path)
    assert matplotlib.image.imread(path).shape[1] == 1000


def test_what_is_no_picture_is_not_drawn(tmp_path: Path) -> None:
    data = DiscreteData("flags", np.array([[1, 2]]), (2, 3), ("colour", "stars"))
    with pytest.raises(InvalidProblemError, match="flags holds no pictures"):
        draw_samples(data, {"model": data.X}, tmp_path / "samples.png")
    assert not any(tmp_path.iterdir())
