"""Sheets of pictures: what is drawn, and what is refused."""

import matplotlib.image
import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.data import load_binary_digits
from qml_algos.generative.sheets import sample_sheet


def test_every_pixel_is_drawn_in_its_colour(tmp_path) -> None:
    """One picture of 2 x 2 in a frame: 4 x 4 squares, two of them white and two black."""
    path = tmp_path / "sheet.png"
    sample_sheet([[1, 0, 0, 1]], (2, 2), path)
    picture = matplotlib.image.imread(path)[:, :, :3]
    height, width = picture.shape[:2]
    found = [
        [picture[int(height * row), int(width * column)].mean() for column in (0.4, 0.6)]
        for row in (0.4, 0.6)
    ]
    np.testing.assert_array_equal(found, [[1, 0], [0, 1]])


def test_a_panel_for_each_name(tmp_path) -> None:
    train, test = load_binary_digits()
    sample_sheet({"training": train.X, "test, $x$": test.X}, (8, 8), tmp_path / "two.png", most=20)
    sample_sheet(train.X, (8, 8), tmp_path / "one.png", most=20)
    two, one = (matplotlib.image.imread(tmp_path / name) for name in ("two.png", "one.png"))
    assert two.shape[1] == 2 * one.shape[1] == 1000


@pytest.mark.parametrize(
    ("samples", "shape", "options", "message"),
    [
        ([[0, 1, 1]], (2, 2), {}, "shape = \\(2, 2\\)"),
        ({}, (2, 2), {}, "no panel"),
        ({"model": [[0, 1, 2, 1]]}, (2, 2), {}, "model holds the grey level 2"),
        ([[0, 1, 2, 1]], (2, 2), {"categories": 1}, "categories = 1"),
        ([[0, 1, 1, 1]], (2, 2), {"most": 0}, "most = 0"),
    ],
)
def test_nothing_is_written_of_what_is_no_picture(
    tmp_path, samples, shape, options, message
) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        sample_sheet(samples, shape, tmp_path / "sheet.png", **options)
    assert not any(tmp_path.iterdir())
